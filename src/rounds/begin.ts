/**
 * From an execution's input to its run. Who starts one in the console pastes a job, or says where one lies; the command line and a continuation
 * name a run whose request or plan is in the store; the door tells of an object that arrived.
 */
import { createHash } from "node:crypto";
import { placeJob } from "../job/place.ts";
import { jobFromData, parseJob } from "../job/read.ts";
import { InputError } from "../ports/errors.ts";
import { exists, writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { ArrivalInput, PlanRequest, StartInput } from "../workflow/state.ts";
import { planArrival } from "./planning/arrival.ts";
import type { FunctionsOf, RunRequest } from "./planning/plan-run.ts";
import type { Stores } from "./planning/plan-scoring.ts";
import { isRunName, runName } from "./planning/run-name.ts";

export interface BeginHost extends Stores {
  readonly bundle: string;
  functions(): Promise<FunctionsOf>;
  /** Where relative paths of a job begin: `s3://bucket/`. */
  readonly home: string;
}

export const planKey = (run: string): string => `runs/${run}/plan.json`;
export const requestKey = (run: string): string => `runs/${run}/request.json`;

/** The run of an input, with its request in the store; the same for every try; null where there is nothing to do. InputError says what an input may be. */
export async function beginRun({ input, execution, startTime }: PlanRequest, host: BeginHost): Promise<StartInput | null> {
  const given = input !== null && typeof input === "object" && !Array.isArray(input) ? (input as Readonly<Record<string, unknown>>) : {};
  if ("run" in given) return namedRun(given, host.store);
  if ("score" in given || "update" in given) {
    const run = await planArrival(given as ArrivalInput, host, await host.functions(), host.bundle);
    return run === null ? null : { run, generation: 0 };
  }
  const job = "job" in given ? await storedJob(given.job, host) : pastedJob(given, host);
  const run = runName(job.name, startTime, createHash("sha256").update(execution).digest("hex").slice(0, 8));
  await writeJson(host.store, requestKey(run), { run, job } satisfies RunRequest);
  return { run, generation: 0 };
}

async function namedRun({ run, generation = 0 }: Readonly<Record<string, unknown>>, store: ObjectStore): Promise<StartInput> {
  if (!isRunName(run)) throw new InputError(`run must be the name of one, got ${JSON.stringify(run)}`);
  if (typeof generation !== "number" || !Number.isInteger(generation) || generation < 0)
    throw new InputError(`generation must be an integer >= 0, got ${JSON.stringify(generation)}`);
  const keys = [planKey(run), requestKey(run)];
  if ((await exists(store, keys[0])) || (await exists(store, keys[1]))) return { run, generation };
  throw new InputError(`run must be one of this stack, got ${run}; steplearn runs lists them`);
}

/** `what` says how errors call it. */
const WHAT = "execution input";

function pastedJob(form: Readonly<Record<string, unknown>>, { home }: BeginHost): RunRequest["job"] {
  if (!("data" in form) && !("model" in form)) {
    const found = Object.keys(form).join(", ") || "nothing";
    throw new InputError(
      `the execution input must be a job (data, label, model), {"job": "s3://bucket/job.yaml"} or {"run": "its name"}, got ${found}`,
    );
  }
  const { job, where } = jobFromData(form, WHAT);
  return placeJob(job, { data: home, output: home }, where);
}

/** Data are relative to the job's own folder, as on a disk. */
async function storedJob(path: unknown, { sources, home }: BeginHost): Promise<RunRequest["job"]> {
  if (typeof path !== "string" || !/\.(ya?ml|json)$/i.test(path))
    throw new InputError(`job must be the place of a .yaml, .yml or .json file, got ${JSON.stringify(path)}`);
  const uri = path.startsWith("s3://") ? path : home + path.replace(/^\/+/, "");
  const { job, where } = parseJob(new TextDecoder().decode(await sources.read(uri)), uri);
  return placeJob(job, { data: uri.slice(0, uri.lastIndexOf("/") + 1), output: home }, where);
}
