/** Scoring on this machine: the rounds of training, ending in predictions of a published model instead of a new one. */
import { resolve } from "node:path";
import { anywhere } from "../adapters/anywhere.ts";
import { fileStore } from "../adapters/local/file-store.ts";
import { checkWritable } from "../adapters/local/writable.ts";
import { type Manifest, manifestKey, partPlaces, readPart } from "../data/manifest.ts";
import type { ModelPlace } from "../model/find.ts";
import type { ModelJson } from "../model/format.ts";
import type { Scored, ScoresManifest } from "../model/scores.ts";
import type { Plan } from "../plan/plan.ts";
import { InputError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import { modelAt, planScoring } from "../rounds/planning/plan-scoring.ts";
import { bundle } from "./bundle.ts";
import { execute, type LocalOptions, localFunctionsOf, newRunName } from "./execute.ts";
import { keyOf, modelKeyOf } from "./paths.ts";
import { checkOutput, earlierFiles, removeEarlier } from "./score-output.ts";

export interface ScoreOptions extends Pick<LocalOptions, "store" | "threads" | "memoryBytes" | "onRound" | "signal"> {
  /** Folder for the predictions, outside of the model's and of the data. */
  readonly output: string;
  /** Texts that mean a missing value in a CSV of the data, beside those that the model's job names. */
  readonly missing?: readonly string[];
  /** Also write how much each column moved each prediction; of models of trees. */
  readonly explain?: boolean;
}

export type { Scored } from "../model/scores.ts";

/** Predicts new rows. `model` is a folder with `model.json`, or one of versions with `latest.json`; `paths` name data with its columns. */
export async function score(model: string, paths: readonly string[], options: ScoreOptions): Promise<Scored> {
  const place = await placeOf(model);
  const keys = paths.map((path) => keyOf(path, "."));
  await checkOutput(files, { model: place, paths: keys, output: keyOf(options.output, ".") });
  await checkWritable(options.output, "output");
  return (await scoredWithPlan(place, keys, options)).scored;
}

const files = anywhere();

const placeOf = (model: string): Promise<ModelPlace> => modelAt(files, modelKeyOf(model), model);

async function scoredWithPlan(model: ModelPlace, paths: readonly string[], options: ScoreOptions): Promise<{ scored: Scored; plan: Plan }> {
  const from = performance.now();
  const root = resolve(options.store ?? ".steplearn");
  const output = keyOf(options.output, ".");
  const request = {
    run: newRunName(`score-${model.version}`, new Date()),
    model,
    paths,
    missing: options.missing,
    output,
    functions: localFunctionsOf(options),
    explain: options.explain,
  };
  const earlier = await earlierFiles(files, output);
  const plan = await planScoring({ store: fileStore(root), sources: files, outputs: files }, request, bundle);
  await execute(plan, options, from);
  const manifest = await readJson<ScoresManifest>(files, `${output}/manifest.json`);
  await removeEarlier(output, earlier, manifest.files);
  const scored = {
    folder: output,
    rows: manifest.rows,
    files: manifest.files.map((file) => `${output}/${file}`),
    ...(manifest.metrics && { metrics: manifest.metrics, judged: manifest.judged }),
    ...(manifest.drift && { drift: manifest.drift }),
    seconds: (performance.now() - from) / 1_000,
  };
  return { scored, plan };
}

/** Judges a model on labelled rows. Its predictions are kept with the run. InputError when no row has a label. */
export async function evaluate(model: string, paths: readonly string[], options: Omit<ScoreOptions, "output">): Promise<Scored> {
  const place = await placeOf(model);
  const keys = paths.map((path) => keyOf(path, "."));
  const { scored, plan } = await scoredWithPlan(place, keys, { ...options, output: `${options.store ?? ".steplearn"}/judged` });
  if (scored.metrics === undefined)
    throw new InputError("data must have the label column to be judged, got none; predict it with: steplearn score");
  if (scored.judged === 0)
    throw new InputError(
      `data must have a row with a label that the model knows to be judged, got none of ${scored.rows}${await labelsText(place, plan, options)}`,
    );
  return scored;
}

const LABELS = 5;

/** What the first rows have for a label, beside what the model knows. */
async function labelsText({ folder }: ModelPlace, { fingerprint }: Plan, options: Pick<ScoreOptions, "store">): Promise<string> {
  const { label } = await readJson<ModelJson>(files, `${folder}/model.json`);
  const store = fileStore(resolve(options.store ?? ".steplearn"));
  const manifest = await readJson<Manifest>(store, manifestKey(fingerprint));
  const column = (await readPart(store, manifest, partPlaces(manifest)[0])).columns[label.column];
  const texts = column?.type === "string" ? column.dictionary : [...new Set(column?.values ?? [])].filter((value) => !Number.isNaN(value));
  const list = (found: readonly (string | number)[]): string =>
    found.length === 0
      ? "nothing"
      : found
          .slice(0, LABELS)
          .map((text) => JSON.stringify(String(text)))
          .join(", ");
  return `: its column ${label.column} holds ${list(texts)}${label.classes.length === 0 ? "" : `, and the model knows ${list(label.classes)}`}`;
}
