/** What the user asks for, with every default spelt out: all that planning, training and the report know of it. Plain data. */
import type { ColumnType } from "../data/columns.ts";
import type { MemoryData } from "../data/in-memory.ts";
import type { Stage } from "../features/params.ts";

export interface Job {
  readonly name: string;
  readonly data: {
    /** Files, patterns, folders or `s3://` prefixes. */
    readonly paths: readonly string[];
    /** The data itself, of a job that a program has made; it becomes an object of the store, with a path, before anything else. */
    readonly memory?: MemoryData;
    /** Left out: told by the file names. */
    readonly format?: "csv" | "parquet";
    /** Left out: told by the file. */
    readonly separator?: string;
    readonly header?: boolean;
    /** Where inference is overruled. */
    readonly columns: Readonly<Record<string, ColumnType>>;
    /** Texts that mean a missing value. */
    readonly missing: readonly string[];
    readonly exclude: readonly string[];
    /** Rows of a part at most. Left out: told by the number of columns. */
    readonly partRows?: number;
  };
  /** `positive` is the text of the class whose probability is predicted; left out: the last of two in order. */
  readonly label: { readonly column: string; readonly positive?: string };
  /** Column of row weights. */
  readonly weight?: string;
  readonly split: Split;
  readonly features: "auto" | readonly Stage[];
  readonly model: { readonly learner: string; readonly params: Readonly<Record<string, unknown>> };
  readonly tune?: Tune;
  /** Canonical names; empty: the default set of the task. */
  readonly metrics: readonly string[];
  readonly output: string;
  readonly limits: { readonly costUsd?: number; readonly minutes?: number; readonly badRows: number };
}

/** Which rows are held out for evaluation. Every random choice is a hash of (seed, row index). */
export type Split = (
  | { readonly kind: "share"; readonly test: number }
  /** Row index % n == n - 1 is test. */
  | { readonly kind: "everyNth"; readonly n: number }
  /** The test rows have files of their own. */
  | { readonly kind: "path"; readonly paths: readonly string[] }
  /** `test`, `true` or 1 in the column marks test rows. */
  | { readonly kind: "column"; readonly column: string }
  /** Rows whose value is `from` or later are test. */
  | { readonly kind: "after"; readonly column: string; readonly from: string }
  | { readonly kind: "none" }
) & { readonly seed: number; readonly stratify: boolean; readonly groupBy?: string };

/** A search: every setting on every fold, then the best on all training rows. */
export interface Tune {
  readonly folds: number;
  /** The parameters that vary, by setting; the others are those of `model.params`. */
  readonly grid: readonly Readonly<Record<string, unknown>>[];
  readonly metric: string;
  readonly seed: number;
}

/** Texts that mean a missing value where a job does not say. */
export const DEFAULT_MISSING: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];
