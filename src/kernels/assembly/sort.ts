/**
 * Sorting of float64: least significant digit first (Knuth, The Art of Computer Programming 3, 5.2.5), and stable merging of sorted
 * runs. Order: -Infinity, …, -0, 0, …, Infinity, NaN. A NaN comes out with its canonical bits, which `merge` relies on.
 */

const DIGITS: i32 = 8;
const BUCKETS: i32 = 256;
/** The digits above this one hold sign, exponent and 28 bits of fraction: enough to tell almost all numbers apart. */
const COARSE: i32 = 3;
const CANONICAL_NAN: i64 = 0x7ff8000000000000;
/** Counts, then places, of each digit's buckets. */
const buckets: usize = memory.data(4 * 8 * 256, 16);
/** Below this many values, clearing and adding up the buckets costs more than moving values one by one. */
const SMALL: i32 = 64;

/** Bits whose unsigned order is the order of the numbers. */
// @ts-ignore: decorator
@inline
function toKey(x: f64): u64 {
  const bits = x == x ? reinterpret<i64>(x) : CANONICAL_NAN;
  return bits ^ ((bits >> 63) | i64.MIN_VALUE);
}

// @ts-ignore: decorator
@inline
function fromKey(key: u64): u64 {
  return key ^ (~(<i64>key >> 63) | i64.MIN_VALUE);
}

/** Sorts n values in place; scratch holds n more. */
export function sort(values: usize, n: i32, scratch: usize): void {
  sortKeys(values, values, n, scratch, scratch, false);
}

/** Sorts n keys and moves a float64 along with each, those of equal keys in their order; scratch holds 2 n float64. */
export function sortPairs(keys: usize, payload: usize, n: i32, scratch: usize): void {
  sortKeys(keys, payload, n, scratch, scratch + 8 * <usize>n, true);
}

/**
 * By the upper digits first, then each number past the few that differ in the lower digits only. Where there are more than a few,
 * by all digits.
 */
// @ts-ignore: decorator
@inline
function sortKeys(keys: usize, payload: usize, n: i32, otherKeys: usize, otherPayload: usize, pairs: bool): void {
  for (let i: usize = 0; i < <usize>n; i++) store<u64>(keys + 8 * i, toKey(load<f64>(keys + 8 * i)));
  let swapped = false;
  for (let first = n < SMALL ? DIGITS : COARSE; ; first = 0) {
    countDigits(swapped ? otherKeys : keys, n, first);
    for (let digit = first; digit < DIGITS; digit++) {
      if (swapped) swapped = !scatter(otherKeys, otherPayload, n, digit, keys, payload, pairs);
      else swapped = scatter(keys, payload, n, digit, otherKeys, otherPayload, pairs);
    }
    const budget = n < SMALL ? n * n : n;
    if (insert(swapped ? otherKeys : keys, swapped ? otherPayload : payload, n, budget, pairs)) break;
  }
  const from = swapped ? otherKeys : keys;
  for (let i: usize = 0; i < 8 * <usize>n; i += 8) store<u64>(keys + i, fromKey(load<u64>(from + i)));
  if (pairs && swapped) memory.copy(payload, otherPayload, 8 * <usize>n);
}

/** Counts the digits of keys from `first` on; lower ones wait for a second call. */
function countDigits(keys: usize, n: i32, first: i32): void {
  if (first == DIGITS) return;
  memory.fill(buckets, 0, 4 * DIGITS * BUCKETS);
  for (let i: usize = 0; i < <usize>n; i++) {
    const key = load<u64>(keys + 8 * i);
    count(7, key);
    count(6, key);
    count(5, key);
    count(4, key);
    count(3, key);
    if (first == COARSE) continue;
    count(2, key);
    count(1, key);
    count(0, key);
  }
}

// @ts-ignore: decorator
@inline
function count(digit: i32, key: u64): void {
  const bucket = bucketOf(digit, key);
  store<u32>(bucket, load<u32>(bucket) + 1);
}

// @ts-ignore: decorator
@inline
function bucketOf(digit: i32, key: u64): usize {
  return buckets + 4 * <usize>(digit * BUCKETS) + 4 * <usize>((key >> <u64>(digit * 8)) & (BUCKETS - 1));
}

/** Moves everything to the other place in the order of a digit; answers false, and moves nothing, when all have the same digit. */
// @ts-ignore: decorator
@inline
function scatter(keys: usize, payload: usize, n: i32, digit: i32, toKeys: usize, toPayload: usize, pairs: bool): bool {
  if (n == 0 || load<u32>(bucketOf(digit, load<u64>(keys))) == n) return false;
  countsToPlaces(buckets + 4 * <usize>(digit * BUCKETS));
  for (let i: usize = 0; i < 8 * <usize>n; i += 8) {
    const key = load<u64>(keys + i);
    const bucket = bucketOf(digit, key);
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<u64>(toKeys + 8 * <usize>place, key);
    if (pairs) store<u64>(toPayload + 8 * <usize>place, load<u64>(payload + i));
  }
  return true;
}

function countsToPlaces(counts: usize): void {
  let place: u32 = 0;
  for (let bucket: usize = 0; bucket < 4 * BUCKETS; bucket += 4) {
    const size = load<u32>(counts + bucket);
    store<u32>(counts + bucket, place);
    place += size;
  }
}

/** Insertion sort; gives up, with all values still there, after about as many moves as the budget. */
// @ts-ignore: decorator
@inline
function insert(keys: usize, payload: usize, n: i32, budget: i32, pairs: bool): bool {
  let before: u64 = 0;
  for (let i: usize = 0; i < 8 * <usize>n; i += 8) {
    const key = load<u64>(keys + i);
    if (key >= before) {
      before = key;
      continue;
    }
    const carried: u64 = pairs ? load<u64>(payload + i) : 0;
    let p = i;
    for (; p > 0 && load<u64>(keys + p - 8) > key; p -= 8) {
      store<u64>(keys + p, load<u64>(keys + p - 8));
      if (pairs) store<u64>(payload + p, load<u64>(payload + p - 8));
    }
    store<u64>(keys + p, key);
    if (pairs) store<u64>(payload + p, carried);
    budget -= <i32>((i - p) >> 3);
    if (budget < 0) return false;
  }
  return true;
}

/** out = merge of sorted a and b, a first among equals. */
export function merge(a: usize, na: i32, b: usize, nb: i32, out: usize): void {
  mergeRuns(a, 0, na, b, 0, nb, out, 0, false);
}

export function mergePairs(a: usize, pa: usize, na: i32, b: usize, pb: usize, nb: i32, out: usize, pout: usize): void {
  mergeRuns(a, pa, na, b, pb, nb, out, pout, true);
}

/** Bits whose signed order is the order of the numbers. */
// @ts-ignore: decorator
@inline
function signedKey(address: usize): i64 {
  const bits = load<i64>(address);
  return bits ^ <i64>(<u64>(bits >> 63) >>> 1);
}

/**
 * Each step waits for the loads of the step before, so two halves of the output are merged at once, split where Odeh et al. 2012
 * ("Merge path") cut them. No step branches on data.
 */
// @ts-ignore: decorator
@inline
function mergeRuns(a: usize, pa: usize, na: i32, b: usize, pb: usize, nb: i32, out: usize, pout: usize, pairs: bool): void {
  const half = (na + nb) / 2;
  const split = coRank(half, a, na, b, nb);
  // From a key to what it carries.
  const toPa = pa - a;
  const toPb = pb - b;
  const toPout = pout - out;
  let a0 = a;
  let b0 = b;
  let o0 = out;
  const aMiddle: usize = a + 8 * <usize>split;
  const bMiddle: usize = b + 8 * <usize>(half - split);
  let a1 = aMiddle;
  let b1 = bMiddle;
  let o1: usize = out + 8 * <usize>half;
  const aEnd: usize = a + 8 * <usize>na;
  const bEnd: usize = b + 8 * <usize>nb;
  for (;;) {
    const steps = min(min(aMiddle - a0, bMiddle - b0), min(aEnd - a1, bEnd - b1));
    if (steps == 0) break;
    const stop = o0 + steps;
    while (o0 < stop) {
      // All ones where b comes first, else zero.
      const isB0: usize = 0 - <usize>(signedKey(b0) < signedKey(a0));
      const isB1: usize = 0 - <usize>(signedKey(b1) < signedKey(a1));
      const from0 = a0 + ((b0 - a0) & isB0);
      const from1 = a1 + ((b1 - a1) & isB1);
      store<u64>(o0, load<u64>(from0));
      store<u64>(o1, load<u64>(from1));
      if (pairs) {
        store<u64>(o0 + toPout, load<u64>(from0 + toPa + ((toPb - toPa) & isB0)));
        store<u64>(o1 + toPout, load<u64>(from1 + toPa + ((toPb - toPa) & isB1)));
      }
      b0 += 8 & isB0;
      a0 += 8 & ~isB0;
      b1 += 8 & isB1;
      a1 += 8 & ~isB1;
      o0 += 8;
      o1 += 8;
    }
  }
  finish(a0, aMiddle, b0, bMiddle, o0, toPa, toPb, toPout, pairs);
  finish(a1, aEnd, b1, bEnd, o1, toPa, toPb, toPout, pairs);
}

/** How many of the first `count` merged values come from a. */
function coRank(count: i32, a: usize, na: i32, b: usize, nb: i32): i32 {
  let first = max(0, count - nb);
  let last = min(count, na);
  while (first < last) {
    const i = (first + last) >> 1;
    if (signedKey(a + 8 * <usize>i) <= signedKey(b + 8 * <usize>(count - i - 1))) first = i + 1;
    else last = i;
  }
  return first;
}

// @ts-ignore: decorator
@inline
function finish(
  a: usize,
  aEnd: usize,
  b: usize,
  bEnd: usize,
  o: usize,
  toPa: usize,
  toPb: usize,
  toPout: usize,
  pairs: bool,
): void {
  while (a < aEnd && b < bEnd) {
    const takeB = signedKey(b) < signedKey(a);
    const from = takeB ? b : a;
    store<u64>(o, load<u64>(from));
    if (pairs) store<u64>(o + toPout, load<u64>(from + (takeB ? toPb : toPa)));
    if (takeB) b += 8;
    else a += 8;
    o += 8;
  }
  memory.copy(o, a, aEnd - a);
  if (pairs) memory.copy(o + toPout, a + toPa, aEnd - a);
  o += aEnd - a;
  memory.copy(o, b, bEnd - b);
  if (pairs) memory.copy(o + toPout, b + toPb, bEnd - b);
}
