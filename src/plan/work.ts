/** Seconds that one thread of the machine of `throughput.ts` works, by phase. */
import type { Cost } from "../learners/learner.ts";
import type { SourcePlan } from "./plan.ts";
import {
  CSV_BYTES_PER_SECOND,
  ENCODED_VALUES_PER_SECOND,
  FITTED_VALUES_PER_SECOND,
  FLOPS_PER_SECOND,
  JUDGED_ROWS_PER_SECOND,
  PARQUET_BYTES_PER_SECOND,
} from "./throughput.ts";

export interface Work {
  /** Of a byte of the source. */
  readonly load: number;
  /** Of a row, once for all rounds of a phase … */
  readonly fit: number;
  readonly encode: number;
  readonly evaluate: number;
  /** … and of a row of each round of one candidate. */
  readonly train: number;
}

export function workOf(source: Pick<SourcePlan, "format" | "columns">, columns: number, cost: Cost): Work {
  return {
    load: 1 / (source.format === "csv" ? CSV_BYTES_PER_SECOND : PARQUET_BYTES_PER_SECOND),
    fit: source.columns.length / FITTED_VALUES_PER_SECOND,
    encode: columns / ENCODED_VALUES_PER_SECOND,
    train: cost.flopsPerRow / FLOPS_PER_SECOND,
    evaluate: 1 / JUDGED_ROWS_PER_SECOND,
  };
}
