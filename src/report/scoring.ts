/** What scoring and evaluating a model did. */
import type { ModelJson } from "../model/format.ts";
import type { Scored } from "../model/scores.ts";
import type { Drift } from "../profile/drift.ts";
import { metricsLines } from "./metrics.ts";
import { labelled, table } from "./table.ts";
import { durationText, figure, plural, printable, rateText } from "./text.ts";
import { headline } from "./training.ts";

/** `first` are the first rows of the predictions, by column. */
export function scoringReport(
  { folder, rows, files, metrics, judged, drift, seconds }: Scored,
  first: readonly Readonly<Record<string, unknown>>[],
): string {
  return [
    `scored ${plural(rows, "row")} in ${durationText(seconds)} (${rateText(rows / Math.max(seconds, 0.001))} rows/s)`,
    ...labelled("output", [`${folder} (${plural(files.length, "file")})`]),
    ...(metrics === undefined
      ? []
      : [`The data has the label${ofRows(rows, judged)}, so:`, ...metricsLines([{ title: "scored", metrics }])]),
    ...(drift === undefined ? [] : driftLines(drift)),
    ...(first.length === 0 ? [] : ["", "First predictions", ...previewLines(first)]),
  ].join("\n");
}

/** Nothing where every row was judged. */
const ofRows = (rows: number, judged = rows): string =>
  judged === rows ? "" : ` (${plural(rows - judged, "row")} of ${rows.toLocaleString("en-US")} without one that the model knows)`;

const CHANGED = 5;

/** The columns that changed, the most changed first. */
function driftLines({ changed, columns }: Drift): string[] {
  const psi = (name: string): number => columns[name].psi ?? 0;
  const order = [...changed].sort((a, b) => psi(b) - psi(a));
  const lines = order.slice(0, CHANGED).map((name) => {
    const { psi, missing, missingChange } = columns[name];
    const share = (value: number): string => `${Math.round(100 * value)} %`;
    const index = psi === null ? "" : `stability index ${figure(psi)}, `;
    return `${printable(name)}: ${index}${share(missing)} missing, ${share(missing - missingChange)} in training`;
  });
  const more = order.length > CHANGED ? [`and ${plural(order.length - CHANGED, "column")} more`] : [];
  return labelled("drift", order.length === 0 ? [] : [...lines, ...more]);
}

const SHOWN = 8;

function previewLines(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const all = Object.keys(rows[0]);
  const names = all.slice(0, SHOWN);
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] !== "string"));
  const lines = table(
    [names.map((name) => printable(name)), ...rows.map((row) => names.map((name) => cell(row[name])))],
    isNumber.map((right) => (right ? "r" : "l")).join(""),
  );
  return all.length > SHOWN ? [...lines, `  (and ${plural(all.length - SHOWN, "column")} more in the file)`] : lines;
}

function cell(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : figure(value);
  return value === null || value === undefined ? "-" : printable(String(value));
}

/** Metrics on the new rows beside those that training published. */
export function evaluationReport(model: ModelJson, { rows, metrics = {}, judged, seconds }: Scored): string {
  const { test, train } = model.metrics;
  const before = test ?? train;
  const baseline = model.baseline.test ?? model.baseline.train;
  return [
    `${printable(model.name)}: ${headline(model)}`,
    `judged on ${plural(judged ?? rows, "row")}${ofRows(rows, judged)} in ${durationText(seconds)}`,
    "",
    ...metricsLines([
      { title: "these rows", metrics },
      { title: test === null ? "training" : "test then", metrics: before },
      { title: "baseline then", metrics: baseline },
    ]),
  ].join("\n");
}
