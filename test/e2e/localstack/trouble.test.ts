/**
 * A run in which S3 is busy, slow, refuses conditional writes and loses its answers, Lambda has no room, and functions run out of memory and
 * time: it ends with the bytes of any other, or fails by a name that may pass and a resume heals it. Nothing half written is published.
 */
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import { placeJob } from "../../../src/job/place.ts";
import { writeJson } from "../../../src/ports/json.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { bucket, calls, ended, existing, machines, modelFiles, publishedBy, start, store, TELCO, telcoJob } from "./deployed.ts";

const scratch = scratchFolder();
const RUN = "telco-troubled";
const MAY_PASS = ["TransientError", "Runtime.OutOfMemory", "Sandbox.Timedout", "Lambda.TooManyRequestsException"];
const of = { functions: "", where: { run: RUN }, by: ["verb", "round", "task"] };
const rules = [
  { what: "s3", keys: `runs/${RUN}/`, kinds: ["unavailable", "lost", "conflict", "slow"], share: 0.1, seed: 1 },
  { what: "throttle", ...of, share: 0.15, seed: 2 },
  { what: "kill", ...of, as: ["Runtime.OutOfMemory", "Sandbox.Timedout", "Runtime.ExitError"], share: 0.15, seed: 3 },
];

it("trains the same model while everything goes wrong now and then", async () => {
  const form = { ...telcoJob("troubled"), data: { ...telcoJob("troubled").data, path: `s3://${bucket}/data/troubled.csv.gz` } };
  await store.write("data/troubled.csv.gz", TELCO);
  const here = await train(job({ ...form, output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "here" });
  const expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
  await writeJson(store, `runs/${RUN}/request.json`, { run: RUN, job: placeJob(job(form), { data: "", output: `s3://${bucket}/` }) });

  const files = rules.map((_, i) => join(inject("emulator").folder, "faults", `${RUN}-${i}.json`));
  await Promise.all(rules.map((rule, i) => writeFile(files[i], JSON.stringify(rule))));
  const failures: string[] = [];
  try {
    for (let generation = 0; ; generation++) {
      const end = await ended(await start(machines.training, { run: RUN, generation }, `${RUN}-${generation}`));
      if (end.status === "SUCCEEDED") {
        expect(await publishedBy(end)).toEqual(expected);
        break;
      }
      failures.push(end.error as string);
      expect(await existing("models/troubled/latest.json")).toBe(false);
      expect(failures.length).toBeLessThan(5);
    }
  } finally {
    await Promise.all(files.map((file) => rm(file)));
  }
  for (const failure of failures) expect(MAY_PASS).toContain(failure);

  const made = (await calls()).filter(({ payload }) => payload?.run === RUN);
  const killed = made.filter((call) => call.ended === "killed").length;
  console.log(
    `${made.length} calls of functions, ${killed} of them killed; ${failures.length} resumes${failures.length > 0 ? ` after ${failures}` : ""}`,
  );
  expect(killed).toBeGreaterThan(3);
});
