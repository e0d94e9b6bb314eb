/** Seven of ten calls of mappers die, before, during and after their work, by a fixed seed: training ends by itself, with the same bytes. */
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import { placeJob } from "../../../src/job/place.ts";
import { writeJson } from "../../../src/ports/json.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { bucket, calls, ended, machines, modelFiles, publishedBy, start, store, TELCO, telcoJob } from "./deployed.ts";

const scratch = scratchFolder();
const RUN = "telco-killed";
const SHARE = 0.7;

it("trains the same model while 70 % of the mappers are killed", async () => {
  const form = { ...telcoJob("killed"), data: { ...telcoJob("killed").data, path: `s3://${bucket}/data/killed.csv.gz` } };
  await store.write("data/killed.csv.gz", TELCO);
  const here = await train(job({ ...form, output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "here" });
  const expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));

  const rule = join(inject("emulator").folder, "faults", `${RUN}.json`);
  await writeFile(
    rule,
    JSON.stringify({ what: "kill", functions: "-mapper-", where: { run: RUN }, share: SHARE, seed: 70, by: ["round", "task"] }),
  );
  try {
    await writeJson(store, `runs/${RUN}/request.json`, { run: RUN, job: placeJob(job(form), { data: "", output: `s3://${bucket}/` }) });
    const end = await ended(await start(machines.training, { run: RUN, generation: 0 }, RUN));
    expect(end.status).toBe("SUCCEEDED");
    expect(await publishedBy(end)).toEqual(expected);
  } finally {
    await rm(rule);
  }

  const mapped = (await calls()).filter(({ payload }) => payload?.run === RUN && payload.slot !== undefined);
  const killed = mapped.filter((call) => call.ended === "killed").length;
  const tasks = new Set(mapped.map(({ payload }) => `${payload?.round} ${payload?.task}`)).size;
  console.log(
    `${mapped.length} calls of mappers for ${tasks} tasks: ${killed} killed (${((100 * killed) / mapped.length).toFixed(0)} %), ${mapped.length - tasks} retries`,
  );
  expect(killed / mapped.length).toBeGreaterThan(SHARE - 0.1);
  expect(killed / mapped.length).toBeLessThan(SHARE + 0.1);
  // Every task has ended well once at least.
  expect(mapped.length - killed).toBeGreaterThanOrEqual(tasks);
});
