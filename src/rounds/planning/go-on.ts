/** A training that goes on from a published model: with its features as they were fitted, so that its trees mean the same, and with its classes. */
import type { Job } from "../../job/job.ts";
import { learnerNamed, learners } from "../../learners/registry.ts";
import { sourcesOf } from "../../model/encode.ts";
import { findModel } from "../../model/find.ts";
import type { ModelJson } from "../../model/format.ts";
import { readModel } from "../../model/read.ts";
import type { FromPlan } from "../../plan/plan.ts";
import { InputError } from "../../ports/errors.ts";
import { writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

/** Takes the model of a folder into the run. InputError where there is none. */
export async function takeModel(outputs: ObjectStore, folder: string, store: ObjectStore, run: string): Promise<FromPlan> {
  const place = await findModel(outputs, folder.replace(/\/$/, ""));
  if (place === null) throw new InputError(`the model to go on from must be a folder with model.json or latest.json, got ${folder}`);
  const copy = `runs/${run}/from.json`;
  await writeJson(store, copy, await readModel(outputs, `${place.folder}/model.json`));
  return { version: place.version, copy };
}

/** The model that a run took, or null where it begins anew. */
export const takenModel = async (store: ObjectStore, from: FromPlan | undefined): Promise<ModelJson | null> =>
  from === undefined ? null : readModel(store, from.copy);

/** The job as it is trained: columns that a look at the data sees otherwise have the types that the model knows. InputError where the model is not of such a job. */
export function jobGoingOn(job: Job, model: ModelJson, seen: readonly { readonly name: string; readonly type: string }[]): Job {
  const { learner } = job.model;
  const able = Object.values(learners)
    .filter(({ goesOn }) => goesOn)
    .map(({ name }) => name);
  const rule = "to go on from a model";
  if (learnerNamed(learner).goesOn !== true)
    throw new InputError(`${rule} the learner must be ${able.join(" or ")}, got ${learner}; steplearn update brings new rows into others`);
  if (model.learner !== learner) throw new InputError(`${rule} of ${model.learner} the learner must be the same, got ${learner}`);
  if (job.tune !== undefined) throw new InputError(`${rule} tune must be left out: its folds are not held out from the model`);
  if (model.label.column !== job.label.column)
    throw new InputError(`${rule} label must be its label ${model.label.column}, got ${job.label.column}`);
  if (job.features !== "auto" && JSON.stringify(job.features) !== JSON.stringify(model.job.features))
    throw new InputError(`${rule} features must be left out or its own, got others; they stay as they were fitted`);
  const used = new Set(sourcesOf(model.view));
  const other = model.data.columns.filter(({ name, type }) => used.has(name) && seen.some((own) => own.name === name && own.type !== type));
  if (other.length === 0) return job;
  const types = Object.fromEntries(other.map(({ name, type }) => [name, type])) as Job["data"]["columns"];
  return { ...job, data: { ...job.data, columns: { ...types, ...job.data.columns } } };
}

/** InputError where the data is not such as the model was trained on, or holds out other rows of the same. */
export function checkGoingOn(job: Job, model: ModelJson, fingerprint: string, columns: readonly { readonly name: string }[]): void {
  const there = columns.map(({ name }) => name).filter((name) => !job.data.exclude.includes(name));
  const missing = sourcesOf(model.view).filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw new InputError(
      `data must have the columns of the model to go on from, got none called ${missing.join(", ")} (there: ${there.join(", ")})`,
    );
  if (fingerprint === model.data.fingerprint && JSON.stringify(job.split) !== JSON.stringify(model.job.split))
    throw new InputError(
      `split must be that of the model to go on from (${JSON.stringify(model.job.split)}), for it was trained on rows of the same data that are held out otherwise, got ${JSON.stringify(job.split)}`,
    );
}

/** InputError where the rows to train on have other classes than the model. */
export function checkClasses(classes: readonly string[], { label }: ModelJson): void {
  if (JSON.stringify(classes) !== JSON.stringify(label.classes))
    throw new InputError(
      `label ${label.column} must have the classes of the model to go on from (${label.classes.join(", ")}), got ${classes.join(", ")}`,
    );
}
