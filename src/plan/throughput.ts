/**
 * What one thread does in a second, measured on 2026-11-22 with Node 24 on two virtual cores of a cloud machine: 2 M rows of 5 columns
 * of CSV, and 2 M rows of 29 columns of Parquet. For forecasts only, which say so: another machine may take half the time or twice.
 */

/** Source parsed or decoded, and written as a dataset. */
export const CSV_BYTES_PER_SECOND = 120e6;
export const PARQUET_BYTES_PER_SECOND = 200e6;
/** Values of the dataset surveyed to fit features. */
export const FITTED_VALUES_PER_SECOND = 40e6;
/** Values encoded for a learner. */
export const ENCODED_VALUES_PER_SECOND = 100e6;
/** Floating-point operations of a learner's loops. */
export const FLOPS_PER_SECOND = 4e9;
/** Rows predicted and judged, with their scores kept for a curve. */
export const JUDGED_ROWS_PER_SECOND = 5e6;
/** Process, interpreter and kernels before the first round, and what a round costs whatever its size. */
export const START_SECONDS = 0.25;
export const ROUND_SECONDS = 0.003;
