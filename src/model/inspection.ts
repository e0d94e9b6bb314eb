/** What moves a model's predictions, on a sample of rows. */

export interface Inspection {
  /** Rows of the sample. */
  readonly rows: number;
  /** Null where the data has no label. */
  readonly importance: Importance | null;
  readonly dependence: readonly Dependence[];
  /** Whose probabilities `dependence` tells; empty for regression. */
  readonly classes: readonly string[];
}

/** Breiman, "Random forests" (Machine Learning, 2001), section 10: what a metric loses when a column's values are shuffled among the rows. */
export interface Importance {
  readonly metric: string;
  /** Of the sample as it is. */
  readonly value: number | null;
  /** Largest first. Null where the metric is undefined. */
  readonly columns: readonly { readonly column: string; readonly mean: number | null; readonly deviation: number | null }[];
}

/** Friedman, "Greedy function approximation" (Ann. Stat., 2001), section 8.2: the mean prediction when every row has that value. */
export interface Dependence {
  readonly column: string;
  /** `predictions` by class: of two classes the second one's probability alone; of a number its mean. */
  readonly points: readonly { readonly value: number | string; readonly predictions: readonly number[] }[];
}
