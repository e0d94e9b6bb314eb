/** The best place to cut one column of a node: see `searchNumbers` of learners/boosting/growing/split.ts, whose loop this is. */

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
 *
 * Two cuts at a time, one in each lane: sums are exact, so it does not matter that those of the second are not added up from the first.
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
  const gs = f64x2.splat(g);
  const hs = f64x2.splat(h);
  const rowsAll = f64x2.splat(rows);
  const parents = f64x2.splat(parent);
  const l1s = f64x2.splat(l1);
  const l2s = f64x2.splat(l2);
  const leastRows = f64x2.splat(minRows);
  const leastH = f64x2.splat(minH);
  const zero = f64x2.splat(0);
  let best = f64x2.splat(load<f64>(found));
  const sides = hasMissing ? 2 : 1;
  for (let side = 0; side < sides; side++) {
    // Pair and rows of all bins before the next.
    let sums = side == 0 ? zero : missingPair;
    let before = f64x2.splat(side == 0 ? 0.0 : missingRows);
    // The last bin of numbers against the missing values is a split too, unless they went left.
    const end = <usize>(hasMissing && side == 0 ? bins - 1 : bins - 2);
    for (let bin: usize = 0; bin < end; bin += 2) {
      const first = f64x2.add(sums, v128.load(histogram + 16 * bin));
      // The bin after the last cut is there, as that of missing values if nothing else.
      const second = f64x2.add(first, v128.load(histogram + 16 * bin, 16));
      sums = second;
      const own = f64x2.splat(load<f64>(counts + step * bin));
      const next = v128.load64_splat(counts + step * (bin + 1));
      before = f64x2.add(before, own);
      const left = f64x2.add(before, v128.shuffle<f64>(zero, next, 0, 2));
      before = f64x2.add(before, next);
      const leftH = v128.shuffle<f64>(first, second, 1, 3);
      const rightH = f64x2.sub(hs, leftH);
      const right = f64x2.sub(rowsAll, left);
      const isLeft = v128.and(f64x2.ge(leftH, leastH), f64x2.ge(left, leastRows));
      const isRight = v128.and(f64x2.ge(rightH, leastH), f64x2.ge(right, leastRows));
      const isSplit = v128.and(isLeft, isRight);
      if (!v128.any_true(isSplit)) {
        if (!v128.any_true(isRight)) break;
        continue;
      }
      let leftG = v128.shuffle<f64>(first, second, 0, 2);
      let rightG = f64x2.sub(gs, leftG);
      if (l1 > 0) {
        leftG = shrunk(leftG, l1s);
        rightG = shrunk(rightG, l1s);
      }
      const ownScore = f64x2.div(f64x2.mul(leftG, leftG), f64x2.add(leftH, l2s));
      const otherScore = f64x2.div(f64x2.mul(rightG, rightG), f64x2.add(rightH, l2s));
      const gain = f64x2.sub(f64x2.add(ownScore, otherScore), parents);
      let better = i64x2.bitmask(v128.and(isSplit, f64x2.gt(gain, best)));
      if (bin + 1 == end) better &= 1;
      if (!better) continue;
      const gained0 = f64x2.extract_lane(gain, 0);
      const gained1 = f64x2.extract_lane(gain, 1);
      // Of equal gains the first.
      const isSecond = better == 2 || (better == 3 && gained1 > gained0);
      const gained = isSecond ? gained1 : gained0;
      best = f64x2.splat(gained);
      store<f64>(found, gained);
      store<f64>(found, <f64>column, 8);
      store<f64>(found, <f64>(bin + <usize>isSecond), 16);
      store<f64>(found, <f64>side, 24);
      v128.store(found, isSecond ? second : first, 32);
      store<f64>(found, isSecond ? f64x2.extract_lane(left, 1) : f64x2.extract_lane(left, 0), 48);
    }
  }
}
