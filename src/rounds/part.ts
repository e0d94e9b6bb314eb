/**
 * The part that learners see: typed columns of consecutive rows, encoded through a view into blocks in kernel memory.
 * Blocks are column-major and small enough to stay in the second-level cache while every candidate of the view reads them.
 */
import type { StringColumn, Table } from "../data/columns.ts";
import { HASH_SEED, takeNumber, takeString } from "../features/take.ts";
import type { View, ViewColumn } from "../features/view.ts";
import { hashString } from "../kernels/hash.ts";
import { float64, type Kernels, kernels, numberEncoder, place, uint8, uint32 } from "../kernels/kernels.ts";
import { blockRows } from "../learners/blocks.ts";
import type { BinnedRows, Block, Carry, Cuts, Part, SparseBlock } from "../learners/learner.ts";
import { binnedBytes, binRows } from "../learners/trees/bins.ts";
import { columnOf, keptRows, unusableValue } from "./kept-rows.ts";
import type { Resident } from "./resident.ts";

/** Rows of one part by fold group. */
export interface Grouped {
  readonly number: number;
  /** Index of the part's first row in the dataset. */
  readonly firstRow: number;
  readonly table: Table;
  /** Row offsets of each training fold, and last of the test rows; ascending. */
  readonly groups: readonly Uint32Array[];
  /** Weight of each row; null where the job names no weight column and every row weighs 1. */
  readonly weights: Float64Array | null;
}

/** With what a learner is to predict. */
export interface Rows extends Grouped {
  /** Class index or number of each row of the part; NaN where the row belongs to no group. */
  readonly labels: Float64Array;
}

/** Without a place to keep things, as in a round that judges, a part has no bins and no carry. */
export function matrixPart(rows: Rows, resident?: Resident): Part {
  const kept = (): Resident => {
    if (resident === undefined) throw new Error("bins and carries need a place to be kept");
    return resident;
  };
  return {
    number: rows.number,
    rows: rows.table.rows,
    firstRow: rows.firstRow,
    blocks: (view, fold, every = 1) => denseBlocks(kernels(), rows, view, keptRows(rows, view, fold), every),
    sparseBlocks: (view, fold, every = 1) => sparseBlocks(rows, view, keptRows(rows, view, fold), every),
    get heap() {
      return kept().heap;
    },
    binned: (view, cuts, fold) => keptBins(rows, view, cuts, fold, kept()),
    carry: (name, bytes) => kept().keep(`carry ${name}`, bytes, (address) => startCarry(kept().heap.kernels, address, bytes)),
  };
}

function startCarry(k: Kernels, address: number, bytes: number): Carry {
  uint8(k, address, bytes).fill(0);
  return { address, stamp: "" };
}

function keptBins(rows: Rows, view: View, cuts: Cuts, fold: number, resident: Resident): BinnedRows {
  const kept = keptRows(rows, view, fold);
  return resident.keep(`bins ${cuts.key} ${fold}`, binnedBytes(kept.length, view.columns.length), (address) => {
    const k = resident.heap.kernels;
    return binRows(k, address, kept.length, cuts, denseBlocks(k, rows, view, kept, 1));
  });
}

/** Values of one source column, of which only the rows between a block's first and last are brought into kernel memory. */
interface Window {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly address: number;
}

/** Writes one encoded column of a block; `shifted` is where the window would begin if it held the part's row 0. */
type Encode = (shifted: number, index: number, rows: number, out: number) => number;

interface Encoder {
  readonly window: number;
  readonly encode: Encode;
}

/** The windows that the view's columns read, each once, and how each column is encoded from its window. */
function encoders(k: Kernels, rows: Rows, view: View, span: number): { windows: Window[]; columns: Encoder[] } {
  const windows: Window[] = [];
  const places = new Map<string, number>();
  const windowOf = (name: string, values: () => ArrayBufferView & { BYTES_PER_ELEMENT: number }): number => {
    let place = places.get(name);
    if (place === undefined) {
      const source = values();
      place = windows.push(openWindow(k, source, span)) - 1;
      places.set(name, place);
    }
    return place;
  };
  const columns = view.columns.map((column): Encoder => {
    const source = columnOf(rows.table, column.source);
    if (source.type === "string") {
      const values = place(k, codeValues(source, column));
      const encodeCodes = { 1: k.encodeCodes8, 2: k.encodeCodes16, 4: k.encodeCodes32 }[
        source.codes.BYTES_PER_ELEMENT
      ] as Kernels["encodeCodes8"];
      return {
        window: windowOf(column.source, () => source.codes),
        encode: (from, index, n, out) => encodeCodes(from, index, n, out, values),
      };
    }
    const { fill, shift, scale } = column;
    if (column.take.kind !== "number") {
      const name = `${column.source} ${JSON.stringify(column.take)}`;
      const window = windowOf(name, () => Float64Array.from(source.values, takeNumber(column.take)));
      return { window, encode: (from, index, n, out) => k.encodeFloat64(from, index, n, out, fill, shift, scale) };
    }
    const encodeNumber = numberEncoder(k, source.values);
    return {
      window: windowOf(column.source, () => source.values),
      encode: (from, index, n, out) => encodeNumber(from, index, n, out, fill, shift, scale),
    };
  });
  return { windows, columns };
}

function openWindow(k: Kernels, values: ArrayBufferView & { BYTES_PER_ELEMENT: number }, span: number): Window {
  const width = values.BYTES_PER_ELEMENT;
  return { bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength), width, address: k.allocate(span * width) };
}

/** Encoded value of each code of a string column, the missing code last. */
function codeValues(source: StringColumn, { take, fill, shift, scale }: ViewColumn): Float64Array {
  const raw = takeString(take);
  return Float64Array.from([...source.dictionary, null], (text) => {
    const value = raw(text);
    return ((Number.isNaN(value) ? fill : value) - shift) * scale;
  });
}

function* denseBlocks(k: Kernels, rows: Rows, view: View, kept: Uint32Array, every: number): Generator<Block> {
  if (kept.length === 0) return;
  const mark = k.mark();
  try {
    const columns = view.columns.length;
    const stride = blockRows(columns);
    const span = widestSpan(kept, stride);
    const index = placeIndex(k, kept);
    const encoder = encoders(k, rows, view, span);
    const labels = openWindow(k, rows.labels, span);
    const weights = rows.weights === null ? null : openWindow(k, rows.weights, span);
    const x = k.allocate(8 * stride * columns);
    const label = k.allocate(8 * stride);
    const weight = k.allocate(8 * stride);
    float64(k, weight, stride).fill(1);
    for (let start = 0; start < kept.length; start += stride * every) {
      const n = Math.min(stride, kept.length - start);
      const [first, end] = [kept[start], kept[start + n - 1] + 1];
      const memory = new Uint8Array(k.memory.buffer);
      const bring = (window: Window): number => {
        memory.set(window.bytes.subarray(first * window.width, end * window.width), window.address);
        return window.address - first * window.width;
      };
      const from = encoder.windows.map(bring);
      for (let j = 0; j < columns; j++) {
        const { window, encode } = encoder.columns[j];
        const bad = encode(from[window], index + 4 * start, n, x + 8 * j * stride);
        if (bad >= 0 && view.columns[j].keepsMissing !== true)
          throw unusableValue(rows, view.columns[j].name, view.columns[j].source, kept[start + bad]);
      }
      k.encodeFloat64(bring(labels), index + 4 * start, n, label, 0, 0, 1);
      if (weights !== null) k.encodeFloat64(bring(weights), index + 4 * start, n, weight, 0, 0, 1);
      if (n % 2 === 1) pad(k, n, [label, weight, ...view.columns.map((_, j) => x + 8 * j * stride)]);
      yield { rows: n, stride, columns, x, label, weight, index: index + 4 * start };
    }
  } finally {
    k.release(mark);
  }
}

/** Most rows of the part between the first and the last row of any block. */
function widestSpan(kept: Uint32Array, stride: number): number {
  let widest = 0;
  for (let start = 0; start < kept.length; start += stride) {
    widest = Math.max(widest, kept[Math.min(start + stride, kept.length) - 1] - kept[start] + 1);
  }
  return widest;
}

/** The row after an odd last one, zero because the kernels take two at a time. */
function pad(k: Kernels, n: number, columns: readonly number[]): void {
  for (const column of columns) float64(k, column, n + 1)[n] = 0;
}

function placeIndex(k: Kernels, kept: Uint32Array): number {
  const index = k.allocate(4 * kept.length);
  uint32(k, index, kept.length).set(kept);
  return index;
}

/** What a code (or a number) contributes to a sparse row: columns in ascending order. */
interface Entries {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

const SPARSE_ROWS = 1_024;

/**
 * Rows without the zeros of their encoded columns. All columns of one string column are looked up at once by code, so a row costs
 * one step per non-zero, however many levels the one-hot has.
 */
function* sparseBlocks(rows: Rows, view: View, kept: Uint32Array, every: number): Generator<SparseBlock> {
  if (kept.length === 0) return;
  const k = kernels();
  const mark = k.mark();
  try {
    const sources = sparseSources(rows.table, view);
    const widest = sources.reduce((sum, source) => sum + source.most, 0);
    const offsets = k.allocate(4 * (SPARSE_ROWS + 1));
    const indices = k.allocate(4 * SPARSE_ROWS * widest);
    const values = k.allocate(8 * SPARSE_ROWS * widest);
    const label = k.allocate(8 * SPARSE_ROWS);
    const weight = k.allocate(8 * SPARSE_ROWS);
    for (let start = 0; start < kept.length; start += SPARSE_ROWS * every) {
      const n = Math.min(SPARSE_ROWS, kept.length - start);
      const [o, c, v] = [uint32(k, offsets, n + 1), uint32(k, indices, n * widest), float64(k, values, n * widest)];
      const [y, w] = [float64(k, label, n), float64(k, weight, n)];
      let filled = 0;
      for (let i = 0; i < n; i++) {
        const row = kept[start + i];
        o[i] = filled;
        for (const source of sources) filled = source.add(row, c, v, filled);
        for (let j = o[i]; j < filled; j++)
          if (Number.isNaN(v[j]) && view.columns[c[j]].keepsMissing !== true)
            throw unusableValue(rows, view.columns[c[j]].name, view.columns[c[j]].source, row);
        y[i] = rows.labels[row];
        w[i] = rows.weights === null ? 1 : rows.weights[row];
      }
      o[n] = filled;
      yield { rows: n, columns: view.columns.length, offsets, indices, values, label, weight };
    }
  } finally {
    k.release(mark);
  }
}

interface SparseSource {
  /** Most entries that one row can have. */
  readonly most: number;
  add(row: number, indices: Uint32Array, values: Float64Array, filled: number): number;
}

function sparseSources(table: Table, view: View): SparseSource[] {
  const bySource = Map.groupBy(view.columns.keys(), (j) => view.columns[j].source);
  return [...bySource].map(([name, columns]) => {
    const source = columnOf(table, name);
    return source.type === "string" ? codedSource(source, view, columns) : numericSource(source.values, view, columns);
  });
}

function codedSource(source: StringColumn, view: View, columns: readonly number[]): SparseSource {
  const byCode = codeEntries(source, view, columns);
  return {
    most: byCode.reduce((most, entries) => Math.max(most, entries.columns.length), 0),
    add: (row, indices, values, filled) => {
      const entries = byCode[source.codes[row]];
      for (let e = 0; e < entries.columns.length; e++, filled++) {
        indices[filled] = entries.columns[e];
        values[filled] = entries.values[e];
      }
      return filled;
    },
  };
}

/** Entries of each code. One-hot and hash columns are found by level and bucket, so the cost is codes + columns, not their product. */
function codeEntries(source: StringColumn, view: View, columns: readonly number[]): Entries[] {
  const byLevel = new Map<string, number>();
  const byBucket = new Map<number, number>();
  let buckets = 0;
  const rest: number[] = [];
  for (const j of columns) {
    const column = view.columns[j];
    const take = column.take;
    if (column.shift !== 0) rest.push(j);
    else if (take.kind === "level" && take.missingAs === undefined && !byLevel.has(take.level)) byLevel.set(take.level, j);
    else if (take.kind === "hash" && (buckets === 0 || buckets === take.buckets) && !byBucket.has(take.bucket)) {
      byBucket.set(take.bucket, j);
      buckets = take.buckets;
    } else rest.push(j);
  }
  const dense = rest.map((j) => codeValues(source, view.columns[j]));
  return Array.from({ length: source.dictionary.length + 1 }, (_, code) => {
    const text = code < source.dictionary.length ? source.dictionary[code] : null;
    const found = new Map<number, number>();
    const level = text === null ? undefined : byLevel.get(text);
    if (level !== undefined) found.set(level, view.columns[level].scale);
    const bucket = buckets === 0 ? undefined : byBucket.get(hashString(text ?? "", HASH_SEED) % buckets);
    if (bucket !== undefined) found.set(bucket, view.columns[bucket].scale);
    rest.forEach((j, r) => {
      if (dense[r][code] !== 0) found.set(j, dense[r][code]);
    });
    const ordered = [...found].sort((a, b) => a[0] - b[0]);
    return { columns: ordered.map(([j]) => j), values: ordered.map(([, value]) => value) };
  });
}

function numericSource(numbers: ArrayLike<number>, view: View, columns: readonly number[]): SparseSource {
  const raws = columns.map((j) => takeNumber(view.columns[j].take));
  return {
    most: columns.length,
    add: (row, indices, values, filled) => {
      for (let c = 0; c < columns.length; c++) {
        const { fill, shift, scale } = view.columns[columns[c]];
        const raw = raws[c](numbers[row]);
        const value = ((Number.isNaN(raw) ? fill : raw) - shift) * scale;
        if (value !== 0) {
          indices[filled] = columns[c];
          values[filled++] = value;
        }
      }
      return filled;
    },
  };
}
