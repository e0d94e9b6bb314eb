/** What moves a model's predictions. */
import type { ModelJson } from "../model/format.ts";
import type { Dependence, Inspection } from "../model/inspection.ts";
import { table } from "./table.ts";
import { durationText, figure, plural, printable } from "./text.ts";
import { headline } from "./training.ts";

export function inspectionReport(
  model: ModelJson,
  { rows, importance, dependence, classes, seconds }: Inspection & { readonly seconds: number },
): string {
  return [
    `${printable(model.name)}: ${headline(model)}`,
    `inspected on ${plural(rows, "row")} in ${durationText(seconds)}`,
    ...(importance === null ? [] : ["", ...importanceLines(importance)]),
    ...dependence.flatMap((own) => ["", ...dependenceLines(own, model, classes)]),
  ].join("\n");
}

function importanceLines({ metric, value, columns }: NonNullable<Inspection["importance"]>): string[] {
  const lines = table(
    columns.map(({ column, mean, deviation }) => [printable(column), figure(mean), `± ${figure(deviation)}`]),
    "lrr",
  );
  return [`what ${metric} (${figure(value)}) loses when a column is shuffled among the rows`, ...lines];
}

function dependenceLines({ column, points }: Dependence, { task, label }: ModelJson, classes: readonly string[]): string[] {
  const target = printable(label.column);
  const what =
    task === "regression" ? `mean ${target}` : `mean probability of ${target}${task === "binary" ? ` = ${printable(classes[1])}` : ""}`;
  const cell = (value: number | string): string =>
    typeof value === "string" ? printable(value) : Number.isInteger(value) ? String(value) : figure(value);
  const rows = points.map(({ value, predictions }) => [cell(value), ...predictions.map((prediction) => figure(prediction))]);
  const head = task === "multiclass" ? [["", ...classes.map((name) => printable(name, 16))]] : [];
  const width = points[0]?.predictions.length ?? 1;
  return [
    `${what}, if every row had this ${printable(column)}`,
    ...table([...head, ...rows], `${typeof points[0]?.value === "string" ? "l" : "r"}${"r".repeat(width)}`),
  ];
}
