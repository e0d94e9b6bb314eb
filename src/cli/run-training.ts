/** A training as the commands train and resume run it, and what they print of it. */
import { dirname } from "node:path";
import type { Trained } from "../api/train.ts";
import type { Plan } from "../plan/plan.ts";
import { shellWord } from "../report/text.ts";
import { trainingReport } from "../report/training.ts";
import type { StoreOptions } from "./options.ts";
import { printResult, shown } from "./output.ts";
import { type Hooks, watched } from "./watched.ts";

type Start = (hooks: Hooks) => Promise<Trained>;

/** The look at the data that a forecast needs takes up to two seconds: not worth it after a shorter training. */
const FORECAST_SECONDS = 60;

/** `isWhole`: the run goes from its beginning to its end, so that its forecast can be held against it. */
export async function runTraining(start: Start, { store, json }: StoreOptions, isWhole = false): Promise<void> {
  let plan: Plan | null = null;
  const noticed: Start = (hooks) =>
    start({
      ...hooks,
      onPlan: (planned) => {
        plan = planned;
        hooks.onPlan(planned);
      },
    });
  const trained = await watched(noticed, (run) =>
    run === null ? "nothing was trained yet" : `go on with: steplearn resume ${run} --store ${shellWord(store)}`,
  );
  const { total, load } = trained.seconds;
  const forecastSeconds = isWhole && plan !== null && total >= FORECAST_SECONDS ? await forecastOf(plan, load === 0) : null;
  printTrained(trained, json === true, forecastSeconds);
}

export function printTrained(trained: Trained, json: boolean, forecastSeconds: number | null = null): void {
  const { run, folder, rounds, seconds, work, metrics, model } = trained;
  const { total, score: _, ...phases } = seconds;
  const result = { run, folder, rounds, phases, seconds: total, forecastSeconds, work, metrics, warnings: model.warnings };
  const facts = { ...trained, forecastSeconds, folder: shown(folder), latest: shown(dirname(folder)) };
  printResult(json, result, () => trainingReport(facts));
}

/** What `steplearn plan` would have said; taken when the run is over, so that short ones do not wait for it. */
async function forecastOf(plan: Plan, loaded: boolean): Promise<number> {
  const [{ forecast }, { expectationOf }] = await Promise.all([import("../plan/forecast.ts"), import("./expectation.ts")]);
  return forecast(plan, { ...(await expectationOf(plan, null)), loaded }).seconds;
}
