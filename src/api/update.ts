/** Brings new rows into a model on this machine: the run of an object that arrives on AWS. */
import { resolve } from "node:path";
import { anywhere } from "../adapters/anywhere.ts";
import { fileStore } from "../adapters/local/file-store.ts";
import type { MetricsJson, ModelJson } from "../model/format.ts";
import { readModel } from "../model/read.ts";
import { InputError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import { openRun } from "../rounds/open-run.ts";
import { planUpdate } from "../rounds/planning/plan-update.ts";
import { bundle } from "./bundle.ts";
import { execute, type LocalOptions, localFunctionsOf } from "./execute.ts";
import { keyOf } from "./paths.ts";
import type { ScoreOptions } from "./score.ts";

export interface Updated {
  /** Folder of the new version. */
  readonly folder: string;
  readonly model: ModelJson;
  /** Those of the new rows. */
  readonly metrics: MetricsJson;
  readonly seconds: number;
}

/**
 * Brings rows into the latest version of a model and publishes the next one. `model` is the folder of its versions; `paths` name data with
 * its columns and the label. InputError for a learner that keeps nothing for updates, and for data that the model holds already.
 */
export async function update(
  model: string,
  paths: readonly string[],
  options: Pick<LocalOptions, "store" | "threads" | "memoryBytes" | "onPlan" | "onRound" | "signal"> & Pick<ScoreOptions, "missing"> = {},
): Promise<Updated> {
  const from = performance.now();
  const store = fileStore(resolve(options.store ?? ".steplearn"));
  const files = anywhere();
  const stores = { store, sources: files, outputs: files };
  const request = {
    folder: keyOf(model, "."),
    paths: paths.map((path) => keyOf(path, ".")),
    missing: options.missing,
    functions: localFunctionsOf(options),
  };
  let run = await planUpdate(stores, request, bundle);
  if (run === null) throw new InputError(`data must be new to the model, got ${paths.join(", ")}, which it holds already`);
  for (;;) {
    const { plan } = await openRun(store, run, bundle);
    options.onPlan?.(plan);
    // A run where a version was published meanwhile, by which this one goes on.
    const answer = (await execute(plan, options, from)).answer as
      | { readonly folder: string }
      | { readonly run: string; readonly next: string };
    if ("folder" in answer || answer.next === "done") break;
    run = answer.run;
  }
  const { version } = await readJson<{ readonly version: string }>(files, `${request.folder}/latest.json`);
  const folder = `${request.folder}/${version}`;
  return {
    folder,
    model: await readModel(files, `${folder}/model.json`),
    metrics: await readJson<MetricsJson>(files, `${folder}/metrics.json`),
    seconds: (performance.now() - from) / 1_000,
  };
}
