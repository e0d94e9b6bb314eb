/**
 * Train: the learner's own rounds, for all candidates that are not done, in one scan. Serves the search and the final training alike.
 * Where statistics are cut into ranges, tasks leave the pieces in the store, and a second round, whose units are the ranges, asks the same
 * question of the sums; the learner goes on from what both answered.
 */
import type { LearnerAny } from "../../learners/registry.ts";
import { InputError } from "../../ports/errors.ts";
import { type Outbox, readKept, readSums, writeKept, writeOutbox } from "../exchange.ts";
import { matrixPart } from "../parts/part.ts";
import type { MapContext, Phase } from "../phase.ts";
import type { CandidateState, RunState } from "../run.ts";

export interface TrainAsk {
  readonly classes: readonly string[] | null;
  readonly ask: unknown;
  /** 1: statistics are whole. */
  readonly ranges: number;
  /** Number of the exchange, and what tasks left in it for the ranges that this round asks; null where it asks parts. */
  readonly exchange: number;
  readonly over: readonly Outbox[] | null;
}

/** What tasks answer. */
export interface Trained {
  readonly statistic: unknown;
  readonly outboxes: Outbox[];
  /** Some task had nothing to cut. */
  uncut: boolean;
  /** Some range missed a block. */
  lost: boolean;
}

/** The phase of one learner: its verbs decide what is asked, mapped, merged and concluded. */
export function trainPhase(learner: LearnerAny): Phase<TrainAsk, Trained> {
  return {
    ask: (state) => {
      const active = activeOf(state);
      if (active.length === 0) return null;
      const { parts, ask, anyOrder = false, ranges = 1 } = learner.ask(active.map((candidate) => candidate.state));
      const { number, waiting } = state.exchange;
      const over = waiting?.outboxes ?? null;
      const numbered = (count: number): number[] => [...Array(count).keys()];
      const units = over !== null ? numbered(ranges) : parts === "all" ? numbered(state.dataset?.parts ?? 0) : parts;
      return { units, ask: { classes: state.classes, ask, ranges, exchange: number, over }, anyOrder };
    },
    empty: ({ ask }) => ({ statistic: learner.empty(ask), outboxes: [], uncut: false, lost: false }),
    map: async (into, unit, asked, context) => {
      if (asked.over !== null) return mapRange(learner, into, unit, asked, asked.over, context);
      const rows = await context.rows(unit, asked.classes);
      context.resident.open(`${context.plan.run}/${unit}`);
      learner.map(into.statistic, matrixPart(rows, context.resident), asked.ask);
    },
    finish: async (into, { ask, ranges, exchange, over }, context) => {
      if (over !== null) return;
      learner.finish?.(into.statistic);
      if (ranges === 1) return;
      const pieces = learner.ranges?.cut(into.statistic, ask, ranges) ?? null;
      if (pieces === null) into.uncut = true;
      else into.outboxes.push(await writeOutbox(exchangeOf(context, exchange), context.first, pieces));
    },
    merge: (into, other) => {
      learner.merge(into.statistic, other.statistic);
      into.outboxes.push(...other.outboxes);
      into.uncut ||= other.uncut;
      into.lost ||= other.lost;
    },
    step: (merged, { ask, ranges, exchange, over }, state, { plan }) => {
      const { waiting, losses } = state.exchange;
      if (over === null) {
        if (ranges > 1 && !merged.uncut) return { ...state, exchange: { ...state.exchange, waiting: merged } };
        return stepped(learner, merged.statistic, ask, { ...state, exchange: { number: exchange, waiting: null, losses: 0 } });
      }
      if (merged.lost) {
        checkLosses(plan.run, exchange, losses + 1);
        return { ...state, exchange: { number: exchange, waiting: null, losses: losses + 1 } };
      }
      const whole = learner.empty(ask);
      learner.merge(whole, waiting?.statistic);
      learner.merge(whole, merged.statistic);
      return stepped(learner, whole, ask, { ...state, exchange: { number: exchange + 1, waiting: null, losses: 0 } });
    },
  };
}

/** A store that loses blocks now and then has them the next time. */
const MOST_LOSSES = 5;

function checkLosses(run: string, exchange: number, losses: number): void {
  if (losses < MOST_LOSSES) return;
  throw new InputError(
    `objects under runs/${run}/exchange/ must stay in the store until they have been read, got some of exchange ${exchange} lost ${losses} times in a row; keep programs and lifecycle rules that remove objects away from there`,
  );
}

const exchangeOf = ({ store, plan }: MapContext, number: number) => ({ store, run: plan.run, number });

async function mapRange(
  learner: LearnerAny,
  into: Trained,
  number: number,
  { ask, ranges, exchange }: TrainAsk,
  outboxes: readonly Outbox[],
  context: MapContext,
): Promise<void> {
  const sums = await readSums(exchangeOf(context, exchange), outboxes, number);
  if (sums === null || learner.ranges === undefined) {
    into.lost = true;
    return;
  }
  const kept = await readKept(exchangeOf(context, exchange - 1), number);
  const concluded = learner.ranges.conclude(sums, ask, { number, of: ranges }, kept);
  await writeKept(exchangeOf(context, exchange), number, concluded.kept);
  learner.merge(into.statistic, concluded.statistic);
}

function stepped(learner: LearnerAny, statistic: unknown, ask: unknown, state: RunState): RunState {
  const active = activeOf(state);
  const turns = learner.step(
    statistic,
    ask,
    active.map((candidate) => candidate.state),
  );
  const after = new Map(active.map((candidate, i) => [candidate.id, { candidate, turn: turns[i] }]));
  const candidates = state.candidates.map((candidate): CandidateState => {
    const turn = after.get(candidate.id)?.turn;
    if (turn === undefined) return candidate;
    const loss = turn.loss === undefined ? candidate.loss : [...candidate.loss, turn.loss];
    return { ...candidate, state: turn.state, done: turn.done, loss };
  });
  return { ...state, candidates };
}

const activeOf = (state: RunState): CandidateState[] => state.candidates.filter((candidate) => !candidate.done);
