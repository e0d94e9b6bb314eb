/** The command line against the deployed stack: a job and its table on this machine are uploaded, trained on and followed. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { readJson } from "../../../src/ports/json.ts";
import type { RunRequest } from "../../../src/rounds/planning/plan-run.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { bucket, modelFiles, steplearn, store, TELCO } from "./deployed.ts";

const scratch = scratchFolder();
const RUN = "commanded-run";
/** Of jobs on the table that lies beside them. */
const customers = {
  data: { path: "customers.csv.gz", exclude: ["customerID"], partRows: 881 },
  label: { column: "Churn", positive: "Yes" },
};
writeFileSync(`${scratch}/customers.csv.gz`, TELCO);

it("trains, tells of the run, and gives the bytes of a run on this machine", async () => {
  const form = { name: "commanded", ...customers, model: { logisticRegression: { regParam: 0.001 } } };
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

it("adds trees to a model that the stack has published, to the bytes of doing so on this machine", async () => {
  const form = { name: "grown", ...customers, model: { gradientBoostingClassifier: { trees: 3, maxLeaves: 8 } } };
  writeFileSync(`${scratch}/trees.json`, JSON.stringify(form));
  await steplearn("train", `${scratch}/trees.json`, "--on", "aws", "--watch", "--run", "first-trees");
  const from = `s3://${bucket}/models/grown/first-trees`;
  await steplearn("train", `${scratch}/trees.json`, "--on", "aws", "--watch", "--run", "more-trees", "--from", from);

  const { job } = await readJson<RunRequest>(store, "runs/first-trees/request.json");
  const here = { ...job, output: `${scratch}/grown` };
  const first = await train(here, { store: `${scratch}/runs`, run: "first-trees" });
  const more = await train(here, { store: `${scratch}/runs`, run: "more-trees", from: first.folder });
  expect(more.model.trees).toBe(6);
  const weights = await modelFiles((file) => store.read(`models/grown/more-trees/${file}`));
  expect(weights["weights.bin"]).toEqual((await modelFiles(async (file) => readFileSync(`${more.folder}/${file}`)))["weights.bin"]);
});
