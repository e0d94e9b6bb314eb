/** What a run has taken so far, and what happens when it has taken what its job allows: the best model so far is published as such. */
import type { LearnerAny } from "../learners/registry.ts";
import { roundDollars } from "../plan/spend.ts";
import { BudgetError } from "../ports/errors.ts";
import type { Measured } from "./measure.ts";
import type { CandidateState, Round, RunContext, RunState } from "./run.ts";
import type { Spent } from "./spent.ts";
import { tasksOf } from "./tasks.ts";

/** What a round may wait for its functions besides their work; a longer gap is one between a stop and a resume. */
const WAIT_MILLIS = 60_000;

/** With one more round that ended at `atMillis`. */
export function spend(spent: Spent, round: Round, { millis }: Measured, atMillis: number, { plan }: RunContext): Spent {
  const gap = spent.atMillis === null ? millis : Math.max(millis, atMillis - spent.atMillis);
  const { tasks, inGroup } = tasksOf(round, plan);
  return {
    ...spent,
    millis: spent.millis + Math.min(gap, millis + WAIT_MILLIS),
    usd: spent.usd + roundDollars(plan.functions, { tasks, groups: Math.ceil(tasks / inGroup), millis }),
    atMillis,
  };
}

/**
 * The state as it goes on: unchanged within the limits, and where training is over. At a limit training ends with what it has. BudgetError
 * where there is no model yet.
 */
export function keepLimits(state: RunState, { plan, learner }: RunContext): RunState {
  const { minutes = Number.POSITIVE_INFINITY, costUsd = Number.POSITIVE_INFINITY } = plan.job.limits;
  const { spent, phase, candidates } = state;
  const reached = spent.millis >= minutes * 60_000 ? "minutes" : spent.usd >= costUsd ? "costUsd" : null;
  const isTraining =
    plan.score === undefined &&
    plan.update === undefined &&
    !AFTER_TRAINING.includes(phase) &&
    !(phase === "train" && candidates.every(({ done }) => done));
  if (reached === null || !isTraining) return state;
  const final = candidates.at(-1);
  if (phase !== "train" || final === undefined || !hasModel(learner, final)) {
    const limit = reached === "minutes" ? `${minutes} minutes` : `${costUsd} USD`;
    throw new BudgetError(
      `limits.${reached} must leave time for a model, got ${limit}, which were over in phase ${phase} after ${state.rounds} rounds; start it again with more, what was loaded is kept`,
    );
  }
  return { ...state, spent: { ...spent, reached }, candidates: candidates.map((candidate) => ({ ...candidate, done: true })) };
}

/** A learner may need some rounds before there is a model; asked for one earlier, it throws. */
function hasModel(learner: LearnerAny, { state }: CandidateState): boolean {
  try {
    return learner.model(state) !== undefined;
  } catch {
    return false;
  }
}

const AFTER_TRAINING: readonly RunState["phase"][] = ["evaluate", "score", "inspect", "publish"];

/** For `model.json`; nothing in it that differs between two runs which end in the same round. */
export function limitWarning({ spent: { reached } }: RunState, { plan }: RunContext): string[] {
  if (reached === null) return [];
  return [`training was ended by limits.${reached} = ${plan.job.limits[reached]}: this is the best model so far`];
}
