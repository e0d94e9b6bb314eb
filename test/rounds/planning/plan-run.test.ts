import { describe, expect, it } from "vitest";
import { learnerParams } from "../../../src/learners/params.ts";
import { learnerNamed } from "../../../src/learners/registry.ts";
import { rangesFor } from "../../../src/rounds/planning/plan-run.ts";
import { planOf, runPlan, stateOf } from "../../helpers/engine.ts";
import { customerLines } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const scratch = scratchFolder();
const path = writeLines(`${scratch}/table.csv`, customerLines(500));
const form = (partRows?: number) => ({ data: { path, ...(partRows && { partRows }) }, label: "churn", model: { logisticRegression: {} } });

describe("the rows of a part", () => {
  it("are those of the job, in a dataset of its own", async () => {
    const [told, asked] = [await planOf(form()), await planOf(form(120))];
    expect(told.partRows).toBe(131_072);
    expect(asked.partRows).toBe(120);
    expect(asked.fingerprint).not.toBe(told.fingerprint);
    await runPlan(asked, { root: `${scratch}/run`, functions: 3 });
    expect((await stateOf(`${scratch}/run`)).dataset).toMatchObject({ rows: 500, parts: 5 });
  });
});

describe("memory", () => {
  it("is asked again when the classes are known, of every learner whose statistics grow with them", async () => {
    const plan = await planOf(form());
    const shape = { rows: 500, parts: 1, columns: 200, classes: 2 };
    expect(rangesFor(plan, shape)).toBe(1);
    // 5,000 x 201 coefficients, of which L-BFGS keeps 28 sets: 225 MB twice.
    const small = { ...plan, memory: { ...plan.memory, sizes: { ...plan.memory.sizes, memoryBytes: 600 * 2 ** 20 } } };
    expect(rangesFor(small, shape)).toBe(1);
    expect(() => rangesFor(small, { ...shape, classes: 5_000 })).toThrow(
      /^memory of a function must hold the plan: .* states of 1 candidate .*the label has 5000 classes or more/,
    );
  });

  it("is asked for the predictions that are judged at a time", async () => {
    const judged = async (changed: object) => (await planOf({ ...form(), ...changed })).memory.sizes.training;
    const grid = { regParam: [0.1, 0.2, 0.3, 0.4] };
    const [one, search] = [await judged({}), await judged({ tune: { folds: 3, grid, metric: "logLoss" } })];
    // Of each row a prediction of each setting, its label and its weight.
    expect(search.judgedBytes / one.judgedBytes).toBe((4 + 2) / (1 + 2));
  });

  it("is asked for a block of predictions of many classes, not for a part", () => {
    const shape = { rows: 200_000, parts: 2, columns: 30, classes: 1_000 };
    const judged = (name: "randomForestClassifier" | "gradientBoostingClassifier", params: object) =>
      learnerNamed(name).cost(shape, learnerParams[name].parse(params) as never).judged;
    expect(judged("gradientBoostingClassifier", {})).toEqual({ rowBytes: 24_000, rows: 16_384 });
    // 2^22 votes.
    expect(judged("randomForestClassifier", { outOfBag: true })).toEqual({ rowBytes: 8_002, rows: 4_194 });
    expect(judged("randomForestClassifier", {})).toBeUndefined();
  });

  it("is asked for all cells of confusions of few classes, and of more for no more than there are rows", async () => {
    const kinds = async (classes: number) => {
      const lines = Array.from({ length: 400 }, (_, i) => `${i % 7},k${i % classes}`);
      const data = writeLines(`${scratch}/kinds-${classes}.csv`, ["x,kind", ...lines]);
      return (await planOf({ data, label: "kind", model: { decisionTreeClassifier: {} } })).memory.sizes;
    };
    const [few, many] = [await kinds(20), await kinds(100)];
    expect([few.scoreBytes, many.scoreBytes]).toEqual([16, 16]);
    // Four at a time, of the training and of the test rows.
    expect(few.scoredRows).toBe(2 * 4 * 20 * 20);
    // An estimate from a sample of all rows.
    expect(Math.abs(many.scoredRows - 400)).toBeLessThan(20);
  });

  it("is asked for no more leaves than there may be rows for", () => {
    const { cost } = learnerNamed("gradientBoostingRegressor");
    const shape = { rows: 2_000, parts: 1, columns: 30, classes: 1 };
    const defaults = { trees: 100, maxBins: 255, minRows: 20, learningRate: 0.1, convention: "steplearn" };
    const leaves = (maxLeaves: number, minRows: number) => cost(shape, { ...defaults, maxLeaves, minRows } as never).stateBytes;
    // 2,000 rows, or a tenth more if they are counted from a sample only.
    expect(leaves(4_000, 20)).toBe(leaves(110, 20));
    expect(leaves(100, 20)).toBeLessThan(leaves(110, 20));
    expect(leaves(4_000, 1)).toBeGreaterThan(leaves(2_000, 1));
  });
});
