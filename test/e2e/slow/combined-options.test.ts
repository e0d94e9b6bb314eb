/**
 * Tree learners by drawn combinations of their options keep the laws that each option keeps alone. One case alone:
 * `vitest run --project slow combined-options -t "case 17: rows of weight 0"`.
 */
import { describe, expect, it } from "vitest";
import { toLightgbm } from "../../../src/exchange/lightgbm.ts";
import { readLightgbm } from "../../../src/exchange/read-lightgbm.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import type { BoostingState } from "../../../src/learners/boosting/state.ts";
import type { TreeModel } from "../../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { encode } from "../../../src/rounds/codec.ts";
import { type DrawnCase, drawnCase } from "../../helpers/drawn-case.ts";
import { candidateOf, inOneTask, type MapRound, run } from "../../helpers/fit.ts";
import { encoded, type MemoryTable, memoryParts } from "../../helpers/memory-part.ts";
import { trainedRowsOf } from "../../helpers/trained-rows.ts";
import { byRanges, forgetting, hex, inTasks, shuffled, travelling, twiceAndBackwards } from "../../laws/harness.ts";

const SEEDS = Array.from({ length: 100 }, (_, i) => i);

interface Training extends Partial<Pick<DrawnCase, "table" | "params">> {
  readonly map?: MapRound;
  readonly partRows?: number;
  readonly trainFolds?: readonly number[];
  readonly ranges?: number;
  readonly from?: unknown;
}

function train(own: DrawnCase, { table = own.table, params = own.params, ...how }: Training = {}) {
  const { learner, view, classes } = own;
  const parts = memoryParts(table, how.partRows ?? 256, 64);
  const candidate = candidateOf(learner, parts, { view, classes, params: { ...params }, trainFolds: how.trainFolds });
  const { states } = run(learner, parts, [{ ...candidate, ranges: how.ranges ?? 1 }], how.map ?? inOneTask, [], [how.from]);
  return { parts, state: states[0], model: learner.model(states[0]) as TreeModel };
}

const plain = new Map<number, ReturnType<typeof train>>();

/** What laws compare others with, made once for a case. */
function plainOf(own: DrawnCase): ReturnType<typeof train> {
  const known = plain.get(own.seed) ?? train(own);
  plain.set(own.seed, known);
  return known;
}

/** Of all rows of the case's own table, output by output. */
function predictions({ learner, table, view, classes }: DrawnCase, model: TreeModel): Float64Array {
  const rows = table.label.length;
  const out = new Float64Array(rows * (classes.length > 2 ? classes.length : 1));
  for (const block of memoryParts(table, rows, rows)[0].blocks(view, [0])) learner.predict(model, block, out);
  return out;
}

const wordsOf = (own: DrawnCase): string => `${own.learner.name} of ${own.table.label.length} rows, ${JSON.stringify(own.params)}`;

/** Of the model, and of what early stopping judged it by. */
const bytesOf = ({ state, model }: ReturnType<typeof train>): string =>
  hex(encode([model, (state as Partial<BoostingState>).best ?? null]));

function sameBytes(own: DrawnCase, ...ways: readonly Training[]): void {
  for (const how of ways) expect(bytesOf(train(own, how)), wordsOf(own)).toBe(bytesOf(plainOf(own)));
}

/** Sums of other rows, or in another order, are rounded otherwise. */
function near(own: DrawnCase, a: ArrayLike<number>, b: ArrayLike<number>): void {
  // Probabilities are measured by 1.
  const scale = Math.max(own.classes.length > 0 ? 1 : 0, ...Array.from(b, Math.abs)) || 1;
  const worst = Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]) / scale));
  expect(worst, wordsOf(own)).toBeLessThan(1e-9);
}

const samePredictions = (own: DrawnCase, a: Training, b: Training | null = null): void =>
  near(own, predictions(own, train(own, a).model), predictions(own, b === null ? plainOf(own).model : train(own, b).model));

const taskOf = ({ classes: { length } }: DrawnCase) => (length === 0 ? "regression" : length === 2 ? "binary" : "multiclass");
const isBoosting = ({ learner }: DrawnCase): boolean => learner.name.startsWith("gradient");
const weightsOf = ({ table }: DrawnCase): readonly number[] => table.weight ?? table.label.map(() => 1);
const hasCategories = ({ view }: DrawnCase): boolean => view.columns.some(({ take }) => take.kind === "index");

/** No row has a weight that its class leaves it. */
function isWeightless(own: DrawnCase): boolean {
  const factors = (own.params.classWeight ?? "balanced") as "balanced" | Readonly<Record<string, number>>;
  return factors !== "balanced" && !weightsOf(own).some((weight, i) => weight * factors[own.classes[own.table.label[i]]] > 0);
}

const foldsOf = ({ seed, table }: DrawnCase): number[] => table.label.map((_, i) => hashRow(seed, i) % 3);

function withoutFold(own: DrawnCase): MemoryTable {
  const fold = foldsOf(own);
  return { ...own.table, weight: weightsOf(own).map((each, i) => (fold[i] === 1 ? 0 : each)) };
}

/** Rows of weight 0 after all others, of values and labels beyond them. */
function withNothings(own: DrawnCase): MemoryTable {
  const { columns, label } = own.table;
  const more = Array.from({ length: 40 }, (_, i) => i);
  const beyond = (values: readonly (number | string)[], i: number): number | string =>
    typeof values[0] === "string" ? values[i] : i % 3 > 0 ? 1e5 * (i - 20) : Number.NaN;
  return {
    columns: Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, [...of, ...more.map((i) => beyond(of, i))]])),
    label: [...label, ...more.map((i) => (own.classes.length > 0 ? i % own.classes.length : 1e7 * (i - 20)))],
    weight: [...weightsOf(own), ...more.map(() => 0)],
  };
}

/** Each row so often. */
function repeated({ table }: DrawnCase, times: readonly number[]): MemoryTable {
  const rows = times.flatMap((count, i) => Array<number>(count).fill(i));
  const columns = Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, rows.map((i) => values[i])]));
  return { columns, label: rows.map((i) => table.label[i]) };
}

/** Boosting by LightGBM's convention, or with categories, or by losses whose leaves are quantiles, counts rows; and so do draws of them. */
const weighsRows = (own: DrawnCase): boolean =>
  weightsOf(own).every(Number.isInteger) &&
  (isBoosting(own)
    ? !hasCategories(own) &&
      own.params.rowSample === undefined &&
      own.params.earlyStoppingRounds === undefined &&
      own.params.convention === undefined &&
      own.params.loss !== "absolute" &&
      own.params.loss !== "quantile"
    : own.learner.name.startsWith("decision"));

const laws: Readonly<Record<string, (own: DrawnCase) => void>> = {
  "predictions are finite": (own) => expect(predictions(own, plainOf(own).model).every(Number.isFinite), wordsOf(own)).toBe(true),
  "tasks, also repeated, give the same bytes": (own) => sameBytes(own, { map: inTasks(3) }, { map: twiceAndBackwards }),
  "sums of any order give the same bytes": (own) => sameBytes(own, { map: shuffled(own.seed) }),
  "what travels gives the same bytes": (own) => sameBytes(own, { map: travelling }),
  "lost carries give the same bytes": (own) => {
    const some = forgetting((round, part) => hashRow(round + own.seed, part) % 3 === 0);
    sameBytes(own, { map: forgetting(() => true) }, { map: some });
  },
  "ranges, what they kept lost at times, give the same bytes": (own) => {
    const map = byRanges((round, range) => hashRow(round, range + own.seed) % 4 === 0);
    sameBytes(own, { map, ranges: Math.min(3, own.view.columns.length) });
  },
  "other parts predict the same": (own) => samePredictions(own, { partRows: 100 }),
  "rows of weight 0 are as absent": (own) => samePredictions(own, { table: withNothings(own) }),
  "a fold left out is as of weight 0": (own) => {
    const fold = foldsOf(own);
    samePredictions(own, { table: { ...own.table, fold }, trainFolds: [0, 2] }, { table: withoutFold(own) });
  },
  "weight 2 is the row twice": (own) => {
    const weight = weightsOf(own).map((each, i) => (each > 0 && i % 3 === 0 ? each + 1 : each));
    // A least number of rows is one of rows, whatever they weigh.
    const params = { ...own.params, [isBoosting(own) ? "minRows" : "minInstancesPerNode"]: 1 };
    samePredictions(own, { table: { ...own.table, weight }, params }, { table: repeated(own, weight), params });
  },
  "n trees, then m more, are n + m": (own) => {
    const [all, first] = [Number(own.params.trees), 1 + (own.seed % (Number(own.params.trees) - 1))];
    const from = train(own, { params: { ...own.params, trees: first } }).model;
    const { model } = train(own, { params: { ...own.params, trees: all - first }, from });
    const bytes = (of: TreeModel): string => hex(encode({ ...of, warnings: [] }));
    expect(bytes(model), wordsOf(own)).toBe(bytes(plainOf(own).model));
  },
  "parts know the predictions of their rows": (own) => {
    const { parts, state, model } = plainOf(own);
    const [all, rows] = [predictions(own, model), own.table.label.length];
    const ask = own.learner.trained?.ask(state) ?? null;
    for (const part of parts) {
      const outputs = Array.from({ length: all.length / rows }, (_, k) => k * rows + part.firstRow);
      const expected = outputs.flatMap((start) => [...all.subarray(start, start + part.rows)]);
      // Parts whose rows travelled know none, and no part where early stopping judges.
      const known = ask === null ? null : trainedRowsOf(own.learner, part, own.view, ask, model);
      expect([...(known?.values ?? expected)], wordsOf(own)).toEqual(expected);
    }
  },
  "LightGBM's text holds the model": (own) => {
    const ensemble = unpackEnsemble(plainOf(own).model.ensemble);
    const names = own.view.columns.map(({ name }) => name);
    const read = readLightgbm(toLightgbm(ensemble, names, taskOf(own)));
    const rows = own.table.label.map((_, i) => own.view.columns.map((column) => encoded(own.table, column, i)));
    // It has no infinite thresholds.
    const finite = rows.filter((row) => !row.includes(Infinity) && !row.includes(-Infinity)).slice(0, 50);
    const [a, b] = [ensemble, read.ensemble].map((of) => finite.flatMap((row) => [...sumsOf(of, row)]));
    near(own, a, b);
  },
};

/** Laws that are not of every case. */
const only: Readonly<Record<string, (own: DrawnCase) => boolean>> = {
  // The only rows of a class that has a factor may be in the fold.
  "a fold left out is as of weight 0": (own) => !isWeightless({ ...own, table: withoutFold(own) }),
  // One column is one range.
  "ranges, what they kept lost at times, give the same bytes": ({ learner, view }) =>
    learner.ranges !== undefined && view.columns.length > 1,
  "weight 2 is the row twice": weighsRows,
  // Trees that are added are not held back by what was best before.
  "n trees, then m more, are n + m": ({ params }) => params.earlyStoppingRounds === undefined && Number(params.trees) > 1,
};

describe.each(SEEDS.map(drawnCase).map((own) => [own.seed, own] as const))("case %i:", (_, own) => {
  if (isWeightless(own))
    it("classes of factor 0 alone are refused", () => {
      expect(() => train(own), wordsOf(own)).toThrow("params.classWeight must be > 0 for a class of the training rows");
    });
  else it.each(Object.keys(laws).filter((law) => only[law]?.(own) ?? true))("%s", (law) => laws[law](own));
});
