/**
 * A view: how the columns of the dataset become the columns a learner sees. Fitted features compile to it, so training, evaluation,
 * scoring and the exported predictor all run the same few operations. Plain data: it travels in asks and in `model.json`.
 */

/** On string columns: what a missing string counts as (an imputed mode or constant). Without it a missing string is equal to no level. */
interface Imputed {
  readonly missingAs?: string;
}

/**
 * Where the raw number of an encoded column comes from. A missing source value gives NaN, except where stated. Levels of a number
 * column are its numbers as `String` prints them. `take.ts` evaluates it.
 */
export type Take =
  /** The numeric column itself. */
  | { readonly kind: "number" }
  /** The same value wherever the source has one (a constant column after scaling). */
  | { readonly kind: "constant"; readonly value: number }
  /** 1 where the string equals the level, else 0; a missing string is equal to none. */
  | ({ readonly kind: "level"; readonly level: string } & Imputed)
  /** 1 where the string is none of the levels (missing included), else 0. */
  | ({ readonly kind: "other"; readonly levels: readonly string[] } & Imputed)
  /** 1 where the value is missing, else 0. */
  | { readonly kind: "missing" }
  /** The position of the string in `levels`; `other` for a string that is not there and for a missing one (null: NaN). */
  | ({ readonly kind: "index"; readonly levels: readonly string[]; readonly other: number | null } & Imputed)
  /** 1 where hash(string) mod `buckets` equals `bucket`, else 0. A missing string hashes as the empty string. */
  | { readonly kind: "hash"; readonly buckets: number; readonly bucket: number }
  /** 1 where the number equals `value`, else 0 (one-hot of a numeric category). */
  | { readonly kind: "equals"; readonly value: number };

/** One encoded column: ((NaN ? fill : raw) - shift) * scale. */
export interface ViewColumn {
  /** Shown to people and kept to the end: `age`, `customer_type=premium`. */
  readonly name: string;
  /** Column of the dataset. */
  readonly source: string;
  readonly take: Take;
  /** Replaces NaN before shift and scale; NaN: a missing value is an InputError naming column and row, or reaches the learner as NaN. */
  readonly fill: number;
  /** The learner takes NaN for a missing value (trees). */
  readonly keepsMissing?: true;
  readonly shift: number;
  readonly scale: number;
}

/**
 * Levels of a column of categories, by their number; null of a column of numbers. A place among levels is a number like any other where
 * the learner does not take missing values (its rows come as a matrix), and where it was shifted or scaled.
 */
export const levelsOf = ({ take, keepsMissing, shift, scale }: ViewColumn): readonly string[] | null =>
  take.kind === "index" && keepsMissing === true && shift === 0 && scale === 1 ? take.levels : null;

/** Which values of a column may pass: these strings, null standing for a missing value; or, where null, every value that is not missing. */
export interface Known {
  readonly source: string;
  readonly known: readonly (string | null)[] | null;
}

/** How a learner wants its rows: encoded columns without missing values, or bins of numbers and categories as they are, missing or not. */
export type RowKind = "matrix" | "bins";

export interface View {
  readonly columns: readonly ViewColumn[];
  /** Columns whose other values drop the row (`handleInvalid: skip`): the row counts as skipped, never as zero. */
  readonly skipWhere: readonly Known[];
  /** Columns whose other values are an InputError naming column, row and value (`handleInvalid: error` of a category). Rows skipped are not looked at. */
  readonly failWhere?: readonly Known[];
}
