import { describe, expect, it } from "vitest";
import { followRun } from "../../src/api/follow.ts";
import { listRuns, resumeRemote, startTraining, stopRun } from "../../src/api/remote.ts";
import { train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import { InputError, NumericError, Stopped } from "../../src/ports/errors.ts";
import { listed } from "../contracts/object-store.ts";
import { fakeStack } from "../helpers/fake-stack.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const path = writeLines(`${scratch}/customers.csv`, customerLines(400));
const churn = job({ name: "churn", data: path, label: "churn", model: { logisticRegression: {} } });
const every = { everyMillis: 5 };

describe("a training on a stack", () => {
  it("uploads a small table, trains it to the model that it gives here, and tells of its rounds", async () => {
    const { remote, objects } = fakeStack();
    const run = await startTraining(remote, churn, { run: "churn-1" });
    const phases: string[] = [];
    const trained = await followRun(remote, run, { ...every, onRound: ({ history }) => phases.push(history[history.length - 1].phase) });
    const here = await train(churn, { store: `${scratch}/store`, folder: scratch });
    expect(trained.folder).toBe("s3://own/models/churn/churn-1");
    expect(trained.metrics).toEqual(here.metrics);
    expect(trained.model.coefficients).toEqual(here.model.coefficients);
    expect(trained.rounds).toBe(here.rounds);
    expect(phases.at(-1)).toBe("evaluate");
    const uploads = await listed(objects, "own/data/");
    expect(uploads.map(({ key }) => key)).toEqual([expect.stringMatching(/^own\/data\/[0-9a-f]{16}\/customers.csv$/)]);
    // The same table is uploaded once.
    await followRun(remote, await startTraining(remote, churn, { run: "churn-2" }), every);
    expect(await listed(objects, "own/data/")).toEqual(uploads);
    expect((await listRuns(remote, 10)).map(({ status, phase, rounds }) => [status, phase, rounds])).toEqual(
      Array.from({ length: 2 }, () => ["done", null, expect.any(Number)]),
    );
  });

  it("refuses a run's name that is taken or none, and paths that nobody else can read", async () => {
    const { remote, idle } = fakeStack();
    await startTraining(remote, churn, { run: "churn-1" });
    await expect(startTraining(remote, churn, { run: "churn-1" })).rejects.toThrow("run must be a new name, got churn-1, which exists");
    await expect(startTraining(remote, churn, { run: "a/b" })).rejects.toThrow("run must be 1 to 48 letters, digits and hyphens");
    await expect(startTraining(remote, { ...churn, output: "/tmp/models" }, { run: "b" })).rejects.toThrow(
      "output must be s3://bucket/key",
    );
    await idle();
  });

  it("fails with the sentence of the run, and goes on from there once that is mended", async () => {
    const fault: { broken: boolean } = { broken: true };
    const { remote } = fakeStack({
      functions: 2,
      handlers: (handlers) => ({
        ...handlers,
        reducer: async (payload) => {
          if (fault.broken && (payload as { round: number }).round > 1) throw new NumericError("the sum left the finite numbers");
          return handlers.reducer(payload);
        },
      }),
    });
    const run = await startTraining(remote, churn, { run: "churn-1" });
    const failed = followRun(remote, run, every);
    await expect(failed).rejects.toThrow(NumericError);
    await expect(failed).rejects.toThrow(
      "the sum left the finite numbers; once that is mended go on with: steplearn resume churn-1 --on aws",
    );
    expect((await listRuns(remote, 1))[0]).toMatchObject({ run, status: "NumericError" });
    fault.broken = false;
    const execution = await resumeRemote(remote, run);
    expect(execution).toBe("churn-1-1");
    expect((await followRun(remote, run, { ...every, execution })).run).toBe(run);
    await expect(resumeRemote(remote, run)).rejects.toThrow(
      "run must have something left to do, got churn-1, which has published its model",
    );
  });

  it("is stopped, settled and resumed", async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const { remote, idle } = fakeStack({
      functions: 2,
      handlers: (handlers) => ({
        ...handlers,
        reducer: async (payload) => {
          if ((payload as { round: number }).round === 2) {
            reached.resolve();
            await gate.promise;
          }
          return handlers.reducer(payload);
        },
      }),
    });
    const run = await startTraining(remote, churn, { run: "churn-1" });
    await reached.promise;
    expect((await listRuns(remote, 1))[0]).toMatchObject({ run, status: "running" });
    await expect(resumeRemote(remote, run)).rejects.toThrow("run must not be running to be resumed");
    await stopRun(remote, run);
    gate.resolve();
    const stopped = followRun(remote, run, every);
    await expect(stopped).rejects.toThrow(Stopped);
    await expect(stopped).rejects.toThrow("run churn-1 was stopped after 2 rounds; go on with: steplearn resume churn-1 --on aws");
    await expect(stopRun(remote, run)).rejects.toThrow("run must be running to be stopped, got churn-1, which ended as ABORTED");
    expect((await listRuns(remote, 1))[0]).toMatchObject({ run, status: "Stopped", phase: null });
    await idle();
    const [resumed, late] = await Promise.allSettled([resumeRemote(remote, run), resumeRemote(remote, run)]);
    expect(resumed).toEqual({ status: "fulfilled", value: "churn-1-1" });
    expect(late).toMatchObject({ reason: { message: expect.stringContaining("run must not be running to be resumed, got churn-1") } });
    expect((await followRun(remote, run, { ...every, execution: "churn-1-1" })).folder).toBe("s3://own/models/churn/churn-1");
  });

  it("is followed across the executions that continue it", async () => {
    const { remote, idle } = fakeStack();
    const run = await startTraining(remote, churn, { run: "churn-1" });
    await idle();
    const ended = await remote.executions.describe(run);
    const asked: string[] = [];
    const describe = async (name: string) => {
      asked.push(name);
      return ended === null
        ? null
        : { ...ended, output: name === "churn-1-2" ? ended.output : { continuedAs: name === run ? "churn-1-1" : "churn-1-2" } };
    };
    const trained = await followRun({ ...remote, executions: { ...remote.executions, describe } }, run, every);
    expect(trained.run).toBe(run);
    expect(asked).toEqual(["churn-1", "churn-1-1", "churn-1-2"]);
  });

  it("says that a run is none of the stack's", async () => {
    const { remote } = fakeStack();
    for (const asked of [followRun(remote, "other", every), stopRun(remote, "other"), resumeRemote(remote, "other")]) {
      await expect(asked).rejects.toThrow(InputError);
      await expect(asked).rejects.toThrow("run must be one of this stack, got other");
    }
  });
});
