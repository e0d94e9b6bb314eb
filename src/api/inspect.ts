/** Inspecting a published model on this machine: importances of its columns, and how predictions follow some of them. */
import { resolve } from "node:path";
import { anywhere } from "../adapters/anywhere.ts";
import { fileStore } from "../adapters/local/file-store.ts";
import type { Inspection } from "../model/inspection.ts";
import { openCheckpoint } from "../rounds/checkpoint.ts";
import { modelAt, planScoring } from "../rounds/planning/plan-scoring.ts";
import { bundle } from "./bundle.ts";
import { execute, localFunctionsOf, newRunName } from "./execute.ts";
import { keyOf, modelKeyOf } from "./paths.ts";
import type { ScoreOptions } from "./score.ts";

export interface InspectOptions extends Omit<ScoreOptions, "output" | "explain"> {
  /** Columns of the data whose dependence is told. */
  readonly dependence?: readonly string[];
  /** Of the shuffling; 42 where left out. */
  readonly seed?: number;
}

export interface Inspected extends Inspection {
  readonly seconds: number;
}

/** Any model, `model` and `paths` as in `score`. Without the label in the data there are no importances. InputError for columns that it does not read. */
export async function inspect(model: string, paths: readonly string[], options: InspectOptions = {}): Promise<Inspected> {
  const from = performance.now();
  const { store: folder = ".steplearn", dependence = [], seed = 42 } = options;
  const store = fileStore(resolve(folder));
  const files = anywhere();
  const place = await modelAt(files, modelKeyOf(model), model);
  const request = {
    run: newRunName(`inspect-${place.version}`, new Date()),
    model: place,
    paths: paths.map((path) => keyOf(path, ".")),
    missing: options.missing,
    output: keyOf(`${folder}/inspected`, "."),
    functions: localFunctionsOf(options),
    inspect: { dependence, seed },
  };
  const plan = await planScoring({ store, sources: files, outputs: files }, request, bundle);
  await execute(plan, options, from);
  const { state } = await openCheckpoint(store, plan.run);
  if (state.inspected?.result == null) throw new Error("an inspection must end with what it found");
  return { ...state.inspected.result, seconds: (performance.now() - from) / 1_000 };
}
