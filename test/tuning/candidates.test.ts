import { describe, expect, it } from "vitest";
import { finalTrial, searchOf, trialsOf } from "../../src/tuning/candidates.ts";

const model = { learner: "linearRegression", params: { regParam: 0, elasticNetParam: 0.3, maxIter: 100 } };
const tune = (...grid: Record<string, unknown>[]) => ({ folds: 3, grid, metric: "rmse", seed: 1 });

describe("candidates", () => {
  it("trains once without a search, on all rows", () => {
    const search = searchOf({ model });
    expect(trialsOf(search)).toEqual([{ id: 0, setting: 0, params: model.params, fold: null, trainFolds: [0] }]);
  });

  it("trains every setting without each fold", () => {
    const search = searchOf({ model, tune: tune({ regParam: 1 }, { regParam: 2 }) });
    const trials = trialsOf(search);
    expect(trials.map(({ id, setting, fold, trainFolds }) => [id, setting, fold, ...trainFolds])).toEqual([
      [0, 0, 0, 1, 2],
      [1, 0, 1, 0, 2],
      [2, 0, 2, 0, 1],
      [3, 1, 0, 1, 2],
      [4, 1, 1, 0, 2],
      [5, 1, 2, 0, 1],
    ]);
    expect(trials[3].params).toEqual({ regParam: 2, elasticNetParam: 0.3, maxIter: 100 });
    expect(finalTrial(search, 1, 9)).toEqual({ id: 9, setting: 1, params: trials[3].params, fold: null, trainFolds: [0, 1, 2] });
  });

  it("trains settings of the same effect once: without a penalty its kind does not count", () => {
    const search = searchOf({
      model,
      tune: tune(
        { regParam: 0, elasticNetParam: 0 },
        { regParam: 0, elasticNetParam: 1 },
        { regParam: 1, elasticNetParam: 0 },
        { regParam: 1, elasticNetParam: 1 },
        { elasticNetParam: 1, regParam: 1, classWeight: undefined },
      ),
    });
    expect(search.settingOf).toEqual([0, 0, 1, 2, 2]);
    expect(search.settings.length).toBe(3);
    expect(search.asked.length).toBe(5);
  });

  it("tells values of different types and nested values apart", () => {
    const search = searchOf({
      model,
      tune: tune({ a: 1 }, { a: "1" }, { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: [1, 2] }, { a: [2, 1] }),
    });
    expect(search.settingOf).toEqual([0, 1, 2, 2, 3, 4]);
  });
});
