/**
 * The hot loops, compiled from `assembly/` to one WebAssembly module embedded in the bundle. Every thread has its own instance and
 * memory. Addresses are byte offsets; memory is an arena with stack discipline: mark, allocate, work, release.
 */
import type { Decimals } from "./decimals.ts";
import { wasm } from "./kernels.wasm.ts";

type EncodeNumbers = (source: number, index: number, rows: number, out: number, fill: number, shift: number, scale: number) => number;
type EncodeDecimals = (...numbers: [...Parameters<EncodeNumbers>, places: number]) => number;

/** What `assembly/index.ts` exports. Addresses and counts are uint32, numbers float64. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  /**
   * 16-byte aligned, zeroed. Memory may grow, which detaches earlier views: make views after the last allocation. Nothing else grows it.
   * Throws when bytes are not in [0, 4 GiB) or the host has no more memory.
   */
  allocate(bytes: number): number;
  /** The same, not zeroed. */
  claim(bytes: number): number;
  mark(): number;
  release(mark: number): void;

  // assembly/exp.ts, log.ts, pow.ts: the same bits on every host, errors below 0.56 ulp. pow is ECMAScript's at its edges.
  exp(x: number): number;
  log(x: number): number;
  log1p(x: number): number;
  expm1(x: number): number;
  pow(x: number, y: number): number;

  // assembly/encode.ts: out[i] = ((isNaN(v) ? fill : v) - shift) * scale with v = source[index[i]], for `rows` rows.
  // They answer the first i whose result is NaN, or -1. `index` holds uint32 row numbers, strictly ascending.
  encodeInt8: EncodeNumbers;
  encodeInt16: EncodeNumbers;
  encodeInt32: EncodeNumbers;
  encodeFloat32: EncodeNumbers;
  encodeFloat64: EncodeNumbers;
  /** The same with v = source[index[i]] / 10^places, and NaN for the least number of the type. */
  encodeDecimals8: EncodeDecimals;
  encodeDecimals16: EncodeDecimals;
  encodeDecimals32: EncodeDecimals;
  /** out[i] = table[source[index[i]]], table of float64 by code; same answer. */
  encodeCodes8(source: number, index: number, rows: number, out: number, table: number): number;
  encodeCodes16(source: number, index: number, rows: number, out: number, table: number): number;
  encodeCodes32(source: number, index: number, rows: number, out: number, table: number): number;
  /** Column j at out + j step, from a table with a row for each code, of an even number of float64 and none of them NaN. Answers -1. */
  encodeRun8(source: number, index: number, rows: number, out: number, step: number, table: number, columns: number): number;
  encodeRun16(source: number, index: number, rows: number, out: number, step: number, table: number, columns: number): number;
  encodeRun32(source: number, index: number, rows: number, out: number, step: number, table: number, columns: number): number;
  /** assembly/block.ts: all of these for one block. Answers the first record with a missing value that it does not keep, or -1. */
  encodeBlock(records: number, count: number, windows: number, index: number, rows: number, step: number): number;

  // assembly/linear.ts, gram.ts, sparse.ts: x is a column-major block (column j at x + 8 * j * stride), stride even, rows padded with
  // zeros to an even number; what is beside x needs no padding. Sums over rows have an order of their own, the same for equal shapes.
  /** z[i] = b + sum_j x[i,j] w[j], in the order of j. */
  margins(x: number, stride: number, rows: number, columns: number, w: number, b: number, z: number): void;
  /** g[j] += sum_i r[i] x[i,j] */
  gradient(x: number, stride: number, rows: number, columns: number, r: number, g: number): void;
  /** h[j*columns + k] += sum_i v[i] x[i,j] x[i,k] for k >= j (row-major, upper triangle only). */
  gram(x: number, stride: number, rows: number, columns: number, v: number, h: number): void;
  /** out[3j..]: mean of column j, sum of w (x - mean)^2, and a bound on |x - mean|; `weight` is the positive sum of w. assembly/spread.ts */
  spread(x: number, stride: number, rows: number, columns: number, w: number, weight: number, out: number): void;
  dot(a: number, b: number, n: number): number;
  sum(a: number, n: number): number;
  /** Sparse rows: see SparseBlock. */
  sparseMargins(offsets: number, indices: number, values: number, rows: number, w: number, b: number, z: number): void;
  sparseGradient(offsets: number, indices: number, values: number, rows: number, r: number, g: number): void;

  // assembly/logistic.ts, softmax.ts: exp is that above to the last bit. A NaN margin gives NaN.
  /** y in {0, 1}: r[i] = weight (p - y), v[i] = weight p (1 - p); answers sum weight * log-loss, all without cancellation. */
  logistic(z: number, y: number, weight: number, rows: number, r: number, v: number): number;
  /**
   * z holds `classes` columns of margins (class k at z + 8 * k * stride) and receives probabilities; y is the class index;
   * r (same shape) receives weight (p_k - [y = k]); answers sum weight * log-loss. Where rows are odd, z and r change in the spare row too.
   */
  softmax(z: number, stride: number, rows: number, classes: number, y: number, weight: number, r: number): number;
  /** p[i] = 1 / (1 + exp(-z[i])); p may be z. */
  sigmoid(z: number, rows: number, p: number): void;

  // assembly/sort.ts: float64 ascending, -0 before 0, NaN last and with canonical bits; equal keys keep their order
  /** Sorts n values in place; scratch as large. */
  sort(values: number, n: number, scratch: number): void;
  /** Sorts n keys and carries a float64 along with each; scratch is 16 n bytes. */
  sortPairs(keys: number, payload: number, n: number, scratch: number): void;
  /** out = merge of a and b as `sort` leaves them, a first among equals. */
  merge(a: number, na: number, b: number, nb: number, out: number): void;
  mergePairs(a: number, pa: number, na: number, b: number, pb: number, nb: number, out: number, pout: number): void;

  // assembly/hash.ts
  /** out[i] = uint32 hash of (seed, row) for row in [first, first + n), rows in [0, 2^53): `hashRow` of kernels/hash.ts for many. */
  hashRows(seed: number, first: number, n: number, out: number): void;

  // assembly/judge.ts: see there; addresses may be 0 where a thing is not given or not wanted
  judgeBinary(
    p: number,
    y: number,
    w: number,
    n: number,
    threshold: number,
    wantsLoss: boolean,
    totals: number,
    positives: number,
    negatives: number,
    positiveWeights: number,
    negativeWeights: number,
  ): number;

  areas(
    positives: number,
    np: number,
    positiveWeights: number,
    negatives: number,
    nn: number,
    negativeWeights: number,
    out: number,
    to: number,
    apart: number,
  ): number;

  binAreas(positives: number, negatives: number, bins: number, out: number, to: number, apart: number): number;

  /** assembly/split.ts */
  searchNumbers(
    histogram: number,
    bins: number,
    counts: number,
    step: number,
    g: number,
    h: number,
    rows: number,
    parent: number,
    l1: number,
    l2: number,
    minRows: number,
    minH: number,
    column: number,
    found: number,
  ): void;

  // assembly/grow.ts, histogram.ts: see there
  binCategories(x: number, rows: number, codes: number, n: number, missing: number, out: number, columns: number): void;
  roundPairs(
    g: number,
    h: number,
    counts: number,
    rows: number,
    gQuantum: number,
    hQuantum: number,
    countBits: number,
    pairs: number,
  ): void;
  widenRange(x: number, n: number, range: number): void;
  takeCounts(pairs: number, total: number, countBits: number, counts: number): void;
  scalePairs(pairs: number, total: number, first: number, second: number): void;

  // assembly/shares.ts: see there
  startBlock(block: number, rows: number): void;
  turnBins(bins: number, columns: number, rows: number, out: number): void;
  sendRows(bins: number, step: number, block: number, rows: number, routes: number): void;
  queueRows(
    bins: number,
    columns: number,
    pairs: number,
    block: number,
    first: number,
    rows: number,
    queues: number,
    offsets: number,
    scratch: number,
  ): void;
  addStarted(bins: number, step: number, columns: number, pairs: number, rows: number, queues: number, offsets: number): void;
  emptyQueues(bins: number, columns: number, pairs: number, queues: number, nodes: number, offsets: number, scratch: number): void;
  settleBlock(block: number, rows: number, values: number, margins: number): void;

  // assembly/count.ts, nodes.ts: see there
  drawRows(seed: number, first: number, index: number, weight: number, rows: number, bounds: number, n: number, draws: number): void;
  startDrawn(block: number, rows: number, room: number, draws: number): void;
  touchBins(bins: number, bytes: number): number;
  moveDrawn(bins: number, columns: number, block: number, room: number, routes: number): void;
  queueDrawn(bins: number, columns: number, block: number, room: number, draws: number, bases: number, leads: number, form: number): void;
  countQueues(leads: number, slots: number, form: number): void;
  searchNodes(
    runs: number,
    n: number,
    size: number,
    looked: number,
    bins: number,
    channels: number,
    counted: boolean,
    kind: number,
    factors: number,
    least: number,
  ): void;

  /** assembly/order.ts: see there */
  countKeys(numbers: number, n: number, weights: number, out: number): number;
  joinCounts(a: number, na: number, b: number, nb: number, room: number, out: number): number;

  /** assembly/moments.ts: n values, changed, and room for one more; out holds count, mean, squared deviations, min and max. */
  runMoments(x: number, n: number, out: number): void;

  // assembly/bins.ts
  /** The bins (uint32) of n scores, `each` of equal width from one of m ascending knots to the next. */
  findBins(scores: number, n: number, knots: number, m: number, each: number, out: number): void;
  /** Sorts n bins, all below 2^20; scratch as large. */
  sortBins(bins: number, n: number, scratch: number): void;
  /** Adds up the weights of equal neighbours in place; answers how many different scores there are. */
  shareEntries(scores: number, weights: number, n: number): number;

  /** assembly/trees.ts: see there; out[s * stride + i] += the leaf values of row i, tree after tree. */
  addTrees(
    x: number,
    stride: number,
    rows: number,
    columns: number,
    trees: number,
    count: number,
    nodes: number,
    places: number,
    values: number,
    outputs: number,
    slots: number,
    tile: number,
    tileRows: number,
    sums: number,
    out: number,
  ): void;
  /** assembly/ranks.ts and ranked.ts: see there. */
  binNumbers(x: number, rows: number, plane: number, missing: number, out: number, columns: number): void;
  fillPlanes(x: number, stride: number, first: number, n: number, planes: number, count: number, tile: number): void;
  fillPlanesFromBins(bins: number, columns: number, n: number, planes: number, count: number, tile: number): void;
  addRanked(
    tile: number,
    n: number,
    trees: number,
    count: number,
    beside: number,
    values: number,
    outputs: number,
    slots: number,
    sums: number,
    out: number,
    stride: number,
  ): void;
}

const module = new WebAssembly.Module(wasm);

/** A new instance with its own memory. */
export function createKernels(): Kernels {
  const environment = {
    abort: () => {
      throw new Error("a kernel stopped: out of kernel memory");
    },
  };
  return new WebAssembly.Instance(module, { env: environment }).exports as unknown as Kernels;
}

let own: Kernels | undefined;

/** This thread's instance, for work that begins and ends without waiting: other work may use it in between. */
export function kernels(): Kernels {
  own ??= createKernels();
  return own;
}

/** Runs work and gives back what it allocated in this thread's kernel memory. */
export function withKernels<T>(work: (kernels: Kernels) => T): T {
  const k = kernels();
  const mark = k.mark();
  try {
    return work(k);
  } finally {
    k.release(mark);
  }
}

export const float64 = (k: Kernels, address: number, n: number): Float64Array => new Float64Array(k.memory.buffer, address, n);
export const uint32 = (k: Kernels, address: number, n: number): Uint32Array => new Uint32Array(k.memory.buffer, address, n);
export const int32 = (k: Kernels, address: number, n: number): Int32Array => new Int32Array(k.memory.buffer, address, n);
export const uint16 = (k: Kernels, address: number, n: number): Uint16Array => new Uint16Array(k.memory.buffer, address, n);
export const uint8 = (k: Kernels, address: number, n: number): Uint8Array => new Uint8Array(k.memory.buffer, address, n);

/** Copies numbers into kernel memory and answers where they lie. */
export function place(k: Kernels, values: ArrayLike<number> & { length: number }): number {
  const address = k.claim(8 * values.length);
  float64(k, address, values.length).set(values);
  return address;
}

/** Numbers in any of the types that the encode kernels read. */
export type Numbers = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export function numberEncoder(k: Kernels, values: Numbers | Decimals): EncodeNumbers {
  if ("whole" in values) return decimalEncoder(k, values);
  if (values instanceof Int8Array) return k.encodeInt8;
  if (values instanceof Int16Array) return k.encodeInt16;
  if (values instanceof Int32Array) return k.encodeInt32;
  return values instanceof Float32Array ? k.encodeFloat32 : k.encodeFloat64;
}

function decimalEncoder(k: Kernels, { whole, places }: Decimals): EncodeNumbers {
  const encode = whole instanceof Int8Array ? k.encodeDecimals8 : whole instanceof Int16Array ? k.encodeDecimals16 : k.encodeDecimals32;
  return (source, index, rows, out, fill, shift, scale) => encode(source, index, rows, out, fill, shift, scale, places);
}

export const { exp, log, log1p, expm1, pow } = {
  exp: (x: number): number => kernels().exp(x),
  log: (x: number): number => kernels().log(x),
  log1p: (x: number): number => kernels().log1p(x),
  expm1: (x: number): number => kernels().expm1(x),
  pow: (x: number, y: number): number => kernels().pow(x, y),
};
