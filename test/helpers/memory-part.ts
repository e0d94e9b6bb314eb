/** Tables in memory as parts, encoded by plain loops: what the learners' tests use in place of the engine's parts. */
import type { View, ViewColumn } from "../../src/features/view.ts";
import { createHeap } from "../../src/kernels/heap.ts";
import { float64, type Kernels, kernels, uint8, uint32 } from "../../src/kernels/kernels.ts";
import type { BinnedRows, Block, Carry, Part, SparseBlock } from "../../src/learners/learner.ts";
import { binnedBytes, binRows } from "../../src/learners/trees/bins/bins.ts";
import { InputError } from "../../src/ports/errors.ts";

export interface MemoryTable {
  readonly columns: Readonly<Record<string, readonly (number | string)[]>>;
  /** Numbers, or class indices. */
  readonly label: readonly number[];
  readonly weight?: readonly number[];
  /** By number; each row stands alone where left out. */
  readonly group?: readonly number[];
  /** Fold group of each row; 0 where left out. */
  readonly fold?: readonly number[];
}

/** Numeric columns as they are. */
export function plainView(...names: string[]): View {
  return { columns: names.map(numberColumn), skipWhere: [] };
}

export function numberColumn(name: string): ViewColumn {
  return { name, source: name, take: { kind: "number" }, fill: Number.NaN, shift: 0, scale: 1 };
}

export interface MemoryPart extends Part {
  /** As a function that was replaced: carries are lost. */
  forget(): void;
}

export function memoryParts(table: MemoryTable, partRows = 1_000, blockRows = 64): MemoryPart[] {
  const rows = table.label.length;
  const parts: MemoryPart[] = [];
  const heap = createHeap();
  const k = heap.kernels;
  for (let first = 0; first < Math.max(1, rows); first += partRows) {
    const count = Math.min(partRows, rows - first);
    const own = (folds: readonly number[]): number[] =>
      Array.from({ length: count }, (_, i) => first + i).filter((i) => folds.includes(table.fold?.[i] ?? 0));
    const kept = new Map<string, BinnedRows>();
    const carries = new Map<string, Carry>();
    parts.push({
      number: parts.length,
      rows: count,
      firstRow: first,
      groupHashes: table.group === undefined ? null : Uint32Array.from(table.group.slice(first, first + count)),
      heap,
      binned: (view, cuts, folds) => {
        const key = `${cuts.key} ${folds}`;
        const found = kept.get(key);
        if (found !== undefined) return found;
        const rows = own(folds);
        const blocks = denseBlocks(k, table, view, rows, blockRows, 1, first);
        const made = binRows(k, heap.allocate(binnedBytes(rows.length, view.columns.length)), rows.length, cuts, blocks);
        kept.set(key, made);
        return made;
      },
      forget: () => {
        for (const carry of carries.values()) carry.stamp = "";
      },
      known: (name) => carries.get(name) ?? null,
      carry: (name, bytes) => {
        const found = carries.get(name) ?? { address: heap.allocate(bytes), stamp: "" };
        if (found.stamp === "") uint8(k, found.address, bytes).fill(0);
        carries.set(name, found);
        return found;
      },
      blocks: (view, folds, every = 1) => denseBlocks(kernels(), table, view, own(folds), blockRows, every, first),
      sparseBlocks: (view, folds, every = 1) => sparseBlocks(table, view, own(folds), blockRows, every),
    });
  }
  return parts;
}

export const encoded = (table: MemoryTable, column: ViewColumn, row: number): number => encoder(table, column)(row);

function encoder(table: MemoryTable, { source, take, fill, shift, scale, keepsMissing }: ViewColumn): (row: number) => number {
  if (take.kind !== "number" && take.kind !== "level" && take.kind !== "index")
    throw new Error(`memory parts take numbers, levels and indices, got ${take.kind}`);
  const values = table.columns[source];
  const rawOf = (value: number | string): number => {
    if (take.kind === "level") return value === take.level ? 1 : 0;
    if (take.kind === "number") return value as number;
    const place = take.levels.indexOf(value as string);
    return place < 0 ? (take.other ?? Number.NaN) : place;
  };
  return (row) => {
    const raw = rawOf(values[row]);
    const filled = Number.isNaN(raw) ? fill : raw;
    if (Number.isNaN(filled) && keepsMissing !== true)
      throw new InputError(`column ${source} must have a usable value in every row, got a missing value in row ${row}`);
    return (filled - shift) * scale;
  };
}

function* denseBlocks(
  k: Kernels,
  table: MemoryTable,
  view: View,
  rows: readonly number[],
  blockRows: number,
  every: number,
  first: number,
): Generator<Block> {
  const mark = k.mark();
  try {
    const columns = view.columns.length;
    const encoders = view.columns.map((column) => encoder(table, column));
    const stride = blockRows + (blockRows % 2);
    const x = k.allocate(8 * stride * columns);
    const label = k.allocate(8 * stride);
    const weight = k.allocate(8 * stride);
    const index = k.allocate(4 * stride);
    for (let start = 0; start < rows.length; start += every * blockRows) {
      const own = rows.slice(start, start + blockRows);
      uint32(k, index, own.length).set(own.map((row) => row - first));
      const put = (address: number, value: (row: number) => number): void => {
        const memory = float64(k, address, stride);
        memory.fill(0);
        memory.set(own.map(value));
      };
      encoders.forEach((encode, j) => {
        put(x + 8 * j * stride, encode);
      });
      put(label, (row) => table.label[row]);
      put(weight, (row) => table.weight?.[row] ?? 1);
      const bytes = (): Uint8Array => uint8(k, x, index + 4 * stride - x);
      const before = bytes().slice();
      yield { rows: own.length, stride, columns, x, label, weight, index };
      if (Buffer.compare(before, bytes()) !== 0) throw new Error("learners must leave blocks as they are, found others");
    }
  } finally {
    k.release(mark);
  }
}

function* sparseBlocks(table: MemoryTable, view: View, rows: readonly number[], blockRows: number, every: number): Generator<SparseBlock> {
  const k = kernels();
  const mark = k.mark();
  try {
    const columns = view.columns.length;
    const encoders = view.columns.map((column) => encoder(table, column));
    const offsets = k.allocate(4 * (blockRows + 1));
    const indices = k.allocate(4 * blockRows * columns);
    const values = k.allocate(8 * blockRows * columns);
    const label = k.allocate(8 * blockRows);
    const weight = k.allocate(8 * blockRows);
    for (let start = 0; start < rows.length; start += every * blockRows) {
      const own = rows.slice(start, start + blockRows);
      const [starts, places, entries] = [
        uint32(k, offsets, blockRows + 1),
        uint32(k, indices, blockRows * columns),
        float64(k, values, blockRows * columns),
      ];
      let filled = 0;
      own.forEach((row, i) => {
        starts[i] = filled;
        encoders.forEach((encode, j) => {
          const value = encode(row);
          if (value === 0) return;
          places[filled] = j;
          entries[filled++] = value;
        });
        float64(k, label, blockRows)[i] = table.label[row];
        float64(k, weight, blockRows)[i] = table.weight?.[row] ?? 1;
      });
      starts[own.length] = filled;
      yield { rows: own.length, columns, offsets, indices, values, label, weight };
    }
  } finally {
    k.release(mark);
  }
}
