/** A training as the commands train and resume run it, and what they print of it. */
import { dirname, relative } from "node:path";
import type { Trained } from "../api/train.ts";
import { shellWord } from "../report/text.ts";
import { trainingReport } from "../report/training.ts";
import type { StoreOptions } from "./options.ts";
import { printResult } from "./output.ts";
import { type Hooks, watched } from "./watched.ts";

export async function runTraining(start: (hooks: Hooks) => Promise<Trained>, { store, json }: StoreOptions): Promise<void> {
  const trained = await watched(start, (run) =>
    run === null ? "nothing was trained yet" : `go on with: steplearn resume ${run} --store ${shellWord(store)}`,
  );
  const { run, folder, rounds, seconds, work, metrics, model } = trained;
  const { total, score: _, ...phases } = seconds;
  const result = { run, folder, rounds, phases, seconds: total, work, metrics, warnings: model.warnings };
  printResult(json === true, result, () => trainingReport({ ...trained, folder: shown(folder), latest: shown(dirname(folder)) }));
}

/** A path below the working folder as the user would type it, any other in full. */
function shown(path: string): string {
  if (path.startsWith("s3://")) return path;
  const below = relative(".", path);
  return below === "" || below.startsWith("..") ? path : below;
}
