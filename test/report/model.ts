/** A small model as training publishes it: two numbers, one of them standardised by 2, and a category. */
import type { ViewColumn } from "../../src/features/view.ts";
import { jobFromOptions } from "../../src/job/read.ts";
import type { MetricsJson, ModelJson } from "../../src/model/format.ts";

const column = (name: string, more: Partial<ViewColumn> = {}): ViewColumn => ({
  name,
  source: name,
  take: { kind: "number" },
  fill: Number.NaN,
  shift: 0,
  scale: 1,
  ...more,
});

export const binaryModel = (more: Partial<ModelJson> = {}): ModelJson => ({
  format: 1,
  steplearn: "0.1.0",
  name: "churn",
  learner: "logisticRegression",
  task: "binary",
  label: { column: "churn", classes: ["no", "yes"] },
  threshold: 0.5,
  parameters: { regParam: 0.01, family: "auto" },
  intercept: -1,
  coefficients: { age: 0.25, "plan=basic": 0.75, fee: 0 },
  standardErrors: null,
  metrics: { train: { areaUnderROC: 0.9, logLoss: 0.3 }, test: { areaUnderROC: 0.8, logLoss: 0.4 } },
  baseline: { train: { areaUnderROC: 0.5, logLoss: 0.6 }, test: { areaUnderROC: 0.5, logLoss: 0.61 } },
  loss: [0.6, 0.3],
  warnings: [],
  tune: null,
  features: [],
  data: { fingerprint: "00ff", rows: 10, columns: [] },
  job: jobFromOptions({ paths: ["data/customers.csv"], label: "churn", model: "logisticRegression" }).job,
  // Standardised by standard deviations of 8 and 4.
  view: {
    columns: [
      column("age", { scale: 1 / 8 }),
      column("plan=basic", { source: "plan", take: { kind: "level", level: "basic" } }),
      column("fee", { scale: 1 / 4 }),
    ],
    skipWhere: [],
  },
  model: {},
  blobs: {},
  ...more,
});

export const metricsOf = (model: ModelJson, more: Partial<MetricsJson> = {}): MetricsJson => ({
  ...model.metrics,
  baseline: model.baseline,
  rows: { train: 8, test: 2, dropped: 1, bad: 0 },
  ...more,
});
