import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import type { Functions } from "../../src/plan/plan.ts";
import { InputError } from "../../src/ports/errors.ts";
import { readJson, writeJson } from "../../src/ports/json.ts";
import { beginRun, requestKey } from "../../src/rounds/begin.ts";
import type { RunRequest } from "../../src/rounds/planning/plan-run.ts";
import type { PlanRequest, StartInput } from "../../src/workflow/state.ts";

const execution = "0f3c9a52-6a2c-4a43-9a68-5f5d5c1d2a11";
const startTime = "2026-11-30T04:05:06.789Z";
const pasted = { name: "churn", data: { path: "data/churn.csv" }, label: "churn", model: { logisticRegression: {} } };

function host() {
  const store = memoryStore();
  // The keys of all of S3 are no keys of a disk.
  const sources = { ...store, read: (key: string) => store.read(key.replace("s3://", "")) };
  return { store, sources, outputs: sources, home: "s3://own/", bundle: "b", functions: async () => ({}) as Functions };
}

/** Of an input that leaves something to do. */
async function begun(request: PlanRequest, at: ReturnType<typeof host>): Promise<StartInput> {
  const found = await beginRun(request, at);
  if (found === null) throw new Error("there must be a run, got none");
  return found;
}

describe("an execution's input", () => {
  it("is a job, whose paths begin in the stack's bucket", async () => {
    const at = host();
    const { run, generation } = await begun({ input: pasted, execution, startTime }, at);
    expect(run).toMatch(/^churn-20261130-040506-[0-9a-f]{8}$/);
    expect(generation).toBe(0);
    const { job } = await readJson<RunRequest>(at.store, requestKey(run));
    expect(job).toMatchObject({ name: "churn", data: { paths: ["s3://own/data/churn.csv"] }, output: "s3://own/models/churn" });
  });

  it("gives each execution a run of its own, and every try of one the same", async () => {
    const at = host();
    const runOf = async (name: string) => (await begun({ input: pasted, execution: name, startTime }, at)).run;
    expect(await runOf("a")).toBe(await runOf("a"));
    expect(await runOf("a")).not.toBe(await runOf("b"));
    const long = await begun({ input: { ...pasted, name: "n".repeat(64) }, execution, startTime }, at);
    expect(long.run.length).toBeLessThanOrEqual(48);
  });

  it("is the place of a job, whose data lie beside it", async () => {
    const at = host();
    await at.store.write(
      "own/jobs/churn.yaml",
      new TextEncoder().encode("data: churn.csv\nlabel: churn\nmodel: { logisticRegression: {} }\n"),
    );
    for (const job of ["s3://own/jobs/churn.yaml", "jobs/churn.yaml"]) {
      const { run } = await begun({ input: { job }, execution, startTime }, at);
      const request = await readJson<RunRequest>(at.store, requestKey(run));
      expect(request.job).toMatchObject({ name: "churn", data: { paths: ["s3://own/jobs/churn.csv"] }, output: "s3://own/models/churn" });
    }
  });

  it("names a run that is there", async () => {
    const at = host();
    await writeJson(at.store, requestKey("churn-1"), {});
    expect(await begun({ input: { run: "churn-1" }, execution, startTime }, at)).toEqual({ run: "churn-1", generation: 0 });
    expect(await begun({ input: { run: "churn-1", generation: 3, more: "" }, execution, startTime }, at)).toEqual({
      run: "churn-1",
      generation: 3,
    });
    await expect(begun({ input: { run: "other" }, execution, startTime }, at)).rejects.toThrow("run must be one of this stack, got other");
  });

  it.each([
    [
      { Comment: "Insert your JSON here" },
      'the execution input must be a job (data, label, model), {"job": "s3://bucket/job.yaml"} or {"run": "its name"}, got Comment',
    ],
    [{}, "got nothing"],
    [null, "got nothing"],
    [[pasted], "got nothing"],
    [{ ...pasted, label: 3 }, "execution input: label must be"],
    [
      { ...pasted, model: { logisticRegresion: {} } },
      'execution input: model.logisticRegresion must be a known key, did you mean "logisticRegression"?',
    ],
    [
      { ...pasted, data: "/data/churn.csv" },
      'execution input: data.path[0] must be s3://bucket/key, or relative to s3://own/, got "/data/churn.csv"',
    ],
    [{ job: "s3://own/jobs/" }, "job must be the place of a .yaml, .yml or .json file, got"],
    [{ job: 3 }, "job must be the place of"],
    [{ run: "a/../b" }, "run must be the name of one, got"],
    [{ run: "a", generation: -1 }, "generation must be an integer >= 0, got -1"],
  ])("says what is wrong with %j", async (input, message) => {
    const begun = beginRun({ input, execution, startTime }, host());
    await expect(begun).rejects.toThrow(InputError);
    await expect(begun).rejects.toThrow(message);
  });
});
