/** What `steplearn plan --on aws` says of a logistic regression over a table of CSV of so many numbers a row. */
import { learnerNamed } from "../../src/learners/registry.ts";
import type { Bill } from "../../src/plan/bill.ts";
import { type Forecast, forecast } from "../../src/plan/forecast.ts";
import { chooseFunctions } from "../../src/plan/functions.ts";
import { AWS, billFor, DEFAULT_OFFER } from "../../src/plan/on-aws.ts";
import type { Functions, Plan } from "../../src/plan/plan.ts";
import { tasksOf } from "../../src/rounds/tasks.ts";

export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
  readonly columns: number;
}

/** `functions`: those that the stack's planner would choose where left out. */
export function forecastOf({ rows, bytes, columns }: TableSize, functions: Functions = chosen(bytes)): { told: Forecast; bill: Bill } {
  const partRows = 131_072;
  const parts = Math.ceil(rows / partRows);
  const cost = learnerNamed("logisticRegression").cost({ rows, parts, columns, classes: 2 }, { family: "auto" });
  const plan = {
    partRows,
    functions,
    source: { format: "csv", columns: new Array(columns).fill({ name: "x" }), bytes },
    // As the planner has it: a third of the memory is for the parts.
    memory: { cacheBytes: functions.memoryBytes / 3, statisticBytes: cost.statisticBytes },
  } as unknown as Plan;
  const { tasks, inGroup } = tasksOf({ units: new Array(parts).fill(0) }, plan);
  const groups = Math.ceil(tasks / inGroup);
  const expected = { rows, columns, cost, settings: 1, folds: 1, sharesStatistics: false, loaded: false, tasks, groups };
  const told = forecast(plan, expected, AWS);
  return { told, bill: billFor(told, bytes) };
}

const chosen = (bytes: number): Functions => chooseFunctions(DEFAULT_OFFER, { format: "csv", bytes });
