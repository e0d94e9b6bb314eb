/**
 * The part that learners see: typed columns of consecutive rows, encoded through a view into blocks in kernel memory.
 * Blocks are column-major and small enough to stay in the second-level cache while every candidate of the view reads them.
 */
import type { StringColumn, Table } from "../data/columns.ts";
import { takeNumber } from "../features/take.ts";
import type { View, ViewColumn } from "../features/view.ts";
import { float64, type Kernels, kernels, type Numbers, numberEncoder, place, uint8, uint32 } from "../kernels/kernels.ts";
import { blockRows } from "../learners/blocks.ts";
import type { BinnedRows, Block, Carry, Cuts, Part } from "../learners/learner.ts";
import { binnedBytes, binRows } from "../learners/trees/bins.ts";
import { codeValues } from "./code-values.ts";
import { columnOf, keptRows, unusableValue } from "./kept-rows.ts";
import type { Resident } from "./resident.ts";
import { sparseBlocks } from "./sparse-blocks.ts";

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
    known: (name) => kept().find(`carry ${name}`),
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

/** Values of one source column, of which only the rows of some blocks are brought into kernel memory at a time. */
interface Window {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly address: number;
}

/** Writes some encoded columns of a block; `shifted` is where the window would begin if it held the part's row 0. Answers as encode.ts does. */
type Encode = (shifted: number, index: number, rows: number, out: number) => number;

interface Encoder {
  readonly window: number;
  /** Place of the first of its columns. */
  readonly first: number;
  readonly encode: Encode;
}

/** The windows that the view's columns read, each once, and how columns are encoded from their window. */
function encoders(k: Kernels, rows: Rows, view: View, span: number, stride: number): { windows: Window[]; encoders: Encoder[] } {
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
  const found: Encoder[] = [];
  for (let first = 0; first < view.columns.length; ) {
    const column = view.columns[first];
    const source = columnOf(rows.table, column.source);
    if (source.type === "string") {
      const run = runOf(view, first, source);
      found.push({ window: windowOf(column.source, () => source.codes), first, encode: codeEncoder(k, source, run, stride) });
      first += run.length;
      continue;
    }
    found.push({ first, ...numberOf(k, source.values, column, windowOf) });
    first += 1;
  }
  return { windows, encoders: found };
}

function numberOf(
  k: Kernels,
  values: Numbers,
  { source, take, fill, shift, scale }: ViewColumn,
  windowOf: (name: string, values: () => Numbers) => number,
): Pick<Encoder, "window" | "encode"> {
  if (take.kind !== "number") {
    const window = windowOf(`${source} ${JSON.stringify(take)}`, () => Float64Array.from(values, takeNumber(take)));
    return { window, encode: (from, index, n, out) => k.encodeFloat64(from, index, n, out, fill, shift, scale) };
  }
  const encode = numberEncoder(k, values);
  return { window: windowOf(source, () => values), encode: (from, index, n, out) => encode(from, index, n, out, fill, shift, scale) };
}

/** The encoded values, by code, of the view's columns from `first` on that read the same strings and make all of them usable. */
function runOf({ columns }: View, first: number, source: StringColumn): readonly Float64Array[] {
  const run = [codeValues(source, columns[first])];
  const isUsable = (values: Float64Array): boolean => !values.includes(Number.NaN);
  for (let j = first + 1; isUsable(run[0]) && columns[j]?.source === columns[first].source; j++) {
    const values = codeValues(source, columns[j]);
    if (!isUsable(values)) break;
    run.push(values);
  }
  return run;
}

/** Several columns of the same strings, as one-hot ones are, take one look-up a row for all. */
function codeEncoder(k: Kernels, { codes }: StringColumn, run: readonly Float64Array[], stride: number): Encode {
  const width = codes.BYTES_PER_ELEMENT as 1 | 2 | 4;
  if (run.length === 1) {
    const [values, encode] = [place(k, run[0]), { 1: k.encodeCodes8, 2: k.encodeCodes16, 4: k.encodeCodes32 }[width]];
    return (from, index, n, out) => encode(from, index, n, out, values);
  }
  // Row by row, with a zero beside an odd last column.
  const columns = run.length + (run.length % 2);
  const values = place(
    k,
    Float64Array.from({ length: run[0].length * columns }, (_, i) => run[i % columns]?.[Math.floor(i / columns)] ?? 0),
  );
  const encode = { 1: k.encodeRun8, 2: k.encodeRun16, 4: k.encodeRun32 }[width];
  return (from, index, n, out) => encode(from, index, n, out, 8 * stride, values, run.length);
}

function openWindow(k: Kernels, values: ArrayBufferView & { BYTES_PER_ELEMENT: number }, span: number): Window {
  const width = values.BYTES_PER_ELEMENT;
  return { bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength), width, address: k.allocate(span * width) };
}

function* denseBlocks(k: Kernels, rows: Rows, view: View, kept: Uint32Array, every: number): Generator<Block> {
  if (kept.length === 0) return;
  const mark = k.mark();
  try {
    const columns = view.columns.length;
    const stride = blockRows(columns);
    // A sample takes blocks here and there; all blocks in turn share windows, as bringing a block at a time costs a call for each column.
    const together = every === 1 ? Math.max(stride, WINDOW_ROWS - (WINDOW_ROWS % stride)) : stride;
    const span = widestSpan(kept, together);
    const index = placeIndex(k, kept);
    const { windows, encoders: encoding } = encoders(k, rows, view, span, stride);
    const labels = windows.push(openWindow(k, rows.labels, span)) - 1;
    const weights = rows.weights === null ? null : windows.push(openWindow(k, rows.weights, span)) - 1;
    const x = k.allocate(8 * stride * columns);
    const label = k.allocate(8 * stride);
    const weight = k.allocate(8 * stride);
    float64(k, weight, stride).fill(1);
    let from: readonly number[] = [];
    // Not in the generator, which would take V8 a sixth of a second to compile.
    const fill = (start: number): Block => {
      const n = Math.min(stride, kept.length - start);
      if (every > 1 || start % together === 0) from = bring(k, windows, kept, start, Math.min(start + together, kept.length));
      for (const { window, first, encode } of encoding) {
        const bad = encode(from[window], index + 4 * start, n, x + 8 * first * stride);
        if (bad >= 0 && view.columns[first].keepsMissing !== true)
          throw unusableValue(rows, view.columns[first].name, view.columns[first].source, kept[start + bad]);
      }
      k.encodeFloat64(from[labels], index + 4 * start, n, label, 0, 0, 1);
      if (weights !== null) k.encodeFloat64(from[weights], index + 4 * start, n, weight, 0, 0, 1);
      if (n % 2 === 1) pad(k, n, [label, weight, ...view.columns.map((_, j) => x + 8 * j * stride)]);
      return { rows: n, stride, columns, x, label, weight, index: index + 4 * start };
    };
    for (let start = 0; start < kept.length; start += stride * every) yield fill(start);
  } finally {
    k.release(mark);
  }
}

/** Rows that share windows, about. */
const WINDOW_ROWS = 4_096;

/** Copies what the windows are to hold: the part's rows from the one at place `start` of the kept ones to that before `end`. */
function bring(k: Kernels, windows: readonly Window[], kept: Uint32Array, start: number, end: number): number[] {
  const [first, last] = [kept[start], kept[end - 1] + 1];
  const memory = new Uint8Array(k.memory.buffer);
  return windows.map(({ bytes, width, address }) => {
    memory.set(bytes.subarray(first * width, last * width), address);
    return address - first * width;
  });
}

/** Most rows of the part between the first and the last of any so many kept rows. */
function widestSpan(kept: Uint32Array, together: number): number {
  let widest = 0;
  for (let start = 0; start < kept.length; start += together) {
    widest = Math.max(widest, kept[Math.min(start + together, kept.length) - 1] - kept[start] + 1);
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
