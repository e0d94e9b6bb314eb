/** Scoring on this machine: the rounds of training, ending in predictions of a published model instead of a new one. */
import { resolve } from "node:path";
import { fileStore } from "../adapters/local/file-store.ts";
import type { Job } from "../job/job.ts";
import { readModel } from "../model/read.ts";
import type { Scored, ScoresManifest } from "../model/scores.ts";
import { InputError } from "../ports/errors.ts";
import { exists, readJson, writeJson } from "../ports/json.ts";
import { planScoring } from "../rounds/plan-run.ts";
import { bundle } from "./bundle.ts";
import { execute, keyOf, type LocalOptions, localFunctionsOf, runName } from "./execute.ts";

export interface ScoreOptions extends Pick<LocalOptions, "store" | "threads" | "memoryBytes" | "onRound" | "signal"> {
  /** Folder for the predictions. */
  readonly output: string;
}

export type { Scored } from "../model/scores.ts";

/** Predicts new rows. `model` is a folder with `model.json`, or one of versions with `latest.json`; `paths` name data with its columns. */
export async function score(model: string, paths: readonly string[], options: ScoreOptions): Promise<Scored> {
  const from = performance.now();
  const root = resolve(options.store ?? ".steplearn");
  const files = fileStore("/");
  const published = await readModel(files, `${await modelFolder(model)}/model.json`);
  const output = keyOf(options.output, ".");
  const job: Job = {
    ...published.job,
    data: {
      ...published.job.data,
      format: undefined,
      paths: paths.map((path) => keyOf(path, ".")),
      columns: typesOf(published.data.columns),
      exclude: [],
    },
    split: { kind: "none", seed: 0, stratify: false },
    tune: undefined,
    weight: undefined,
    output,
  };
  const run = runName(`score-${published.name}`, new Date());
  const store = fileStore(root);
  const plan = await planScoring(files, { run, job, functions: localFunctionsOf(options) }, published, bundle);
  await writeJson(store, `runs/${run}/model.json`, published);
  await writeJson(store, `runs/${run}/plan.json`, plan);
  await execute(plan, options, from);
  const manifest = await readJson<ScoresManifest>(files, `${output}/manifest.json`);
  const folder = `/${output}`;
  return {
    folder,
    rows: manifest.rows,
    files: manifest.files.map((file) => `${folder}/${file}`),
    ...(manifest.metrics && { metrics: manifest.metrics }),
    seconds: (performance.now() - from) / 1_000,
  };
}

/** Key of the folder that holds `model.json`: the one given, or the latest version in it. */
async function modelFolder(path: string): Promise<string> {
  const files = fileStore("/");
  const folder = keyOf(path.replace(/\/model\.json$/, ""), ".");
  if (await exists(files, `${folder}/model.json`)) return folder;
  if (!(await exists(files, `${folder}/latest.json`)))
    throw new InputError(`model must be a folder with model.json or latest.json, got ${path}`);
  const { version } = await readJson<{ version: string }>(files, `${folder}/latest.json`);
  return `${folder}/${version}`;
}

/** New data is read with the types that training settled on. */
const typesOf = (columns: readonly { readonly name: string; readonly type: string }[]): Job["data"]["columns"] =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type])) as Job["data"]["columns"];

/** Judges a model on labelled rows. Its predictions are kept with the run. InputError when the data has no label. */
export async function evaluate(model: string, paths: readonly string[], options: Omit<ScoreOptions, "output">): Promise<Scored> {
  const scored = await score(model, paths, { ...options, output: `${options.store ?? ".steplearn"}/judged` });
  if (scored.metrics === undefined)
    throw new InputError("data must have the label column to be judged, got none; predict it with: steplearn score");
  return scored;
}
