import { describe, expect, it } from "vitest";
import { modelReport } from "../../src/report/model.ts";
import { evaluationReport, scoringReport } from "../../src/report/scoring.ts";
import { trainingReport } from "../../src/report/training.ts";
import { binaryModel, metricsOf } from "./model.ts";

const seconds = { plan: 0.01, load: 0.5, fit: 0, search: 0, judge: 0, train: 1, evaluate: 0.25, publish: 0.04, total: 1.8 };

const work = { skew: 1.25, readShare: 0.1, gcShare: 0.04, cacheHitShare: 0.995, peakBytes: 300 * 2 ** 20 };

const report = (model = binaryModel(), metrics = metricsOf(model), total = seconds.total, forecastSeconds: number | null = null) =>
  trainingReport({
    model,
    metrics,
    rounds: 9,
    seconds: { ...seconds, total },
    work,
    forecastSeconds,
    folder: "models/churn/churn-1",
    latest: "models/churn",
  }).split("\n");

describe("trainingReport", () => {
  it("says what was learned, how good it is, how long it took and what to do next", () => {
    expect(report()).toEqual([
      "churn: logisticRegression of churn (no, yes) on 3 columns, 3 when encoded",
      "",
      "Largest effects: change of the log-odds of churn = yes per standard deviation of a number, or for having a category",
      "  age         +2.0000",
      "  plan=basic  +0.7500",
      "",
      "How good it is on 2 rows held out; baseline: the same prediction for every row",
      "                  test  baseline   train",
      "  areaUnderROC  0.8000    0.5000  0.9000",
      "  logLoss       0.4000    0.6100  0.3000",
      "",
      "rows      8 trained on, 2 held out, 1 dropped without a label, 0 bad",
      "time      1.80 s in 9 rounds: plan 0.010 s, load 0.500 s, train 1.00 s, evaluate 0.250 s, publish 0.040 s",
      "model     models/churn/churn-1",
      "next      steplearn score models/churn NEW_DATA.csv --output scores",
      "          steplearn show models/churn",
    ]);
  });

  it("says where the time of a long training went", () => {
    const line = "work      slowest task 1.3 x the median, 100 % of parts in memory, reading 10 %, garbage collection 4 %, peak 300 MiB";
    expect(report(binaryModel(), undefined, 12)).toContain(line);
  });

  it("holds its forecast against a long training", () => {
    expect(report(binaryModel(), undefined, 12, 10)).toContain("forecast  10.0 s: it took 1.20 times as long");
  });

  it("shows a useless model for what it is", () => {
    const metrics = { train: { areaUnderROC: 0.5 }, test: { areaUnderROC: 0.45 } };
    const baseline = { train: { areaUnderROC: 0.5 }, test: { areaUnderROC: 0.5 } };
    const model = binaryModel({ metrics, baseline });
    expect(report(model)).toContain("  no better than the baseline by areaUnderROC");
  });

  it("does not pass training metrics off as those of new rows", () => {
    const { metrics, baseline } = binaryModel();
    const model = binaryModel({ metrics: { ...metrics, test: null }, baseline: { ...baseline, test: null } });
    expect(report(model)).toContain("How good it is on its own training rows (none were held out, so new rows may fare worse)");
  });

  it("lists every warning", () => {
    expect(report(binaryModel({ warnings: ["did not converge", "columns are collinear"] }))).toEqual(
      expect.arrayContaining(["warnings  did not converge", "          columns are collinear"]),
    );
  });

  it("has the table of a search", () => {
    const setting = { params: { regParam: 0 }, mean: 0.7, standardDeviation: 0.01, values: [0.69, 0.71] };
    const tune = { metric: "areaUnderROC", folds: 2, winner: { regParam: 0 }, baseline: 0.5, settings: [setting] };
    expect(report(binaryModel({ tune }))).toEqual(
      expect.arrayContaining(["Search: mean and deviation of areaUnderROC over 2 folds", "  *  0               0.7000  ± 0.0100"]),
    );
  });
});

describe("modelReport", () => {
  it("adds every coefficient, the confusions, the parameters and the data", () => {
    const model = binaryModel();
    const lines = modelReport(
      "models/churn/churn-1",
      model,
      metricsOf(model, {
        confusion: [
          [1, 0],
          [1, 0],
        ],
      }),
    ).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "  fee              0.0000   0.0000",
        "Rows held out by true and predicted class",
        "  yes                1    0",
        "params    regParam 0.01, family auto",
        "data      data/customers.csv (10 rows, 0 columns, fingerprint 00ff)",
        "loss      0.6000 at first, 0.3000 after 2 rounds",
        "model     models/churn/churn-1 (format 1, steplearn 0.1.0)",
      ]),
    );
  });

  it("tells the confused pairs of more classes than a table holds", () => {
    const classes = Array.from({ length: 20 }, (_, k) => `c${k}`);
    const model = binaryModel({ task: "multiclass", label: { column: "kind", classes } });
    const mostConfused = classes.map((truth) => ({ truth, predicted: "c0", weight: 7 }));
    const lines = modelReport("m", model, metricsOf(model, { mostConfused })).split("\n");
    const first = lines.indexOf("Classes most often confused, by rows held out");
    expect(lines.slice(first + 1, first + 3)).toEqual(["  true  predicted  rows", "  c0    c0            7"]);
    expect(lines[first + 14]).toBe("");
  });

  it("does without metrics.json", () => {
    expect(modelReport("m", binaryModel(), null)).not.toContain("How good");
  });
});

describe("scoringReport", () => {
  it("shows the first predictions", () => {
    const scored = { folder: "/scores", rows: 2, files: ["/scores/part-00000.parquet"], seconds: 0.5 };
    const first = [
      { row: 0, prediction: "yes", probability_yes: 0.75 },
      { row: 1, prediction: "no", probability_yes: 0.125 },
    ];
    expect(scoringReport(scored, first).split("\n")).toEqual([
      "scored 2 rows in 0.500 s (4 rows/s)",
      "output    /scores (1 file)",
      "",
      "First predictions",
      "  row  prediction  probability_yes",
      "    0  yes                  0.7500",
      "    1  no                   0.1250",
    ]);
  });

  it("shows the first columns of many", () => {
    const scored = { folder: "/scores", rows: 1, files: ["/scores/part-00000.parquet"], seconds: 0.5 };
    const names = ["row", "prediction", ...Array.from({ length: 8 }, (_, j) => `contribution_${j}`)];
    const lines = scoringReport(scored, [Object.fromEntries(names.map((name) => [name, 1]))]).split("\n");
    expect(lines.slice(-3, -2)[0]).toMatch(/prediction .* contribution_5$/);
    expect(lines.at(-1)).toBe("  (and 2 columns more in the file)");
  });
});

describe("evaluationReport", () => {
  it("puts the new metrics beside those of training", () => {
    const evaluated = { folder: "", rows: 50, files: [], metrics: { areaUnderROC: 0.7 }, seconds: 1 };
    expect(evaluationReport(binaryModel(), evaluated).split("\n").slice(-2)).toEqual([
      "                these rows  test then  baseline then",
      "  areaUnderROC      0.7000     0.8000         0.5000",
    ]);
  });
});
