/** Nothing is learned from rows that a model is judged on, and nothing from other candidates. */
import { describe, expect, it } from "vitest";
import { customers, HEADER } from "../../../examples/churn/table.ts";
import type { JobForm } from "../../../src/job/schema.ts";
import type { Candidate } from "../../../src/learners/learner.ts";
import { encode } from "../../../src/rounds/codec.ts";
import { foldsOf, TEST } from "../../../src/rounds/parts/split.ts";
import type { CandidateState } from "../../../src/rounds/run.ts";
import { planOf, published, runPlan, type Seams, stateOf } from "../../helpers/engine.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const ROWS = 1_200;
const FOLDS = 3;
const SEED = 42;
/** Lines of one length: cuts are byte ranges, so longer values would move rows into other parts, and sums of other parts differ in their last bits. */
const LINE_BYTES = 64;
const scratch = scratchFolder();
const customer = customers(11);
const lines = Array.from({ length: ROWS }, (_, row) => customer(row));
const split = { everyNth: 5, seed: SEED };
const seams: Seams = { partRows: 130, cuts: 2 };

/** customer_type, age, monthly_charges, total_charges and churn, of types that the columns have without them. */
const others: readonly ((cells: readonly string[], row: number) => readonly (string | number)[])[] = [
  (cells, row) => [row % 2 === 0 ? "alien" : "premium", row, -row, "", cells[4]],
  (cells) => ["", 99.5, 1e9, -1e9, cells[4]],
  ([type, age, monthly, total, churn]) => [type, age, monthly, total, 1 - Number(churn)],
];

const changed = (isChanged: (row: number) => boolean, other: (typeof others)[number]): string[] =>
  lines.map((line, row) => (isChanged(row) ? other(line.split(","), row).join(",") : line));

let tables = 0;
async function runOn(rows: readonly string[], form: Omit<JobForm, "data">): Promise<string> {
  const root = `${scratch}/${tables++}`;
  const data = writeLines(
    `${scratch}/${tables}.csv`,
    [HEADER, ...rows].map((line) => line.padEnd(LINE_BYTES)),
  );
  await runPlan(await planOf({ data, split, ...form }, seams), { root });
  return root;
}

const stages = [
  { stringIndexer: { inputs: ["customer_type"], handleInvalid: "keep" } },
  { oneHotEncoder: { inputs: ["customer_type"] } },
  { imputer: { inputs: ["total_charges"], strategy: "median" } },
  { minMaxScaler: { inputs: ["age"] } },
  { standardScaler: { inputs: ["monthly_charges", "total_charges"], withMean: true } },
  { vectorAssembler: { inputs: ["age", "monthly_charges", "total_charges", "customer_type"] } },
] satisfies JobForm["features"];

const forms: Readonly<Record<string, Omit<JobForm, "data">>> = {
  "logistic regression on features chosen by the data": { label: "churn", model: { logisticRegression: { regParam: 0.01 } } },
  "logistic regression on features of the job": {
    label: "churn",
    features: stages,
    model: { logisticRegression: { classWeight: "balanced" } },
  },
  "linear regression": { label: "churn", model: { linearRegression: {} } },
  "a search": {
    label: "churn",
    model: { logisticRegression: {} },
    tune: { folds: FOLDS, grid: { regParam: [0.01, 0.1] }, metric: "logLoss" },
  },
};

describe("other values in the test rows", () => {
  const isTest = (row: number): boolean => row % 5 === 4;

  it.each(Object.keys(forms))("leave the weights of %s as they were", async (name) => {
    const weights = async (rows: readonly string[]) => published(await runOn(rows, forms[name]))["weights.bin"];
    const before = await weights(lines);
    for (const other of others) {
      expect(await weights(changed(isTest, other))).toBe(before);
      // The same values in as many training rows do show.
      expect(await weights(changed((row) => row % 5 === 3, other))).not.toBe(before);
    }
  });

  it("may be of a class that training did not see", async () => {
    const before = await runOn(lines, forms["logistic regression on features of the job"]);
    const rows = changed(isTest, ([type, age, monthly, total, churn], row) => [type, age, monthly, total, row < 600 ? 2 : churn]);
    const after = await runOn(rows, forms["logistic regression on features of the job"]);
    expect(published(after)["weights.bin"]).toBe(published(before)["weights.bin"]);
    expect(JSON.parse(published(after)["metrics.json"]).rows.test).toBe(ROWS / 5 - 600 / 5);
  });
});

/** A candidate's state of the learner, whatever its number is; without the moments of the fold by which linear regression is judged. */
function bytesOf({ state }: CandidateState): string {
  const { candidate, held: _, ...rest } = state as { candidate: Candidate<unknown>; held?: unknown };
  return Buffer.from(encode({ candidate: { ...candidate, id: 0 }, ...rest })).toString("hex");
}

const grid = { regParam: [0.001, 0.01, 0.1], elasticNetParam: [0, 0.5, 1] };

describe.each([
  ["logisticRegression", "churn", "areaUnderROC"],
  ["linearRegression", "monthly_charges", "rmse"],
] as const)("a search with %s", (learner, label, metric) => {
  const search = (settings: Readonly<Record<string, readonly unknown[]>>): Omit<JobForm, "data"> => ({
    label,
    model: { [learner]: {} } as JobForm["model"],
    tune: { folds: FOLDS, grid: settings as NonNullable<JobForm["tune"]>["grid"], metric },
  });

  it("learns nothing from a fold that is held out", async () => {
    const part = { firstRow: 0, rows: ROWS, table: { rows: ROWS, columns: {} } };
    const folds = foldsOf(part, { kind: "everyNth", n: 5, seed: SEED, stratify: false }, FOLDS, null);
    expect(folds.filter((fold) => fold === TEST)).toHaveLength(ROWS / 5);
    const settings = { regParam: [0.01, 0.1], elasticNetParam: [0, 0.5] };
    const before = await stateOf(await runOn(lines, search(settings)));
    const onFolds = before.candidates.filter(({ fold }) => fold !== null);
    expect(onFolds).toHaveLength(4 * FOLDS);
    for (let held = 0; held < FOLDS; held++) {
      const after = await stateOf(
        await runOn(
          changed((row) => folds[row] === held, others[held]),
          search(settings),
        ),
      );
      for (const [i, candidate] of onFolds.entries()) {
        expect(bytesOf(after.candidates[i]) === bytesOf(candidate)).toBe(candidate.fold === held);
      }
    }
  });

  it("gives a candidate alone the bytes that it has among nine", async () => {
    const root = await runOn(lines, search(grid));
    const among = await stateOf(root);
    expect(among.candidates.filter(({ fold }) => fold !== null)).toHaveLength(9 * FOLDS);
    const { winner } = JSON.parse(published(root)["model.json"]).tune;
    let winners = 0;
    for (const [setting, [regParam, elasticNetParam]] of grid.regParam.flatMap((a) => grid.elasticNetParam.map((b) => [a, b])).entries()) {
      const aloneRoot = await runOn(lines, search({ regParam: [regParam], elasticNetParam: [elasticNetParam] }));
      const alone = await stateOf(aloneRoot);
      for (let fold = 0; fold < FOLDS; fold++) {
        expect(bytesOf(alone.candidates[fold])).toBe(bytesOf(among.candidates[setting * FOLDS + fold]));
      }
      if (winner.regParam !== regParam || winner.elasticNetParam !== elasticNetParam) continue;
      winners += 1;
      expect(published(aloneRoot)["weights.bin"]).toBe(published(root)["weights.bin"]);
    }
    expect(winners).toBe(1);
  });
});
