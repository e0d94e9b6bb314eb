import { describe, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import type { LinearModel } from "../../../src/learners/linear/linear-regression.ts";
import { linearRegression } from "../../../src/learners/linear/linear-regression.ts";
import { candidateOf, type FitOptions, fitOne, run } from "../../helpers/fit.ts";
import { encoded, type MemoryTable, memoryParts, numberColumn, plainView } from "../../helpers/memory-part.ts";

const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;

function noisy(rows: number, fold = 1): MemoryTable {
  const all = Array.from({ length: rows }, (_, i) => i);
  const a = all.map((i) => 100 + 5 * uniform(i, 1));
  const b = all.map((i) => uniform(i, 2) - 0.3 * (a[i] - 100));
  const c = all.map((i) => 1e4 * uniform(i, 3));
  return {
    columns: { a, b, c },
    label: all.map((i) => 7 + 0.5 * a[i] - 2 * b[i] + 0.0003 * c[i] + uniform(i, 4)),
    weight: all.map((i) => 0.5 + uniform(i, 5)),
    fold: all.map((i) => i % fold),
  };
}

const fitted = (table: MemoryTable, options: Partial<FitOptions> = {}, partRows = 100): LinearModel =>
  fitOne<LinearModel>(linearRegression, memoryParts(table, partRows), { view: plainView(...Object.keys(table.columns)), ...options });

describe("least squares", () => {
  it("of four points is what the hand finds", () => {
    // x 0 1 2 3, y 1 3 4 8: mean 1.5 and 4, Sxx 5, Sxy 11.
    const model = fitted({ columns: { x: [0, 1, 2, 3] }, label: [1, 3, 4, 8] });
    expect(model.source.coefficients[0]).toBeCloseTo(2.2, 14);
    expect(model.source.intercept).toBeCloseTo(0.7, 14);
    // Residuals 0.3 0.1 -1.1 0.7: squares 1.8 of 26.
    expect(model.r2).toBeCloseTo(1 - 1.8 / 26, 14);
  });

  it("counts a row of weight 3 as three rows and one of weight 0 as none", () => {
    const weighted = fitted({ columns: { x: [0, 1, 2, 3, 9] }, label: [1, 3, 4, 8, -50], weight: [1, 3, 1, 1, 0] });
    const repeated = fitted({ columns: { x: [0, 1, 1, 1, 2, 3] }, label: [1, 3, 3, 3, 4, 8] });
    expect(weighted.source.coefficients[0]).toBeCloseTo(repeated.source.coefficients[0], 13);
    expect(weighted.source.intercept).toBeCloseTo(repeated.source.intercept, 13);
  });

  it("gives a constant column nothing, and the label's mean where nothing varies", () => {
    const model = fitted({ columns: { x: [0, 1, 2, 3], one: [0.1, 0.1, 0.1, 0.1] }, label: [1, 3, 4, 8] });
    expect(model.source.coefficients[1]).toBe(0);
    expect(model.source.coefficients[0]).toBeCloseTo(2.2, 14);
    expect(fitted({ columns: { one: [0.1, 0.1, 0.1] }, label: [1, 2, 6] }).source).toEqual({ coefficients: [0], intercept: 3 });
  });

  it("of a constant label is its value", () => {
    const model = fitted({ columns: { x: [0, 1, 2] }, label: [5, 5, 5] }, { params: { regParam: 0.1, convention: "spark" } });
    expect(model.source).toEqual({ coefficients: [0], intercept: 5 });
    expect(model.r2).toBeNull();
    expect(model.warnings).toEqual(["the label is constant in training"]);
  });

  it("shares a coefficient among equal columns and says so", () => {
    const model = fitted({ columns: { x: [0, 1, 2, 3], same: [0, 1, 2, 3] }, label: [1, 3, 4, 8] });
    expect(model.source.coefficients[0]).toBeCloseTo(1.1, 13);
    expect(model.source.coefficients[1]).toBeCloseTo(1.1, 13);
    expect(model.warnings[0]).toMatch(/columns are collinear \((x|same) follow from the others\)/);
    expect(model.significance).toBeNull();
  });

  it("is the same for any units of the view, with and without an intercept", () => {
    const table = noisy(300);
    const scaled = {
      columns: [
        { ...numberColumn("a"), shift: 100, scale: 0.2 },
        { ...numberColumn("b"), scale: -3 },
        { ...numberColumn("c"), shift: 5, scale: 1e-4 },
      ],
      skipWhere: [],
    };
    const [plain, other] = [fitted(table), fitted(table, { view: scaled })];
    expect(other.source).toEqual(plain.source);
    for (const model of [other, fitted(table, { view: scaled, params: { fitIntercept: false } })]) {
      const inView = scaled.columns.reduce((sum, column, j) => sum + model.coefficients[j] * encoded(table, column, 7), model.intercept);
      const inSource = ["a", "b", "c"].reduce(
        (sum, name, j) => sum + model.source.coefficients[j] * (table.columns[name][7] as number),
        model.source.intercept,
      );
      expect(inView).toBeCloseTo(inSource, 10);
    }
    // Without an intercept the line goes through the view's origin.
    expect(fitted(table, { view: scaled, params: { fitIntercept: false } }).intercept).toBeCloseTo(0, 12);
  });
});

describe("a penalty", () => {
  /** Coordinate descent over the rows themselves, in standardised units: an independent answer. */
  function descend(table: MemoryTable, regParam: number, elasticNetParam: number): { coefficients: number[]; intercept: number } {
    const w = table.weight as number[];
    const total = w.reduce((sum, v) => sum + v, 0);
    const mean = (v: readonly number[]): number => v.reduce((sum, x, i) => sum + w[i] * x, 0) / total;
    const columns = Object.values(table.columns) as number[][];
    const means = columns.map(mean);
    const deviations = columns.map((v, j) => Math.sqrt(mean(v.map((x) => (x - means[j]) ** 2))));
    const z = columns.map((v, j) => v.map((x) => (x - means[j]) / deviations[j]));
    const labelMean = mean(table.label);
    const u = columns.map(() => 0);
    const r = table.label.map((y) => y - labelMean);
    for (let sweep = 0; sweep < 3_000; sweep++) {
      for (let j = 0; j < u.length; j++) {
        const slope = mean(r.map((value, i) => value * z[j][i])) + u[j];
        const l1 = regParam * elasticNetParam;
        const next = (Math.sign(slope) * Math.max(0, Math.abs(slope) - l1)) / (1 + regParam * (1 - elasticNetParam));
        for (let i = 0; i < r.length; i++) r[i] -= (next - u[j]) * z[j][i];
        u[j] = next;
      }
    }
    const coefficients = u.map((value, j) => value / deviations[j]);
    return { coefficients, intercept: labelMean - coefficients.reduce((sum, c, j) => sum + c * means[j], 0) };
  }

  it.each([
    [0.5, 0],
    [0.1, 1],
    [0.4, 0.5],
    [5, 1],
  ])("of %f with L1 share %f matches descent over the rows", (regParam, elasticNetParam) => {
    const table = noisy(200);
    const model = fitted(table, { params: { regParam, elasticNetParam } });
    const known = descend(table, regParam, elasticNetParam);
    // Both solve to about 1e-12 of a problem with deviations of order 1.
    known.coefficients.forEach((c, j) => {
      expect(Math.abs(model.source.coefficients[j] - c)).toBeLessThan(1e-10 * (1 + Math.abs(c)));
    });
    expect(model.source.intercept).toBeCloseTo(known.intercept, 8);
  });

  it("of Spark needs a label that varies where there is no intercept", () => {
    const table = { columns: { x: [0, 1, 2] }, label: [5, 5, 5] };
    expect(() => fitted(table, { params: { regParam: 0.1, convention: "spark", fitIntercept: false } })).toThrow("the label must vary");
  });
});

describe("a search", () => {
  it("of twelve settings on three folds takes one scan, and each fold equals a fit without it", () => {
    const table = noisy(240, 3);
    const parts = memoryParts(table, 50);
    const settings = [0, 0.1, 1, 10].flatMap((regParam) => [0, 0.5, 1].map((elasticNetParam) => ({ regParam, elasticNetParam })));
    const view = plainView("a", "b", "c");
    const candidates = settings.flatMap((params, s) =>
      [0, 1, 2].map((fold) =>
        candidateOf(linearRegression, parts, { view, params, fold, trainFolds: [0, 1, 2].filter((f) => f !== fold), id: 3 * s + fold }),
      ),
    );
    const { states, rounds } = run(linearRegression, parts, candidates);
    expect(rounds).toBe(1);
    candidates.forEach(({ fold, params }, i) => {
      const rows = table.label.map((_, row) => row).filter((row) => table.fold?.[row] !== fold);
      const pick = (values: readonly unknown[]): number[] => rows.map((row) => values[row] as number);
      const alone = fitted(
        {
          columns: { a: pick(table.columns.a), b: pick(table.columns.b), c: pick(table.columns.c) },
          label: pick(table.label),
          weight: pick(table.weight as number[]),
        },
        { params: params as never },
      );
      const model = linearRegression.model(states[i] as never);
      model.source.coefficients.forEach((c, j) => {
        expect(Math.abs(c - alone.source.coefficients[j])).toBeLessThan(1e-10 * (1 + Math.abs(c)));
      });
      // Squared errors on the held-out rows themselves.
      let [errors, weight] = [0, 0];
      table.label.forEach((y, row) => {
        if (table.fold?.[row] !== fold) return;
        const predicted = ["a", "b", "c"].reduce(
          (sum, name, j) => sum + model.source.coefficients[j] * (table.columns[name][row] as number),
          model.source.intercept,
        );
        const w = (table.weight as number[])[row];
        errors += w * (y - predicted) ** 2;
        weight += w;
      });
      const held = linearRegression.heldOut?.(states[i] as never);
      expect(held?.mse).toBeCloseTo(errors / weight, 9);
      expect(held?.rmse).toBeCloseTo(Math.sqrt(errors / weight), 9);
    });
  });
});

describe("wide tables", () => {
  it("read as sparse rows give what dense ones give", () => {
    const rows = 400;
    const names = Array.from({ length: 257 }, (_, j) => `x${j}`);
    const all = Array.from({ length: rows }, (_, i) => i);
    const columns = Object.fromEntries(
      names.map((name, j) => [
        name,
        all.map((i) => (j === 0 ? 1e3 + uniform(i, 1) : uniform(i, 10 + j) < 0.02 ? 1 + uniform(i, 500 + j) : 0)),
      ]),
    );
    const table = { columns, label: all.map((i) => 3 * (columns.x0[i] - 1e3) + columns.x1[i] + uniform(i, 9_999)) };
    const wide = fitted(table, { params: { regParam: 0.1 } });
    expect(wide.source.coefficients).toHaveLength(257);
    const [part] = memoryParts(table, rows, rows);
    const view = plainView(...names);
    for (const dense of part.blocks(view, [0])) {
      const [a, b] = [new Float64Array(rows), new Float64Array(rows)];
      linearRegression.predict(wide, dense, a);
      for (const sparse of part.sparseBlocks(view, [0])) linearRegression.sparsePredictor?.(wide)(sparse, b);
      a.forEach((value, i) => {
        expect(b[i]).toBeCloseTo(value, 9);
      });
      // Ridge: mean residual times each column equals the penalty's slope, variance * regParam * c, in the standardised objective.
      for (const j of [0, 1, 100]) {
        const x = columns[names[j]];
        const mean = x.reduce((sum, v) => sum + v, 0) / rows;
        const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows;
        const slope = table.label.reduce((sum, y, i) => sum + (y - a[i]) * (x[i] - mean), 0) / rows;
        expect(slope).toBeCloseTo(0.1 * variance * wide.source.coefficients[j], 9);
      }
    }
  });

  it("beyond 4,096 columns are refused", () => {
    const view = plainView(...Array.from({ length: 4_097 }, (_, j) => `x${j}`));
    const candidate = candidateOf(linearRegression, memoryParts({ columns: {}, label: [1] }), { view });
    expect(() => linearRegression.start(candidate as never)).toThrow("linearRegression must have at most 4096 columns, got 4097");
  });
});

it("infinite values are a NumericError that names the column", () => {
  expect(() => fitted({ columns: { x: [0, 1, Number.POSITIVE_INFINITY] }, label: [1, 2, 3] })).toThrow("column x must have finite values");
});
