/** How good a model is: its metrics beside those of a constant prediction on the same rows. */
import { canonicalMetric, largerIsBetter } from "../evaluation/names.ts";
import type { ConfusedJson, Metrics } from "../model/format.ts";
import { table } from "./table.ts";
import { count, figure, printable } from "./text.ts";

export interface Side {
  readonly title: string;
  readonly metrics: Metrics;
}

/** One line a metric, one column a side. */
export function metricsLines(sides: readonly Side[]): string[] {
  const names = Object.keys(sides[0].metrics);
  const rows = names.map((name) => [name, ...figures(sides.map(({ metrics }) => metrics[name]))]);
  return table([["", ...sides.map(({ title }) => title)], ...rows], `l${"r".repeat(sides.length)}`);
}

/** Beside figures of ordinary size a tiny one, as the r2 of a constant on other rows, is zero. */
function figures(values: readonly (number | null | undefined)[]): string[] {
  const largest = Math.max(...values.map((value) => Math.abs(value ?? 0)));
  return values.map((value) => (typeof value === "number" && largest >= 0.01 && Math.abs(value) < 0.00005 ? "0.0000" : figure(value)));
}

/** The metrics by which the model is no better than the constant prediction; a metric undefined on either side is none of them. */
export function notBetter(model: Metrics, baseline: Metrics): string[] {
  return Object.keys(model).filter((name) => {
    const [own, constant] = [model[name], baseline[name]];
    const metric = canonicalMetric(name);
    if (own === null || constant === null || constant === undefined || metric === undefined) return false;
    return largerIsBetter(metric) ? own <= constant : own >= constant;
  });
}

/** Rows by true class (down) and predicted class (across). */
export function confusionLines(classes: readonly string[], confusion: readonly (readonly number[])[]): string[] {
  const head = ["true \\ predicted", ...classes.map((name) => printable(name, 16))];
  const rows = confusion.map((row, k) => [printable(classes[k], 16), ...row.map(rowsOf)]);
  return table([head, ...rows], `l${"r".repeat(classes.length)}`);
}

/** One line a pair of classes. */
export function confusedLines(pairs: readonly ConfusedJson[]): string[] {
  const rows = pairs.map(({ truth, predicted, weight }) => [printable(truth, 32), printable(predicted, 32), rowsOf(weight)]);
  return table([["true", "predicted", "rows"], ...rows], "llr");
}

/** A weight of rows. */
const rowsOf = (weight: number): string => (Number.isInteger(weight) ? count(weight) : figure(weight));
