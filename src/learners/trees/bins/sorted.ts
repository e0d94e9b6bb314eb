/** Sorted values with their weights: what is left of a column to find quantiles in. */
import { float64, place, withKernels } from "../../../kernels/kernels.ts";
import { ascending, mergeAscending } from "../../../statistics/ascending.ts";

export interface Sorted {
  /** Ascending, without NaN. */
  readonly values: Float64Array;
  /** Null where all are 1. */
  readonly weights: Float64Array | null;
}

export const startSorted = (): Sorted => ({ values: new Float64Array(0), weights: null });

/** Of as many weights as values. */
export function sortValues(values: ArrayLike<number>, weights: ArrayLike<number>): Sorted {
  const n = values.length;
  if (areOnes(weights)) return { values: ascending(values), weights: null };
  return withKernels((k) => {
    const keys = place(k, values);
    const payload = place(k, weights);
    k.sortPairs(keys, payload, n, k.claim(16 * n));
    return { values: float64(k, keys, n).slice(), weights: float64(k, payload, n).slice() };
  });
}

function areOnes(weights: ArrayLike<number>): boolean {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 1) return false;
  return true;
}

export function mergeSorted(a: Sorted, b: Sorted): Sorted {
  const [na, nb] = [a.values.length, b.values.length];
  if (nb === 0) return a;
  if (na === 0) return b;
  if (a.weights === null && b.weights === null) return { values: mergeAscending(a.values, b.values), weights: null };
  return withKernels((k) => {
    const [va, vb] = [place(k, a.values), place(k, b.values)];
    const out = k.claim(8 * (na + nb));
    const [wa, wb] = [place(k, a.weights ?? new Float64Array(na).fill(1)), place(k, b.weights ?? new Float64Array(nb).fill(1))];
    const weights = k.claim(8 * (na + nb));
    k.mergePairs(va, wa, na, vb, wb, nb, out, weights);
    return { values: float64(k, out, na + nb).slice(), weights: float64(k, weights, na + nb).slice() };
  });
}
