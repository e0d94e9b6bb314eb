import { describe, expect, it } from "vitest";
import { fileStore } from "../../src/adapters/local/file-store.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { BudgetError, Stopped } from "../../src/ports/errors.ts";
import { readJson, writeJson } from "../../src/ports/json.ts";
import { executionOf, runOf, tellExecution } from "../../src/rounds/executions.ts";
import { failureOf, recordFailure, settleRun } from "../../src/rounds/settle.ts";
import { askStop, isStopped } from "../../src/rounds/stop.ts";
import { planOf, published, runPlan, stateOf } from "../helpers/engine.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const startTime = "2026-11-30T04:05:06.789Z";

async function planned(run: string, execution: string, generation = 0) {
  const store = memoryStore();
  const host = { store, resumeCommand: (name: string) => `steplearn resume ${name} --on aws` };
  await tellExecution(store, { run, generation, execution, startTime });
  await writeJson(store, `runs/${run}/plan.json`, { run });
  return host;
}

describe("a run that was stopped from the console", () => {
  it("is settled once, however often it is told: its functions are to stop, and how to go on is said", async () => {
    const host = await planned("churn-1", "a-uuid");
    const sentence = "run churn-1 was stopped after 0 rounds; go on with: steplearn resume churn-1 --on aws";
    const before = { name: "Stopped", sentence };
    for (let i = 0; i < 3; i++) expect(await settleRun(host, { verb: "settle", execution: "a-uuid", status: "ABORTED" })).toEqual(before);
    expect(await failureOf(host.store, "churn-1")).toEqual({ ...before, execution: "a-uuid" });
    expect(await isStopped(host.store, "churn-1", 0)).toBe(true);
  });

  it("is left alone where a later execution goes on with it, and where none has begun", async () => {
    const host = await planned("churn-1", "a-uuid");
    await tellExecution(host.store, { run: "churn-1", generation: 1, execution: "churn-1-1", startTime });
    expect(await settleRun(host, { verb: "settle", execution: "a-uuid", status: "ABORTED" })).toBeNull();
    expect(await settleRun(host, { verb: "settle", execution: "unknown", status: "ABORTED" })).toBeNull();
    expect(await failureOf(host.store, "churn-1")).toBeNull();
    expect(await isStopped(host.store, "churn-1", 1)).toBe(false);
    expect((await runOf(host.store, "a-uuid"))?.run).toBe("churn-1");
    expect((await executionOf(host.store, "churn-1"))?.execution).toBe("churn-1-1");
  });

  it("tells one that took too long by its own name", async () => {
    const host = await planned("churn-1", "churn-1");
    const told = await settleRun(host, { verb: "settle", execution: "churn-1", status: "TIMED_OUT" });
    expect(told).toMatchObject({ name: "TimedOut", sentence: expect.stringContaining("took longer than an execution may") });
  });
});

describe("a failure that the machine caught", () => {
  it("says how to go on, by the run even where planning failed under the execution's name", async () => {
    const host = await planned("churn-1", "a-uuid");
    const error = { Error: "InputError", Cause: JSON.stringify({ errorType: "InputError", errorMessage: "label must be a column" }) };
    const told = await recordFailure(host, { verb: "fail", execution: "a-uuid", state: { error } });
    expect(told).toEqual({
      name: "InputError",
      sentence: "label must be a column; once that is mended start it again",
    });
    expect(await readJson(host.store, "runs/churn-1/failure.json")).toEqual({ ...told, execution: "a-uuid" });
  });

  it("is told where the disk has no room for it either", async () => {
    const { store, ...host } = await planned("churn-1", "churn-1");
    const full = { ...store, write: () => Promise.reject(new BudgetError("failure.json must find room on its disk")) };
    const error = { Error: "BudgetError", Cause: "cut-0 must find room on its disk" };
    const told = await recordFailure({ ...host, store: full }, { verb: "fail", execution: "churn-1", state: { run: "churn-1", error } });
    expect(told.sentence).toBe("cut-0 must find room on its disk; once that is mended go on with: steplearn resume churn-1 --on aws");
  });

  it("needs no mending where somebody stopped it", async () => {
    const host = await planned("churn-1", "churn-1");
    const error = { Error: "Stopped", Cause: "run churn-1 was stopped after 7 rounds" };
    const { sentence } = await recordFailure(host, { verb: "fail", execution: "churn-1", state: { run: "churn-1", error } });
    expect(sentence).toBe("run churn-1 was stopped after 7 rounds; go on with: steplearn resume churn-1 --on aws");
  });
});

describe("a wish to stop", () => {
  const scratch = scratchFolder();
  const path = writeLines(`${scratch}/table.csv`, customerLines(400));

  it("ends a run between two rounds, which goes on to the same bytes", async () => {
    const plan = await planOf({ data: path, label: "churn", model: { logisticRegression: {} } });
    await runPlan(plan, { root: `${scratch}/whole`, functions: 3 });
    const root = `${scratch}/stopped`;
    const store = fileStore(root);
    await askStop(store, "run", 0);
    await expect(runPlan(plan, { root, functions: 3 })).rejects.toThrow(Stopped);
    const { rounds } = await stateOf(root);
    expect(rounds).toBe(1);
    // A later execution of the run is not meant.
    await askStop(store, "run", -1);
    await runPlan(plan, { root, functions: 3 });
    expect(published(root)).toEqual(published(`${scratch}/whole`));
  });
});
