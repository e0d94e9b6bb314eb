/** The jobs whose bytes must not depend on where and how they run: a search with L1, one whose folds are judged by their moments, more than two classes. */
import { customers, HEADER } from "../../examples/churn/table.ts";
import type { JobForm } from "../../src/job/schema.ts";

/** Missing numbers and categories, and with `notes` a column whose quoted line breaks cross cuts. */
export function customerLines(rows: number, notes = false): string[] {
  const customer = customers(7);
  const lines = Array.from({ length: rows }, (_, row) => customer(row));
  if (!notes) return [HEADER, ...lines];
  return [`note,${HEADER}`, ...lines.map((line, row) => `${row % 3 === 0 ? `"said ""no"",\n${row}"` : "none"},${line}`)];
}

const search = { folds: 3, grid: { regParam: [0.001, 0.1], elasticNetParam: [0, 1] } };

export const sameJobs = {
  "binary logistic regression": { label: "churn", model: { logisticRegression: {} }, tune: { ...search, metric: "areaUnderROC" } },
  "linear regression": { label: "total_charges", model: { linearRegression: {} }, tune: search },
  "multinomial logistic regression": { label: "customer_type", model: { logisticRegression: { regParam: 0.01 } } },
} satisfies Readonly<Record<string, Omit<JobForm, "data">>>;

/** Where splits do not ask for rows, no node is small: every level is one of histograms, and carries go from round to round. */
const numbers = [{ vectorAssembler: { inputs: ["age", "monthly_charges"] } }];
export const treeJobs = {
  "gradient boosting": {
    label: "churn",
    features: numbers,
    model: { gradientBoostingClassifier: { trees: 3, maxLeaves: 12, minRows: 1, rowSample: 0.9 } },
  },
  "random forest": { label: "churn", model: { randomForestClassifier: { numTrees: 4, maxDepth: 5 } } },
} satisfies Readonly<Record<string, Omit<JobForm, "data">>>;

export type SameJob = keyof typeof sameJobs | keyof typeof treeJobs;
export const sameJobNames = Object.keys(sameJobs) as (keyof typeof sameJobs)[];
export const treeJobNames = Object.keys(treeJobs) as (keyof typeof treeJobs)[];

/** A clock on which a round takes four seconds, so that fused rounds checkpoint after each. */
export function slowClock(): () => number {
  let now = 0;
  return () => {
    now += 2_000;
    return now;
  };
}
