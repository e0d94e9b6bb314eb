/** Sorted scores in bins: what evaluation does with more scores than it keeps one by one. */

/** Replaces each of n ascending scores by the last of m ascending edges that is not above it, or by the first edge. One walk. */
export function roundDown(scores: usize, n: i32, edges: usize, m: i32): void {
  if (n == 0 || m == 0) return;
  let low = 0;
  let high = m;
  const first = load<f64>(scores);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (load<f64>(edges + 8 * <usize>middle) <= first) low = middle;
    else high = middle;
  }
  let edge = edges + 8 * <usize>low;
  const last = edges + 8 * <usize>(m - 1);
  for (let at = scores, end = scores + 8 * <usize>n; at < end; at += 8) {
    const score = load<f64>(at);
    while (edge < last && load<f64>(edge + 8) <= score) edge += 8;
    store<f64>(at, load<f64>(edge));
  }
}

/** Adds up the weights of equal neighbours in place; answers how many different ones there are. -0 equals 0 and stands for both. */
export function shareEntries(scores: usize, weights: usize, n: i32): i32 {
  let entries = 0;
  for (let i = 0; i < n; i++) {
    const score = load<f64>(scores + 8 * <usize>i);
    const weight = load<f64>(weights + 8 * <usize>i);
      const last: usize = 8 * <usize>(entries - 1);
    if (entries > 0 && score == load<f64>(scores + last)) {
      store<f64>(weights + last, load<f64>(weights + last) + weight);
    } else {
      store<f64>(scores + 8 * <usize>entries, score);
      store<f64>(weights + 8 * <usize>entries, weight);
      entries++;
    }
  }
  return entries;
}
