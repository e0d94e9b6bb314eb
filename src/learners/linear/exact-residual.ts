/**
 * Residuals and X'r as if computed in twice float64's precision, for the refinement of ill-conditioned fits. Products are split and
 * sums carry their rounding error along: TwoProduct and TwoSum of Ogita, Rump & Oishi, "Accurate sum and dot product",
 * SIAM J. Sci. Comput. 2005, algorithms 3.1 to 3.3. Each number is an unevaluated pair hi + lo.
 */
import type { Values } from "../block-values.ts";

/** 2^27 + 1 splits a float64 into two halves of 26 bits (Veltkamp, Dekker 1971). */
const SPLITTER = 134_217_729;

/** Adds a[i] * factor[i] (or a[i] * factor) to hi[i] + lo[i]. */
export function addProducts(hi: Float64Array, lo: Float64Array, a: Values, factor: number): void {
  const spread = SPLITTER * factor;
  const factorHigh = spread - (spread - factor);
  const factorLow = factor - factorHigh;
  for (let i = 0; i < a.length; i++) {
    const product = a[i] * factor;
    const wide = SPLITTER * a[i];
    const high = wide - (wide - a[i]);
    const low = a[i] - high;
    const error = low * factorLow - (product - high * factorHigh - low * factorHigh - high * factorLow);
    const sum = hi[i] + product;
    const part = sum - hi[i];
    lo[i] += hi[i] - (sum - part) + (product - part) + error;
    hi[i] = sum;
  }
}

/** Adds the dot product of a and b to the pair at `place` of hi and lo. */
export function addDot(hi: Float64Array, lo: Float64Array, place: number, a: Values, b: Values): void {
  let [total, rest] = [hi[place], lo[place]];
  for (let i = 0; i < a.length; i++) {
    const product = a[i] * b[i];
    const wideA = SPLITTER * a[i];
    const highA = wideA - (wideA - a[i]);
    const lowA = a[i] - highA;
    const wideB = SPLITTER * b[i];
    const highB = wideB - (wideB - b[i]);
    const lowB = b[i] - highB;
    const error = lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
    const sum = total + product;
    const part = sum - total;
    rest += total - (sum - part) + (product - part) + error;
    total = sum;
  }
  hi[place] = total;
  lo[place] = rest;
}

/** Adds other pairs to these. */
export function addPairs(hi: Float64Array, lo: Float64Array, otherHi: Float64Array, otherLo: Float64Array): void {
  for (let i = 0; i < hi.length; i++) {
    const sum = hi[i] + otherHi[i];
    const part = sum - hi[i];
    lo[i] += hi[i] - (sum - part) + (otherHi[i] - part) + otherLo[i];
    hi[i] = sum;
  }
}
