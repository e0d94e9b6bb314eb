/** A round that judges models: predictions of some fold groups through each model's view, encoded once for all models of the view. */
import { addPredictions, emptyEvaluation, type EvaluationAsk, type EvaluationStatistic, mergeEvaluation } from "../../evaluation/evaluation.ts";
import type { View } from "../../features/view.ts";
import { float64, kernels } from "../../kernels/kernels.ts";
import type { Part } from "../../learners/learner.ts";
import { matrixPart } from "../part.ts";
import type { MapContext } from "../phase.ts";

export interface ScoringTarget {
  /** Place in `views`. */
  readonly view: number;
  /** Fold groups whose rows it predicts; the number of folds is the group of the test rows. */
  readonly groups: readonly number[];
  readonly model: unknown;
  readonly ask: EvaluationAsk;
}

export interface ScoringAsk {
  readonly classes: readonly string[] | null;
  readonly views: readonly View[];
  readonly targets: readonly ScoringTarget[];
}

export const emptyScoring = ({ targets }: ScoringAsk): EvaluationStatistic[] => targets.map((target) => emptyEvaluation(target.ask));

export async function mapScoring(into: EvaluationStatistic[], number: number, ask: ScoringAsk, context: MapContext): Promise<void> {
  const part = matrixPart(await context.rows(number, ask.classes));
  const groups = [...new Set(ask.targets.flatMap((target) => target.groups))].sort((a, b) => a - b);
  for (let view = 0; view < ask.views.length; view++) {
    for (const group of groups) {
      const chosen = ask.targets.flatMap((target, t) => (target.view === view && target.groups.includes(group) ? [t] : []));
      if (chosen.length > 0) scoreBlocks(into, part, ask, view, group, chosen, context);
    }
  }
}

function scoreBlocks(
  into: EvaluationStatistic[],
  part: Part,
  { views, targets, classes }: ScoringAsk,
  view: number,
  group: number,
  chosen: readonly number[],
  { learner }: MapContext,
): void {
  const outputs = classes !== null && classes.length > 2 ? classes.length : 1;
  for (const block of part.blocks(views[view], group)) {
    const labels = float64(kernels(), block.label, block.rows).slice();
    const weights = float64(kernels(), block.weight, block.rows).slice();
    for (const t of chosen) {
      const predictions = new Float64Array(block.rows * outputs);
      learner.predict(targets[t].model, block, predictions);
      addPredictions(into[t], targets[t].ask, predictions, labels, weights);
    }
  }
}

export function mergeScoring(into: EvaluationStatistic[], other: EvaluationStatistic[]): void {
  into.forEach((statistic, t) => {
    mergeEvaluation(statistic, other[t]);
  });
}
