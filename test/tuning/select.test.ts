import { describe, expect, it } from "vitest";
import { searchOf } from "../../src/tuning/candidates.ts";
import { select } from "../../src/tuning/select.ts";

const model = { learner: "linearRegression", params: {} };
const search = searchOf({
  model,
  tune: {
    folds: 2,
    grid: [
      { regParam: 0, elasticNetParam: 0 },
      { regParam: 0, elasticNetParam: 1 },
      { regParam: 1, elasticNetParam: 0 },
    ],
    metric: "rmse",
    seed: 1,
  },
});

describe("select", () => {
  it("compares means over the folds in the direction of the metric", () => {
    const results = [
      [1, 4],
      [2, 2],
    ];
    expect(select(search, "rmse", results, [5, 7]).winner).toBe(1);
    expect(select(search, "r2", results, [0, 0]).winner).toBe(0);
  });

  it("shows every setting asked beside the baseline", () => {
    const { table, baseline } = select(
      search,
      "rmse",
      [
        [1, 4],
        [2, 2],
      ],
      [5, 7],
    );
    const shared = { setting: 0, values: [1, 4], mean: 2.5, standardDeviation: Math.sqrt(4.5) };
    expect(table).toEqual([
      { params: { regParam: 0, elasticNetParam: 0 }, ...shared },
      { params: { regParam: 0, elasticNetParam: 1 }, ...shared },
      { params: { regParam: 1, elasticNetParam: 0 }, setting: 1, values: [2, 2], mean: 2, standardDeviation: 0 },
    ]);
    expect(baseline).toEqual({ values: [5, 7], mean: 6, standardDeviation: Math.SQRT2 });
  });

  it("lets the first of equal settings win", () => {
    expect(
      select(
        search,
        "rmse",
        [
          [1, 3],
          [2, 2],
        ],
        [5, 7],
      ).winner,
    ).toBe(0);
  });

  it("never lets a setting win that a fold leaves undefined", () => {
    expect(
      select(
        search,
        "rmse",
        [
          [0, null],
          [9, 9],
        ],
        [null, 7],
      ).winner,
    ).toBe(1);
    expect(
      select(
        search,
        "rmse",
        [
          [0, Number.NaN],
          [9, 9],
        ],
        [5, 7],
      ).table[0].mean,
    ).toBeNull();
    expect(() =>
      select(
        search,
        "rmse",
        [
          [0, null],
          [null, 1],
        ],
        [5, 7],
      ),
    ).toThrow("rmse must be defined on every fold for one setting at least, got none");
  });

  it("refuses results that do not fit the folds", () => {
    expect(() => select(search, "rmse", [[1, 2], [1]], [5, 7])).toThrow("setting 1 must have a result for each of 2 folds, got 1");
    expect(() => select(search, "rmse", [[1, 2]], [5, 7])).toThrow("setting 1 must have a result for each of 2 folds, got 0");
  });
});
