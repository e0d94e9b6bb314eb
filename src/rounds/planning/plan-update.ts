/** Plans an update: new rows brought into a model by what stands for the rows that it was trained on. */
import { createHash } from "node:crypto";
import { listSource } from "../../data/source.ts";
import type { Job, Split } from "../../job/job.ts";
import { hashString } from "../../kernels/hash.ts";
import { learnerNamed } from "../../learners/registry.ts";
import type { ModelJson } from "../../model/format.ts";
import { readModel } from "../../model/read.ts";
import type { Plan, UpdatePlan } from "../../plan/plan.ts";
import { InputError, NotFoundError } from "../../ports/errors.ts";
import { exists, writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { splitColumns } from "../parts/split.ts";
import { mergedInto } from "../publishing/merged.ts";
import { readLatest, UPDATE } from "../publishing/versions.ts";
import { jobOnNewData, lookForModel, type NewData } from "./model-data.ts";
import { type FunctionsOf, planOf } from "./plan-run.ts";
import { type Stores, writePlan } from "./plan-scoring.ts";

export interface UpdateRequest extends NewData {
  /** Key of the folder of the model's versions. */
  readonly folder: string;
  readonly functions: FunctionsOf;
}

/**
 * Plans an update of the latest version and answers the run's name, which follows from that version and the data; null where the
 * version holds all of them already. InputError where the model cannot take in new rows, or holds some of them.
 */
export async function planUpdate(
  stores: Stores,
  { folder, paths, missing = [], functions }: UpdateRequest,
  bundle: string,
): Promise<string | null> {
  const { store, sources, outputs } = stores;
  const latest = await readLatest(outputs, folder);
  if (latest === null) throw new InputError(`model must be a folder with latest.json, got ${folder}`);
  const base = `${folder}/${latest.version}`;
  const objects = (await listSource(sources, paths, undefined)).objects.map(({ key, etag }) => ({ key, etag }));
  const merged = await mergedInto(outputs, base);
  const known = merged.filter((one) => objects.some(({ key, etag }) => key === one.key && etag === one.etag));
  if (known.length === objects.length) return null;
  if (known.length > 0)
    throw new InputError(`data must be new to the model, got ${known[0].key}, which version ${known[0].version} brought in`);
  const run = `${UPDATE}${digest([folder, latest.version, objects, ...missing])}`;
  if (await exists(store, `runs/${run}/plan.json`)) return run;

  const model = await readModel(outputs, `${base}/model.json`);
  const statistic = await statisticOf(outputs, base, model);
  const settled = { learner: model.learner, params: model.parameters };
  const job: Job = { ...jobOnNewData(model, { paths, missing }, folder), model: settled, split: splitOf(model.job.split, objects) };
  const more = [model.label.column, ...(job.weight === undefined ? [] : [job.weight]), ...splitColumns(job.split)];
  const look = await lookForModel(sources, job, model, more);
  const copies = { model: `runs/${run}/model.json`, statistic: `runs/${run}/statistic.bin` };
  const update: UpdatePlan = { folder, base: latest.version, objects, copies };
  const plan: Plan = { ...planOf(look, { run, job }, functions, bundle), update };
  await Promise.all([writeJson(store, copies.model, model), store.write(copies.statistic, statistic)]);
  await writePlan(store, plan);
  return run;
}

const digest = (value: unknown): string => createHash("sha1").update(JSON.stringify(value)).digest("hex");

async function statisticOf(outputs: ObjectStore, base: string, { learner, name }: ModelJson): Promise<Uint8Array> {
  const { keep, goesOn } = learnerNamed(learner);
  if (keep === undefined) {
    const instead = goesOn === true ? "add trees to it: steplearn train JOB --from MODEL" : "train it again on old and new data together";
    throw new InputError(`model ${name} must be of a learner that takes in new rows, such as linearRegression, got ${learner}; ${instead}`);
  }
  try {
    return await outputs.read(`${base}/statistic.bin`);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new InputError(`model ${name} must come with statistic.bin, got none in ${base}; train it once more, then it takes in new rows`, {
      cause: error,
    });
  }
}

/**
 * New rows are held out as the job says. Draws by row begin anew with each update, from a seed of its objects, so the order of updates
 * does not matter; draws by group go on, so a group stays on its side. Files of test rows have no part in it.
 */
function splitOf(split: Split, objects: UpdatePlan["objects"]): Split {
  if (split.kind === "path") return { kind: "none", seed: split.seed, stratify: false };
  if (split.groupBy !== undefined) return split;
  return { ...split, seed: hashString(JSON.stringify(objects), split.seed) };
}
