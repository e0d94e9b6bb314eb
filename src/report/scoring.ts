/** What scoring and evaluating a model did. */
import type { ModelJson } from "../model/format.ts";
import type { Scored } from "../model/scores.ts";
import { metricsLines } from "./metrics.ts";
import { labelled, table } from "./table.ts";
import { durationText, figure, plural, printable, rateText } from "./text.ts";
import { headline } from "./training.ts";

/** `first` are the first rows of the predictions, by column. */
export function scoringReport(
  { folder, rows, files, metrics, seconds }: Scored,
  first: readonly Readonly<Record<string, unknown>>[],
): string {
  return [
    `scored ${plural(rows, "row")} in ${durationText(seconds)} (${rateText(rows / Math.max(seconds, 0.001))} rows/s)`,
    ...labelled("output", [`${folder} (${plural(files.length, "file")})`]),
    ...(metrics === undefined ? [] : ["The data has the label, so:", ...metricsLines([{ title: "scored", metrics }])]),
    ...(first.length === 0 ? [] : ["", "First predictions", ...previewLines(first)]),
  ].join("\n");
}

function previewLines(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = Object.keys(rows[0]);
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] !== "string"));
  return table(
    [names.map((name) => printable(name)), ...rows.map((row) => names.map((name) => cell(row[name])))],
    isNumber.map((right) => (right ? "r" : "l")).join(""),
  );
}

function cell(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : figure(value);
  return value === null || value === undefined ? "-" : printable(String(value));
}

/** Metrics on the new rows beside those that training published. */
export function evaluationReport(model: ModelJson, { rows, metrics = {}, seconds }: Scored): string {
  const { test, train } = model.metrics;
  const before = test ?? train;
  const baseline = model.baseline.test ?? model.baseline.train;
  return [
    `${printable(model.name)}: ${headline(model)}`,
    `judged on ${plural(rows, "row")} in ${durationText(seconds)}`,
    "",
    ...metricsLines([
      { title: "these rows", metrics },
      { title: test === null ? "training" : "test then", metrics: before },
      { title: "baseline then", metrics: baseline },
    ]),
  ].join("\n");
}
