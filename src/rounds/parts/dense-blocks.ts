/** Blocks of encoded rows in kernel memory, column-major and small enough to stay in the second-level cache. */
import type { View } from "../../features/view.ts";
import { float64, type Kernels, uint32 } from "../../kernels/kernels.ts";
import { blockRows } from "../../learners/blocks.ts";
import type { Block } from "../../learners/learner.ts";
import { createWindows, type Encoder, encodersOf, placeEncoders, plainEncoder, type Window } from "./encoders.ts";
import { unusableValue } from "./kept-rows.ts";
import type { Rows } from "./part.ts";

/** Rows of one group of a part in order; of so many blocks only one where not every one is wanted. */
export function* denseBlocks(k: Kernels, rows: Rows, view: View, kept: Uint32Array, every: number): Generator<Block> {
  if (kept.length === 0) return;
  const mark = k.mark();
  try {
    const columns = view.columns.length;
    const stride = blockRows(columns);
    // A sample takes blocks here and there; all blocks in turn share windows, as bringing a block at a time costs a call for each column.
    const together = every === 1 ? Math.max(stride, WINDOW_ROWS - (WINDOW_ROWS % stride)) : stride;
    const index = placeIndex(k, kept);
    const windows = createWindows(k, widestSpan(kept, together));
    const x = k.allocate(8 * stride * columns);
    // Names that no column of a text file can have.
    const labels = plainEncoder(k, rows.labels, windows, "\0labels", stride);
    const weights = rows.weights === null ? null : plainEncoder(k, rows.weights, windows, "\0weights", stride);
    const weight = weights?.out ?? k.allocate(8 * stride);
    if (weights === null) float64(k, weight, stride).fill(1);
    const encoders = [...encodersOf(k, rows.table, view, windows, x, stride), labels, ...(weights === null ? [] : [weights])];
    const records = placeEncoders(k, encoders);
    const froms = k.allocate(4 * windows.all.length);
    // Not in the generator, which would take V8 a sixth of a second to compile.
    const fill = (start: number): Block => {
      const n = Math.min(stride, kept.length - start);
      if (every > 1 || start % together === 0) bring(k, windows.all, froms, kept, start, Math.min(start + together, kept.length));
      const bad = k.encodeBlock(records, encoders.length, froms, index + 4 * start, n, 8 * stride);
      if (bad >= 0) throw unusable(k, rows, encoders[bad], kept, start, n);
      if (n % 2 === 1 && weights === null) float64(k, weight, n + 1)[n] = 0;
      return { rows: n, stride, columns, x, label: labels.out, weight, index: index + 4 * start };
    };
    for (let start = 0; start < kept.length; start += stride * every) yield fill(start);
  } finally {
    k.release(mark);
  }
}

/** A missing value where none may be. */
function unusable(k: Kernels, rows: Rows, { column, out }: Encoder, kept: Uint32Array, start: number, n: number): Error {
  if (column === null) throw new Error("labels and weights may be missing");
  return unusableValue(rows, column.name, column.source, kept[start + float64(k, out, n).findIndex(Number.isNaN)]);
}

/** Rows that share windows, about. */
const WINDOW_ROWS = 4_096;

/**
 * Copies what the windows are to hold: the part's rows from the one at place `start` of the kept ones to that before `end`. `froms` gets the
 * addresses at which they would begin if they held row 0.
 */
function bring(k: Kernels, windows: readonly Window[], froms: number, kept: Uint32Array, start: number, end: number): void {
  const [first, last] = [kept[start], kept[end - 1] + 1];
  const memory = new Uint8Array(k.memory.buffer);
  const from = uint32(k, froms, windows.length);
  for (let w = 0; w < windows.length; w++) {
    const { bytes, width, address } = windows[w];
    memory.set(bytes.subarray(first * width, last * width), address);
    from[w] = address - first * width;
  }
}

/** Most rows of the part between the first and the last of any so many kept rows. */
function widestSpan(kept: Uint32Array, together: number): number {
  let widest = 0;
  for (let start = 0; start < kept.length; start += together) {
    widest = Math.max(widest, kept[Math.min(start + together, kept.length) - 1] - kept[start] + 1);
  }
  return widest;
}

function placeIndex(k: Kernels, kept: Uint32Array): number {
  const index = k.allocate(4 * kept.length);
  uint32(k, index, kept.length).set(kept);
  return index;
}
