/** Exact products, by which tables and powers get more digits than a float64 has. */

/** Splits a float64 in two halves of 26 bits (Veltkamp). */
const SPLITTER: f64 = 134217729.0;

/** What product leaves over. */
export let productLow: f64 = 0;

/** a * b = the answer + productLow, exactly (Dekker 1971). */
// @ts-ignore: decorator
@inline
export function product(a: f64, b: f64): f64 {
  const p = a * b;
  const ca = SPLITTER * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLITTER * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  productLow = ah * bh - p + ah * bl + al * bh + al * bl;
  return p;
}
