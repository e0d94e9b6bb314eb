/** Telco churn through the deployed machines: the bytes of a run on this machine, from a pasted job, a stored one and the command line. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { fileStore } from "../../../src/adapters/local/file-store.ts";
import { train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { eventsOf } from "../../../src/workflow/state.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { bucket, calls, ended, history, machines, modelFiles, publishedBy, start, store, TELCO, telcoJob } from "./deployed.ts";

const scratch = scratchFolder();
const NAME = "telco";
let expected: Record<string, string>;

/** The same job over the same objects on this machine: their places and etags are in the model. */
beforeAll(async () => {
  await store.write("data/telco.csv.gz", TELCO);
  const here = await train(job({ ...telcoJob(NAME), output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "here" });
  expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
});

describe("a job of eight parts", () => {
  it("that is pasted as the input of an execution gives the bytes of a run on this machine, on eight mappers", async () => {
    const before = (await calls()).length;
    const end = await ended(await start(machines.training, telcoJob(NAME)));
    expect(end).toMatchObject({ status: "SUCCEEDED", executions: [expect.any(String)] });
    expect(await publishedBy(end)).toEqual(expected);

    const mappers = (await calls()).slice(before).filter(({ payload }) => payload?.slot !== undefined);
    expect(new Set(mappers.map((call) => call.function)).size).toBe(8);

    // Planned with each question that follows; the publisher's task and the end come after the last one.
    const events = await history(end.executions[0]);
    const stretches = events.filter((event) => event.stateEnteredEventDetails?.name === "Stretch").length;
    const designed = eventsOf("plan", 0) + stretches * eventsOf("stretch", 1) + 5 + 1;
    const rounds = new Set(mappers.map((call) => call.payload?.round)).size;
    console.log(`one group: ${events.length} events for ${rounds} rounds in ${stretches} stretches; by design ${designed}`);
    expect(events.length).toBe(designed);
  });

  it("that lies in the bucket does, by its place alone", async () => {
    await store.write("jobs/telco.json", new TextEncoder().encode(JSON.stringify(telcoJob(NAME))));
    const end = await ended(await start(machines.training, { job: `s3://${bucket}/jobs/telco.json` }));
    expect(end.status).toBe("SUCCEEDED");
    expect(await publishedBy(end)).toEqual(expected);
  });

  it("fails by name, and says what to do", async () => {
    const end = await ended(await start(machines.training, { ...telcoJob(NAME), label: "Chrun" }));
    expect(end).toMatchObject({ status: "FAILED", error: "InputError" });
    expect(end.cause).toContain("Chrun");
    expect(end.cause).toContain("Churn");
  });
});

async function namesBelow(objects: ObjectStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of objects.list(prefix)) names.push(key.slice(key.lastIndexOf("/") + 1));
  return names;
}

describe("trees so large that ranges of columns reduce their histograms", () => {
  it("have the bytes of a run on this machine, which reduces them whole", async () => {
    const form = { ...telcoJob("ranges"), model: { gradientBoostingClassifier: { trees: 2, maxLeaves: 2_400, minRows: 1 } } };
    const here = await train(job({ ...form, output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "whole", functions: 1 });
    const end = await ended(await start(machines.training, form));
    expect(end).toMatchObject({ status: "SUCCEEDED" });
    expect(await publishedBy(end)).toEqual(await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`)));

    const run = (end.output as { folder: string }).folder.split("/").at(-1);
    const blocks = await namesBelow(store, `runs/${run}/exchange/`);
    expect(blocks.filter((name) => name.startsWith("task-")).length).toBeGreaterThanOrEqual(8);
    expect(blocks.filter((name) => name.startsWith("range-")).length).toBeGreaterThan(4);
    expect(await namesBelow(fileStore(`${scratch}/runs`), "runs/whole/exchange/")).toEqual([]);
  });
});

describe("two runs of one name at once", () => {
  it("do not disturb each other", async () => {
    const starts = await Promise.all([start(machines.training, telcoJob(NAME)), start(machines.training, telcoJob(NAME))]);
    const ends = await Promise.all(starts.map((arn) => ended(arn)));
    expect(ends.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    const folders = ends.map(({ output }) => (output as { folder: string }).folder);
    expect(new Set(folders).size).toBe(2);
    for (const end of ends) expect(await publishedBy(end)).toEqual(expected);
  });
});
