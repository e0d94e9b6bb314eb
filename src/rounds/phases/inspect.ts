/**
 * Inspect: what moves a published model's predictions. One round gathers a sample of rows; the units of the next are questions about it:
 * how good the predictions are, what is lost when a column is shuffled, how they follow a column. Any learner; it only has to predict.
 */
import type { Column, Table } from "../../data/columns.ts";
import { joinRows, reordered, takeRows } from "../../data/take-rows.ts";
import { askEvaluation, type EvaluationAsk, emptyEvaluation, finishEvaluation } from "../../evaluation/evaluation.ts";
import { defaultMetrics, largerIsBetter, type Metric } from "../../evaluation/names.ts";
import type { View } from "../../features/view.ts";
import { hashRow } from "../../kernels/hash.ts";
import { sourcesOf } from "../../model/encode.ts";
import type { Importance, Inspection } from "../../model/inspection.ts";
import { InputError } from "../../ports/errors.ts";
import { sampledRows } from "../../profile/sample.ts";
import { labelValues, rowWeights } from "../parts/labels.ts";
import type { Rows } from "../parts/part.ts";
import { permuted } from "../parts/permutation.ts";
import { outputsOf, predictedSteps } from "../parts/predict-rows.ts";
import type { MapContext, Phase } from "../phase.ts";
import type { RunContext, RunState } from "../run.ts";
import { judgeRows } from "./score.ts";

/** Rows of the sample, and values of it, at most: 32 MiB. */
const SAMPLE_ROWS = 20_000;
const SAMPLE_VALUES = 2 ** 22;
/** Times that each column is shuffled. */
const REPEATS = 5;
/** Points at which dependence is told. */
const POINTS = 20;

type Question =
  | { readonly kind: "judge" }
  | { readonly kind: "shuffle"; readonly column: string; readonly seed: number }
  | { readonly kind: "follow"; readonly column: string; readonly values: readonly (number | string)[] };

export interface InspectAsk {
  readonly view: View;
  readonly model: unknown;
  readonly classes: readonly string[] | null;
  /** What is gathered: rows of the dataset and about how many of them, and these columns. */
  readonly rows: number;
  readonly most: number;
  readonly columns: readonly string[];
  /** Null in the round that gathers it. */
  readonly sample: Table | null;
  readonly questions: readonly Question[];
  readonly evaluation: EvaluationAsk;
}

/** By question: metrics of each repeat, or predictions by value and output. */
interface Answer {
  readonly question: number;
  readonly values: readonly (readonly (number | null)[])[];
}

export interface InspectStatistic {
  sample: Table;
  answers: Answer[];
}

const NO_ROWS: Table = { rows: 0, columns: {} };

export const inspectPhase: Phase<InspectAsk, InspectStatistic> = {
  ask: (state, context) => {
    const { inspected, dataset } = state;
    const inspect = context.plan.score?.inspect;
    const { model } = context;
    if (inspect === undefined || dataset === null || model === null || inspected?.result != null) return null;
    const sources = [...new Set(model.view.columns.map(({ source }) => source))];
    const isLabelled = dataset.columns.some(({ name }) => name === model.label.column);
    const { weight } = context.plan.job;
    const judging = isLabelled ? [model.label.column, ...(weight === undefined ? [] : [weight])] : [];
    const columns = [...new Set([...sourcesOf(model.view), ...judging])];
    const sample = inspected?.sample ?? null;
    const questions = sample === null ? [] : questionsOf(sample, isLabelled ? sources : [], inspect);
    const numbers = sample === null ? dataset.parts : questions.length;
    const ask: InspectAsk = {
      view: model.view,
      model: model.model,
      classes: model.label.classes.length === 0 ? null : model.label.classes,
      rows: dataset.rows,
      most: Math.max(200, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / columns.length))),
      columns,
      sample,
      questions,
      evaluation: evaluationOf(context, sample?.rows ?? 0),
    };
    return { units: [...Array(numbers).keys()], ask };
  },
  empty: () => ({ sample: NO_ROWS, answers: [] }),
  map: async (into, unit, ask, context) => {
    if (ask.sample !== null) {
      into.answers.push({ question: unit, values: answerTo(ask.questions[unit], ask.sample, ask, context) });
      return;
    }
    const { table, firstRow } = await context.table(unit);
    into.sample = joinRows(into.sample, takeRows(table, ask.columns, sampledRows(firstRow, table.rows, ask.rows, ask.most)));
  },
  merge: (into, other) => {
    into.sample = joinRows(into.sample, other.sample);
    into.answers.push(...other.answers);
  },
  step: ({ sample, answers }, ask, state): RunState => {
    if (ask.sample === null) return { ...state, inspected: { sample, result: null } };
    return { ...state, inspected: { sample: null, result: inspectionOf(answers, ask, ask.sample.rows) } };
  },
};

function evaluationOf({ model, plan }: RunContext, rows: number): EvaluationAsk {
  if (model === null) throw new Error("an inspection needs a model");
  const { task, label, threshold } = model;
  const [metric] = plan.job.metrics.length > 0 ? (plan.job.metrics as readonly Metric[]) : defaultMetrics(task);
  const { classes } = label;
  const baseline = classes.length === 0 ? [0] : classes.map(() => 1 / classes.length);
  const exactRows = Number.POSITIVE_INFINITY;
  const weighted = plan.job.weight !== undefined;
  return askEvaluation({ task, metrics: [metric], classes, threshold, weighted, baseline, rows, wantsCurve: false, exactRows });
}

function questionsOf(
  sample: Table,
  shuffled: readonly string[],
  { dependence, seed }: { dependence: readonly string[]; seed: number },
): Question[] {
  return [
    ...(shuffled.length === 0 ? [] : [{ kind: "judge" } as const]),
    ...shuffled.map((column, j): Question => ({ kind: "shuffle", column, seed: hashRow(seed, j) })),
    ...dependence.map((column): Question => ({ kind: "follow", column, values: valuesOf(sample.columns[column]) })),
  ];
}

/** All values where they are few; else numbers at even ranks, and the most frequent strings. */
function valuesOf(column: Column): (number | string)[] {
  if (column.type === "string") {
    const counts = column.dictionary.map((text) => ({ text, rows: 0 }));
    for (const code of column.codes) if (code < counts.length) counts[code].rows += 1;
    const frequent = counts.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows);
    return frequent.slice(0, POINTS).map(({ text }) => text);
  }
  const sorted = Float64Array.from(column.values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const distinct = new Set(sorted);
  if (distinct.size <= POINTS) return [...distinct];
  return [...new Set(Array.from({ length: POINTS }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (POINTS - 1))]))];
}

function answerTo(question: Question, sample: Table, ask: InspectAsk, context: MapContext): (number | null)[][] {
  const rows = Uint32Array.from({ length: sample.rows }, (_, i) => i);
  const withColumn = (name: string, column: Column): Table => ({ ...sample, columns: { ...sample.columns, [name]: column } });
  switch (question.kind) {
    case "judge":
      return [[judged(sample, ask, context)]];
    case "shuffle":
      return Array.from({ length: REPEATS }, (_, repeat) => {
        const order = rows.map((row) => permuted(row, sample.rows, hashRow(question.seed, repeat)));
        return [judged(withColumn(question.column, reordered(sample.columns[question.column], order)), ask, context)];
      });
    case "follow":
      return question.values.map((value) => means(withColumn(question.column, constant(sample, question.column, value)), ask, context));
  }
}

function constant({ rows, columns }: Table, name: string, value: number | string): Column {
  const column = columns[name];
  if (column.type === "string") return { ...column, codes: new Uint32Array(rows).fill(column.dictionary.indexOf(String(value))) };
  return { type: column.type, values: new Float64Array(rows).fill(Number(value)) };
}

function rowsOf(table: Table, labels: Float64Array): Rows {
  return { number: 0, firstRow: 0, table, groups: [Uint32Array.from({ length: table.rows }, (_, i) => i)], labels, weights: null };
}

const predicted = (table: Table, ask: InspectAsk, context: MapContext, labels: Float64Array = new Float64Array(table.rows)) =>
  predictedSteps(rowsOf(table, labels), 0, ask.view, ask.classes, context.learner, ask.model);

function judged(table: Table, ask: InspectAsk, context: MapContext): number | null {
  const labels = labelValues(table, context.plan.job, ask.classes);
  const weights = rowWeights(table, context.plan.job, 0, labels);
  const statistic = emptyEvaluation(ask.evaluation);
  for (const step of predicted(table, ask, context, labels)) judgeRows(statistic, ask.evaluation, step, labels, weights);
  return finishEvaluation(statistic, ask.evaluation).metrics[ask.evaluation.metrics[0]] ?? null;
}

/** Of each output. */
function means(table: Table, ask: InspectAsk, context: MapContext): number[] {
  const sums = new Float64Array(outputsOf(ask.classes));
  let rows = 0;
  for (const { values, kept } of predicted(table, ask, context)) {
    rows += kept.length;
    for (let k = 0; k < sums.length; k++)
      sums[k] = values[0].subarray(k * kept.length, (k + 1) * kept.length).reduce((sum, value) => sum + value, sums[k]);
  }
  return Array.from(sums, (sum) => sum / rows);
}

function inspectionOf(answers: readonly Answer[], { questions, evaluation, classes }: InspectAsk, rows: number): Inspection {
  if (rows === 0) throw new InputError("data must hold at least one row to be inspected, got none");
  const byQuestion = new Map(answers.map(({ question, values }) => [question, values]));
  const answered = questions.map((question, q) => ({ question, values: byQuestion.get(q) ?? [] }));
  const [metric] = evaluation.metrics;
  const base = answered.find(({ question }) => question.kind === "judge")?.values[0][0];
  const columns = answered.flatMap(({ question, values }) =>
    question.kind === "shuffle"
      ? [
          {
            column: question.column,
            ...lossesOf(
              values.map(([value]) => value),
              base ?? null,
              metric,
            ),
          },
        ]
      : [],
  );
  columns.sort((a, b) => (b.mean ?? Number.NEGATIVE_INFINITY) - (a.mean ?? Number.NEGATIVE_INFINITY));
  return {
    rows,
    importance: base === undefined ? null : { metric, value: base, columns },
    dependence: answered.flatMap(({ question, values }) =>
      question.kind === "follow"
        ? [{ column: question.column, points: question.values.map((value, i) => ({ value, predictions: values[i].map(Number) })) }]
        : [],
    ),
    classes: classes ?? [],
  };
}

/** How much worse the metric got: mean and standard deviation over the repeats. */
function lossesOf(
  values: readonly (number | null)[],
  base: number | null,
  metric: Metric,
): Pick<Importance["columns"][number], "mean" | "deviation"> {
  if (base === null || values.includes(null)) return { mean: null, deviation: null };
  const losses = values.map((value) => (largerIsBetter(metric) ? base - Number(value) : Number(value) - base));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const square = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0) / losses.length;
  return { mean, deviation: Math.sqrt(square) };
}
