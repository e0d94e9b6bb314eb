/** Many rounds of two groups each: continued in new executions, stopped from outside and resumed, with the bytes of a run on this machine. */
import { readFileSync } from "node:fs";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeAll, expect, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import { placeJob } from "../../../src/job/place.ts";
import { readJson, writeJson } from "../../../src/ports/json.ts";
import { planRun } from "../../../src/rounds/plan-run.ts";
import { eventsOf } from "../../../src/workflow/state.ts";
import { seeded } from "../../faults/handlers.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { arrived, bucket, ended, history, machines, modelFiles, publishedBy, sfn, sources, start, store } from "./deployed.ts";

const scratch = scratchFolder();

/** Ten classes of 32 numbers: too many coefficients for Newton's steps, so that the learner takes many small ones. */
function table(): string {
  const random = seeded(5);
  const lines = Array.from({ length: 640 }, () => {
    const x = Array.from({ length: 32 }, () => Math.round(1_000 * random()) / 1_000);
    const noisy = x.slice(0, 10).map((value) => value + 0.3 * random());
    return [...x, `c${noisy.indexOf(Math.max(...noisy))}`].join(",");
  });
  return [[...Array.from({ length: 32 }, (_, i) => `x${i}`), "y"].join(","), ...lines].join("\n");
}

const form = (maxIter: number) => ({
  name: "long",
  data: { path: `s3://${bucket}/data/long.csv`, partRows: 40 },
  label: "y",
  model: { logisticRegression: { regParam: 0.001, maxIter } },
});
let expected: Record<string, string>;
let rounds: number;

beforeAll(async () => {
  await store.write("data/long.csv", new TextEncoder().encode(table()));
  const here = await train(job({ ...form(16), output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "here" });
  expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
  rounds = here.rounds;
  // The plan's code has to be the deployed one, whose name a run of it tells.
  await ended(await start(machines.training, { ...form(1), name: "short", data: { path: `s3://${bucket}/data/long.csv` } }));
});

/** A plan of sixteen tasks on the eight mappers. */
async function planned(run: string): Promise<{ run: string; generation: number }> {
  const { bundle } = await anyPlan();
  const functions = { count: 16, fused: false, slots: 8, threads: 1, memoryBytes: 2 ** 31, atOnce: 16 };
  const placed = placeJob(job(form(16)), { data: "", output: `s3://${bucket}/` });
  await writeJson(store, `runs/${run}/plan.json`, await planRun(sources, { run, job: placed }, () => functions, bundle));
  return { run, generation: 0 };
}

async function anyPlan(): Promise<{ bundle: string }> {
  for await (const { key } of store.list("runs/short-")) if (key.endsWith("/plan.json")) return readJson(store, key);
  throw new Error("a run must have left its plan");
}

it("goes on in new executions before a history is full, and loses nothing", async () => {
  const end = await ended(await start(machines.training, await planned("long-continued"), "long-continued"));
  expect(end.status).toBe("SUCCEEDED");
  expect(await publishedBy(end)).toEqual(expected);

  expect(rounds).toBeGreaterThanOrEqual(30);
  expect(end.executions.length - 1).toBeGreaterThanOrEqual(3);
  let counted = 0;
  for (const [generation, execution] of end.executions.entries()) {
    const events = await history(execution);
    const entered = (name: string) => events.filter((event) => event.stateEnteredEventDetails?.name === name).length;
    const [two, single] = [entered("Reduce"), entered("Stretch")];
    const last = generation === end.executions.length - 1;
    const designed = eventsOf("plan", 0) + two * eventsOf("round", 2) + single * eventsOf("stretch", 1) + (last ? 5 : 7) + 1;
    console.log(`two groups: ${events.length} events for ${two} rounds and ${single} stretches of one group; by design ${designed}`);
    expect(events.length).toBe(designed);
    expect(events.length).toBeLessThan(200 + eventsOf("round", 2) + 8);
    counted += two;
  }
  console.log(`${rounds} rounds, ${counted} of two groups, in ${end.executions.length} executions`);
});

it("is settled when somebody stops it, and resumes", async () => {
  const input = await planned("long-stopped");
  const arn = await start(machines.training, input, "long-stopped");
  await arrived("runs/long-stopped/rounds/00008/ask");
  await sfn.send(new StopExecutionCommand({ executionArn: arn, error: "Console", cause: "stopped by hand" }));
  expect((await ended(arn)).status).toBe("ABORTED");
  await arrived("runs/long-stopped/failure.json", 30);
  const { sentence } = await readJson<{ sentence: string }>(store, "runs/long-stopped/failure.json");
  expect(sentence).toContain("steplearn resume long-stopped");
  expect(await readJson<{ rounds: number }>(store, "runs/long-stopped/state.json")).toMatchObject({ rounds: expect.any(Number) });

  const end = await ended(await start(machines.training, input, "long-stopped-resumed"));
  expect(end.status).toBe("SUCCEEDED");
  expect(await publishedBy(end)).toEqual(expected);
});
