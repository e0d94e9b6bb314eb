/** Forests of more rows than come together: from sums, whoever adds them up, they are those that all rows together give. */
import { expect, test } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { randomForestClassifier, randomForestRegressor } from "../../../src/learners/forest/forest.ts";
import { addBinned, noRows } from "../../../src/learners/forest/rows.ts";
import { afterRows, type ForestState, opened } from "../../../src/learners/forest/state.ts";
import type { Cuts, Part } from "../../../src/learners/learner.ts";
import type { LearnerAny } from "../../../src/learners/registry.ts";
import type { Seen } from "../../../src/learners/trees/bins/cuts.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { encode } from "../../../src/rounds/codec.ts";
import { candidateOf, inOneTask, type MapRound, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";

const ROWS = 24_000;
const all = Array.from({ length: ROWS }, (_, i) => i);
const draw = (i: number, stream: number): number => hashRow(stream, i) / 2 ** 32;
const LEVELS = ["p", "q", "r", "s", "t"];
const columns = {
  a: all.map((i) => (draw(i, 1) < 0.05 ? Number.NaN : Math.round(300 * draw(i, 2)))),
  b: all.map((i) => draw(i, 3)),
  // Most of it is one value: nodes look at it in vain.
  c: all.map((i) => (draw(i, 4) < 0.001 ? 1 : 0)),
  d: all.map((i) => LEVELS[Math.floor(5 * draw(i, 5))]),
};
const signal = all.map((i) => (columns.a[i] || 70) / 300 + columns.b[i] + LEVELS.indexOf(columns.d[i]) / 5 + draw(i, 6));
const weight = all.map((i) => [1, 0.3, 2, 0, 1.7][i % 5]);
const view = {
  columns: [
    ...["a", "b", "c"].map((name) => ({ ...numberColumn(name), keepsMissing: true as const })),
    { ...numberColumn("d"), take: { kind: "index" as const, levels: LEVELS, other: null }, keepsMissing: true as const },
  ],
  skipWhere: [],
};

interface Case {
  readonly name: string;
  readonly learner: LearnerAny;
  readonly table: MemoryTable;
  readonly classes: readonly string[];
  readonly params: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    name: "two classes, rows counted",
    learner: randomForestClassifier,
    table: { columns, label: signal.map((own) => Number(own > 1.9)) },
    classes: ["no", "yes"],
    params: { numTrees: 2, outOfBag: true, maxBins: 64, maxDepth: 10 },
  },
  {
    name: "three classes of rows with weights and factors, entropy",
    learner: randomForestClassifier,
    table: { columns, label: signal.map((own) => Math.min(2, Math.floor(own / 1.2))), weight },
    classes: ["x", "y", "z"],
    params: { numTrees: 2, impurity: "entropy", classWeight: "balanced", minInstancesPerNode: 3, maxDepth: 9 },
  },
  {
    name: "a number, rows with weights",
    learner: randomForestRegressor,
    table: { columns, label: signal, weight },
    classes: [],
    params: { numTrees: 2, outOfBag: true, maxDepth: 9, featureSubsetStrategy: 0.5, minInstancesPerNode: 4 },
  },
];

function candidate({ learner, classes, params }: Case, parts: readonly Part[]) {
  return candidateOf(learner, parts, { view, classes, params, trainFolds: [0] });
}

function trained(own: Case, partRows: number, mapRound: MapRound = inOneTask) {
  const parts = memoryParts(own.table, partRows);
  const { states, rounds } = run(own.learner, parts, [candidate(own, parts)], mapRound);
  return { model: own.learner.model(states[0]), rounds };
}

const bytes = (value: unknown): string => Buffer.from(encode(value)).toString("base64");

/** All rows in one place, after the same first round. */
function fromAllRows(own: Case): unknown {
  const parts = memoryParts(own.table, 7_000);
  const start = own.learner.start(candidate(own, parts));
  const work = own.learner.ask([start]);
  const { answers } = inOneTask(own.learner, work, parts) as { answers: Seen[] };
  const { state } = opened(start as ForestState, answers[0]);
  const rows = noRows(view.columns.length);
  for (const part of parts) addBinned(rows, part, part.binned(view, state.cuts as Cuts, [0]));
  return own.learner.model(afterRows({ ...state, growing: [] }, rows).state);
}

test.each(cases)("$name: the trees that all rows together give, from other parts, merged in another order, after lost carries", (own) => {
  const { model: first, rounds: least } = trained(own, 5_000);
  expect(least).toBeGreaterThan(4);
  expect(first.ensemble).toEqual((fromAllRows(own) as typeof first).ensemble);
  const wanted = bytes(first);
  expect(bytes(trained(own, 24_000).model)).toBe(wanted);
  const backwards: MapRound = (learner, work, parts) => {
    const numbers = work.parts === "all" ? parts.map(({ number }) => number) : [...work.parts];
    if (work.anyOrder) numbers.reverse();
    const statistics = numbers.map((number) => {
      const statistic = learner.empty(work.ask);
      learner.map(statistic, parts[number], work.ask);
      learner.finish?.(statistic);
      return statistic;
    });
    for (const other of statistics.slice(1)) learner.merge(statistics[0], other);
    return statistics[0];
  };
  expect(bytes(trained(own, 5_000, backwards).model)).toBe(wanted);
  let round = 0;
  const losing: MapRound = (learner, work, parts) => {
    const lost = parts[round++ % parts.length] as MemoryPart;
    if (round % 2 === 0) lost.forget();
    // A task that is run twice finds its own carry.
    if (round % 3 === 0) inOneTask(learner, work, parts);
    return inOneTask(learner, work, parts);
  };
  const { model, rounds } = trained(own, 5_000, losing);
  expect(bytes(model)).toBe(wanted);
  expect(rounds).toBeGreaterThan(least);
});

test.each(cases)("$name: what the plan was told holds", (own) => {
  const parts = memoryParts(own.table, ROWS);
  const one = candidate(own, parts);
  const cost = own.learner.cost(one.shape, one.params);
  const carries = new Map<string, number>();
  const [{ carry }] = parts;
  Object.assign(parts[0], {
    carry: (name: string, bytes: number) => {
      carries.set(name, bytes);
      return carry(name, bytes);
    },
  });
  const { states, rounds } = run(own.learner, parts, [one], (learner, work, all) => {
    const merged = inOneTask(learner, work, all);
    expect(encode(merged).length).toBeLessThanOrEqual(cost.statisticBytes);
    return merged;
  });
  expect(encode(states[0]).length - encode(one).length).toBeLessThanOrEqual(cost.stateBytes);
  expect(rounds).toBeLessThanOrEqual(3 * cost.rounds);
  const carried = [...carries.values()].reduce((sum, own) => sum + own, 0);
  expect(carries.size).toBe((one.params as { numTrees: number }).numTrees);
  // The last block is not full, but lists as many slots.
  expect(carried / ROWS / (cost.kept?.carry ?? 0)).toBeCloseTo(1, 1);
});

test("out-of-bag accuracy is near that on rows which no tree has seen", () => {
  const [own] = cases;
  const { model } = trained({ ...own, params: { numTrees: 20, outOfBag: true, maxDepth: 6 } }, 12_000);
  const ensemble = unpackEnsemble(model.ensemble);
  let right = 0;
  const fresh = 4_000;
  for (let i = 0; i < fresh; i++) {
    const [a, b, c, d] = [Math.round(300 * draw(i, 22)), draw(i, 23), 0, Math.floor(5 * draw(i, 25))];
    const isYes = a / 300 + b + d / 5 + draw(i, 26) > 1.9;
    if (sumsOf(ensemble, [a, b, c, d])[0] / 20 > 0.5 === isYes) right++;
  }
  expect(model.outOfBag.rows).toBeGreaterThan(0.999 * ROWS);
  // Four standard errors of a share over the fresh rows.
  expect(Math.abs(model.outOfBag.accuracy - right / fresh)).toBeLessThan(0.028);
});
