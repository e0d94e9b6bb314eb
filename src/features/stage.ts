/**
 * The contract of a feature stage (one file each, found through `stages.ts`). A stage works column by column. It is traced before any
 * data is read, which tells what it needs; it is fitted from statistics; and it transforms encoded columns. What it fitted is a plain
 * value, shown as it is in `model.json`.
 */
import type { Facts } from "./facts.ts";
import type { FrameColumn, Trace } from "./frame.ts";
import type { StageKind, StageParams } from "./params.ts";
import type { Known } from "./view.ts";

/** Moments of the column's numbers, the number in their middle, or how often each of its values occurs. */
export type Need = "moments" | "median" | "levels";

interface Traced {
  readonly output: Trace;
  readonly needs: readonly Need[];
  /** Rows where the input's source has no value leave here, and later stages are not fitted on them. */
  readonly skips?: boolean;
}

interface Transformed {
  readonly output: FrameColumn;
  readonly skip?: Known;
  readonly fail?: Known;
}

/** What a stage learned, by input column. */
export type Fitted = Readonly<Record<string, unknown>>;

export interface ColumnStage<K extends StageKind> {
  /** InputError when the stage cannot take such a column. */
  trace(params: StageParams<K>, input: Trace, output: string): Traced;
  /** A plain value; undefined where there is nothing to learn. */
  fit(params: StageParams<K>, input: FrameColumn, facts: Facts): unknown;
  transform(params: StageParams<K>, input: FrameColumn, output: string, fitted: unknown): Transformed;
}
