/** The best place to cut one column of a node: see `searchNumbers` of learners/trees/split.ts, whose loop this is. */

// @ts-ignore: decorator
@inline
function shrunk(g: v128, l1: v128): v128 {
  // g less its part within [-l1, l1].
  return f64x2.sub(g, f64x2.min(f64x2.max(g, f64x2.neg(l1)), l1));
}

/**
 * `histogram` holds the column's pairs, the last of `bins` that of missing values; `counts` rows by bin, `step` bytes apart. A child needs
 * minRows rows and minH second derivatives. `found` holds gain, column, bin, side, and g, h and rows of the
 * left child of the best split so far, float64 each; it is overwritten by what gains more.
 */
export function searchNumbers(
  histogram: usize,
  bins: i32,
  counts: usize,
  step: usize,
  g: f64,
  h: f64,
  rows: f64,
  parent: f64,
  l1: f64,
  l2: f64,
  minRows: f64,
  minH: f64,
  column: i32,
  found: usize,
): void {
  const missing = <usize>(bins - 1);
  const missingRows = load<f64>(counts + step * missing);
  const missingPair = v128.load(histogram + 16 * missing);
  const hasMissing = f64x2.extract_lane(missingPair, 1) > 0 || missingRows > 0;
  const node = f64x2.replace_lane(f64x2.splat(g), 1, h);
  const l1s = f64x2.splat(l1);
  const l2s = f64x2.splat(l2);
  let best = load<f64>(found);
  const sides = hasMissing ? 2 : 1;
  for (let side = 0; side < sides; side++) {
    let sums = side == 0 ? f64x2.splat(0) : missingPair;
    let left = side == 0 ? 0.0 : missingRows;
    // The last bin of numbers against the missing values is a split too, unless they went left.
    const end = hasMissing && side == 0 ? bins - 1 : bins - 2;
    for (let bin: usize = 0; <i32>bin < end; bin++) {
      sums = f64x2.add(sums, v128.load(histogram + 16 * bin));
      left += load<f64>(counts + step * bin);
      const own = f64x2.extract_lane(sums, 1);
      if (own < minH || left < minRows) continue;
      if (h - own < minH || rows - left < minRows) break;
      const rest = f64x2.sub(node, sums);
      let gs = v128.shuffle<f64>(sums, rest, 0, 2);
      const hs = v128.shuffle<f64>(sums, rest, 1, 3);
      if (l1 > 0) gs = shrunk(gs, l1s);
      const scores = f64x2.div(f64x2.mul(gs, gs), f64x2.add(hs, l2s));
      const gain = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1) - parent;
      if (gain > best) {
        best = gain;
        store<f64>(found, gain);
        store<f64>(found, <f64>column, 8);
        store<f64>(found, <f64>bin, 16);
        store<f64>(found, <f64>side, 24);
        v128.store(found, sums, 32);
        store<f64>(found, left, 48);
      }
    }
  }
}
