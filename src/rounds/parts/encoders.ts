/** How the columns of a block are encoded from columns of the dataset: windows into these, and the records that the kernel goes by. */
import { type Codes, type Column, type NumberColumn, storedNumbers, type Table } from "../../data/columns.ts";
import { takeNumber } from "../../features/take.ts";
import type { Take, View, ViewColumn } from "../../features/view.ts";
import { type Kernels, place } from "../../kernels/kernels.ts";
import { codeValues, numberValues } from "./code-values.ts";
import { codedNumbers } from "./coded-numbers.ts";
import { columnOf } from "./kept-rows.ts";

/** Values of one source column, of which only the rows of some blocks are brought into kernel memory at a time. */
export interface Window {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly address: number;
}

/** How a column, or a run of columns of the same codes, is encoded: a record of assembly/block.ts. */
export interface Encoder {
  readonly kind: number;
  /** Of `windows`. */
  readonly window: number;
  /** Address of the column in the block. */
  readonly out: number;
  /** The column of the view, of which a missing value is an error unless it keeps them; null where none can be. */
  readonly column: ViewColumn | null;
  /** Of codes the address of their values, of decimals their places. */
  readonly table: number;
  /** Of a run; 0 where it is none. */
  readonly columns: number;
  readonly by: Pick<ViewColumn, "fill" | "shift" | "scale">;
}

/** Labels and weights are what they are; of rows without one nobody asks. */
const AS_IT_IS = { fill: 0, shift: 0, scale: 1 };
const RECORD_BYTES = 48;
const NUMBERS = [Int8Array, Int16Array, Int32Array, Float32Array, Float64Array];
/** By bytes of a code. */
const CODES = { 1: 5, 2: 6, 4: 7 };
const RUNS = { 1: 8, 2: 9, 4: 10 };
/** By bytes of a whole number. */
const DECIMALS = { 1: 11, 2: 12, 4: 13 };

type Source = ArrayBufferView & { readonly BYTES_PER_ELEMENT: number };

/** The windows that are read, each once. */
export function createWindows(k: Kernels, span: number): { readonly all: Window[]; of(name: string, values: () => Source): number } {
  const all: Window[] = [];
  const places = new Map<string, number>();
  return {
    all,
    of(name, values) {
      let place = places.get(name);
      if (place === undefined) {
        place = all.push(openWindow(k, values(), span)) - 1;
        places.set(name, place);
      }
      return place;
    },
  };
}

type Windows = ReturnType<typeof createWindows>;

export function encodersOf(k: Kernels, table: Table, view: View, windows: Windows, x: number, stride: number): Encoder[] {
  const found: Encoder[] = [];
  for (let first = 0; first < view.columns.length; ) {
    const column = view.columns[first];
    const source = columnOf(table, column.source);
    const out = x + 8 * first * stride;
    const coded = codedOf(source, column);
    if (coded === null) {
      found.push(numberEncoder(source as NumberColumn, windows, out, column));
      first += 1;
    } else {
      const run = runOf(view, first, coded);
      found.push(codeEncoder(k, coded.codes, run, windows, out, column));
      first += run.length;
    }
  }
  return found;
}

/** Codes of a source column's rows, and what they are encoded to; NaN for all that a column does not take by code. */
interface Coded {
  readonly codes: Codes;
  valuesOf(column: ViewColumn): Float64Array;
}

/** What a number is equal to decides. Where it only matters what it measures, or that it is there, its code would cost more than a look. */
const BY_EQUALITY: readonly Take["kind"][] = ["level", "equals", "index", "other"];

/** Null for numbers that are not encoded by what they are equal to, or of which too many differ. */
function codedOf(source: Column, { take }: ViewColumn): Coded | null {
  if (source.type === "string") return { codes: source.codes, valuesOf: (column) => codeValues(source, column) };
  const coded = BY_EQUALITY.includes(take.kind) ? codedNumbers(source) : null;
  if (coded === null) return null;
  const none = new Float64Array(coded.values.length).fill(Number.NaN);
  return { codes: coded.codes, valuesOf: (column) => (column.take.kind === "number" ? none : numberValues(coded, column)) };
}

function numberEncoder(numbers: NumberColumn, windows: Windows, out: number, column: ViewColumn): Encoder {
  const { source, take } = column;
  const encoder = { out, column, table: 0, columns: 0, by: column };
  if (take.kind !== "number") {
    const window = windows.of(`${source} ${JSON.stringify(take)}`, () => Float64Array.from(numbers.values, takeNumber(take)));
    return { ...encoder, kind: NUMBERS.indexOf(Float64Array), window };
  }
  const stored = storedNumbers(numbers);
  if ("whole" in stored) {
    const kind = DECIMALS[stored.whole.BYTES_PER_ELEMENT as 1 | 2 | 4];
    return { ...encoder, kind, window: windows.of(source, () => stored.whole), table: stored.places };
  }
  return { ...encoder, kind: NUMBERS.findIndex((Storage) => stored instanceof Storage), window: windows.of(source, () => stored) };
}

/** The encoded values, by code, of the view's columns from `first` on that read the same codes and make all of them usable. */
function runOf({ columns }: View, first: number, { valuesOf }: Coded): readonly Float64Array[] {
  const run = [valuesOf(columns[first])];
  const isUsable = (values: Float64Array): boolean => !values.includes(Number.NaN);
  for (let j = first + 1; isUsable(run[0]) && columns[j]?.source === columns[first].source; j++) {
    const values = valuesOf(columns[j]);
    if (!isUsable(values)) break;
    run.push(values);
  }
  return run;
}

/** Several columns of the same codes, as one-hot ones are, take one look-up a row for all. */
function codeEncoder(k: Kernels, codes: Codes, run: readonly Float64Array[], windows: Windows, out: number, column: ViewColumn): Encoder {
  const width = codes.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const encoder = { window: windows.of(`${column.source} codes`, () => codes), out, column, by: AS_IT_IS };
  if (run.length === 1) return { ...encoder, kind: CODES[width], table: place(k, run[0]), columns: 0 };
  // Row by row, with a zero beside an odd last column.
  const columns = run.length + (run.length % 2);
  const values = Float64Array.from({ length: run[0].length * columns }, (_, i) => run[i % columns]?.[Math.floor(i / columns)] ?? 0);
  return { ...encoder, kind: RUNS[width], table: place(k, values), columns: run.length };
}

/** Labels or weights. */
export const plainEncoder = (k: Kernels, values: Float64Array, windows: Windows, name: string, stride: number): Encoder => ({
  kind: NUMBERS.indexOf(Float64Array),
  window: windows.of(name, () => values),
  out: k.allocate(8 * stride),
  column: null,
  table: 0,
  columns: 0,
  by: AS_IT_IS,
});

export function placeEncoders(k: Kernels, encoders: readonly Encoder[]): number {
  const address = k.allocate(encoders.length * RECORD_BYTES);
  const memory = new DataView(k.memory.buffer);
  encoders.forEach(({ kind, window, out, column, table, columns, by }, i) => {
    const keepsMissing = column === null || column.keepsMissing === true ? 1 : 0;
    const record = address + i * RECORD_BYTES;
    [kind, window, out, keepsMissing, table, columns].forEach((value, j) => {
      memory.setUint32(record + 4 * j, value, true);
    });
    [by.fill, by.shift, by.scale].forEach((value, j) => {
      memory.setFloat64(record + 24 + 8 * j, value, true);
    });
  });
  return address;
}

function openWindow(k: Kernels, values: Source, span: number): Window {
  const width = values.BYTES_PER_ELEMENT;
  return { bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength), width, address: k.allocate(span * width) };
}
