/**
 * Score: a published model's predictions, one Parquet file a part: row, label where the data has it, prediction, probability of each class.
 * With probabilities of many classes, or contributions, a part is as many files as it takes to hold few of them at a time.
 */
import { type OutputColumn, parquetFile } from "../../data/parquet/write.ts";
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
import type { LearnerAny } from "../../learners/registry.ts";
import { EXPLAINED_BYTES, predictedRows } from "../../plan/memory.ts";
import { askDrift, type DriftAsk, type DriftStatistic, emptyDrift, finishDrift, mapDrift, mergeDrift } from "../../profile/drift.ts";
import { explainRows } from "../parts/explain-rows.ts";
import { labelValues, rowWeights } from "../parts/labels.ts";
import type { Rows } from "../parts/part.ts";
import { outputsOf, type Predicted, type PredictedStep, predictedSteps } from "../parts/predict-rows.ts";
import type { Phase } from "../phase.ts";

export interface ScoreAsk {
  readonly view: View;
  readonly model: unknown;
  /** Class texts; null for regression. */
  readonly classes: readonly string[] | null;
  readonly threshold: number;
  readonly output: string;
  readonly prefix: string;
  readonly explain: boolean;
  /** Null where the data has no label. */
  readonly evaluation: EvaluationAsk | null;
  /** Null where the model has no profile. */
  readonly drift: DriftAsk | null;
}

export interface ScoreStatistic {
  rows: number;
  readonly files: string[];
  readonly evaluation: EvaluationStatistic | null;
  readonly drift: DriftStatistic | null;
}

export const scorePhase: Phase<ScoreAsk, ScoreStatistic> = {
  ask: ({ scored, dataset }, { plan, model, profile }) => {
    if (scored !== null || dataset === null || plan.score?.inspect !== undefined) return null;
    if (model === null || plan.score === undefined) throw new Error("scoring needs a model");
    const { column, classes } = model.label;
    const labelled = dataset.columns.some(({ name }) => name === column);
    const { metrics } = plan.job;
    const evaluation = askEvaluation({
      task: model.task,
      metrics: metrics.length > 0 ? (metrics as readonly Metric[]) : defaultMetrics(model.task),
      classes,
      threshold: model.threshold,
      weighted: plan.job.weight !== undefined,
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
      prefix: plan.score.prefix,
      explain: plan.score.explain === true,
      evaluation: labelled ? evaluation : null,
      drift: profile === null ? null : askDrift(profile, dataset.columns, dataset.rows),
    };
    return { units: [...Array(dataset.parts).keys()], ask };
  },
  empty: ({ evaluation, drift }) => ({
    rows: 0,
    files: [],
    evaluation: evaluation === null ? null : emptyEvaluation(evaluation),
    drift: drift === null ? null : emptyDrift(drift),
  }),
  map: async (into, number, ask, context) => {
    const { table, firstRow } = await context.table(number);
    const labels = ask.evaluation === null ? new Float64Array(table.rows) : labelValues(table, context.plan.job, ask.classes);
    const weights = ask.evaluation === null ? null : rowWeights(table, context.plan.job, firstRow, labels);
    if (into.drift !== null && ask.drift !== null) mapDrift(into.drift, table, firstRow, ask.drift);
    const all: Rows = { number, firstRow, table, groups: [allRows(table.rows)], labels, weights: null };
    const own = ask.explain ? explainedRows(ask) : Number.POSITIVE_INFINITY;
    const most = Math.min(own, predictedRows(outputsOf(ask.classes)));
    let files = 0;
    for (const predicted of predictedSteps(all, 0, ask.view, ask.classes, context.learner, ask.model)) {
      const { start, end } = predicted;
      if (into.evaluation !== null && ask.evaluation !== null) judgeRows(into.evaluation, ask.evaluation, predicted, labels, weights);
      const columns = predictionColumns(all, predicted, ask, context.plan.job.label.column);
      for (let from = start; from === start || from < end; from += own) {
        const to = Math.min(end, from + own);
        const more = ask.explain ? contributionColumns(all, from, to, ask, context.learner) : [];
        const which = most < table.rows ? `-${String(files++).padStart(5, "0")}` : "";
        const name = `${ask.prefix}${String(number).padStart(5, "0")}${which}.parquet`;
        const file = parquetFile(to - from, [...columns.map((column) => rowsOfColumn(column, from - start, to - start)), ...more]);
        await context.behind(context.outputs.write(`${ask.output}/${name}`, file));
        into.files.push(name);
      }
    }
    into.rows += table.rows;
  },
  merge: (into, other, ask) => {
    into.rows += other.rows;
    into.files.push(...other.files);
    if (into.evaluation !== null && other.evaluation !== null && ask.evaluation !== null) {
      mergeEvaluation(into.evaluation, other.evaluation);
    }
    if (into.drift !== null && other.drift !== null) mergeDrift(into.drift, other.drift);
  },
  step: ({ rows, files, evaluation, drift }, ask, state) => {
    const evaluated = evaluation === null || ask.evaluation === null ? null : finishEvaluation(evaluation, ask.evaluation);
    return {
      ...state,
      scored: { rows, files, evaluated, drift: drift === null || ask.drift === null ? null : finishDrift(drift, ask.drift) },
    };
  },
};

function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  return rows;
}

/** Rows with a label that training knew are judged, by their weights where the data has them; others are predicted all the same. */
export function judgeRows(
  into: EvaluationStatistic,
  ask: EvaluationAsk,
  { kept, values: [values], outputs }: Predicted,
  labels: Float64Array,
  weights: Float64Array | null,
): void {
  const n = kept.length;
  const truth = new Float64Array(n);
  const own = new Float64Array(n).fill(1);
  const predictions = new Float64Array(n * outputs);
  let judged = 0;
  for (let i = 0; i < n; i++) {
    const label = labels[kept[i]];
    if (Number.isNaN(label)) continue;
    truth[judged] = label;
    if (weights !== null) own[judged] = weights[kept[i]];
    for (let k = 0; k < outputs; k++) predictions[k * n + judged] = values[k * n + i];
    judged++;
  }
  for (let k = 1; judged < n && k < outputs; k++) predictions.copyWithin(k * judged, k * n, k * n + judged);
  addPredictions(into, ask, predictions.subarray(0, judged * outputs), truth.subarray(0, judged), own.subarray(0, judged));
}

/** A row that the view skips has null for a prediction. */
function predictionColumns(
  { table, firstRow }: Rows,
  { start, end, kept, values: [values], outputs }: PredictedStep,
  { classes, threshold }: ScoreAsk,
  label: string,
): OutputColumn[] {
  const places = start === 0 ? kept : kept.map((row) => row - start);
  const whole = (k: number): Float64Array => spread(values.subarray(k * kept.length, (k + 1) * kept.length), places, end - start);
  const columns: OutputColumn[] = [{ name: "row", kind: "count", first: firstRow + start }];
  const truth = table.columns[label];
  if (truth?.type === "string")
    columns.push({ name: label, kind: "strings", codes: truth.codes.subarray(start, end), dictionary: truth.dictionary });
  else if (truth !== undefined)
    columns.push({ name: label, kind: "numbers", values: Float64Array.from(truth.values.subarray(start, end)) });
  if (classes === null) return [...columns, { name: "prediction", kind: "numbers", values: whole(0) }];
  const probabilities = outputs > 1 ? classes.map((_, k) => whole(k)) : bothProbabilities(whole(0));
  columns.push({ name: "prediction", kind: "strings", codes: chosenOf(probabilities, threshold), dictionary: classes });
  classes.forEach((name, k) => {
    columns.push({ name: `probability_${name}`, kind: "numbers", values: probabilities[k] });
  });
  return columns;
}

function rowsOfColumn(column: OutputColumn, start: number, end: number): OutputColumn {
  if (column.kind === "count") return { ...column, first: column.first + start };
  if (column.kind === "numbers") return { ...column, values: column.values.subarray(start, end) };
  return { ...column, codes: column.codes.subarray(start, end) };
}

/** Numbers of contributions that a row has. */
const contributionsOf = ({ view, classes }: ScoreAsk): number => outputsOf(classes) * (view.columns.length + 1);

const explainedRows = (ask: ScoreAsk): number => Math.max(1, Math.floor(EXPLAINED_BYTES / 8 / contributionsOf(ask)));

/** Of rows [start, end): `contribution_<column>` and `contribution_base`; of more than two classes `contribution_<class>_<column>`. */
function contributionColumns(rows: Rows, start: number, end: number, ask: ScoreAsk, learner: LearnerAny): OutputColumn[] {
  const { view, classes, model } = ask;
  const names = [...view.columns.map(({ name }) => name), "base"];
  const prefixes = classes !== null && classes.length > 2 ? classes.map((name) => `${name}_`) : [""];
  const group = { ...rows, groups: [rows.groups[0].subarray(start, end)] };
  const { kept, columns } = explainRows(group, [0], view, learner, model, prefixes.length);
  const places = kept.map((row) => row - start);
  return columns.map((values, c) => ({
    name: `contribution_${prefixes[Math.floor(c / names.length)]}${names[c % names.length]}`,
    kind: "numbers",
    values: spread(values, places, end - start),
  }));
}

/** NaN for the rows between those kept. */
function spread(values: Float64Array, kept: Uint32Array, rows: number): Float64Array {
  if (kept.length === rows) return values;
  const whole = new Float64Array(rows).fill(Number.NaN);
  kept.forEach((row, i) => {
    whole[row] = values[i];
  });
  return whole;
}

function bothProbabilities(positive: Float64Array): Float64Array[] {
  const negative = new Float64Array(positive.length);
  for (let i = 0; i < positive.length; i++) negative[i] = 1 - positive[i];
  return [negative, positive];
}

/** Class of each row, by number; the number of classes for none. Two classes by the threshold, more by the largest probability, the first of equal ones. */
function chosenOf(probabilities: readonly Float64Array[], threshold: number): Uint16Array {
  const count = probabilities.length;
  const [first, second] = probabilities;
  const chosen = new Uint16Array(first.length);
  if (count === 2) {
    for (let i = 0; i < chosen.length; i++) chosen[i] = second[i] > threshold ? 1 : Number.isNaN(second[i]) ? 2 : 0;
    return chosen;
  }
  for (let i = 0; i < chosen.length; i++) {
    let best = 0;
    for (let k = 1; k < count; k++) if (probabilities[k][i] > probabilities[best][i]) best = k;
    chosen[i] = Number.isNaN(first[i]) ? count : best;
  }
  return chosen;
}
