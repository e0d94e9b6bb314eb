/**
 * Exact order statistics over rounds, by radix selection on adaptive digits. Numbers are counted under a 64-bit key that sorts as they
 * do. Up to `limit` distinct keys all are exact; beyond it the low bits of every key are dropped, as few as make them fit. A rank
 * then falls either on one number, which is the answer, or into a range of numbers that the next round counts alone. A round settles at
 * least log2(limit) bits, so 2^13 keys need five rounds at worst, one for columns of few distinct numbers and mostly two for others.
 * The bits dropped follow from the set of numbers alone, so neither the order of adding nor that of merging matters.
 */

import { float64, type Kernels, place, uint32, withKernels } from "../kernels/kernels.ts";

export interface OrderCounts {
  /** Keys at most; 2 or more. */
  readonly limit: number;
  /** Low bits of the keys that are zero because they were dropped; 0: the keys are numbers. */
  dropped: number;
  /** Upper and lower halves of the keys, ascending. */
  high: Uint32Array;
  low: Uint32Array;
  /** Numbers under each key. */
  counts: Float64Array;
}

type Keys = Pick<OrderCounts, "high" | "low" | "counts">;

export function emptyOrder(limit: number): OrderCounts {
  return { limit, dropped: 0, high: new Uint32Array(0), low: new Uint32Array(0), counts: new Float64Array(0) };
}

const KEY_BYTES = 16;
/** Keys of a side that are in kernel memory at a time. */
const WINDOW = 4_096;

const number = new Float64Array(1);
/** The same bytes as two words, of which `HIGH` holds the sign. */
const words = new Uint32Array(number.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

/**
 * Adds ascending numbers without NaN; -0 counts as 0. Each counts as one, or as its weight; sums of those must be exact where the order of
 * adding is not to matter. Neither may lie in kernel memory, which may grow.
 */
export function addSorted(into: OrderCounts, sorted: Float64Array, weights: Float64Array | null = null): void {
  const part = withKernels((k) => {
    const room = sorted.length;
    const [keys, out] = [place(k, sorted), k.claim(KEY_BYTES * room)];
    const runs = k.countKeys(keys, room, weights === null ? 0 : place(k, weights), out);
    return { ...emptyOrder(into.limit), ...cutKeys(keysAt(k, out, room), runs) };
  });
  mergeOrder(into, masked(part, Math.max(into.dropped, bitsToDrop(part))));
}

export function mergeOrder(into: OrderCounts, other: OrderCounts): void {
  if (other.counts.length === 0) return;
  const dropped = Math.max(into.dropped, other.dropped);
  const [a, b] = [masked(into, dropped), masked(other, dropped)];
  const joined: OrderCounts = { ...(a.counts.length === 0 ? b : join(a, b)), limit: into.limit, dropped };
  const enough = bitsToDrop(joined);
  Object.assign(into, enough > dropped ? masked(joined, enough) : joined);
}

/** The number of key `i`. */
function numberAt(high: number, low: number): number {
  const negative = high >>> 31 === 0;
  words[HIGH] = negative ? ~high : high ^ 0x80000000;
  words[LOW] = negative ? ~low : low;
  return number[0];
}

const highMask = (dropped: number): number => (dropped > 32 ? -1 << (dropped - 32) : -1);
const lowMask = (dropped: number): number => (dropped >= 32 ? 0 : -1 << dropped);

/** The keys with so many low bits dropped; equal ones become one. */
function masked(order: OrderCounts, dropped: number): OrderCounts {
  if (dropped === order.dropped) return order;
  const most = order.counts.length;
  const [high, low, counts] = [new Uint32Array(most), new Uint32Array(most), new Float64Array(most)];
  const [keepHigh, keepLow] = [highMask(dropped), lowMask(dropped)];
  let n = 0;
  for (let i = 0; i < most; i++) {
    high[n] = order.high[i] & keepHigh;
    low[n] = order.low[i] & keepLow;
    const same = n > 0 && high[n] === high[n - 1] && low[n] === low[n - 1];
    counts[same ? n - 1 : n] += order.counts[i];
    if (!same) n++;
  }
  return { limit: order.limit, dropped, ...cutKeys({ high, low, counts }, n) };
}

/** By the kernel, a window of either side at a time: plain, the halves' comparisons took most of a fit that counts many numbers. */
function join(a: Keys, b: Keys): Keys {
  const most = a.counts.length + b.counts.length;
  const joined = { high: new Uint32Array(most), low: new Uint32Array(most), counts: new Float64Array(most) };
  let [i, j, n] = [0, 0, 0];
  withKernels((k) => {
    const [left, right, out] = [k.claim(KEY_BYTES * WINDOW), k.claim(KEY_BYTES * WINDOW), k.claim(2 * KEY_BYTES * WINDOW + 8)];
    while (i < a.counts.length && j < b.counts.length) {
      const [na, nb] = [Math.min(WINDOW, a.counts.length - i), Math.min(WINDOW, b.counts.length - j)];
      copyKeys(a, i, na, keysAt(k, left, WINDOW), 0);
      copyKeys(b, j, nb, keysAt(k, right, WINDOW), 0);
      const made = k.joinCounts(left, na, right, nb, WINDOW, out);
      copyKeys(keysAt(k, out, 2 * WINDOW), 0, made, joined, n);
      const [ofA, ofB] = uint32(k, out + 2 * KEY_BYTES * WINDOW, 2);
      [i, j, n] = [i + ofA, j + ofB, n + made];
    }
  });
  // One of them has no more.
  const [restA, restB] = [a.counts.length - i, b.counts.length - j];
  copyKeys(a, i, restA, joined, n);
  copyKeys(b, j, restB, joined, n);
  return cutKeys(joined, n + restA + restB);
}

/** As the kernel has them. */
const keysAt = (k: Kernels, address: number, room: number): Keys => ({
  counts: float64(k, address, room),
  high: uint32(k, address + 8 * room, room),
  low: uint32(k, address + 12 * room, room),
});

const cutKeys = ({ high, low, counts }: Keys, n: number): Keys => ({
  high: high.slice(0, n),
  low: low.slice(0, n),
  counts: counts.slice(0, n),
});

function copyKeys(from: Keys, start: number, n: number, to: Keys, at: number): void {
  to.counts.set(from.counts.subarray(start, start + n), at);
  to.high.set(from.high.subarray(start, start + n), at);
  to.low.set(from.low.subarray(start, start + n), at);
}

/** The fewest low bits without which at most `limit` keys differ: neighbours that differ first at bit h are one when more than h are dropped. */
function bitsToDrop({ limit, high, low, dropped, counts }: OrderCounts): number {
  if (counts.length <= limit) return dropped;
  const differAt = new Float64Array(64);
  for (let i = 1; i < counts.length; i++) {
    const bit = high[i] !== high[i - 1] ? 63 - Math.clz32(high[i] ^ high[i - 1]) : 31 - Math.clz32(low[i] ^ low[i - 1]);
    differAt[bit]++;
  }
  let keys = counts.length;
  let bits = dropped;
  for (let bit = 0; keys > limit && bit < 64; bit++) {
    keys -= differAt[bit];
    bits = Math.max(bits, bit + 1);
  }
  return bits;
}

export function countOf(order: OrderCounts): number {
  return order.counts.reduce((sum, count) => sum + count, 0);
}

/** Numbers from `from` to `to` inclusive, `rank` counted from the smallest of them as 1. */
export interface RankedRange {
  readonly from: number;
  readonly to: number;
  readonly rank: number;
}

/**
 * Where the number of a rank (1 is the smallest) lies: `from` equals `to` when it is known, else the next round has to count that range.
 * The rank must be from 1 to the count.
 */
export function locate(order: OrderCounts, rank: number): RankedRange {
  let below = 0;
  let i = 0;
  while (below + order.counts[i] < rank) below += order.counts[i++];
  const from = numberAt(order.high[i], order.low[i]);
  if (order.dropped === 0) return { from, to: from, rank: rank - below };
  const to = numberAt(order.high[i] | ~highMask(order.dropped), order.low[i] | ~lowMask(order.dropped));
  // The keys beyond the infinities are those of NaN, and the key below 0 is that of -0, which no number has.
  return {
    from: Number.isNaN(from) ? Number.NEGATIVE_INFINITY : from,
    to: Number.isNaN(to) ? Number.POSITIVE_INFINITY : Object.is(to, -0) ? -Number.MIN_VALUE : to,
    rank: rank - below,
  };
}

/** The distinct numbers, ascending; null when there are more than the limit. */
export function numbersOf(order: OrderCounts): number[] | null {
  return order.dropped > 0 ? null : Array.from(order.counts, (_, i) => numberAt(order.high[i], order.low[i]));
}
