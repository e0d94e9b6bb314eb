/** Takes the numbers of a column out of kernel memory, block by block, in the narrowest storage that holds those so far. */
import { absent, type Decimals, MOST_PLACES, TENS, toFloat64, type WholeNumbers } from "../../kernels/decimals.ts";
import { decimalColumn, type NumberColumn, type NumberValues } from "../columns.ts";
import { ALL_HOLDERS, FLOAT32, FLOAT64, holders as holdersOf, INTEGERS, type NumberStorage, storageOf } from "../narrow.ts";
import type { CsvKernels } from "./kernel.ts";

/** Of a part. */
type Stored = NumberValues | Decimals;

/** What the kernel noticed of a block of whole numbers of as many places as the column has, int32 each, the least one where it is missing. */
export interface WholeBlock {
  /** Address of the column record. */
  readonly record: number;
  /** Range of those that are not missing, and of 0. */
  readonly least: number;
  readonly most: number;
  readonly missing: boolean;
}

/** How all parts are stored in the end. */
interface Form {
  readonly Storage: NumberStorage;
  /** Of decimals, else null. */
  readonly places: number | null;
}

export interface CollectedNumbers {
  readonly type: "number" | "date";
  readonly parts: Stored[];
  /** Of all values so far. */
  holders: number;
  /** The decimals that all values so far are, in how many bytes each (0: none yet); null where some are none. */
  decimals: { readonly places: number; readonly width: number } | null;
}

export const collectNumbers = (type: "number" | "date"): CollectedNumbers => ({
  type,
  parts: [],
  holders: ALL_HOLDERS,
  decimals: type === "number" ? { places: 0, width: 0 } : null,
});

const WHOLE = { 1: Int8Array, 2: Int16Array, 4: Int32Array } as const;

/**
 * Takes `rows` float64 at `out`, or int32 where they are the whole numbers of `block`. They come behind the `filled` rows of a part
 * that has room for `room`, and are spoiled. `whole` is room for as many int32. Both have room for a multiple of four.
 */
export function appendNumbers(
  k: CsvKernels,
  column: CollectedNumbers,
  [out, whole]: readonly [number, number],
  [part, filled, room]: readonly [number, number, number],
  rows: number,
  block: WholeBlock | null = null,
): void {
  const form = block === null ? formAfter(k, column, out, rows, whole, part === 0 && filled === 0) : formAfterWhole(column, block);
  const { parts } = column;
  if (filled === 0) parts.push(empty(form, room));
  else if (!hasForm(parts[part], form)) parts[part] = recoded(parts[part], form, room, filled);
  const { Storage } = form;
  const stored = parts[part];
  const isWhole = form.places !== null || (block !== null && (column.holders & INTEGERS) !== 0);
  if (block !== null && !isWhole) k.csvFloats(block.record, rows);
  if (!isWhole) (stored as NumberValues).set(narrowed(k, out, rows, Storage), filled);
  else {
    const ints = block === null ? whole : out;
    if (Storage !== Int32Array) k.narrowInts(ints, rows, Storage.BYTES_PER_ELEMENT);
    (isDecimals(stored) ? stored.whole : stored).set(new Storage(k.memory.buffer, ints, rows), filled);
  }
}

/** The places of the whole numbers that the next block likely holds; null where all that is known of them is that they are numbers. */
export function wholePlaces({ type, holders, decimals }: CollectedNumbers): number | null {
  if (type !== "number" || decimals === null) return null;
  // What float32 holds of decimals only a look at them as floats would tell; of whole numbers their range does, mostly.
  return (holders & INTEGERS) !== 0 || holders === FLOAT64 || decimals.places === 0 ? decimals.places : null;
}

/** Whole numbers up to here are exact in float32. */
const FLOAT32_EXACT = 2 ** 24;

/** Whether a block tells all that is to be known of its numbers. */
export const tellsForm = ({ holders }: CollectedNumbers, { least, most }: WholeBlock): boolean =>
  (holders & FLOAT32) === 0 || Math.max(-least, most) <= FLOAT32_EXACT;

/** All parts in the form that all of them want. The last one may have more room than rows. */
export function numberColumns(column: CollectedNumbers, rowsOfParts: readonly number[]): NumberColumn[] {
  const form = formOf(column);
  return column.parts.map((stored, part) => {
    const rows = rowsOfParts[part];
    const own = hasForm(stored, form) ? stored : recoded(stored, form, rows, rows);
    return isDecimals(own) ? decimalColumn({ ...own, whole: trimmed(own.whole, rows) }) : { type: column.type, values: trimmed(own, rows) };
  });
}

/** Memory that was never written to takes none, so that a part that is nearly full stays in it. */
export function trimmed<Values extends NumberValues | Uint8Array | Uint16Array | Uint32Array>(values: Values, rows: number): Values {
  if (values.length === rows) return values;
  return (2 * rows < values.length ? values.slice(0, rows) : values.subarray(0, rows)) as Values;
}

const isDecimals = (stored: Stored): stored is Decimals => "whole" in stored;

/** Whole numbers by themselves are best; decimals take no more than float32 and less than float64. */
function formOf({ holders, decimals }: CollectedNumbers): Form {
  if ((holders & INTEGERS) !== 0 || decimals === null) return { Storage: storageOf(holders), places: null };
  return { Storage: WHOLE[decimals.width as 1 | 2 | 4], places: decimals.places };
}

/** The form that these values and those before want; where it is decimals they are at `whole`. */
function formAfter(k: CsvKernels, column: CollectedNumbers, out: number, rows: number, whole: number, isFirst: boolean): Form {
  const { holders, decimals } = column;
  if (holders !== FLOAT64) column.holders &= k.holders(out, rows);
  if ((column.holders & INTEGERS) === 0 && decimals !== null) {
    const before = decimals.width > 0 ? decimals.width : isFirst ? 0 : storageOf(holders & INTEGERS).BYTES_PER_ELEMENT;
    column.decimals = decimalsAfter({ ...decimals, before }, (places) => k.decimals(out, rows, places, whole));
  }
  return formOf(column);
}

/** The same for whole numbers, from what the kernel noticed of them. */
function formAfterWhole(column: CollectedNumbers, { least, most, missing }: WholeBlock): Form {
  const { holders, decimals } = column;
  if (holders !== FLOAT64) column.holders &= holdersOf(Int32Array.of(least, most)) & (missing ? ~INTEGERS : ALL_HOLDERS);
  if ((column.holders & INTEGERS) === 0 && decimals !== null) {
    const before = decimals.width > 0 ? decimals.width : storageOf(holders & INTEGERS).BYTES_PER_ELEMENT;
    const width = least > -128 && most <= 127 ? 1 : least > -32_768 && most <= 32_767 ? 2 : 4;
    column.decimals = decimalsAfter({ ...decimals, before }, () => width);
  }
  return formOf(column);
}

/** `before`: bytes of the numbers before, whole ones or decimals, 0 where there are none. `widthAt` as `decimals` of the kernel. */
function decimalsAfter(
  known: { readonly places: number; readonly width: number; readonly before: number },
  widthAt: (places: number) => number,
): CollectedNumbers["decimals"] {
  let places = known.places;
  let width = widthAt(places);
  while (width === 0 && places < MOST_PLACES) width = widthAt(++places);
  if (width === 0) return null;
  if (known.before === 0 || (known.width > 0 && places === known.places)) return { places, width: Math.max(width, known.width) };
  // The greatest that those before can be when they are told in more places.
  const most = 2 ** (8 * known.before - 1) * TENS[places - known.places];
  if (most >= 2 ** 31) return null;
  return { places, width: Math.max(width, most < 2 ** 15 ? 2 : 4) };
}

const hasForm = (stored: Stored, { Storage, places }: Form): boolean =>
  isDecimals(stored) ? stored.places === places && stored.whole instanceof Storage : places === null && stored instanceof Storage;

function empty({ Storage, places }: Form, room: number): Stored {
  const values = new Storage(room);
  return places === null ? values : { whole: values as WholeNumbers, places };
}

/** The first rows of a part in another form that holds them. */
function recoded(from: Stored, form: Form, room: number, rows: number): Stored {
  const to = empty(form, room);
  if (!isDecimals(to)) {
    to.set(isDecimals(from) ? toFloat64({ ...from, whole: from.whole.subarray(0, rows) }) : from.subarray(0, rows));
    return to;
  }
  // Nothing but whole numbers comes before decimals.
  const { whole, places } = isDecimals(from) ? from : { whole: from as WholeNumbers, places: 0 };
  const missing = isDecimals(from) ? absent(whole) : Number.NaN;
  const tens = TENS[to.places - places];
  for (let row = 0; row < rows; row++) to.whole[row] = whole[row] === missing ? absent(to.whole) : whole[row] * tens;
  return to;
}

/** A view of n float64 in kernel memory after their conversion to a storage that holds them. */
function narrowed(k: CsvKernels, out: number, n: number, Storage: NumberStorage): NumberValues {
  if (Storage === Float32Array) k.storeFloats(out, n);
  else if (Storage !== Float64Array) k.storeInts(out, n, Storage.BYTES_PER_ELEMENT);
  return new Storage(k.memory.buffer, out, n);
}
