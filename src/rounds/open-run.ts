/** The context of a run from its plan, checked to be of this code. */
import { learnerNamed } from "../learners/registry.ts";
import { readModel } from "../model/read.ts";
import type { Plan } from "../plan/plan.ts";
import { CodeChanged } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { Profile } from "../profile/profile.ts";
import type { RunContext } from "./run.ts";

export async function openRun(store: ObjectStore, run: string, bundle: string): Promise<RunContext> {
  const plan = await readJson<Plan>(store, `runs/${run}/plan.json`);
  if (plan.bundle !== bundle) {
    throw new CodeChanged(`run ${run} must go on with the code that planned it (${plan.bundle}), got ${bundle}; start a new run instead`);
  }
  const copy = plan.score?.model.copy ?? plan.update?.copies.model ?? plan.from?.copy;
  const model = copy === undefined ? null : await readModel(store, copy);
  const profile = plan.score?.model.profile === undefined ? null : await readJson<Profile>(store, plan.score.model.profile);
  return { plan, learner: learnerNamed(plan.job.model.learner), model, profile };
}
