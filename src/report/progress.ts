/** What a run is doing, in one line. */
import type { PhaseName, RoundRecord } from "../rounds/run.ts";
import { count, durationText, figure, plural, rateText } from "./text.ts";

const DOING: Readonly<Record<PhaseName, string>> = {
  load: "loading the data",
  survey: "counting the classes",
  fit: "fitting the features",
  search: "searching",
  judge: "judging the settings",
  train: "training",
  evaluate: "evaluating",
  score: "predicting",
  inspect: "inspecting",
  publish: "publishing",
};

export interface Progress {
  /** Ended rounds, oldest first. */
  readonly history: readonly RoundRecord[];
  readonly elapsedSeconds: number;
  /** Rounds that the learner expects of the phase; null where nobody knows. */
  readonly expectedRounds: number | null;
}

/** For a line that is rewritten as the run goes on. */
export function progressLine({ history, elapsedSeconds, expectedRounds }: Progress): string {
  const last = history.at(-1);
  if (last === undefined) return `${DOING.load} · ${durationText(elapsedSeconds)}`;
  const left = secondsLeft(history, expectedRounds);
  const parts = [
    DOING[last.phase],
    `round ${count(last.round)}`,
    lossText(last),
    last.millis > 0 && last.rows > 0 ? `${rateText((last.rows / last.millis) * 1_000)} rows/s` : "",
    durationText(elapsedSeconds),
    left === null ? "" : `about ${durationText(left)} left in this phase`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** The rounds that a learner still expects, at the pace of its last three; null where it has passed what it expected. */
export function secondsLeft(history: readonly RoundRecord[], expectedRounds: number | null): number | null {
  const last = history.at(-1);
  if (last === undefined || expectedRounds === null) return null;
  const own = history.filter(({ phase }) => phase === last.phase);
  const left = expectedRounds - own.length;
  if (left <= 0) return null;
  const recent = own.slice(-3);
  return (left * recent.reduce((sum, { millis }) => sum + millis, 0)) / recent.length / 1_000;
}

/** One ended round, for a log. */
export function roundLine(record: RoundRecord): string {
  const { phase, round, rows, millis } = record;
  return [`round ${count(round)}`, phase, `${plural(rows, "row")} in ${durationText(millis / 1_000)}`, lossText(record)]
    .filter((part) => part !== "")
    .join(" · ");
}

/** Other phases leave it as it was. */
const lossText = ({ phase, loss }: RoundRecord): string =>
  loss !== undefined && (phase === "train" || phase === "search") ? `loss ${figure(loss)}` : "";
