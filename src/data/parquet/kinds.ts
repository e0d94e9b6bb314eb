/**
 * What the values of a Parquet column mean here, from its physical and logical type:
 * https://parquet.apache.org/docs/file-format/types/logicaltypes/
 */
import type { SchemaElement } from "hyparquet";
import type { ColumnType, NumberValues } from "../columns.ts";
import {
  bigEndian,
  copyBits,
  decimal,
  decimalText,
  eachInt64,
  eachNumber,
  float16,
  hex,
  int64,
  isoDate,
  isoTime,
  uint64,
} from "./values.ts";

/** How PLAIN values are read; every other encoding is brought to this form first. */
export interface Kind {
  readonly type: ColumnType;
  /** Bytes of a value; 0 where a length of four bytes precedes each. Truth values count a byte, though the file has bits. */
  readonly width: number;
  /** The array that holds every value of a file's column until it is narrowed. */
  readonly storage: "int32" | "float32" | "float64";
  /** Numbers and dates: writes `count` values to out[to ...]. */
  readonly numbers: (page: Uint8Array, count: number, out: NumberValues, to: number) => void;
  /** The value in bytes [startByte, endByte) as text. */
  readonly text: (page: Buffer, startByte: number, endByte: number) => string;
}

const MILLIS_PER_DAY = 86_400_000;
/** Julian day number of 1970-01-01. */
const JULIAN_EPOCH = 2_440_588;

const view = (page: Uint8Array): DataView => new DataView(page.buffer, page.byteOffset, page.byteLength);

/** A number or date of fixed width. */
function fixed(
  width: number,
  get: (page: DataView, byte: number) => number,
  text: (page: DataView, byte: number) => string = (page, byte) => String(get(page, byte)),
  of: Partial<Kind> = {},
): Kind {
  return {
    type: "number",
    width,
    storage: "float64",
    numbers: (page, count, out, to) => eachNumber(view(page), width, count, out, to, get),
    text: (page, startByte) => text(view(page), startByte),
    ...of,
  };
}

/** A type that has an array of its own: values going there are copied as they are. */
function native(
  storage: Kind["storage"],
  Values: Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor,
  kind: Kind,
): Kind {
  const numbers: Kind["numbers"] = (page, count, out, to) => (out instanceof Values ? copyBits : kind.numbers)(page, count, out, to);
  return { ...kind, storage, numbers };
}

const int32 = native(
  "int32",
  Int32Array,
  fixed(4, (page, byte) => page.getInt32(byte, true)),
);
const float32 = native(
  "float32",
  Float32Array,
  fixed(4, (page, byte) => page.getFloat32(byte, true)),
);
const float64 = native(
  "float64",
  Float64Array,
  fixed(8, (page, byte) => page.getFloat64(byte, true)),
);
const bigInt = (page: DataView, byte: number): string => String(page.getBigInt64(byte, true));
const int64s: Kind = { ...fixed(8, int64, bigInt), numbers: (page, count, out, to) => eachInt64(view(page), count, out, to) };
const days: Kind = { ...int32, type: "date", text: (page, startByte) => isoDate(page.readInt32LE(startByte)) };

/** Nanoseconds of the day, then the Julian day. */
const int96 = timestamp(12, (page, byte) => page.getInt32(byte + 8, true) - JULIAN_EPOCH + nanosOfDay(page, byte) / (MILLIS_PER_DAY * 1e6));

function nanosOfDay(page: DataView, byte: number): number {
  return page.getUint32(byte + 4, true) * 4_294_967_296 + page.getUint32(byte, true);
}

function timestamp(width: number, get: (page: DataView, byte: number) => number): Kind {
  return fixed(width, get, (page, byte) => isoTime(get(page, byte)), { type: "date" });
}

/** Ticks are rounded to float64 where they pass 2^53: under a microsecond. */
function ticks(perDay: number): Kind {
  return timestamp(8, (page, byte) => (page.getInt32(byte + 4, true) * 4_294_967_296 + page.getUint32(byte, true)) / perDay);
}

const noNumbers = (): never => {
  throw new TypeError("text has no numbers");
};

const texts = (width: number, text: Kind["text"]): Kind => ({ type: "string", width, storage: "float64", numbers: noNumbers, text });

/** One byte per value, brought to this form from bits. */
const booleans = texts(1, (page, startByte) => (page[startByte] === 0 ? "false" : "true"));
/** Bytes that are not UTF-8 become U+FFFD. */
const strings = texts(0, (page, startByte, endByte) => page.toString("utf8", startByte, endByte));
const uuids = texts(16, (page, startByte) => hex(page, startByte, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));

function decimals(element: SchemaElement): Kind | string {
  const scale = decimalScale(element);
  if (element.type === "INT32")
    return fixed(
      4,
      (page, byte) => decimal(page.getInt32(byte, true), scale),
      (page, byte) => decimalText(BigInt(page.getInt32(byte, true)), scale),
    );
  if (element.type === "INT64") {
    return fixed(
      8,
      (page, byte) => decimal(page.getBigInt64(byte, true), scale),
      (page, byte) => decimalText(page.getBigInt64(byte, true), scale),
    );
  }
  if (element.type === "FIXED_LEN_BYTE_ARRAY") {
    const width = element.type_length ?? 0;
    return fixed(
      width,
      (page, byte) => decimal(bigEndian(page, byte, width), scale),
      (page, byte) => decimalText(bigEndian(page, byte, width), scale),
    );
  }
  return "a decimal of variable length";
}

const decimalScale = (element: SchemaElement): number =>
  (element.logical_type?.type === "DECIMAL" ? element.logical_type.scale : undefined) ?? element.scale ?? 0;

/** The kind of a flat column, or the name of its type where it has no meaning as a column here. */
export function kindOf(element: SchemaElement): Kind | string {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (logical?.type === "DECIMAL" || converted === "DECIMAL") return decimals(element);
  if (logical?.type === "DATE" || converted === "DATE") return days;
  if (logical?.type === "TIME" || converted?.startsWith("TIME_")) return "a time of day";
  if (type === "INT32") return isUnsigned(element) ? fixed(4, (page, byte) => page.getUint32(byte, true)) : int32;
  if (type === "INT64") return int64Kind(element);
  if (type === "INT96") return int96;
  if (type === "FLOAT") return float32;
  if (type === "DOUBLE") return float64;
  if (type === "BOOLEAN") return booleans;
  if (type === "BYTE_ARRAY") return byteArrayKind(element);
  if (type === "FIXED_LEN_BYTE_ARRAY" && logical?.type === "UUID") return uuids;
  if (type === "FIXED_LEN_BYTE_ARRAY" && logical?.type === "FLOAT16") return fixed(2, float16);
  return `${logical?.type ?? converted ?? "bytes of fixed length"}`.toLowerCase();
}

function int64Kind(element: SchemaElement): Kind {
  const { converted_type: converted, logical_type: logical } = element;
  if (logical?.type === "TIMESTAMP")
    return ticks({ MILLIS: MILLIS_PER_DAY, MICROS: MILLIS_PER_DAY * 1e3, NANOS: MILLIS_PER_DAY * 1e6 }[logical.unit]);
  if (converted === "TIMESTAMP_MILLIS") return ticks(MILLIS_PER_DAY);
  if (converted === "TIMESTAMP_MICROS") return ticks(MILLIS_PER_DAY * 1e3);
  if (isUnsigned(element)) return fixed(8, uint64, (page, byte) => String(page.getBigUint64(byte, true)));
  return int64s;
}

const isUnsigned = (element: SchemaElement): boolean =>
  element.logical_type?.type === "INTEGER" ? !element.logical_type.isSigned : element.converted_type?.startsWith("UINT_") === true;

/** Files of old writers do not say that their byte arrays are text. */
function byteArrayKind(element: SchemaElement): Kind | string {
  const logical = element.logical_type?.type;
  const converted = element.converted_type;
  const text =
    logical === undefined
      ? converted === undefined || ["UTF8", "ENUM", "JSON"].includes(converted)
      : ["STRING", "ENUM", "JSON"].includes(logical);
  return text ? strings : `${logical ?? converted}`.toLowerCase();
}
