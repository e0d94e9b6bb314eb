import { describe, expect, it } from "vitest";
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
