/** Score: a published model's predictions, one Parquet file a part: row, label where the data has it, prediction, probability of each class. */
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Table } from "../../data/columns.ts";
import {
  addPredictions,
  askEvaluation,
  type EvaluationAsk,
  type EvaluationStatistic,
  emptyEvaluation,
  finishEvaluation,
  mergeEvaluation,
} from "../../evaluation/evaluation.ts";
import { defaultMetrics, type Metric } from "../../evaluation/names.ts";
import type { View } from "../../features/view.ts";
import { labelValues } from "../labels.ts";
import type { Rows } from "../part.ts";
import type { Phase } from "../phase.ts";
import { type Predicted, predictRows } from "../predict-rows.ts";

export interface ScoreAsk {
  readonly view: View;
  readonly model: unknown;
  /** Class texts; null for regression. */
  readonly classes: readonly string[] | null;
  readonly threshold: number;
  readonly output: string;
  /** Null where the data has no label. */
  readonly evaluation: EvaluationAsk | null;
}

export interface ScoreStatistic {
  rows: number;
  readonly files: string[];
  readonly evaluation: EvaluationStatistic | null;
}

export const scorePhase: Phase<ScoreAsk, ScoreStatistic> = {
  ask: ({ scored, dataset }, { plan, model }) => {
    if (scored !== null || dataset === null) return null;
    if (model === null || plan.score === undefined) throw new Error("scoring needs a model");
    const { column, classes } = model.label;
    const labelled = dataset.columns.some(({ name }) => name === column);
    const { metrics } = plan.job;
    const evaluation = askEvaluation({
      task: model.task,
      metrics: metrics.length > 0 ? (metrics as readonly Metric[]) : defaultMetrics(model.task),
      classes,
      threshold: model.threshold,
      weighted: false,
      baseline: classes.length === 0 ? [0] : classes.map(() => 1 / classes.length),
      rows: dataset.rows,
      wantsCurve: false,
      exactRows: Number.POSITIVE_INFINITY,
    });
    const ask = {
      view: model.view,
      model: model.model,
      classes: classes.length === 0 ? null : classes,
      threshold: model.threshold,
      output: plan.score.output,
      evaluation: labelled ? evaluation : null,
    };
    return { units: [...Array(dataset.parts).keys()], ask };
  },
  empty: ({ evaluation }) => ({ rows: 0, files: [], evaluation: evaluation === null ? null : emptyEvaluation(evaluation) }),
  map: async (into, number, ask, context) => {
    const { table, firstRow } = await context.table(number);
    const labels = ask.evaluation === null ? new Float64Array(table.rows) : labelValues(table, context.plan.job, ask.classes);
    const rows: Rows = { number, firstRow, table, groups: [Uint32Array.from({ length: table.rows }, (_, i) => i)], labels, weights: null };
    const predicted = predictRows(rows, 0, ask.view, ask.classes, context.learner, [ask.model]);
    if (into.evaluation !== null && ask.evaluation !== null) evaluate(into.evaluation, ask.evaluation, predicted, labels);
    const file = `part-${String(number).padStart(5, "0")}.parquet`;
    await context.outputs.write(`${ask.output}/${file}`, parquetOf(table, firstRow, predicted, ask, context.plan.job.label.column));
    into.rows += table.rows;
    into.files.push(file);
  },
  merge: (into, other, ask) => {
    into.rows += other.rows;
    into.files.push(...other.files);
    if (into.evaluation !== null && other.evaluation !== null && ask.evaluation !== null) {
      mergeEvaluation(into.evaluation, other.evaluation, ask.evaluation);
    }
  },
  step: ({ rows, files, evaluation }, ask, state) => {
    const evaluated = evaluation === null || ask.evaluation === null ? null : finishEvaluation(evaluation, ask.evaluation);
    return { ...state, scored: { rows, files, evaluated } };
  },
};

/** Rows with a label that training knew are judged; others are predicted all the same. */
function evaluate(
  into: EvaluationStatistic,
  ask: EvaluationAsk,
  { kept, values: [values], outputs }: Predicted,
  labels: Float64Array,
): void {
  const judged = Uint32Array.from(kept.keys()).filter((i) => !Number.isNaN(labels[kept[i]]));
  const predictions = new Float64Array(judged.length * outputs);
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < judged.length; i++) predictions[k * judged.length + i] = values[k * kept.length + judged[i]];
  const truth = Float64Array.from(judged, (i) => labels[kept[i]]);
  addPredictions(into, ask, predictions, truth, new Float64Array(judged.length).fill(1));
}

/** A row that the view skips has null for a prediction. */
function parquetOf(
  table: Table,
  firstRow: number,
  { kept, values: [values], outputs }: Predicted,
  ask: ScoreAsk,
  label: string,
): Uint8Array {
  const n = table.rows;
  const place = new Int32Array(n).fill(-1);
  kept.forEach((row, i) => {
    place[row] = i;
  });
  const column = (k: number): (number | null)[] => Array.from(place, (i) => (i < 0 ? null : values[k * kept.length + i]));
  const columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"] = [
    { name: "row", data: BigInt64Array.from({ length: n }, (_, i) => BigInt(firstRow + i)), type: "INT64", nullable: false },
  ];
  const truth = table.columns[label];
  if (truth?.type === "string")
    columnData.push({ name: label, data: Array.from(truth.codes, (code) => truth.dictionary[code] ?? null), type: "STRING" });
  else if (truth !== undefined)
    columnData.push({ name: label, data: Array.from(truth.values, (value) => (Number.isNaN(value) ? null : value)), type: "DOUBLE" });
  const { classes, threshold } = ask;
  if (classes === null) {
    columnData.push({ name: "prediction", data: column(0), type: "DOUBLE" });
  } else {
    const probabilities = outputs > 1 ? classes.map((_, k) => column(k)) : binaryProbabilities(column(0));
    const best = Array.from(place, (i, row) => (i < 0 ? null : classes[bestOf(probabilities, row, threshold)]));
    columnData.push({ name: "prediction", data: best, type: "STRING" });
    classes.forEach((name, k) => {
      columnData.push({ name: `probability_${name}`, data: probabilities[k], type: "DOUBLE" });
    });
  }
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const binaryProbabilities = (positive: (number | null)[]): (number | null)[][] => [
  positive.map((p) => (p === null ? null : 1 - p)),
  positive,
];

/** Two classes by the threshold, more by the largest probability, the first of equal ones. */
function bestOf(probabilities: readonly (number | null)[][], row: number, threshold: number): number {
  if (probabilities.length === 2) return Number(probabilities[1][row]) > threshold ? 1 : 0;
  let best = 0;
  for (let k = 1; k < probabilities.length; k++) if (Number(probabilities[k][row]) > Number(probabilities[best][row])) best = k;
  return best;
}
