/** Runs a learner over parts in memory: the engine in thirty lines. */
import type { View } from "../../src/features/view.ts";
import type { Candidate, Learner, Part, Work } from "../../src/learners/learner.ts";
import { type LearnerName, learnerParams } from "../../src/learners/params.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import { addLeaf, joinForests, startForest } from "../../src/statistics/merge-tree.ts";

export interface FitOptions {
  readonly view: View;
  readonly params?: Record<string, unknown>;
  readonly classes?: readonly string[];
  readonly fold?: number | null;
  readonly trainFolds?: readonly number[];
  readonly id?: number;
  /** Rows and parts as the candidate is told. */
  readonly rows?: number;
}

export function candidateOf(learner: LearnerAny, parts: readonly Part[], options: FitOptions): Candidate<unknown> {
  const classes = options.classes ?? [];
  return {
    id: options.id ?? 0,
    params: learnerParams[learner.name as LearnerName].parse(options.params ?? {}),
    fold: options.fold ?? null,
    trainFolds: options.trainFolds ?? [0],
    view: options.view,
    classes,
    shape: {
      rows: options.rows ?? parts.reduce((sum, part) => sum + part.rows, 0),
      parts: parts.length,
      columns: options.view.columns.length,
      classes: Math.max(1, classes.length),
    },
  };
}

/** What happens to the parts of a round; the default maps one after the other along the merge tree. */
export type MapRound = (learner: LearnerAny, work: Work<unknown>, parts: readonly Part[]) => unknown;

export const inOneTask: MapRound = (learner, work, parts) => {
  const numbers = work.parts === "all" ? parts.map(({ number }) => number) : work.parts;
  const forest = startForest<unknown>(numbers.length);
  numbers.forEach((number, place) => {
    const statistic = learner.empty(work.ask);
    learner.map(statistic, parts[number], work.ask);
    learner.finish?.(statistic);
    addLeaf(forest, place, statistic, learner.merge);
  });
  return joinForests([forest], numbers.length, learner.merge);
};

export interface Fitted {
  readonly states: readonly unknown[];
  readonly rounds: number;
  /** Rounds that asked all parts. */
  readonly scans: number;
}

/** Runs all candidates to the end, each from what was kept of another or from a model where that is given. More than 5,000 rounds: an error. */
export function run(
  learner: LearnerAny,
  parts: readonly Part[],
  candidates: readonly Candidate<unknown>[],
  mapRound = inOneTask,
  kept: readonly unknown[] = [],
  from: readonly unknown[] = [],
): Fitted {
  const states: unknown[] = candidates.map((candidate, i) => learner.start(candidate, kept[i], from[i]));
  let active = states.map((_, i) => i);
  let [rounds, scans] = [0, 0];
  for (; active.length > 0; rounds++) {
    if (rounds === 5_000) throw new Error("a run must end within 5,000 rounds, got more");
    const asking = active.map((i) => states[i]);
    const work = learner.ask(asking);
    if (work.parts === "all") scans++;
    const turns = learner.step(mapRound(learner, work, parts), work.ask, asking);
    turns.forEach((turn, i) => {
      states[active[i]] = turn.state;
    });
    active = active.filter((_, i) => !turns[i].done);
  }
  return { states, rounds, scans };
}

/** The model of one candidate. */
export function fitOne<Model>(
  learner: Learner<never, never, never, never, Model> | LearnerAny,
  parts: readonly Part[],
  options: FitOptions,
): Model {
  const any = learner as LearnerAny;
  return any.model(run(any, parts, [candidateOf(any, parts, options)]).states[0]) as Model;
}
