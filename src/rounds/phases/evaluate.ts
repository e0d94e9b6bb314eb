/** Evaluate: the final model on the test rows and on its own training rows, each beside the baseline. */
import {
  askEvaluation,
  baseline,
  type EvaluationAsk,
  type EvaluationStatistic,
  finishEvaluation,
  nextEvaluation,
} from "../../evaluation/evaluation.ts";
import { evaluationRequest } from "../parts/judging.ts";
import { joinLabels, trainingLabels } from "../parts/labels.ts";
import type { Phase } from "../phase.ts";
import { type EvaluateState, foldCount, type RunContext, type RunState, viewOf } from "../run.ts";
import { emptyScoring, mapScoring, mergeScoring, poolScoring, type ScoringAsk } from "./scoring.ts";

const SIDES = ["train", "test"] as const;
type Side = (typeof SIDES)[number];

export const evaluatePhase: Phase<ScoringAsk & { readonly sides: readonly Side[] }, EvaluationStatistic[]> = {
  ask: (state, context) => {
    const evaluated = state.evaluated ?? begin(state, context);
    const open = SIDES.filter((side) => evaluated.asks[side] !== null);
    if (open.length === 0) return null;
    // A sample is asked alone: whoever needs all rows waits for the round in which all do.
    const sampling = open.filter((side) => evaluated.asks[side]?.scores.kind === "sample");
    const sides = sampling.length > 0 ? sampling : open;
    const folds = foldCount(context);
    const { learner } = context;
    const final = state.candidates[state.candidates.length - 1].state;
    const model = learner.model(final);
    const trained = learner.trained?.ask(final) ?? null;
    const targets = sides.map((side) => ({
      view: 0,
      ...(side === "test" ? { groups: [folds] } : { groups: [...Array(folds).keys()], trained }),
      model,
      ask: evaluated.asks[side] as EvaluationAsk,
    }));
    const units = [...Array(state.dataset?.parts ?? 0).keys()];
    return { units, ask: { classes: state.classes, views: [viewOf(state, context, null)], targets, sides } };
  },
  empty: emptyScoring,
  map: mapScoring,
  merge: mergeScoring,
  pool: poolScoring,
  step: (merged, ask, state, context) => {
    const before = state.evaluated ?? begin(state, context);
    const asks = { ...before.asks };
    const results = { ...before.results };
    ask.sides.forEach((side, t) => {
      const asked = ask.targets[t].ask;
      const next = nextEvaluation(merged[t], asked);
      asks[side] = next;
      if (next !== null) return;
      const { metrics } = baseline(merged[t], asked);
      results[side] = { model: finishEvaluation(merged[t], asked), baseline: { metrics } };
    });
    return { ...state, evaluated: { asks, results } };
  },
};

function begin(state: RunState, context: RunContext): EvaluateState {
  if (state.labels === null) throw new Error("an evaluation needs the labels");
  const training = trainingLabels(state.labels, null);
  // A constant prediction from all rows that the model knows.
  const known = state.earlier === null ? training : joinLabels([state.earlier, training]);
  const testRows = state.labels.groups[foldCount(context)].rows;
  const { metrics } = context.plan.job;
  return {
    asks: {
      train: askEvaluation(evaluationRequest(state, context, known, training.rows, metrics, true)),
      test: testRows === 0 ? null : askEvaluation(evaluationRequest(state, context, known, testRows, metrics, true)),
    },
    results: { train: null, test: null },
  };
}
