/** What an object's arrival asks for, told by its key: `score/in/<model>/…` is scored with that model, `train/in/<model>/…` brought into it. */
import { createHash } from "node:crypto";
import { findModel, type ModelPlace, modelNames } from "../../model/find.ts";
import type { ScoredObject } from "../../plan/plan.ts";
import { InputError, NotFoundError } from "../../ports/errors.ts";
import { exists } from "../../ports/json.ts";
import type { ObjectInfo, ObjectStore } from "../../ports/object-store.ts";
import { ARRIVALS, PREFIXES } from "../../workflow/stack.ts";
import type { Arrival, ArrivalInput } from "../../workflow/state.ts";
import type { FunctionsOf } from "./plan-run.ts";
import { planScoring, type Stores } from "./plan-scoring.ts";
import { planUpdate } from "./plan-update.ts";

/**
 * Plans what an object's arrival asks for and answers the run's name, which is the same for every event of one upload; null where the
 * object is in the model already.
 */
export async function planArrival(
  { score, update }: ArrivalInput,
  stores: Stores,
  functions: FunctionsOf,
  bundle: string,
): Promise<string | null> {
  if (score !== undefined) return planArrivedScoring(stores, score, functions, bundle);
  if (update !== undefined) return planArrivedUpdate(stores, update, functions, bundle);
  throw new InputError("an execution must be given a run or an object that arrived, got neither");
}

async function planArrivedUpdate(stores: Stores, arrival: Arrival, functions: FunctionsOf, bundle: string): Promise<string | null> {
  const { bucket, key } = await arrivedObject(stores.sources, arrival);
  const { name } = partsOf(key, ARRIVALS.update);
  const models = `${bucket}/${PREFIXES.models}`;
  await namedModel(stores.outputs, models, name, key);
  return planUpdate(stores, { folder: models + name, paths: [`${bucket}/${key}`], functions }, bundle);
}

async function planArrivedScoring(stores: Stores, arrival: Arrival, functions: FunctionsOf, bundle: string): Promise<string> {
  const input = await arrivedObject(stores.sources, arrival);
  const { bucket, key } = input;
  const { name: model, rest } = partsOf(key, ARRIVALS.score);
  const run = runOf("score", arrival.key, input);
  if (await exists(stores.store, `runs/${run}/plan.json`)) return run;
  const place = await namedModel(stores.outputs, `${bucket}/${PREFIXES.models}`, model, key);
  const output = `${bucket}/${PREFIXES.scores}${model}/${rest}`;
  await planScoring(stores, { run, model: place, paths: [`${bucket}/${key}`], output, functions, input }, bundle);
  return run;
}

/**
 * The object that an event means, as it is now. AWS tells its key as it is, LocalStack percent-encoded; so the key is taken as told, and
 * decoded only where no such object exists or the event is of another content. InputError where there is none.
 */
async function arrivedObject(sources: ObjectStore, { bucket, key, versionId, etag }: Arrival): Promise<ScoredObject> {
  let found: ScoredObject | null = null;
  for (const candidate of new Set([key, decoded(key)])) {
    const info = await infoOrNull(sources, `${bucket}/${candidate}`);
    if (info === null) continue;
    const same = withoutQuotes(info.etag) === withoutQuotes(etag);
    // An object that has been replaced since is scored as it is, under the name of what it is.
    const object = { bucket, key: candidate, etag: withoutQuotes(info.etag), ...(same && versionId !== undefined && { versionId }) };
    if (same) return object;
    found ??= object;
  }
  if (found === null) throw new InputError(`object ${bucket}/${key} must exist, got nothing; it may have been deleted since it arrived`);
  return found;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** S3 writes an etag in quotes, its events do not. */
export const withoutQuotes = (etag: string): string => etag.replace(/^"(.*)"$/, "$1");

export async function infoOrNull(store: ObjectStore, key: string): Promise<ObjectInfo | null> {
  try {
    return await store.info(key);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** `<prefix><name>/<rest>`. InputError for a key of another form. */
function partsOf(key: string, prefix: string): { name: string; rest: string } {
  const [, name, rest] = /^([^/]+)\/(.*[^/])$/s.exec(key.startsWith(prefix) ? key.slice(prefix.length) : "") ?? [];
  if (name === undefined) throw new InputError(`the key must be ${prefix}MODEL/NAME_OF_THE_FILE, got ${key}`);
  return { name, rest };
}

/** The name that the door gives the execution, from the key as the event told it. */
function runOf(verb: string, key: string, { bucket, versionId, etag }: ScoredObject): string {
  return `${verb}-${createHash("sha1")
    .update(`${bucket}/${versionId ?? etag}/${key}`)
    .digest("hex")}`;
}

async function namedModel(outputs: ObjectStore, models: string, name: string, key: string): Promise<ModelPlace> {
  const found = await findModel(outputs, models + name);
  if (found !== null) return found;
  const there = await modelNames(outputs, models);
  throw new InputError(`${key} must name a model as its third folder, got ${name} (there: ${there.join(", ") || "none; train one first"})`);
}
