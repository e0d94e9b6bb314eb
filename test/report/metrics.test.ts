import { describe, expect, it } from "vitest";
import { confusedLines, confusionLines, metricsLines, notBetter } from "../../src/report/metrics.ts";

describe("metricsLines", () => {
  it("aligns one line a metric and one column a side", () => {
    const lines = metricsLines([
      { title: "test", metrics: { rmse: 12.5, r2: 0.25 } },
      { title: "baseline", metrics: { rmse: 14.5, r2: -0.000001 } },
    ]);
    expect(lines).toEqual(["          test  baseline", "  rmse  12.500    14.500", "  r2    0.2500    0.0000"]);
  });

  it("keeps tiny figures where both sides are tiny, and shows what is undefined", () => {
    const lines = metricsLines([
      { title: "test", metrics: { rmse: 0.00002, areaUnderROC: null } },
      { title: "baseline", metrics: { rmse: 0.00001 } },
    ]);
    expect(lines.slice(1)).toEqual(["  rmse          0.0000200  0.0000100", "  areaUnderROC          -          -"]);
  });
});

describe("notBetter", () => {
  it("knows which metrics are better large and which small", () => {
    expect(notBetter({ areaUnderROC: 0.4, logLoss: 0.7, accuracy: 0.9 }, { areaUnderROC: 0.5, logLoss: 0.6, accuracy: 0.8 })).toEqual([
      "areaUnderROC",
      "logLoss",
    ]);
  });

  it("counts a tie as no better, and an undefined metric not at all", () => {
    expect(notBetter({ accuracy: 0.8, areaUnderROC: null, r2: 0.5 }, { accuracy: 0.8, areaUnderROC: 0.5, r2: null })).toEqual(["accuracy"]);
  });
});

describe("confusionLines", () => {
  it("has true classes down and predicted ones across; weights keep their fractions", () => {
    expect(
      confusionLines(
        ["no", "yes"],
        [
          [1_200, 3],
          [0.5, 40],
        ],
      ),
    ).toEqual(["  true \\ predicted      no  yes", "  no                 1,200    3", "  yes               0.5000   40"]);
  });
});

describe("confusedLines", () => {
  it("has one line a pair of classes", () => {
    const pairs = [
      { truth: "cat", predicted: "lynx", weight: 1_200 },
      { truth: "lynx", predicted: "cat", weight: 0.5 },
    ];
    expect(confusedLines(pairs)).toEqual(["  true  predicted    rows", "  cat   lynx        1,200", "  lynx  cat        0.5000"]);
  });
});
