/**
 * Page headers, of which a column has one for every 20,000 rows or so. A parser of all that a footer may hold is slow over them, as V8 compiles it
 * once more while the first columns are read: 15 ms of a thread's first 160 MB, and as much again in the background.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import type { Encoding } from "hyparquet";
import { Encodings } from "hyparquet/src/constants.js";

export interface Reader {
  readonly view: DataView;
  offset: number;
}

export interface PageHeader {
  /** Bytes behind the header, and what they are uncompressed. */
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Undefined where the page is none that holds values. */
  readonly body: PageBody | undefined;
}

export interface PageBody {
  readonly kind: "dictionary" | "data" | "data2";
  /** Rows, missing ones included; entries of a dictionary. */
  readonly count: number;
  readonly encoding: Encoding;
  readonly levelEncoding: Encoding;
  /** Of version 2, where they lie before the values: of repetition and of definition levels. */
  readonly repetitionBytes: number;
  readonly definitionBytes: number;
  readonly isCompressed: boolean;
}

/** A struct's integers and truth values (0 or 1), and its structs, by the numbers of their fields. */
interface Struct {
  readonly numbers: number[];
  readonly structs: (Struct | undefined)[];
}

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const INT16 = 4;
const INT32 = 5;
const INT64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Leaves the reader at the page. Throws RangeError where the bytes end too early or are no header. */
export function readHeader(reader: Reader): PageHeader {
  const { numbers, structs } = readStruct(reader);
  return { bytes: numbers[2], compressedBytes: numbers[3], body: bodyOf(structs) };
}

function bodyOf({ 5: data, 7: dictionary, 8: data2 }: Struct["structs"]): PageBody | undefined {
  const none = { levelEncoding: "RLE", repetitionBytes: 0, definitionBytes: 0, isCompressed: true } as const;
  if (dictionary !== undefined) return { ...none, kind: "dictionary", count: dictionary.numbers[1], encoding: "PLAIN" };
  if (data !== undefined) {
    const { 1: count, 2: encoding, 3: levelEncoding } = data.numbers;
    return { ...none, kind: "data", count, encoding: Encodings[encoding], levelEncoding: Encodings[levelEncoding] };
  }
  if (data2 === undefined) return undefined;
  const { 1: count, 4: encoding, 5: definitionBytes, 6: repetitionBytes, 7: isCompressed = 1 } = data2.numbers;
  return {
    ...none,
    kind: "data2",
    count,
    encoding: Encodings[encoding],
    definitionBytes,
    repetitionBytes,
    isCompressed: isCompressed === 1,
  };
}

function readStruct(reader: Reader): Struct {
  const found: Struct = { numbers: [], structs: [] };
  for (let field = 0; ; ) {
    const byte = reader.view.getUint8(reader.offset++);
    const type = byte & 15;
    if (type === STOP) return found;
    field = byte < 16 ? zigzag(reader) : field + (byte >> 4);
    if (type === TRUE || type === FALSE) found.numbers[field] = type === TRUE ? 1 : 0;
    else if (type === INT16 || type === INT32) found.numbers[field] = zigzag(reader);
    else if (type === STRUCT) found.structs[field] = readStruct(reader);
    else skip(reader, type);
  }
}

function skip(reader: Reader, type: number): void {
  if (type === INT16 || type === INT32 || type === INT64) varint(reader);
  else if (type === BYTE || type === TRUE || type === FALSE) reader.offset += 1;
  else if (type === DOUBLE) reader.offset += 8;
  else if (type === BINARY) {
    const length = varint(reader);
    reader.offset += length;
  } else if (type === LIST) skipList(reader);
  else if (type === STRUCT) readStruct(reader);
  else throw new RangeError(`a page header with a field of type ${type}`);
  if (reader.offset > reader.view.byteLength) throw new RangeError("a page header that ends too early");
}

/** Truth values take a byte each in lists. */
function skipList(reader: Reader): void {
  const byte = reader.view.getUint8(reader.offset++);
  const length = byte >> 4 === 15 ? varint(reader) : byte >> 4;
  for (let i = 0; i < length; i++) skip(reader, byte & 15);
}

/** An unsigned integer of up to 32 bits; of a longer one what is left modulo 2^32. */
function varint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.view.getUint8(reader.offset++);
    if (shift < 32) value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 0;
  }
}

/** 0, 1, 2, 3 … stand for 0, -1, 1, -2 … */
function zigzag(reader: Reader): number {
  const value = varint(reader);
  return (value >>> 1) ^ -(value & 1);
}
