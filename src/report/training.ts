/** The last lines of a training: what was learned, how good it is, how long it took, and what to do next. */
import type { MetricsJson, ModelJson } from "../model/format.ts";
import type { Work } from "../rounds/measure.ts";
import { IMPORTANCES, importanceLines, treesText } from "./ensemble.ts";
import { learnedLines } from "./learned.ts";
import { metricsLines, notBetter } from "./metrics.ts";
import { searchSection } from "./search.ts";
import { labelled } from "./table.ts";
import { count, durationText, plural, printable, shellWord, upperFirst } from "./text.ts";

export interface TrainingFacts {
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly rounds: number;
  /** Wall time by phase, and `total`. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly work: Work;
  /** Told by the sizes of the data before it began; null where nobody would ask. */
  readonly forecastSeconds: number | null;
  /** Folder of this version, and the folder that leads to the latest one, as the user would type them. */
  readonly folder: string;
  readonly latest: string;
}

const EFFECTS = 8;
const SETTINGS = 20;
/** Below this nobody asks where the time went. */
const LONG_SECONDS = 2;

export function trainingReport({ model, metrics, rounds, seconds, work, forecastSeconds, folder, latest }: TrainingFacts): string {
  const learned = learnedLines(model, EFFECTS);
  const importances = importanceLines(model, EFFECTS);
  const trees = treesText(model);
  return [
    `${printable(model.name)}: ${headline(model)}`,
    "",
    ...(learned === null ? [] : [upperFirst(learned.title), ...learned.lines, ""]),
    ...(importances.length > 0 ? [IMPORTANCES, ...importances, ""] : []),
    ...(model.tune === null ? [] : [...searchSection(model.tune, SETTINGS), ""]),
    ...qualityLines(metrics),
    "",
    ...labelled("trees", trees === null ? [] : [trees]),
    ...labelled("rows", [rowsText(metrics.rows)]),
    ...labelled("time", [timeText(rounds, seconds)]),
    ...labelled("forecast", forecastSeconds === null ? [] : [forecastText(forecastSeconds, seconds.total)]),
    ...labelled("work", seconds.total >= LONG_SECONDS ? [workText(work)] : []),
    ...labelled("warnings", model.warnings),
    ...labelled("model", [folder]),
    ...labelled("next", [`steplearn score ${shellWord(latest)} NEW_DATA.csv --output scores`, `steplearn show ${shellWord(latest)}`]),
  ].join("\n");
}

/** `logisticRegression of Churn (No, Yes) on 19 columns`. */
export function headline({ learner, label, view, task }: ModelJson): string {
  const classes =
    label.classes.length > 6
      ? plural(label.classes.length, "class", "classes")
      : label.classes.map((name) => printable(name, 16)).join(", ");
  const sources = new Set(view.columns.map(({ source }) => source)).size;
  return `${learner} of ${printable(label.column)}${task === "regression" ? "" : ` (${classes})`} on ${plural(sources, "column")}, ${count(view.columns.length)} when encoded`;
}

/** Metrics on the rows held out, where there are any; a sentence where the model is worth nothing. */
export function qualityLines({ train, test, baseline, rows }: MetricsJson): string[] {
  const held = test !== null && baseline.test !== null ? { own: test, constant: baseline.test } : null;
  const title =
    held === null
      ? "How good it is on its own training rows (none were held out, so new rows may fare worse)"
      : `How good it is on ${plural(rows.test, "row")} held out; baseline: the same prediction for every row`;
  const sides =
    held === null
      ? [
          { title: "train", metrics: train },
          { title: "baseline", metrics: baseline.train },
        ]
      : [
          { title: "test", metrics: held.own },
          { title: "baseline", metrics: held.constant },
          { title: "train", metrics: train },
        ];
  const worse = held === null ? notBetter(train, baseline.train) : notBetter(held.own, held.constant);
  return [title, ...metricsLines(sides), ...(worse.length > 0 ? [`  no better than the baseline by ${worse.join(", ")}`] : [])];
}

export function rowsText({ train, test, dropped, bad }: MetricsJson["rows"]): string {
  return `${count(train)} trained on, ${count(test)} held out, ${count(dropped)} dropped without a label, ${count(bad)} bad`;
}

const forecastText = (forecast: number, actual: number): string =>
  `${durationText(forecast)}: it took ${(actual / forecast).toFixed(2)} times as long`;

const workText = ({ skew, readShare, gcShare, cacheHitShare, peakBytes }: Work): string =>
  [
    `slowest task ${skew.toFixed(1)} x the median`,
    `${percent(cacheHitShare)} of parts in memory`,
    `reading ${percent(readShare)}`,
    `garbage collection ${percent(gcShare)}`,
    `peak ${Math.round(peakBytes / 2 ** 20)} MiB`,
  ].join(", ");

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Phases that took no time were not there: no search, or a dataset that was loaded before. */
function timeText(rounds: number, { total, ...phases }: Readonly<Record<string, number>>): string {
  const parts = Object.entries(phases)
    .filter(([, seconds]) => seconds >= 0.0005)
    .map(([phase, seconds]) => `${phase} ${durationText(seconds)}`);
  return `${durationText(total)} in ${plural(rounds, "round")}: ${parts.join(", ")}`;
}
