/** Scoring on this machine: the rounds of training, ending in predictions of a published model instead of a new one. */
import { resolve } from "node:path";
import { fileStore } from "../adapters/local/file-store.ts";
import { type Manifest, manifestKey, partPlaces, readPart } from "../data/manifest.ts";
import type { ModelJson } from "../model/format.ts";
import type { Scored, ScoresManifest } from "../model/scores.ts";
import type { Plan } from "../plan/plan.ts";
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
  return (await scoredWithPlan(model, paths, options)).scored;
}

async function scoredWithPlan(model: string, paths: readonly string[], options: ScoreOptions): Promise<{ scored: Scored; plan: Plan }> {
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
  const scored = {
    folder,
    rows: manifest.rows,
    files: manifest.files.map((file) => `${folder}/${file}`),
    ...(manifest.metrics && { metrics: manifest.metrics, judged: manifest.judged }),
    ...(manifest.drift && { drift: manifest.drift }),
    seconds: (performance.now() - from) / 1_000,
  };
  return { scored, plan };
}

/** Judges a model on labelled rows. Its predictions are kept with the run. InputError when no row has a label. */
export async function evaluate(model: string, paths: readonly string[], options: Omit<ScoreOptions, "output">): Promise<Scored> {
  const { scored, plan } = await scoredWithPlan(model, paths, { ...options, output: `${options.store ?? ".steplearn"}/judged` });
  if (scored.metrics === undefined)
    throw new InputError("data must have the label column to be judged, got none; predict it with: steplearn score");
  if (scored.judged === 0)
    throw new InputError(
      `data must have a row with a label that the model knows to be judged, got none of ${scored.rows}${await labelsText(model, plan, options)}`,
    );
  return scored;
}

const LABELS = 5;

/** What the first rows have for a label, beside what the model knows. */
async function labelsText(model: string, { fingerprint }: Plan, options: Pick<ScoreOptions, "store">): Promise<string> {
  const files = fileStore("/");
  const { folder } = await modelAt(files, modelKeyOf(model), model);
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
