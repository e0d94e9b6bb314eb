/** Plans a scoring: a published model over new data, whether a command or an object's arrival asks for it. */
import type { Job } from "../job/job.ts";
import { learnerNamed } from "../learners/registry.ts";
import { findModel, type ModelPlace } from "../model/find.ts";
import type { ModelJson } from "../model/format.ts";
import { readModel } from "../model/read.ts";
import type { Plan, ScoredObject } from "../plan/plan.ts";
import { ConflictError, InputError } from "../ports/errors.ts";
import { readJson, writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { type Look, lookAtSource } from "./look.ts";
import { type FunctionsOf, planOf } from "./plan-run.ts";

/** Where a run keeps its state, reads its data, and finds and publishes models and scores. */
export interface Stores {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
}

export interface ScoringRequest {
  readonly run: string;
  readonly model: ModelPlace;
  /** Keys, patterns or prefixes of the data. */
  readonly paths: readonly string[];
  /** Key of the folder for predictions. */
  readonly output: string;
  readonly functions: FunctionsOf;
  /** Also write the contributions of the columns. */
  readonly explain?: boolean;
  /** The object whose arrival asks for it. */
  readonly input?: ScoredObject;
}

/** Plans a scoring and writes what its run starts from. Of two at once under one name the first is the plan of both. */
export async function planScoring({ store, sources, outputs }: Stores, request: ScoringRequest, bundle: string): Promise<Plan> {
  const { run, output, functions, explain, input } = request;
  const { version, folder } = request.model;
  const model = await readModel(outputs, `${folder}/model.json`);
  if (explain === true && learnerNamed(model.learner).explainer === undefined)
    throw new InputError(`explain must be asked of a model of trees, got ${model.learner}; steplearn show prints its coefficients`);
  const job = scoringJob(model, request.paths, output);
  const copy = `runs/${run}/model-${version}.json`;
  const prefix = input === undefined ? "part-" : `part-${run.slice(-8)}-`;
  const score = { output, prefix, model: { version, copy }, ...(explain === true && { explain }), ...(input && { input }) };
  const plan: Plan = { ...planOf(await lookForModel(sources, job, model), { run, job }, functions, bundle), score };
  await writeJson(store, copy, model);
  const planKey = `runs/${run}/plan.json`;
  try {
    await writeJson(store, planKey, plan, "absent");
    return plan;
  } catch (error) {
    if (error instanceof ConflictError) return readJson<Plan>(store, planKey);
    throw error;
  }
}

/** The job of the model over other data, of which every row is predicted. */
function scoringJob(model: ModelJson, paths: readonly string[], output: string): Job {
  return {
    ...model.job,
    data: { ...model.job.data, format: undefined, paths, columns: typesOf(model.data.columns), exclude: [] },
    split: { kind: "none", seed: 0, stratify: false },
    tune: undefined,
    weight: undefined,
    output,
  };
}

/** New data is read with the types that training settled on. */
const typesOf = (columns: readonly { readonly name: string; readonly type: string }[]): Job["data"]["columns"] =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type])) as Job["data"]["columns"];

/** Of new data only the model's columns are read, and the label where it is there. */
async function lookForModel(sources: ObjectStore, job: Job, { name, view, label }: ModelJson): Promise<Look> {
  const needed = [...new Set([...view.columns, ...view.skipWhere, ...(view.failWhere ?? [])].map(({ source }) => source))];
  const look = await lookAtSource(sources, job, [...needed, label.column]);
  const missing = needed.filter((column) => !look.source.columns.some((found) => found.name === column));
  if (missing.length === 0) return look;
  throw new InputError(
    `data must have the columns that model ${name} was trained on, got none called ${missing.join(", ")} (there: ${look.columns.map((column) => column.name).join(", ")})`,
  );
}

/** InputError where the folder is no model. */
export async function modelAt(outputs: ObjectStore, folder: string, named: string): Promise<ModelPlace> {
  const found = await findModel(outputs, folder);
  if (found === null) throw new InputError(`model must be a folder with model.json or latest.json, got ${named}`);
  return found;
}
