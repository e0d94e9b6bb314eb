import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Table } from "../../src/data/columns.ts";
import { viewFor } from "../../src/features/fit.ts";
import type { Take, View, ViewColumn } from "../../src/features/view.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { exp } from "../../src/kernels/kernels.ts";
import { type LearnerName, learnerParams } from "../../src/learners/params.ts";
import { learnerNamed } from "../../src/learners/registry.ts";
import { createPredictor, type Row } from "../../src/model/predict.ts";
import { InputError } from "../../src/ports/errors.ts";
import { matrixPart } from "../../src/rounds/parts/part.ts";
import { type Cell, fitted, stage, tableOf } from "../features/helpers.ts";
import { fitOne } from "../helpers/fit.ts";

const numberColumn = (name: string): ViewColumn => ({ name, source: name, take: { kind: "number" }, fill: Number.NaN, shift: 0, scale: 1 });
const twoColumns: View = { columns: [numberColumn("a"), numberColumn("b")], skipWhere: [] };
const numbers = (...names: string[]) => names.map((name) => ({ name, type: "number" }));

/** What `model.json` holds, after writing and reading it. */
function published(fields: Record<string, unknown>): unknown {
  const file = {
    format: 1,
    learner: "linearRegression",
    task: "regression",
    label: { column: "y", classes: [] },
    threshold: 0.5,
    view: twoColumns,
    data: { columns: numbers("a", "b") },
    job: { data: { missing: ["", "NA", "-999"] } },
  };
  return JSON.parse(JSON.stringify({ ...file, ...fields }));
}

const line = { coefficients: [2, -1], intercept: 3 };
const logistic = (classes: string[], coefficients: number[][], intercepts: number[]) => ({
  learner: "logisticRegression",
  task: classes.length === 2 ? "binary" : "multiclass",
  label: { column: "y", classes },
  model: { coefficients, intercepts },
});

describe("createPredictor", () => {
  test("a line: 3 + 2a - b", () => {
    expect(createPredictor(published({ model: line }))({ a: 5, b: 0.5, other: "not looked at" })).toEqual({ prediction: 12.5 });
  });

  test("two classes: the margin's sigmoid, and the threshold is exclusive", () => {
    const model = logistic(["no", "yes"], [[1, 0]], [0]);
    const at = (threshold: number, a: number) => createPredictor(published({ ...model, threshold }))({ a, b: 0 });
    expect(at(0.5, 0)).toEqual({ prediction: "no", probability: { no: 0.5, yes: 0.5 } });
    expect(at(0.49, 0)?.prediction).toBe("yes");
    expect(at(0.5, 2)?.probability?.yes).toBe(1 / (1 + exp(-2)));
    // Far out a small probability keeps its digits.
    expect(at(0.5, -800)?.probability?.yes).toBe(0);
    expect(at(0.5, -700)?.probability?.yes).toBe(exp(-700));
  });

  test("three classes: shares of exp(margin); of equal ones the first", () => {
    const model = logistic(
      ["x", "y", "z"],
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      [0, 0, 0],
    );
    const predict = createPredictor(published(model));
    const { probability, prediction } = predict({ a: 1000, b: 1000 }) ?? {};
    expect([probability, prediction]).toEqual([{ x: 0.5, y: 0.5, z: 0 }, "x"]);
    expect(predict({ a: -1, b: 2 })?.prediction).toBe("y");
  });

  test("what one evaluates is what one predicts: bit for bit over every kind of column, through the learners and the file", () => {
    const rows = 200;
    const cell = (seed: number, row: number) => hashRow(seed, row) / 2 ** 32;
    const column = (value: (row: number) => Cell): Cell[] => Array.from({ length: rows }, (_, row) => value(row));
    const data: Record<string, Cell[]> = {
      age: column((row) => (cell(1, row) < 0.1 ? null : 18 + Math.floor(60 * cell(2, row)))),
      total: column((row) => 1_000 * cell(3, row)),
      plan: column((row) => (cell(4, row) < 0.1 ? null : ["basic", "pro", "team"][Math.floor(3 * cell(5, row))])),
      zip: column((row) => `z${Math.floor(150 * cell(6, row))}`),
    };
    const cases: [LearnerName, Record<string, unknown>, string[]][] = [
      ["linearRegression", { regParam: 0.1 }, []],
      ["logisticRegression", {}, ["no", "yes"]],
      ["logisticRegression", { regParam: 0.01, elasticNetParam: 0.5 }, ["a", "b", "c"]],
    ];
    const stages = [
      stage("stringIndexer", { inputs: ["plan"], handleInvalid: "keep" }),
      stage("oneHotEncoder", { inputs: ["plan"] }),
      stage("imputer", { inputs: ["age"], strategy: "median" }),
      stage("minMaxScaler", { inputs: ["total"] }),
      stage("vectorAssembler", { inputs: ["age", "total", "plan"] }),
    ];
    for (const features of ["auto" as const, stages]) {
      const view = viewFor(fitted(features, data), null);
      for (const [learner, params, classes] of cases) {
        const labels = Float64Array.from({ length: rows }, (_, row) => Math.floor(Math.max(2, classes.length) * cell(7, row)));
        compare(tableOf(data), data, view, learner, params, classes, labels);
      }
    }
  });

  test("every take, fill, shift and scale, any value: encoded as by its definition", () => {
    const level = fc.constantFrom("p", "q", "1", "2.5");
    const take: fc.Arbitrary<Take> = fc.oneof(
      fc.constant<Take>({ kind: "missing" }),
      level.map((level): Take => ({ kind: "level", level })),
      level.map((level): Take => ({ kind: "level", level, missingAs: level })),
      level.map((level): Take => ({ kind: "other", levels: [level] })),
      level.map((level): Take => ({ kind: "index", levels: ["q", level], other: null })),
      fc.nat(3).map((bucket): Take => ({ kind: "hash", buckets: 4, bucket })),
    );
    const cells = fc.constantFrom<string | null>("p", "q", "r", null);
    fc.assert(
      fc.property(take, fc.constantFrom(null, 0, 7), fc.integer({ min: -3, max: 3 }), cells, (take, fill, shift, cell) => {
        const view: View = { columns: [{ name: "t", source: "t", take, fill: fill ?? Number.NaN, shift, scale: 0.5 }], skipWhere: [] };
        const predict = createPredictor(
          published({ view, data: { columns: [{ name: "t", type: "string" }] }, model: { coefficients: [1], intercept: 0 } }),
        );
        const expected = byEngine(
          { rows: 1, columns: { t: { type: "string", codes: Uint8Array.of(cell === null ? 1 : 0), dictionary: [cell ?? "?"] } } },
          view,
        );
        const own = attempt(() => predict({ t: cell })?.prediction);
        expect(own).toEqual(expected);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test("a row that the features leave out is null, one that they refuse an error that names it", () => {
    const view = { ...twoColumns, skipWhere: [{ source: "a", known: null }], failWhere: [{ source: "b", known: ["1", "2"] }] };
    const predict = createPredictor(published({ view, model: line }));
    expect(predict({ a: null, b: 9 })).toBeNull();
    expect(predict({ a: 1, b: 2 })).toEqual({ prediction: 3 });
    expect(() => predict({ a: 1, b: 9 })).toThrow(
      new InputError("row.b must be a value that the model can use, got 9, which training did not see"),
    );
    expect(() => createPredictor(published({ model: line }))({ a: 1, b: null })).toThrow(
      new InputError("row.b must be a value that the model can use, got a missing value"),
    );
  });

  test("values are read as the data was: missing texts, dates, truth values; others are refused by name", () => {
    const columns = [
      { ...numberColumn("n"), fill: -1 },
      { ...numberColumn("d"), fill: -1 },
      { ...numberColumn("s"), take: { kind: "level", level: "true" } as Take },
    ];
    const types = [
      { name: "n", type: "number" },
      { name: "d", type: "date" },
      { name: "s", type: "string" },
    ];
    const predict = createPredictor(
      published({ view: { columns, skipWhere: [] }, data: { columns: types }, model: { coefficients: [1, 1_000, 0.25], intercept: 0 } }),
    );
    const at = (row: Partial<Row>) => predict({ n: 0, d: 0, s: "", ...row } as Row)?.prediction;
    expect([at({ n: 5 }), at({ n: "NA" }), at({ n: -999 }), at({ n: Number.NaN })]).toEqual([5, -1, -1, -1]);
    expect([at({ d: "1970-01-03" }), at({ d: "1970-01-01T12:00" }), at({ d: 2 }), at({ d: "" })]).toEqual([2_000, 500, 2_000, -1_000]);
    expect([at({ d: new Date(Date.UTC(1970, 0, 1, 12)) }), at({ d: new Date("1970-01-03") })]).toEqual([500, 2_000]);
    expect(() => at({ d: new Date(Number.NaN) })).toThrow("row.d must be an ISO 8601 date or null");
    expect(() => at({ s: new Date(0) })).toThrow("row.s must be a string or null");
    expect(() => predict(null as unknown as Row)).toThrow(new InputError("row must be an object of values by column, got null"));
    expect([at({ s: true }), at({ s: "true" }), at({ s: null })]).toEqual([0.25, 0.25, 0]);
    expect(() => at({ n: "5" })).toThrow(new InputError('row.n must be a finite number or null, got "5"'));
    expect(() => at({ n: Number.POSITIVE_INFINITY })).toThrow("row.n must be a finite number or null");
    expect(() => at({ d: "3 May" })).toThrow(new InputError('row.d must be an ISO 8601 date or null, got "3 May"'));
    expect(() => at({ s: 1 })).toThrow(new InputError("row.s must be a string or null, got 1"));
    expect(() => predict({ n: 1, d: 1 })).toThrow(new InputError("row must have a value of column s, got none; a missing one is null"));
  });

  test("depends on nothing: no imports, no kernels, small enough for any page", async () => {
    const entry = new URL("../../src/model/predict.ts", import.meta.url).pathname;
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      platform: "browser",
      format: "esm",
      write: false,
      metafile: true,
    });
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((path) => path.includes("kernels.ts") || path.includes("node_modules"))).toEqual([]);
    expect(outputFiles[0].contents.length).toBeLessThan(10_000);
  });

  test("refuses what it cannot read", () => {
    expect(() => createPredictor({})).toThrow("model must be the parsed text of a model.json of steplearn");
    expect(() => createPredictor(null)).toThrow(InputError);
    expect(() => createPredictor(published({ model: line, format: 2 }))).toThrow("model format must be at most 1, got 2");
    expect(() => createPredictor(published({ model: line, learner: "oracle" }))).toThrow(
      "model learner must be linearRegression, logisticRegression or one of trees, got oracle",
    );
    expect(() => createPredictor(published({ model: { coefficients: [1], intercept: 0 } }))).toThrow(
      "a coefficient for each of its 2 columns, got 1",
    );
    expect(createPredictor(published({ model: line, unheardOf: 1 }))({ a: 0, b: 0 })).toEqual({ prediction: 3 });
  });
});

function attempt<T>(work: () => T): T | "refused" {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return "refused";
    throw error;
  }
}

/** The encoded value of the only column and row, from the engine's own blocks. */
function byEngine(table: Table, view: View): number | "refused" {
  const model = { learner: "linearRegression", coefficients: [1], intercept: 0 };
  return attempt(() => predictions(table, view, "linearRegression", model, 1, new Float64Array(1))[0]);
}

function predictions(table: Table, view: View, learner: LearnerName, model: unknown, outputs: number, labels: Float64Array): Float64Array {
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const all = new Float64Array(table.rows * outputs);
  let first = 0;
  for (const block of matrixPart({ number: 0, firstRow: 0, table, groups: [rows], labels, weights: null }).blocks(view, [0])) {
    const out = new Float64Array(block.rows * outputs);
    learnerNamed(learner).predict(model, block, out);
    for (let k = 0; k < outputs; k++) all.set(out.subarray(k * block.rows, (k + 1) * block.rows), k * table.rows + first);
    first += block.rows;
  }
  return all;
}

function compare(
  table: Table,
  data: Record<string, Cell[]>,
  view: View,
  name: LearnerName,
  params: Record<string, unknown>,
  classes: string[],
  labels: Float64Array,
): void {
  const learner = learnerNamed(name);
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const part = matrixPart({ number: 0, firstRow: 0, table, groups: [all], labels, weights: null });
  const model = fitOne(learner, [part], { view, params: learnerParams[name].parse(params), classes });
  const outputs = classes.length > 2 ? classes.length : 1;
  const expected = predictions(table, view, name, model, outputs, labels);
  const task = classes.length === 0 ? "regression" : classes.length === 2 ? "binary" : "multiclass";
  const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const predict = createPredictor(published({ learner: name, task, label: { column: "y", classes }, view, data: { columns }, model }));
  for (let row = 0; row < table.rows; row++) {
    const { prediction, probability } = predict(Object.fromEntries(Object.entries(data).map(([name, cells]) => [name, cells[row]]))) ?? {};
    if (task === "regression") expect(prediction).toBe(expected[row]);
    else if (task === "binary") expect(probability?.[classes[1]]).toBe(expected[row]);
    else expect(classes.map((name) => probability?.[name])).toEqual(classes.map((_, k) => expected[k * table.rows + row]));
  }
}
