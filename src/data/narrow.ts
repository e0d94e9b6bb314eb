/** The narrowest storage that holds numbers exactly, of one array or of all parts of a column. */
import type { NumberValues } from "./columns.ts";

/** Storages from narrow to wide; bit i of a holder set stands for storages[i]. */
const storages = [Int8Array, Int16Array, Int32Array, Float32Array, Float64Array] as const;
const INT8 = 1;
const INT16 = 2;
const INT32 = 4;
export const FLOAT32 = 8;
/** Holders of whole numbers. */
export const INTEGERS = INT8 | INT16 | INT32;
/** The holder set of numbers that only float64 holds: more of them do not change it. */
export const FLOAT64 = 16;

/** The holder set of no numbers: any storage will do. */
export const ALL_HOLDERS = 31;

/**
 * The set of storages that hold every value exactly, as bits; the sets of several parts combine by `&`.
 * NaN (missing) and -0 need a float; infinities and NaN fit in float32.
 */
export function holders(values: NumberValues): number {
  if (values instanceof Int8Array) return ALL_HOLDERS;
  let least = 0;
  let most = 0;
  let float32 = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const integer = value | 0;
    if (!Object.is(integer, value)) return (float32 && rest(values, i) ? FLOAT32 : 0) | FLOAT64;
    if (integer < least) least = integer;
    if (integer > most) most = integer;
    float32 &&= Math.fround(integer) === integer;
  }
  const floats = (float32 ? FLOAT32 : 0) | FLOAT64;
  if (least >= -128 && most <= 127) return INT8 | INT16 | INT32 | floats;
  if (least >= -32_768 && most <= 32_767) return INT16 | INT32 | floats;
  return INT32 | floats;
}

/** Whether values[from ...] are all exact in float32. */
function rest(values: NumberValues, from: number): boolean {
  if (values instanceof Float32Array) return true;
  for (let i = from; i < values.length; i++) {
    const value = values[i];
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

export type NumberStorage = (typeof storages)[number];

/** The narrowest of the holders. */
export function storageOf(holderSet: number): NumberStorage {
  return storages[31 - Math.clz32(holderSet & -holderSet)];
}

/** Converts to the narrowest of the holders; answers the values themselves when they are stored so already. */
export function store(values: NumberValues, holderSet: number): NumberValues {
  const Storage = storageOf(holderSet);
  return values instanceof Storage ? values : new Storage(values);
}

/** The parts of one column, all in the narrowest storage that holds all of them exactly. */
export function narrowParts(parts: readonly NumberValues[]): NumberValues[] {
  const common = parts.reduce((set, values) => set & holders(values), ALL_HOLDERS);
  return parts.map((values) => store(values, common));
}
