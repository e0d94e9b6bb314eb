/** Rows of a part as sparse blocks: without the zeros of their encoded columns. */
import type { StringColumn, Table } from "../../data/columns.ts";
import { HASH_SEED, takeNumber } from "../../features/take.ts";
import type { View, ViewColumn } from "../../features/view.ts";
import { hashString } from "../../kernels/hash.ts";
import { float64, kernels, uint32 } from "../../kernels/kernels.ts";
import type { SparseBlock } from "../../learners/learner.ts";
import { codeValues } from "./code-values.ts";
import { columnOf, unusableValue } from "./kept-rows.ts";
import type { Rows } from "./part.ts";

/** What a code (or a number) contributes to a sparse row: columns in ascending order. */
interface Entries {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

const SPARSE_ROWS = 1_024;
/** A source reads so many rows while it is in the cache: of thousands of columns, none still is when the next row comes. */
const STRIP_ROWS = 16;

/**
 * Rows without the zeros of their encoded columns. All columns of one string column are looked up at once by code, those of one number
 * column by the number, so a row costs one step per non-zero, however many levels the one-hot has.
 */
export function* sparseBlocks(rows: Rows, view: View, kept: Uint32Array, every: number): Generator<SparseBlock> {
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
      o[n] = fillRows(sources, kept.subarray(start, start + n), widest, [o, c, v], (column, row) => {
        const { name, source, keepsMissing } = view.columns[column];
        if (keepsMissing !== true) throw unusableValue(rows, name, source, row);
      });
      for (let i = 0; i < n; i++) {
        y[i] = rows.labels[kept[start + i]];
        w[i] = rows.weights === null ? 1 : rows.weights[kept[start + i]];
      }
      yield { rows: n, columns: view.columns.length, offsets, indices, values, label, weight };
    }
  } finally {
    k.release(mark);
  }
}

/** Of a strip of rows every source adds its entries in turn, each row in room of its own; answers how many there are when they are side by side. */
function fillRows(
  sources: readonly SparseSource[],
  kept: Uint32Array,
  widest: number,
  [offsets, indices, values]: readonly [Uint32Array, Uint32Array, Float64Array],
  isMissing: (column: number, row: number) => void,
): number {
  const ends = new Uint32Array(STRIP_ROWS);
  let filled = 0;
  for (let first = 0; first < kept.length; first += STRIP_ROWS) {
    const n = Math.min(STRIP_ROWS, kept.length - first);
    const room = filled;
    for (let r = 0; r < n; r++) ends[r] = room + r * widest;
    for (const source of sources) for (let r = 0; r < n; r++) ends[r] = source.add(kept[first + r], indices, values, ends[r]);
    for (let r = 0; r < n; r++) {
      offsets[first + r] = filled;
      for (let at = room + r * widest; at < ends[r]; at++, filled++) {
        if (Number.isNaN(values[at])) isMissing(indices[at], kept[first + r]);
        indices[filled] = indices[at];
        values[filled] = values[at];
      }
    }
  }
  return filled;
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

/**
 * Columns that ask what a number is equal to are found by it: a row costs one look-up, however many they are, and none where no column
 * asks. Codes would take a pass and memory of their own, which tables of thousands of columns have not to spare.
 */
function numericSource(numbers: ArrayLike<number>, view: View, columns: readonly number[]): SparseSource {
  const byNumber = new Map<number, number>();
  const rest: number[] = [];
  for (const j of columns) {
    const number = soughtBy(view.columns[j]);
    if (Number.isNaN(number) || byNumber.has(number)) rest.push(j);
    else byNumber.set(number, j);
  }
  const others = plainSource(numbers, view, rest);
  if (byNumber.size === 0) return others;
  return {
    most: others.most + 1,
    add: (row, indices, values, filled) => {
      let at = others.add(row, indices, values, filled);
      const found = byNumber.get(numbers[row]);
      if (found === undefined) return at;
      const end = at + 1;
      for (; at > filled && indices[at - 1] > found; at--) {
        indices[at] = indices[at - 1];
        values[at] = values[at - 1];
      }
      indices[at] = found;
      values[at] = view.columns[found].scale;
      return end;
    },
  };
}

/** The one number that a column is not zero for, and there its scale; NaN where it is none of that kind. */
function soughtBy({ take, shift, scale }: ViewColumn): number {
  if (shift !== 0 || scale === 0 || !Number.isFinite(scale)) return Number.NaN;
  if (take.kind === "level" && take.missingAs === undefined) return Number(take.level);
  return take.kind === "equals" ? take.value : Number.NaN;
}

function plainSource(numbers: ArrayLike<number>, view: View, columns: readonly number[]): SparseSource {
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
