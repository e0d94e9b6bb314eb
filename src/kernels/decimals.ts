/**
 * Numbers with few digits behind the point, as whole numbers: a fraction of the memory of float64, and of what is read and written. A value
 * is its whole number divided by a power of ten. Both are exact in float64, so that the one division rounds to the float64 nearest to the
 * decimal (Clinger, "How to read floating point numbers accurately", PLDI 1990), the same that reading its text gives.
 */

export type WholeNumbers = Int8Array | Int16Array | Int32Array;

export interface Decimals {
  /** The least number of the type stands for a missing value. */
  readonly whole: WholeNumbers;
  /** Digits behind the point, up to MOST_PLACES. */
  readonly places: number;
}

/** Coordinates in degrees have six, of which int32 holds all. */
export const MOST_PLACES = 6;

export const TENS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

/** The whole number that stands for a missing value. */
export const absent = (whole: WholeNumbers): number => -(2 ** (8 * whole.BYTES_PER_ELEMENT - 1));

/** As float64, NaN for a missing value. */
export function toFloat64({ whole, places }: Decimals, into: Float64Array = new Float64Array(whole.length)): Float64Array {
  const [missing, tens] = [absent(whole), TENS[places]];
  for (let i = 0; i < whole.length; i++) into[i] = whole[i] === missing ? Number.NaN : whole[i] / tens;
  return into;
}

/** Those at some places, as float64. */
export function decimalsAt({ whole, places }: Decimals, rows: Uint32Array): Float64Array {
  const [missing, tens] = [absent(whole), TENS[places]];
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = whole[rows[i]] === missing ? Number.NaN : whole[rows[i]] / tens;
  return values;
}
