/** What a job will take: what `steplearn plan` prints. */
import type { Bill } from "../plan/bill.ts";
import type { Forecast } from "../plan/forecast.ts";
import type { Plan } from "../plan/plan.ts";
import { PRICES_OF } from "../plan/prices.ts";
import { labelled, table } from "./table.ts";
import { bytesText, count, dollarsText, durationText, plural, printable } from "./text.ts";

export interface PlanFacts {
  readonly plan: Plan;
  /** About: the rows, their parts, and the columns that a learner will see. */
  readonly rows: number;
  readonly parts: number;
  readonly columns: number;
  readonly loaded: boolean;
  readonly forecast: Forecast;
  /** On AWS. */
  readonly bill: Bill | null;
}

export function planReport({ plan, rows, parts, columns, loaded, forecast, bill }: PlanFacts): string {
  const { job, source, functions, memory } = plan;
  const objects = new Set(source.cuts.flatMap((cut) => cut.pieces.map(({ key }) => key))).size;
  const { rounds, candidates, seconds } = forecast;
  const all = Object.values(rounds).reduce((sum, n) => sum + n, 0);
  return [
    `${printable(job.name)}: ${job.model.learner} of ${printable(job.label.column)}`,
    "",
    ...labelled("data", [
      `${plural(objects, "file")}, ${bytesText(source.bytes)} of ${source.format}; about ${plural(rows, "row")} of ${plural(source.columns.length, "column")}`,
      ...(loaded ? ["loaded by an earlier run: read from the store"] : []),
    ]),
    ...labelled("columns", columnLines(plan)),
    ...labelled("classes", classesTexts(plan)),
    ...labelled("encoded", [`about ${plural(columns, "column")}`]),
    ...labelled("parts", [`about ${count(parts)}, read in ${plural(source.cuts.length, "cut")}`]),
    ...labelled("runs on", [
      `${plural(functions.count, "function")} with ${plural(functions.threads, "thread")}${functions.count > 1 ? " each" : ""}`,
      ...(bill === null || functions.fused ? [] : [spreadText(forecast)]),
    ]),
    ...labelled("trains", [candidates > 1 ? `${count(candidates)} candidates in the same scans, then the best on all rows` : "one model"]),
    ...labelled("rounds", [
      `about ${count(all)}: ${Object.entries(rounds)
        .map(([phase, n]) => `${phase} ${count(n)}`)
        .join(", ")}`,
    ]),
    ...labelled("time", bill === null ? [hereText(seconds)] : awsTexts(forecast)),
    ...labelled("costs", bill === null ? [] : billTexts(bill)),
    ...labelled("memory", [
      `${bytesText(memory.neededBytes)} needed of ${bytesText(memory.allowedBytes)} allowed${functions.count > 1 ? " a function" : ""}`,
    ]),
    ...table(
      memory.items.filter(({ bytes }) => bytes > 0).map(({ what, bytes }) => [what, bytesText(bytes)]),
      "lr",
      " ".repeat(12),
    ),
  ].join("\n");
}

const hereText = (seconds: number): string =>
  `about ${durationText(seconds)}, give or take a factor of two (from throughput measured on another machine)`;

const spreadText = ({ spread: { tasks, groups } }: Forecast): string =>
  `a round is ${plural(tasks, "task")} in ${plural(groups, "group")}${groups === 1 ? ", which goes on from round to round by itself" : ""}`;

const awsTexts = ({ seconds, workSeconds, betweenSeconds }: Forecast): string[] => [
  `about ${durationText(seconds)} from a cold start, give or take a factor of two`,
  `${durationText(workSeconds)} of work, ${durationText(betweenSeconds)} of starts, calls and exchanges`,
];

const billTexts = ({ total, functions, machine, storage }: Bill): string[] => [
  `about ${dollarsText(total)}: functions ${dollarsText(functions)}, state machines ${dollarsText(machine)}, requests to storage ${dollarsText(storage)}`,
  `at the prices of us-east-1 in ${PRICES_OF}, without the dataset's storage by the month`,
];

/** Of a label that has them. Values of Parquet are not looked at before anything runs. */
function classesTexts({ source, memory }: Plan): string[] {
  const { classes = 1 } = memory.sizes.training;
  if (classes < 2) return [];
  return source.format === "csv"
    ? [`about ${count(classes)}, from a sample`]
    : [`${count(classes)} for want of a look: they are counted before training begins`];
}

/** Columns by type, in the order of the data. */
function columnLines({ source }: Plan): string[] {
  const types = ["number", "string", "date"] as const;
  return types.flatMap((type) => {
    const names = source.columns.filter((column) => column.type === type).map(({ name }) => printable(name));
    return names.length === 0
      ? []
      : [`${count(names.length)} ${type}: ${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", …" : ""}`];
  });
}

const SHOWN = 8;
