/** Plans a scoring: a published model over new data, whether a command or an object's arrival asks for it. */
import type { Job } from "../../job/job.ts";
import { learnerNamed } from "../../learners/registry.ts";
import { findModel, type ModelPlace } from "../../model/find.ts";
import type { ModelJson } from "../../model/format.ts";
import { readModel } from "../../model/read.ts";
import type { Plan, ScoredObject, ScorePlan } from "../../plan/plan.ts";
import { ConflictError, InputError } from "../../ports/errors.ts";
import { readJson, writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { copyObject } from "../publishing/copy-object.ts";
import type { Look } from "./look.ts";
import { jobOnNewData, lookForModel, type NewData } from "./model-data.ts";
import { type FunctionsOf, modelBytes, planOf } from "./plan-run.ts";

/** Where a run keeps its state, reads its data, and finds and publishes models and scores. */
export interface Stores {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
}

export interface ScoringRequest extends NewData {
  readonly run: string;
  readonly model: ModelPlace;
  /** Key of the folder for predictions. */
  readonly output: string;
  readonly functions: FunctionsOf;
  /** Also write the contributions of the columns. */
  readonly explain?: boolean;
  /** Instead of predictions. */
  readonly inspect?: ScorePlan["inspect"];
  /** The object whose arrival asks for it. */
  readonly input?: ScoredObject;
}

/** Plans a scoring and writes what its run starts from. Of two at once under one name the first is the plan of both. */
export async function planScoring({ store, sources, outputs }: Stores, request: ScoringRequest, bundle: string): Promise<Plan> {
  const { run, output, functions, explain, inspect, input } = request;
  const { version, folder } = request.model;
  const model = await readModel(outputs, `${folder}/model.json`);
  if (explain === true && learnerNamed(model.learner).explainer === undefined)
    throw new InputError(`explain must be asked of a model of trees, got ${model.learner}; steplearn show prints its coefficients`);
  const split = { kind: "none", seed: 0, stratify: false } as const;
  const asked: Job = { ...jobOnNewData(model, request, output), split };
  const { weight } = asked;
  const look = await lookForModel(sources, asked, model, [], [model.label.column, ...(weight === undefined ? [] : [weight])]);
  // Labels and weights judge, and need not be there.
  const job: Job = look.source.columns.some(({ name }) => name === weight) ? asked : { ...asked, weight: undefined };
  if (inspect !== undefined) checkDependence(inspect.dependence, model, look);
  const copy = `runs/${run}/model-${version}.json`;
  const prefix = input === undefined ? "part-" : `part-${run.slice(-8)}-`;
  const profile = await copyObject(outputs, `${folder}/profile.json`, store, `runs/${run}/profile-${version}.json`);
  const score = {
    output,
    prefix,
    model: { version, copy, ...(profile !== null && { profile }) },
    ...(explain === true && { explain }),
    ...(inspect && { inspect }),
    ...(input && { input }),
  };
  const sizes = {
    modelBytes: modelBytes(model),
    outputs: Math.max(1, model.label.classes.length),
    explains: explain === true,
  };
  const plan: Plan = { ...planOf(look, { run, job }, functions, bundle, { scoring: sizes }), score };
  await writeJson(store, copy, model);
  return writePlan(store, plan);
}

function checkDependence(dependence: readonly string[], { view, label }: ModelJson, { source }: Look): void {
  const known = [...new Set(view.columns.map((column) => column.source))];
  const unknown = dependence.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InputError(`dependence must name columns that the model reads (${known.slice(0, 10).join(", ")}), got ${unknown}`);
  if (dependence.length === 0 && !source.columns.some(({ name }) => name === label.column))
    throw new InputError(`data must have the label column ${label.column} to tell importances, got none; without it ask for a dependence`);
}

/** Of two plans under one name the first counts, and is answered. */
export async function writePlan(store: ObjectStore, plan: Plan): Promise<Plan> {
  const key = `runs/${plan.run}/plan.json`;
  try {
    await writeJson(store, key, plan, "absent");
    return plan;
  } catch (error) {
    if (error instanceof ConflictError) return readJson<Plan>(store, key);
    throw error;
  }
}

/** InputError where the folder is no model. */
export async function modelAt(outputs: ObjectStore, folder: string, named: string): Promise<ModelPlace> {
  const found = await findModel(outputs, folder);
  if (found === null) throw new InputError(`model must be a folder with model.json or latest.json, got ${named}`);
  return found;
}
