/** What an update brought, and how good the model is on the new rows. */
import type { MetricsJson, ModelJson } from "../model/format.ts";
import { learnedLines } from "./learned.ts";
import { metricsLines } from "./metrics.ts";
import { labelled } from "./table.ts";
import { count, durationText, plural, printable, upperFirst } from "./text.ts";
import { headline, rowsText } from "./training.ts";

export interface UpdateFacts {
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly seconds: number;
  /** Folder of the new version, as the user would type it. */
  readonly folder: string;
}

const EFFECTS = 8;

export function updateReport({ model, metrics, seconds, folder }: UpdateFacts): string {
  const learned = learnedLines(model, EFFECTS);
  const { test, train, baseline, rows } = metrics;
  const held = test !== null && baseline.test !== null;
  return [
    `${printable(model.name)}: ${headline(model)}`,
    `brought in ${plural(model.update?.rows ?? 0, "new row")}, of ${count(model.data.rows)} in all`,
    "",
    ...(learned === null ? [] : [upperFirst(learned.title), ...learned.lines, ""]),
    held ? `How good it is on ${plural(rows.test, "new row")} held out` : "How good it is on the new rows, none of which was held out",
    ...metricsLines([
      { title: "model", metrics: held ? test : train },
      { title: "baseline", metrics: held ? baseline.test : baseline.train },
    ]),
    "",
    ...labelled("rows", [rowsText(rows)]),
    ...labelled("time", [durationText(seconds)]),
    ...labelled("warnings", model.warnings),
    ...labelled("before", [model.update?.from ?? ""]),
    ...labelled("model", [folder]),
  ].join("\n");
}
