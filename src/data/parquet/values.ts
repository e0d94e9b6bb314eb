/** Reading single PLAIN values: https://parquet.apache.org/docs/file-format/data-pages/encodings/#PLAIN */
import { InputError } from "../../ports/errors.ts";
import type { NumberValues } from "../columns.ts";

const TWO_32 = 4_294_967_296;

/**
 * Copies values whose bytes are those of `out` already, from any address. Every host we run on is little-endian, as WebAssembly is.
 */
export function copyBits(page: Uint8Array, count: number, out: NumberValues, to: number): void {
  const width = out.BYTES_PER_ELEMENT;
  if (page.length < width * count) throw new RangeError("values end too early");
  new Uint8Array(out.buffer, out.byteOffset + width * to, width * count).set(page.subarray(0, width * count));
}

export function eachNumber(
  page: DataView,
  width: number,
  count: number,
  out: NumberValues,
  to: number,
  get: (page: DataView, byte: number) => number,
): void {
  for (let i = 0; i < count; i++) out[to + i] = get(page, i * width);
}

/** The loop of the commonest type, written out: a call for each value takes three times as long. */
export function eachInt64(page: DataView, count: number, out: NumberValues, to: number): void {
  for (let i = 0; i < count; i++) {
    const high = page.getInt32(8 * i + 4, true);
    const value = high * TWO_32 + page.getUint32(8 * i, true);
    if (high >= 2_097_152 || high < -2_097_152) int64(page, 8 * i);
    out[to + i] = value;
  }
}

/** An integer as float64. Throws InputError where float64 does not hold all integers of its size. */
export function int64(page: DataView, byte: number): number {
  const value = page.getInt32(byte + 4, true) * TWO_32 + page.getUint32(byte, true);
  if (!Number.isSafeInteger(value)) throw unsafe(page.getBigInt64(byte, true));
  return value;
}

export function uint64(page: DataView, byte: number): number {
  const value = page.getUint32(byte + 4, true) * TWO_32 + page.getUint32(byte, true);
  if (!Number.isSafeInteger(value)) throw unsafe(page.getBigUint64(byte, true));
  return value;
}

const unsafe = (value: bigint): InputError =>
  new InputError(`integers must lie within ±(2^53 - 1) to be numbers, got ${value} (exclude the column, or give it the type string)`);

/** A signed integer of any length, most significant byte first. */
export function bigEndian(page: DataView, byte: number, width: number): bigint {
  let value = 0n;
  for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(page.getUint8(byte + i));
  return BigInt.asIntN(8 * width, value);
}

/** unscaled / 10^scale, correctly rounded. */
export function decimal(unscaled: number | bigint, scale: number): number {
  // Both are exact in float64, so their quotient is rounded once.
  if (scale <= 22 && Number.isSafeInteger(Number(unscaled))) return Number(unscaled) / Number(`1e${scale}`);
  return Number(`${unscaled}e-${scale}`);
}

export function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ""}`;
}

/** IEEE 754 binary16. */
export function float16(page: DataView, byte: number): number {
  const bits = page.getUint16(byte, true);
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return (sign * fraction) / 16_777_216;
  // (1024 + fraction) * 2^(exponent - 25), and exponent - 25 lies in [-24, 5].
  return (sign * (1024 + fraction) * (1 << exponent)) / 33_554_432;
}

/** Days since 1970-01-01 as YYYY-MM-DD, after Howard Hinnant's civil_from_days (https://howardhinnant.github.io/date_algorithms.html). */
export function isoDate(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** Days with a fraction as YYYY-MM-DDThh:mm:ss.fff, to the millisecond. */
export function isoTime(days: number): string {
  const millis = Math.round(days * 86_400_000);
  const day = Math.floor(millis / 86_400_000);
  const rest = millis - day * 86_400_000;
  const [hours, minutes, seconds] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  return `${isoDate(day)}T${padded(hours, 2)}:${padded(minutes, 2)}:${padded(seconds, 2)}.${padded(rest % 1000, 3)}`;
}

const padded = (value: number, width: number): string => (value < 0 ? `-${padded(-value, width)}` : String(value).padStart(width, "0"));

export function hex(page: Uint8Array, startByte: number, length: number): string {
  let text = "";
  for (let i = startByte; i < startByte + length; i++) text += page[i].toString(16).padStart(2, "0");
  return text;
}
