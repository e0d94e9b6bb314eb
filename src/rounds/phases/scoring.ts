/** A round that judges models: predictions of rows through each model's view, encoded once for all models of the view. */
import { MAX_PART_ROWS } from "../../data/columns.ts";
import {
  addPredictions,
  type EvaluationAsk,
  type EvaluationStatistic,
  emptyEvaluation,
  mergeEvaluation,
  poolEvaluation,
} from "../../evaluation/evaluation.ts";
import type { View } from "../../features/view.ts";
import { blockRows } from "../../learners/blocks.ts";
import type { TrainedRows } from "../../learners/learner.ts";
import { matrixPart, type Rows } from "../parts/part.ts";
import { outputsOf, type PredictedBlock, predictBlocks, predictRows, type Room } from "../parts/predict-rows.ts";
import type { MapContext } from "../phase.ts";

interface ScoringTarget {
  /** Place in `views`. */
  readonly view: number;
  /** Fold groups whose rows it predicts; the number of folds is the group of the test rows. */
  readonly groups: readonly number[];
  readonly model: unknown;
  /** What tells parts the predictions of the rows that the model was trained on; null where they have to be made. */
  readonly trained?: unknown;
  readonly ask: EvaluationAsk;
}

export interface ScoringAsk {
  readonly classes: readonly string[] | null;
  readonly views: readonly View[];
  readonly targets: readonly ScoringTarget[];
}

export const emptyScoring = ({ targets }: ScoringAsk): EvaluationStatistic[] => targets.map((target) => emptyEvaluation(target.ask));

export async function mapScoring(into: EvaluationStatistic[], number: number, ask: ScoringAsk, context: MapContext): Promise<void> {
  const rows = await context.rows(number, ask.classes);
  context.resident.open(`${context.plan.run}/${number}`);
  ask.views.forEach((view, v) => {
    const chosen = ask.targets.flatMap((target, t) => (target.view === v && !addTrained(into[t], target, rows, view, context) ? [t] : []));
    for (const asking of Map.groupBy(chosen, (t) => ask.targets[t].groups.join()).values()) {
      const { groups } = ask.targets[asking[0]];
      // Targets that only want a sample are shown fewer blocks.
      for (const [every, those] of Map.groupBy(asking, (t) => everyOf(ask.targets[t]))) {
        const models = those.map((t) => ask.targets[t].model);
        const judge = ({ values, labels, weights }: PredictedBlock): void => {
          those.forEach((t, m) => {
            addPredictions(into[t], ask.targets[t].ask, values[m], labels, weights);
          });
        };
        const outputs = outputsOf(ask.classes);
        // Scores of a curve are put in order, the more at a time the better. A part's rows with a number for each of many classes may not fit.
        if (outputs > 1) predictBlocks(rows, groups, view, outputs, context.learner, models, every, judge);
        else judge(predictRows(rows, groups, view, ask.classes, context.learner, models, every, roomsAgain()));
      }
    }
  });
}

/** Adds what the part knows of its own from training; false where it has to be predicted. */
function addTrained(into: EvaluationStatistic, target: ScoringTarget, rows: Rows, view: View, { learner, resident }: MapContext): boolean {
  const { trained, model, ask } = target;
  if (trained == null || learner.trained === undefined) return false;
  return learner.trained.predictions(matrixPart(rows, resident), view, target.groups, trained, model, (known) => {
    const { values, labels, weights } = everyBlock(known, view.columns.length, everyOf(target));
    addPredictions(into, ask, values, labels, weights);
  });
}

/** Of so many blocks of rows the first, as `predictRows` shows them for predictions of one output. */
function everyBlock({ values, labels, weights }: TrainedRows, columns: number, every: number): TrainedRows {
  if (every === 1) return { values, labels, weights };
  const stride = blockRows(columns);
  const isShown = (_: number, row: number): boolean => Math.floor(row / stride) % every === 0;
  return { values: values.filter(isShown), labels: labels.filter(isShown), weights: weights.filter(isShown) };
}

/** Rooms of one part after the other, which are judged before the next is predicted: fresh memory costs page faults and collections. */
const kept: (Float64Array | undefined)[] = [];
/** 16 MiB of them. */
const KEPT_ROOMS = 16;

function roomsAgain(): Room {
  let next = 0;
  return (length) => {
    const place = next++;
    if (place >= KEPT_ROOMS || length > MAX_PART_ROWS) return new Float64Array(length);
    let own = kept[place];
    if (own === undefined || own.length < length) own = kept[place] = new Float64Array(length);
    return own.subarray(0, length).fill(0);
  };
}

const everyOf = ({ ask: { scores } }: ScoringTarget): number => (scores.kind === "sample" ? scores.every : 1);

export function mergeScoring(into: EvaluationStatistic[], other: EvaluationStatistic[]): void {
  into.forEach((statistic, t) => {
    mergeEvaluation(statistic, other[t]);
  });
}

export function poolScoring(statistics: readonly EvaluationStatistic[][]): void {
  statistics[0].forEach((_, t) => {
    poolEvaluation(statistics.map((own) => own[t]));
  });
}
