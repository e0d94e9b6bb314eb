/** A published model in words: what `steplearn show` prints. */
import type { MetricsJson, ModelJson } from "../model/format.ts";
import { IMPORTANCES, importanceLines, treesText } from "./ensemble.ts";
import { coefficientLines } from "./learned.ts";
import { confusedLines, confusionLines } from "./metrics.ts";
import { searchSection } from "./search.ts";
import { labelled } from "./table.ts";
import { count, figure, plural, printable } from "./text.ts";
import { headline, qualityLines, rowsText } from "./training.ts";

const COEFFICIENTS = 200;
const MOST_IMPORTANCES = 30;
/** More classes make a table of confusions that nobody reads. */
const MAX_CLASSES = 12;
const CONFUSED_PAIRS = 12;

/** `folder` holds the files. Without `metrics.json` its rows and confusions are not shown. */
export function modelReport(folder: string, model: ModelJson, metrics: MetricsJson | null): string {
  const { name, tune, warnings, format, steplearn } = model;
  const coefficients = coefficientLines(model, COEFFICIENTS);
  const importances = importanceLines(model, MOST_IMPORTANCES);
  const trees = treesText(model);
  return [
    `${printable(name)}: ${headline(model)}`,
    "",
    ...(coefficients.length > 0 ? ["Coefficients, in the units of the data", ...coefficients, ""] : []),
    ...(importances.length > 0 ? [IMPORTANCES, ...importances, ""] : []),
    ...(tune === null ? [] : [...searchSection(tune), ""]),
    ...(metrics === null ? [] : [...qualityLines(metrics), ""]),
    ...(metrics === null ? [] : confusionSection(model, metrics)),
    ...labelled("trees", trees === null ? [] : [trees]),
    ...labelled("params", [parametersText(model)]),
    ...labelled("rows", metrics === null ? [] : [rowsText(metrics.rows)]),
    ...labelled("data", [dataText(model)]),
    ...labelled("loss", lossLines(model)),
    ...labelled("warnings", warnings),
    ...labelled("model", [`${folder} (format ${count(format)}, steplearn ${printable(steplearn)})`]),
  ].join("\n");
}

function confusionSection({ label: { classes }, metrics: { test } }: ModelJson, { confusion, mostConfused = [] }: MetricsJson): string[] {
  const held = test === null ? "" : " held out";
  if (classes.length <= MAX_CLASSES && confusion !== undefined)
    return [`Rows${held} by true and predicted class`, ...confusionLines(classes, confusion), ""];
  if (mostConfused.length === 0) return [];
  return [`Classes most often confused, by rows${held}`, ...confusedLines(mostConfused.slice(0, CONFUSED_PAIRS)), ""];
}

const parametersText = ({ parameters }: ModelJson): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");

const dataText = ({ job, data }: ModelJson): string =>
  `${job.data.paths.map((path) => printable(path, 200)).join(", ")} (${plural(data.rows, "row")}, ${plural(data.columns.length, "column")}, fingerprint ${data.fingerprint})`;

const lossLines = ({ loss }: ModelJson): string[] =>
  loss.length === 0 ? [] : [`${figure(loss[0])} at first, ${figure(loss[loss.length - 1])} after ${plural(loss.length, "round")}`];
