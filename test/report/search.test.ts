import { describe, expect, it } from "vitest";
import type { SearchJson } from "../../src/model/format.ts";
import { searchLines } from "../../src/report/search.ts";

const setting = (regParam: number, mean: number | null, standardDeviation: number | null = 0.01) => ({
  params: { regParam, maxIter: 100 },
  mean,
  standardDeviation,
  values: [],
});

const search: SearchJson = {
  metric: "areaUnderROC",
  folds: 3,
  winner: { maxIter: 100, regParam: 0.1 },
  baseline: 0.5,
  settings: [setting(0, 0.7), setting(0.1, 0.8), setting(1, 0.8), setting(10, null, null)],
};

describe("searchLines", () => {
  it("sorts the best first, marks the winner, ends with the baseline, and shows only what varies", () => {
    expect(searchLines(search)).toEqual([
      "     regParam  areaUnderROC",
      "  *  0.1             0.8000  ± 0.0100",
      "     1               0.8000  ± 0.0100",
      "     0               0.7000  ± 0.0100",
      "     10                   -",
      "     baseline        0.5000",
    ]);
  });

  it("sorts a loss the other way round", () => {
    const lines = searchLines({ ...search, metric: "logLoss", winner: { regParam: 0, maxIter: 100 } });
    expect(lines[1]).toMatch(/^ {2}\* {2}0 /);
    expect(lines[4]).toMatch(/^ {5}10 /);
  });

  it("says how many settings it does not show", () => {
    expect(searchLines(search, 2).slice(-2)).toEqual([
      "     baseline        0.5000",
      "  (and 2 settings below those shown, in model.json)",
    ]);
  });
});
