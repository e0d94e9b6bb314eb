/** Scoring on this machine: the rounds of training, ending in predictions of a published model instead of a new one. */
import { resolve } from "node:path";
import { fileStore } from "../adapters/local/file-store.ts";
import type { Scored, ScoresManifest } from "../model/scores.ts";
import { InputError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import { modelAt, planScoring } from "../rounds/planning/plan-scoring.ts";
import { bundle } from "./bundle.ts";
import { execute, type LocalOptions, localFunctionsOf, newRunName } from "./execute.ts";
import { keyOf, modelKeyOf } from "./paths.ts";

export interface ScoreOptions extends Pick<LocalOptions, "store" | "threads" | "memoryBytes" | "onRound" | "signal"> {
  /** Folder for the predictions. */
  readonly output: string;
  /** Also write how much each column moved each prediction; of models of trees. */
  readonly explain?: boolean;
}

export type { Scored } from "../model/scores.ts";

/** Predicts new rows. `model` is a folder with `model.json`, or one of versions with `latest.json`; `paths` name data with its columns. */
export async function score(model: string, paths: readonly string[], options: ScoreOptions): Promise<Scored> {
  const from = performance.now();
  const root = resolve(options.store ?? ".steplearn");
  const files = fileStore("/");
  const output = keyOf(options.output, ".");
  const place = await modelAt(files, modelKeyOf(model), model);
  const request = {
    run: newRunName(`score-${place.version}`, new Date()),
    model: place,
    paths: paths.map((path) => keyOf(path, ".")),
    output,
    functions: localFunctionsOf(options),
    explain: options.explain,
  };
  const plan = await planScoring({ store: fileStore(root), sources: files, outputs: files }, request, bundle);
  await execute(plan, options, from);
  const manifest = await readJson<ScoresManifest>(files, `${output}/manifest.json`);
  const folder = `/${output}`;
  return {
    folder,
    rows: manifest.rows,
    files: manifest.files.map((file) => `${folder}/${file}`),
    ...(manifest.metrics && { metrics: manifest.metrics, judged: manifest.judged }),
    ...(manifest.drift && { drift: manifest.drift }),
    seconds: (performance.now() - from) / 1_000,
  };
}

/** Judges a model on labelled rows. Its predictions are kept with the run. InputError when no row has a label. */
export async function evaluate(model: string, paths: readonly string[], options: Omit<ScoreOptions, "output">): Promise<Scored> {
  const scored = await score(model, paths, { ...options, output: `${options.store ?? ".steplearn"}/judged` });
  if (scored.metrics === undefined)
    throw new InputError("data must have the label column to be judged, got none; predict it with: steplearn score");
  if (scored.judged === 0)
    throw new InputError(`data must have a row with a label that the model knows to be judged, got none of ${scored.rows}`);
  return scored;
}
