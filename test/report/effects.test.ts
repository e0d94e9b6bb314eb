import { describe, expect, it } from "vitest";
import { effectsOf, largest } from "../../src/report/effects.ts";
import { coefficientLines, learnedLines } from "../../src/report/learned.ts";
import { binaryModel } from "./model.ts";

describe("effectsOf", () => {
  it("brings coefficients to standard deviations: 0.25 a year is 2 in deviations of 8 years", () => {
    const effects = effectsOf(binaryModel());
    expect(effects?.columns.map(({ name, effects: [effect] }) => [name, effect])).toEqual([
      ["age", 2],
      ["plan=basic", 0.75],
      ["fee", 0],
    ]);
    expect(effects?.comparable).toBe(true);
  });

  it("has no effect for a constant column, whose scale is 0", () => {
    const model = binaryModel();
    const [age, ...others] = model.view.columns;
    const constant = { ...model, view: { ...model.view, columns: [{ ...age, scale: 0 }, ...others] } };
    expect(effectsOf(constant)?.columns[0].effects).toEqual([0]);
  });

  it("reads one line a class where there are several", () => {
    const coefficients = {
      a: { age: 1, "plan=basic": 0, fee: 0 },
      b: { age: -0.5, "plan=basic": 3, fee: 0 },
      c: { age: -0.5, "plan=basic": -3, fee: 0 },
    };
    const effects = effectsOf(binaryModel({ task: "multiclass", intercept: { a: 1, b: 2, c: -3 }, coefficients }));
    expect(effects?.lines).toEqual(["a", "b", "c"]);
    expect(effects?.intercepts).toEqual([1, 2, -3]);
    expect(effects?.columns[0]).toMatchObject({ coefficients: [1, -0.5, -0.5], effects: [8, -4, -4] });
  });

  it("is null for a model without coefficients", () => {
    expect(effectsOf(binaryModel({ coefficients: undefined }))).toBeNull();
  });
});

describe("largest", () => {
  it("ranks by size and leaves out columns of no effect", () => {
    const effects = effectsOf(binaryModel({ coefficients: { age: 0.01, "plan=basic": -0.75, fee: 0 } }));
    expect(effects && largest(effects).map(({ name }) => name)).toEqual(["plan=basic", "age"]);
  });

  it("keeps the order of the columns where numbers have no common scale", () => {
    const model = binaryModel();
    const raw = { ...model, view: { ...model.view, columns: model.view.columns.map((column) => ({ ...column, scale: 1 })) } };
    const effects = effectsOf(raw);
    expect(effects && largest(effects).map(({ name }) => name)).toEqual(["age", "plan=basic"]);
    expect(learnedLines(raw, 5)?.title).toBe("coefficients: change of the log-odds of churn = yes per unit of the column");
  });
});

describe("learnedLines", () => {
  it("shows the largest effects with their signs, and counts the rest", () => {
    expect(learnedLines(binaryModel(), 1)).toEqual({
      title: "largest effects: change of the log-odds of churn = yes per standard deviation of a number, or for having a category",
      lines: ["  age  +2.0000", "  (and 1 column more)"],
    });
  });

  it("says that a model of nothing but an intercept learned nothing", () => {
    expect(learnedLines(binaryModel({ coefficients: { age: 0, "plan=basic": 0, fee: 0 } }), 8)?.lines).toEqual([
      "  nothing: every row gets the prediction of the intercept, -1.0000",
    ]);
  });

  it("names the class that a column moves most where classes are many", () => {
    const classes = ["a", "b", "c", "d", "e", "f", "g"];
    const coefficients = Object.fromEntries(classes.map((name, k) => [name, { age: k === 5 ? -1 : 0.1, "plan=basic": 0, fee: 0 }]));
    const model = binaryModel({
      task: "multiclass",
      label: { column: "kind", classes },
      intercept: Object.fromEntries(classes.map((name) => [name, 0])),
      coefficients,
    });
    expect(learnedLines(model, 8)?.lines).toEqual(["  age  -8.0000  f"]);
  });
});

describe("coefficientLines", () => {
  it("has coefficients in the units of the data beside their effects", () => {
    expect(coefficientLines(binaryModel(), 10)).toEqual([
      "              coefficient   effect",
      "  intercept       -1.0000",
      "  age              0.2500  +2.0000",
      "  plan=basic       0.7500  +0.7500",
      "  fee              0.0000   0.0000",
    ]);
  });

  it("has standard errors where the model knows them; a constant column has none", () => {
    const lines = coefficientLines(binaryModel({ standardErrors: [0.5, 0.125, null, 0.25] }), 2);
    expect(lines).toEqual([
      "              coefficient  std. error   effect",
      "  intercept       -1.0000",
      "  age              0.2500      0.5000  +2.0000",
      "  plan=basic       0.7500      0.1250  +0.7500",
      "  (and 1 column more, in model.json)",
    ]);
  });
});
