/**
 * How laws run a learner over parts in memory: its candidates, the bytes that come of them, and rounds mapped as no engine but a faulty one
 * would.
 */
import type * as z from "zod";
import type { View } from "../../src/features/view.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import type { Candidate, Part, Work } from "../../src/learners/learner.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import { decode, encode } from "../../src/rounds/codec.ts";
import { addLeaf, type Forest, joinForests, startForest } from "../../src/statistics/merge-tree.ts";
import { candidateOf, inOneTask, type MapRound, run } from "../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts } from "../helpers/memory-part.ts";

export interface Subject {
  readonly learner: LearnerAny;
  /** Some hundred rows in folds 0, 1 and 2, with weights. */
  readonly table: MemoryTable;
  readonly view: View;
  readonly classes: readonly string[];
  /** Settings of the parameters that between them take every path of the learner. */
  readonly settings: readonly Record<string, unknown>[];
  /** What the learner takes for parameters, where it is not what its name in a job stands for. */
  readonly schema?: z.ZodType;
  /** Greatest relative difference of predictions when the same rows lie in other parts, and why no less. */
  readonly otherParts: number;
  /** It takes seconds, and another subject of its kind keeps the laws among the unit tests: a slow test. */
  readonly isSlow?: true;
}

export const ALL = [0, 1, 2];
export const PART_ROWS = 40;

/** Every setting on all rows and on each held-out fold. */
export function candidates({ learner, view, classes, settings }: Subject, parts: readonly Part[]): Candidate<unknown>[] {
  const folds = [null, ...ALL];
  return settings.flatMap((params, s) =>
    folds.map((fold, f) =>
      candidateOf(learner, parts, {
        view,
        classes,
        params,
        fold,
        trainFolds: ALL.filter((other) => other !== fold),
        id: s * folds.length + f,
      }),
    ),
  );
}

export const partsOf = ({ table }: Subject, rows = PART_ROWS): Part[] => memoryParts(table, rows, 16);

/** Bytes of all models, states and held-out metrics. */
export function outcome(subject: Subject, parts = partsOf(subject), mapRound = inOneTask, of = candidates(subject, parts)): string[] {
  const { learner } = subject;
  const { states } = run(learner, parts, of, mapRound);
  return states.map((state) => hex(encode([learner.model(state), learner.heldOut?.(state) ?? null])));
}

const plain = new WeakMap<Subject, readonly string[]>();

/** The outcome that laws compare others with, made once for a subject. */
export function expectedOf(subject: Subject): readonly string[] {
  const known = plain.get(subject) ?? outcome(subject);
  plain.set(subject, known);
  return known;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

export function same(a: readonly string[], b: readonly string[], what: string): void {
  a.forEach((bytes, i) => {
    must(bytes === b[i], `${what} must give the same bytes, got others for candidate ${i}`);
  });
}

/** The forest of a run of parts, mapped in the given order of places but merged in place order. */
function task(
  learner: LearnerAny,
  work: Work<unknown>,
  parts: readonly Part[],
  numbers: readonly number[],
  first: number,
  end: number,
): Forest<unknown> {
  const forest = startForest<unknown>(numbers.length);
  for (let place = first; place < end; place++) addLeaf(forest, place, mapped(learner, work, parts[numbers[place]]), learner.merge);
  return forest;
}

function mapped(learner: LearnerAny, work: Work<unknown>, part: Part): unknown {
  const statistic = learner.empty(work.ask);
  learner.map(statistic, part, work.ask);
  learner.finish?.(statistic);
  return statistic;
}

const numbersOf = (work: Work<unknown>, parts: readonly Part[]): readonly number[] =>
  work.parts === "all" ? parts.map(({ number }) => number) : work.parts;

/** So many tasks, the last one first. */
export const inTasks =
  (tasks: number): MapRound =>
  (learner, work, parts) => {
    const numbers = numbersOf(work, parts);
    const size = Math.ceil(numbers.length / tasks);
    const forests: Forest<unknown>[] = [];
    for (let first = Math.floor((numbers.length - 1) / size) * size; first >= 0; first -= size) {
      forests.push(task(learner, work, parts, numbers, first, Math.min(first + size, numbers.length)));
    }
    return joinForests(forests, numbers.length, learner.merge);
  };

/** Everything that travels goes through the codec, as between functions. */
export const travelling: MapRound = (learner, work, parts) => {
  const arrived = decode<Work<unknown>>(encode(work));
  const numbers = numbersOf(arrived, parts);
  const forests = numbers.map((number, place) => {
    const statistic = decode(encode(mapped(learner, arrived, parts[number])));
    return [{ level: 0, index: place, statistic }];
  });
  return decode(encode(joinForests(forests, numbers.length, learner.merge)));
};

/** Each part is mapped twice, from the last to the first, and the earlier answer is the one thrown away. */
export const twiceAndBackwards: MapRound = (learner, work, parts) => {
  const numbers = numbersOf(work, parts);
  const statistics: unknown[] = [];
  for (let place = numbers.length - 1; place >= 0; place--) {
    mapped(learner, work, parts[numbers[place]]);
    statistics[place] = mapped(learner, work, parts[numbers[place]]);
  }
  const forest = startForest<unknown>(numbers.length);
  statistics.forEach((statistic, place) => {
    addLeaf(forest, place, statistic, learner.merge);
  });
  return joinForests([forest], numbers.length, learner.merge);
};

/** Before each round the parts that `loses` names forget their carries, as a function that was replaced. */
export function forgetting(loses: (round: number, part: number) => boolean): MapRound {
  let round = 0;
  return (learner, work, parts) => {
    for (const part of parts as readonly MemoryPart[]) if (loses(round, part.number)) part.forget();
    round++;
    return inOneTask(learner, work, parts);
  };
}

/** Sums that are free of order: several parts in one statistic, and statistics merged in an order drawn for the round. */
export function shuffled(seed: number): MapRound {
  let round = 0;
  return (learner, work, parts) => {
    const numbers = numbersOf(work, parts);
    round++;
    if (work.anyOrder !== true) return inOneTask(learner, work, parts);
    const order = [...numbers].sort((a, b) => hashRow(seed + round, a) - hashRow(seed + round, b));
    const together = 1 + (round % 3);
    const statistics: unknown[] = [];
    for (let first = 0; first < order.length; first += together) {
      const statistic = learner.empty(work.ask);
      for (const number of order.slice(first, first + together)) learner.map(statistic, parts[number], work.ask);
      learner.finish?.(statistic);
      statistics.push(statistic);
    }
    const [merged, ...others] = statistics;
    for (const other of others) learner.merge(merged, other);
    return merged;
  };
}

/** Statistics cut into ranges, as the engine reduces them; what a range kept is lost where `loses` says so. */
export function byRanges(loses: (round: number, range: number) => boolean): MapRound {
  let round = 0;
  const kept = new Map<number, unknown>();
  return (learner, work, parts) => {
    const { ask, ranges = 1 } = work;
    round++;
    if (ranges === 1) return inOneTask(learner, work, parts);
    const whole = learner.empty(ask);
    const pieces: (readonly Float64Array[])[] = [];
    for (const number of numbersOf(work, parts)) {
      const statistic = mapped(learner, work, parts[number]);
      const cut = learner.ranges?.cut(statistic, ask, ranges) ?? null;
      if (cut !== null) pieces.push(cut);
      learner.merge(whole, decode(encode(statistic)));
    }
    for (let range = 0; pieces.length > 0 && range < ranges; range++) {
      const own = pieces.map((cut) => cut[range]).filter((piece) => piece.length > 0);
      const sums = new Float64Array(own[0]?.length ?? 0);
      for (const piece of own) {
        for (let i = 0; i < piece.length; i++) sums[i] += piece[i];
      }
      const before = loses(round, range) ? null : (kept.get(range) ?? null);
      const concluded = learner.ranges?.conclude(sums, ask, { number: range, of: ranges }, before);
      kept.set(range, decode(encode(concluded?.kept)));
      learner.merge(whole, decode(encode(concluded?.statistic)));
    }
    return whole;
  };
}

/** Compares what goes into every verb with what is left of it. */
export const watched: MapRound = (learner, work, parts) => {
  const before = hex(encode(work.ask));
  const merge = (into: unknown, other: unknown): void => {
    const was = hex(encode(other));
    learner.merge(into, other);
    must(hex(encode(other)) === was, "merge must change its first argument only, got another second one");
  };
  const watching = { ...learner, merge } as LearnerAny;
  const merged = inOneTask(watching, work, parts);
  must(hex(encode(work.ask)) === before, "empty, map and merge must leave the ask as it was, got another one");
  return merged;
};

export function predictions({ learner, table, view }: Subject, model: unknown, outputs: number): number[] {
  const [part] = memoryParts({ ...table, fold: table.label.map(() => 0) }, table.label.length, table.label.length);
  for (const block of part.blocks(view, [0])) {
    const out = new Float64Array(outputs * block.rows);
    learner.predict(model, block, out);
    return [...out];
  }
  return [];
}
