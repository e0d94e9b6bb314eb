/** Keys of 64 bits, as statistics/order.ts counts numbers under them. */

// @ts-ignore: decorator
@inline
function keyAt(keys: usize, room: i32, i: i32): u64 {
  const high = keys + 8 * <usize>room + 4 * <usize>i;
  return (<u64>load<u32>(high) << 32) | <u64>load<u32>(high + 4 * <usize>room);
}

/**
 * Counts n ascending numbers without NaN under keys that ascend as they do, each as one or, where these are given, as its weight.
 * `out` has n counts, upper and lower halves of keys as `joinCounts` takes them. Answers how many numbers differ; -0 does not from 0.
 */
export function countKeys(numbers: usize, n: i32, weights: usize, out: usize): i32 {
  const high: usize = out + 8 * <usize>n;
  const low: usize = high + 4 * <usize>n;
  let run: i32 = -1;
  let last: u64 = 0;
  let sum: u64 = 0;
  for (let i = 0; i < n; i++) {
    const bits = reinterpret<i64>(load<f64>(numbers + 8 * <usize>i) + 0.0);
    const key: u64 = bits ^ ((bits >> 63) | i64.MIN_VALUE);
    // No key is 0: that would be a NaN.
    const isSame = key == last;
    const weight = weights == 0 ? 1.0 : load<f64>(weights + 8 * <usize>i);
    const total = reinterpret<f64>(sum & (0 - <u64>isSame)) + weight;
    run += <i32>!isSame;
    store<f64>(out + 8 * <usize>run, total);
    store<u32>(high + 4 * <usize>run, <u32>(key >> 32));
    store<u32>(low + 4 * <usize>run, <u32>key);
    last = key;
    sum = reinterpret<u64>(total);
  }
  return run + 1;
}

/**
 * Joins ascending keys until those of one side have run out; counts of equal keys are added up. `a` and `b` have `room` counts (float64),
 * then as many upper and lower halves of keys (uint32 each); `out` has twice the room, and how many of a and of b are in it behind that
 * (uint32 each). Answers how many keys that makes. No step branches on data: which side comes first is hardly ever to be foreseen.
 */
export function joinCounts(a: usize, na: i32, b: usize, nb: i32, room: i32, out: usize): i32 {
  let i = 0;
  let j = 0;
  let n = 0;
  const high: usize = out + 16 * <usize>room;
  const low: usize = high + 8 * <usize>room;
  while (i < na && j < nb) {
    const keyA = keyAt(a, room, i);
    const keyB = keyAt(b, room, j);
    const ofA = keyA <= keyB;
    const ofB = keyB <= keyA;
    const key = select(keyA, keyB, ofA);
    // Zero where the key is of the other side alone: hosts select numbers by a branch, and bits without.
    const countA = load<u64>(a + 8 * <usize>i) & (0 - <u64>ofA);
    const countB = load<u64>(b + 8 * <usize>j) & (0 - <u64>ofB);
    store<f64>(out + 8 * <usize>n, reinterpret<f64>(countA) + reinterpret<f64>(countB));
    store<u32>(high + 4 * <usize>n, <u32>(key >> 32));
    store<u32>(low + 4 * <usize>n, <u32>key);
    i += <i32>ofA;
    j += <i32>ofB;
    n++;
  }
  store<u32>(low + 8 * <usize>room, i);
  store<u32>(low + 8 * <usize>room, j, 4);
  return n;
}
