/** What the learner of a run expects of the phase that it is in, for the time left. */
import { viewFor } from "../features/fit.ts";
import { learnerNamed } from "../learners/registry.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunState } from "../rounds/run.ts";
import { searchOf } from "../tuning/candidates.ts";

/** Null for phases whose rounds do not depend on the learner: they are few. */
export function expectedRounds({ job }: Plan, { history, fit, dataset, classes }: RunState): number | null {
  const phase = history.at(-1)?.phase;
  if ((phase !== "train" && phase !== "search") || fit === null || dataset === null) return null;
  const shape = { rows: dataset.rows, parts: dataset.parts, columns: viewFor(fit, null).columns.length, classes: classes?.length ?? 1 };
  return learnerNamed(job.model.learner).cost(shape, searchOf(job).settings[0]).rounds;
}
