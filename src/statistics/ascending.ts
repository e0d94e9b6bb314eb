/** Numbers in order, without NaN, by the kernels: the language's own sort of a few dozen samples took a tenth of a second. */
import { float64, place, withKernels } from "../kernels/kernels.ts";

export function ascending(values: ArrayLike<number>): Float64Array {
  return withKernels((k) => {
    const keys = place(k, values);
    k.sort(keys, values.length, k.claim(8 * values.length));
    return float64(k, keys, values.length).slice();
  });
}

/** Those of both, which ascend. */
export function mergeAscending(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return withKernels((k) => {
    const n = a.length + b.length;
    const out = k.claim(8 * n);
    k.merge(place(k, a), a.length, place(k, b), b.length, out);
    return float64(k, out, n).slice();
  });
}
