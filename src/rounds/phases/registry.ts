/** The phase of each name. Search and train share the learner's rounds, judge and evaluate the scoring ones. */
import type { LearnerAny } from "../../learners/registry.ts";
import type { Merge } from "../../statistics/merge-tree.ts";
import type { Phase } from "../phase.ts";
import type { PhaseName, Round } from "../run.ts";
import { evaluatePhase } from "./evaluate.ts";
import { fitPhase } from "./fit.ts";
import { inspectPhase } from "./inspect.ts";
import { judgePhase } from "./judge.ts";
import { loadPhase } from "./load.ts";
import { scorePhase } from "./score.ts";
import { surveyPhase } from "./survey.ts";
import { trainPhase } from "./train.ts";

// biome-ignore lint/suspicious/noExplicitAny: a phase's ask and statistic are its own; the engine only passes them on
export type PhaseAny = Phase<any, any>;

export function phaseNamed(name: PhaseName, learner: LearnerAny): PhaseAny {
  switch (name) {
    case "load":
      return loadPhase;
    case "survey":
      return surveyPhase;
    case "fit":
      return fitPhase;
    case "search":
    case "train":
      return trainPhase(learner);
    case "judge":
      return judgePhase;
    case "evaluate":
      return evaluatePhase;
    case "score":
      return scorePhase;
    case "inspect":
      return inspectPhase;
    case "publish":
      throw new Error("nothing is asked of parts once a run is to be published");
  }
}

/** How the answers to a round merge. */
export function mergeOf({ phase, ask }: Pick<Round, "phase" | "ask">, learner: LearnerAny): Merge<unknown> {
  const { merge } = phaseNamed(phase, learner);
  return (into, other) => merge(into, other, ask);
}
