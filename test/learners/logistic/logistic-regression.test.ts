import { describe, expect, it } from "vitest";
import type { Candidate } from "../../../src/learners/learner.ts";
import { logisticRegression } from "../../../src/learners/logistic/logistic-regression.ts";
import { encode } from "../../../src/rounds/codec.ts";
import { candidateOf, run } from "../../helpers/fit.ts";
import { deviations, drawn, expectOptimal, fitted, judge, names, uniform } from "../../helpers/logistic.ts";
import { memoryParts, numberColumn } from "../../helpers/memory-part.ts";

describe("two classes", () => {
  it("of one indicator have the log odds as coefficients", () => {
    // x = 0: 1 of 4 positive; x = 1: 3 of 4. Intercept log(1/3), coefficient log(3) - log(1/3).
    const model = fitted({ columns: { x: [0, 0, 0, 0, 1, 1, 1, 1] }, label: [1, 0, 0, 0, 1, 1, 1, 0] }, { params: { tol: 1e-10 } });
    expect(model.source[0].intercept).toBeCloseTo(-Math.log(3), 8);
    expect(model.source[0].coefficients[0]).toBeCloseTo(2 * Math.log(3), 8);
    // Variance of a log odds: 1/1 + 1/3.
    expect(model.standardErrors?.[1]).toBeCloseTo(Math.sqrt(4 / 3), 4);
    expect(model.standardErrors?.[0]).toBeCloseTo(Math.sqrt(8 / 3), 4);
    expect(model.warnings).toEqual([]);
  });

  it.each([
    [0, 0],
    [0.1, 0],
    [0.02, 1],
    [0.05, 0.4],
  ])("with regParam %f and L1 share %f meet the optimality conditions", (regParam, elasticNetParam) => {
    const table = drawn(800);
    const model = fitted(table, { params: { regParam, elasticNetParam } });
    expectOptimal(table, model, regParam, elasticNetParam);
    expect(model.rounds).toBeLessThanOrEqual(7);
  });

  it("penalise raw columns where asked", () => {
    const table = drawn(800);
    for (const params of [{ standardization: false }, { convention: "sklearn" }]) {
      const model = fitted(table, { params: { regParam: 0.1, elasticNetParam: 0.3, ...params } });
      expectOptimal(table, model, 0.1, 0.3, { standardise: false });
    }
  });

  it("count weights as repetitions, and class weights as weights", () => {
    const table = drawn(600);
    const counts = table.label.map((_, i) => i % 3);
    const repeated = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    const rows = {
      columns: Object.fromEntries(Object.entries(table.columns).map(([name, v]) => [name, repeated.map((i) => v[i])])),
      label: repeated.map((i) => table.label[i]),
    };
    const [weighted, plain] = [
      fitted({ ...table, weight: counts }, { params: { regParam: 0.01 } }),
      fitted(rows, { params: { regParam: 0.01 } }),
    ];
    weighted.source[0].coefficients.forEach((c, j) => {
      expect(c).toBeCloseTo(plain.source[0].coefficients[j], 7);
    });
    const heavier = fitted(table, { params: { classWeight: { "class 1": 3 } } });
    expectOptimal(table, heavier, 0, 0, { factors: [1, 3] });
    const share =
      table.label.reduce((sum, y, i) => sum + y * (table.weight?.[i] ?? 1), 0) / (table.weight as number[]).reduce((a, b) => a + b, 0);
    expectOptimal(table, fitted(table, { params: { classWeight: "balanced" } }), 0, 0, { factors: [0.5 / (1 - share), 0.5 / share] });
  });

  it("without an intercept have none in the view", () => {
    const table = drawn(500, 2, 1);
    const model = fitted(table, { params: { fitIntercept: false, regParam: 0.01 } });
    expect(model.intercepts).toEqual([0]);
    const slope = judge(table, model).slopes[1][0];
    expect(slope + 0.01 * deviations(table)[0] ** 2 * model.source[0].coefficients[0]).toBeCloseTo(0, 7);
  });

  it("that a column separates end finite, with a warning", () => {
    const model = fitted({ columns: { x: [-3, -2, -1, 1, 2, 3] }, label: [0, 0, 0, 1, 1, 1] });
    expect(model.warnings[0]).toMatch(/did not converge after \d+ rounds over all rows: the columns separate the classes/);
    expect(model.source[0].coefficients[0]).toBeGreaterThan(1);
    expect(Number.isFinite(model.source[0].coefficients[0])).toBe(true);
    // Separated but for a tie, the coefficient grows without the loss ever naming it.
    const tied = fitted({ columns: { x: [0, 0, 0, 0, 1, 1] }, label: [0, 1, 0, 1, 1, 1] });
    expect(tied.warnings[0]).toMatch("the columns separate the classes");
    // A penalty settles both.
    expect(fitted({ columns: { x: [-3, -2, -1, 1, 2, 3] }, label: [0, 0, 0, 1, 1, 1] }, { params: { regParam: 0.1 } }).warnings).toEqual(
      [],
    );
  });

  it("of which one is absent: the model always predicts the other", () => {
    const model = fitted({ columns: { x: [0, 1, 2] }, label: [1, 1, 1] });
    expect(model.warnings).toEqual([
      "training has no rows of class class 0",
      "all training rows are of class class 1: the model always predicts it",
    ]);
    expect(model.source[0].coefficients).toEqual([0]);
    expect(model.source[0].intercept).toBeCloseTo(52 * Math.log(2), 10);
  });

  it("say so when rounds run out", () => {
    const model = fitted(drawn(500), { params: { maxIter: 2 } });
    expect(model.warnings).toEqual(["did not converge after 2 rounds over all rows"]);
    expect(model.losses).toHaveLength(2);
  });

  it("with equal columns share the coefficient", () => {
    const table = drawn(500, 2, 1);
    const twice = { ...table, columns: { x0: table.columns.x0, same: table.columns.x0 } };
    const [once, both] = [fitted(table), fitted(twice)];
    expect(both.source[0].coefficients[0]).toBeCloseTo(once.source[0].coefficients[0] / 2, 6);
    expect(both.warnings[0]).toMatch("columns are collinear");
  });
});

describe("several classes", () => {
  it.each([
    [0, 0],
    [0.05, 0],
    [0.02, 0.6],
  ])("with regParam %f and L1 share %f meet the optimality conditions", (regParam, elasticNetParam) => {
    const table = drawn(900, 4);
    const model = fitted(table, { classes: names(4), params: { regParam, elasticNetParam } });
    expectOptimal(table, model, regParam, elasticNetParam);
    expect(model.intercepts.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    if (regParam === 0)
      for (let j = 0; j < 3; j++) expect(model.source.reduce((sum, line) => sum + line.coefficients[j], 0)).toBeCloseTo(0, 12);
  });

  it("that are two agree with the margin of two, line by line", () => {
    const table = drawn(500);
    const [binomial, multinomial] = [fitted(table), fitted(table, { params: { family: "multinomial" } })];
    binomial.source[0].coefficients.forEach((c, j) => {
      expect(multinomial.source[1].coefficients[j] - multinomial.source[0].coefficients[j]).toBeCloseTo(c, 6);
    });
  });

  it("are refused by family binomial", () => {
    expect(() => fitted(drawn(50, 3), { classes: names(3), params: { family: "binomial" } })).toThrow(
      "params.family binomial must have 2 classes, got 3",
    );
  });
});

it("sparse rows reach the same optimum by quasi-Newton steps", () => {
  const rows = 400;
  const all = Array.from({ length: rows }, (_, i) => i);
  const columns: Record<string, number[]> = { age: all.map((i) => 40 + 20 * uniform(i, 1)) };
  for (let j = 0; j < 260; j++) columns[`level${j}`] = all.map((i) => (Math.floor(260 * uniform(i, 2) ** 2) === j ? 1 : 0));
  const label = all.map((i) =>
    0.1 * (columns.age[i] - 50) + (columns.level0[i] + columns.level3[i]) + 2 * (uniform(i, 3) - 0.5) > 0 ? 1 : 0,
  );
  const table = { columns, label };
  for (const [regParam, elasticNetParam] of [
    [0.01, 0],
    [0.005, 0.5],
  ]) {
    const model = fitted(table, { params: { regParam, elasticNetParam } });
    expect(model.warnings).toEqual([]);
    // Loss within 1e-8 of the optimum leaves slopes of its root times the curvature.
    expectOptimal(table, model, regParam, elasticNetParam, { room: 2e-4 });
    const tight = fitted(table, { params: { regParam, elasticNetParam, tol: 1e-10, maxIter: 500 } });
    expect(model.loss - tight.loss).toBeLessThan(1e-8 * tight.loss);
  }
});

it("candidates of one fold ask for its columns once, and each gives the bytes that it gives alone", () => {
  const table = drawn(600);
  const x1 = (table.columns.x1 as number[]).map((x, i) => (i % 7 === 0 ? Number.NaN : x));
  const parts = memoryParts({ ...table, columns: { ...table.columns, x1 }, fold: table.label.map((_, i) => i % 3) }, 100, 512);
  const candidates = [0, 1, 2].map((fold) =>
    candidateOf(logisticRegression, parts, {
      view: { columns: [numberColumn("x2"), { ...numberColumn("x1"), fill: 10 + fold }, numberColumn("x0")], skipWhere: [] },
      classes: names(2),
      fold,
      trainFolds: [0, 1, 2].filter((other) => other !== fold),
      id: fold,
    }),
  );
  const again = candidates.map((candidate) => ({ ...candidate, id: candidate.id + 3 }));
  const { ask } = logisticRegression.ask([...candidates, ...again].map((candidate) => logisticRegression.start(candidate as never)));
  expect(ask.questions.map(({ folds }) => folds)).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
  const bytes = (of: readonly Candidate<unknown>[]): Uint8Array[] =>
    run(logisticRegression, parts, of).states.map((state) => encode(logisticRegression.model(state as never)));
  expect(bytes(candidates)).toEqual(candidates.flatMap((candidate) => bytes([candidate])));
});

it("predictions are probabilities, for matrices and sparse rows alike", () => {
  for (const classes of [2, 3]) {
    const table = drawn(101, classes);
    const view = { columns: ["x0", "x1", "x2"].map((name) => ({ ...numberColumn(name), shift: 1, scale: 0.5 })), skipWhere: [] };
    const model = fitted(table, { view, classes: names(classes), params: { regParam: 0.1 } });
    const [part] = memoryParts(table, 101, 101);
    const outputs = classes === 2 ? 1 : classes;
    const [a, b] = [new Float64Array(outputs * 101), new Float64Array(outputs * 101)];
    for (const block of part.blocks(view, [0])) logisticRegression.predict(model, block, a);
    for (const block of part.sparseBlocks(view, [0])) logisticRegression.sparsePredictor?.(model)(block, b);
    expect(a.every((p) => p > 0 && p < 1)).toBe(true);
    a.forEach((p, i) => {
      expect(b[i]).toBeCloseTo(p, 13);
    });
    const margin = (k: number, i: number): number =>
      model.source[k].coefficients.reduce((sum, c, j) => sum + c * (table.columns[`x${j}`][i] as number), model.source[k].intercept);
    if (classes === 2) expect(a[17]).toBeCloseTo(1 / (1 + Math.exp(-margin(0, 17))), 12);
    else {
      const sum = [0, 1, 2].reduce((s, k) => s + Math.exp(margin(k, 17)), 0);
      for (const k of [0, 1, 2]) expect(a[k * 101 + 17]).toBeCloseTo(Math.exp(margin(k, 17)) / sum, 12);
    }
  }
});

it("a class weight for a class that is none is refused", () => {
  expect(() => fitted(drawn(50), { params: { classWeight: { yes: 2 } } })).toThrow(
    "params.classWeight must name classes of the label (class 0, class 1), got yes",
  );
});
