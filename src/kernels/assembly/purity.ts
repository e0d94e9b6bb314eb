/** The best place to cut one column of a node of a forest: see `searchColumn` of learners/forest/search.ts, whose loop over numbers this is. */
import { log } from "./log";

/** As many as a label may have classes. */
const MOST_CHANNELS: i32 = 10_000;
const left: usize = memory.data(8 * 10_000, 16);

const LN2: f64 = 0.6931471805599453;

/** Twin of `purityOf` in learners/forest/criterion.ts; of the node less the left side where `node` is not 0. */
// @ts-ignore: decorator
@inline
function purity(channels: i32, weight: f64, kind: i32, node: usize): f64 {
  if (!(weight > 0)) return 0;
  let total = 0.0;
  for (let k: usize = 0; k < <usize>channels; k++) {
    const own = node ? load<f64>(node + 8 * k) - load<f64>(left + 8 * k) : load<f64>(left + 8 * k);
    if (kind == 0) total += own * own;
    else if (own > 0) total += own * log(own / weight);
  }
  return kind == 0 ? total / weight : total / LN2;
}

// @ts-ignore: decorator
@inline
export function channelOf(cell: usize, k: usize, width: i32): f64 {
  return width == 8 ? load<f64>(cell + 8 * k) : width == 4 ? <f64>load<u32>(cell + 4 * k) : <f64>load<u16>(cell + 2 * k);
}

/**
 * `sums` holds the column's bins, the last of `bins` that of missing values, each `cell` bytes: its channels of `width` bytes, float64 or
 * whole numbers, and at the end its rows where `counted`. `kind` is 0 for gini, 1 for entropy, 2 for variance, whose channels are weight *
 * value and weight. Channels count times their factor. A child needs `least` rows: those counted, or else the sum of its channels before
 * the factors (variance: its weight). `node` are the channels of all rows with their factors, then their weight, rows and purity.
 * `found` holds gain, column, bin, side and weight of the left child of the best split so far; it is overwritten by what gains more.
 */
export function searchPurity(
  sums: usize,
  bins: i32,
  channels: i32,
  cell: i32,
  width: i32,
  counted: bool,
  kind: i32,
  factors: usize,
  node: usize,
  least: f64,
  column: i32,
  found: usize,
): void {
  if (channels > MOST_CHANNELS) abort();
  if (kind == 0 && channels == 2 && width < 8 && load<f64>(factors) == 1 && load<f64>(factors, 8) == 1) {
    if (width == 4) searchCounts<u32>(sums, bins, node, least, column, found);
    else searchCounts<u16>(sums, bins, node, least, column, found);
    return;
  }
  if (kind == 0 && channels == 2 && width == 4) {
    searchPairs<u32>(sums, bins, factors, node, least, column, found);
    return;
  }
  if (kind == 0 && channels == 2 && width == 2) {
    searchPairs<u16>(sums, bins, factors, node, least, column, found);
    return;
  }
  const weight = load<f64>(node + 8 * <usize>channels);
  const rows = load<f64>(node + 8 * <usize>channels, 8);
  const parent = load<f64>(node + 8 * <usize>channels, 16);
  const missing = sums + <usize>(cell * (bins - 1));
  let best = load<f64>(found);
  for (let side = 0; side < 2; side++) {
    let heavy = 0.0;
    let count = 0.0;
    for (let k: usize = 0; k < <usize>channels; k++) store<f64>(left + 8 * k, 0);
    if (side == 1) {
      count = rowsOf(missing, channels, cell, width, counted, kind);
      if (count == 0) return;
      heavy = add(missing, channels, width, kind, factors, heavy);
    }
    for (let bin = 0; bin < bins - 1; bin++) {
      const own = sums + <usize>(cell * bin);
      const here = rowsOf(own, channels, cell, width, counted, kind);
      if (here == 0) continue;
      count += here;
      heavy = add(own, channels, width, kind, factors, heavy);
      if (count < least) continue;
      if (rows - count < least) break;
      const rest = weight - heavy;
      let gain: f64;
      if (kind == 2) {
        const g = load<f64>(left);
        const r = load<f64>(node) - g;
        gain = (heavy > 0 ? (g * g) / heavy : 0) + (rest > 0 ? (r * r) / rest : 0) - parent;
      } else gain = purity(channels, heavy, kind, 0) + purity(channels, rest, kind, node) - parent;
      if (gain > best) {
        best = gain;
        tell(found, gain, column, bin, side, heavy);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function tell(found: usize, gain: f64, column: i32, bin: i32, side: i32, weight: f64): void {
  store<f64>(found, gain);
  store<f64>(found, <f64>column, 8);
  store<f64>(found, <f64>bin, 16);
  store<f64>(found, <f64>side, 24);
  store<f64>(found, weight, 32);
}

// @ts-ignore: decorator
@inline
export function rowsOf(own: usize, channels: i32, cell: i32, width: i32, counted: bool, kind: i32): f64 {
  if (counted) return load<f64>(own + <usize>cell - 8);
  if (kind == 2) return load<f64>(own, 8);
  let sum = 0.0;
  for (let k: usize = 0; k < <usize>channels; k++) sum += channelOf(own, k, width);
  return sum;
}

/** Adds the channels to the left side, and answers its weight. */
// @ts-ignore: decorator
@inline
function add(own: usize, channels: i32, width: i32, kind: i32, factors: usize, heavy: f64): f64 {
  if (kind == 2) {
    store<f64>(left, load<f64>(left) + load<f64>(own));
    return heavy + load<f64>(own, 8);
  }
  let weight = 0.0;
  for (let k: usize = 0; k < <usize>channels; k++) {
    const scaled = channelOf(own, k, width) * load<f64>(factors + 8 * k);
    store<f64>(left + 8 * k, load<f64>(left + 8 * k) + scaled);
    weight += scaled;
  }
  return heavy + weight;
}

// @ts-ignore: decorator
@inline
function pairAt<T>(sums: usize, bin: i32): v128 {
  if (sizeof<T>() == 4) return v128.load64_zero(sums + 8 * <usize>bin);
  return i32x4.extend_low_i16x8_u(v128.load32_zero(sums + 4 * <usize>bin));
}

/**
 * Gini of two classes counted: the same, without the loops over channels. A bin without rows gains what the one before it gained, which is
 * no more; to pass it over would cost more, because nobody can guess which bins of small nodes are empty.
 */
function searchPairs<T>(sums: usize, bins: i32, factors: usize, node: usize, least: f64, column: i32, found: usize): void {
  const factor = v128.load(factors);
  const all = v128.load(node);
  const weight = load<f64>(node, 16);
  const rows = load<f64>(node, 24);
  const parent = load<f64>(node, 32);
  const missing = pairAt<T>(sums, bins - 1);
  let best = load<f64>(found);
  for (let side = 0; side < 2; side++) {
    let heavy = 0.0;
    let count: u64 = 0;
    let both = f64x2.splat(0);
    if (side == 1) {
      count = <u64>i32x4.extract_lane(missing, 0) + <u64>i32x4.extract_lane(missing, 1);
      if (count == 0) return;
      both = f64x2.mul(f64x2.convert_low_i32x4_u(missing), factor);
      heavy = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    }
    for (let bin = 0; bin < bins - 1; bin++) {
      const own = pairAt<T>(sums, bin);
      count += <u64>i32x4.extract_lane(own, 0) + <u64>i32x4.extract_lane(own, 1);
      const scaled = f64x2.mul(f64x2.convert_low_i32x4_u(own), factor);
      both = f64x2.add(both, scaled);
      heavy += f64x2.extract_lane(scaled, 0) + f64x2.extract_lane(scaled, 1);
      if (<f64>count < least) continue;
      if (rows - <f64>count < least) break;
      const rest = f64x2.sub(all, both);
      const squares = f64x2.mul(both, both);
      const others = f64x2.mul(rest, rest);
      const tops = f64x2.add(v128.shuffle<f64>(squares, others, 0, 2), v128.shuffle<f64>(squares, others, 1, 3));
      const shares = f64x2.div(tops, f64x2.replace_lane(f64x2.splat(heavy), 1, weight - heavy));
      const gain = f64x2.extract_lane(shares, 0) + f64x2.extract_lane(shares, 1) - parent;
      if (gain > best) {
        best = gain;
        tell(found, gain, column, bin, side, heavy);
      }
    }
  }
}

/** The sums of two bins. */
// @ts-ignore: decorator
@inline
function pairsAt<T>(sums: usize, bin: i32): v128 {
  if (sizeof<T>() == 4) return v128.load(sums + 8 * <usize>bin);
  return i32x4.extend_low_i16x8_u(v128.load64_zero(sums + 4 * <usize>bin));
}

/**
 * The same where no factor is another than 1, two bins at once: sums are whole numbers, and so the same in whatever order they are added.
 * A place with too few rows on a side is found out when it gains more.
 */
function searchCounts<T>(sums: usize, bins: i32, node: usize, least: f64, column: i32, found: usize): void {
  const first = v128.load64_splat(node);
  const second = v128.load64_splat(node, 8);
  const weight = v128.load64_splat(node, 16);
  const rows = load<f64>(node, 24);
  const parent = v128.load64_splat(node, 32);
  const none = i32x4.splat(0);
  const missing = pairAt<T>(sums, bins - 1);
  let best = v128.load64_splat(found);
  for (let side = 0; side < 2; side++) {
    let before = none;
    if (side == 1) {
      if (!v128.any_true(missing)) return;
      before = v128.shuffle<i32>(missing, missing, 0, 1, 0, 1);
    }
    for (let bin = 0; bin < bins - 1; bin += 2) {
      const own = pairsAt<T>(sums, bin);
      const both = i32x4.add(before, i32x4.add(own, v128.shuffle<i32>(none, own, 0, 1, 4, 5)));
      before = v128.shuffle<i32>(both, both, 2, 3, 2, 3);
      const left = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(both, both, 0, 2, 0, 2));
      const leftToo = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(both, both, 1, 3, 1, 3));
      const right = f64x2.sub(first, left);
      const rightToo = f64x2.sub(second, leftToo);
      const heavy = f64x2.add(left, leftToo);
      const pure = f64x2.div(f64x2.add(f64x2.mul(left, left), f64x2.mul(leftToo, leftToo)), heavy);
      const rest = f64x2.div(f64x2.add(f64x2.mul(right, right), f64x2.mul(rightToo, rightToo)), f64x2.sub(weight, heavy));
      const gain = f64x2.sub(f64x2.add(pure, rest), parent);
      if (!v128.any_true(f64x2.gt(gain, best))) continue;
      tellCounted(f64x2.extract_lane(gain, 0), f64x2.extract_lane(heavy, 0), rows, least, column, bin, side, found);
      if (bin + 2 < bins)
        tellCounted(f64x2.extract_lane(gain, 1), f64x2.extract_lane(heavy, 1), rows, least, column, bin + 1, side, found);
      best = v128.load64_splat(found);
    }
  }
}

function tellCounted(gain: f64, count: f64, rows: f64, least: f64, column: i32, bin: i32, side: i32, found: usize): void {
  if (gain > load<f64>(found) && count >= least && rows - count >= least) tell(found, gain, column, bin, side, count);
}
