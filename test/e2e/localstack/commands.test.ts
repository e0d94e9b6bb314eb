/** The command line against the deployed stack: a job and its table on this machine are uploaded, trained on and followed. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { readJson } from "../../../src/ports/json.ts";
import type { RunRequest } from "../../../src/rounds/plan-run.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { modelFiles, steplearn, store, TELCO } from "./deployed.ts";

const scratch = scratchFolder();
const RUN = "commanded-run";

it("trains, tells of the run, and gives the bytes of a run on this machine", async () => {
  writeFileSync(`${scratch}/customers.csv.gz`, TELCO);
  const form = {
    name: "commanded",
    data: { path: "customers.csv.gz", exclude: ["customerID"], partRows: 881 },
    label: { column: "Churn", positive: "Yes" },
    model: { logisticRegression: { regParam: 0.001 } },
  };
  writeFileSync(`${scratch}/job.json`, JSON.stringify(form));
  await steplearn("train", `${scratch}/job.json`, "--on", "aws", "--watch", "--run", RUN);

  const { job } = await readJson<RunRequest>(store, `runs/${RUN}/request.json`);
  expect(job.data.paths[0]).toMatch(/^s3:\/\/.*customers\.csv\.gz$/);
  const here = await train({ ...job, output: `${scratch}/models` }, { store: `${scratch}/runs`, run: "here" });
  expect(await modelFiles((file) => store.read(`models/commanded/${RUN}/${file}`))).toEqual(
    await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`)),
  );

  expect(await steplearn("runs")).toMatch(new RegExp(`${RUN} .*done`));
  expect(await steplearn("logs", RUN)).not.toBe("");
  await expect(steplearn("stop", RUN)).rejects.toThrow(`run must be running to be stopped, got ${RUN}`);
});
