/**
 * A flat table as one Parquet file of one row group, uncompressed, its numbers as they lie in memory: a hundred times less work a value than
 * a writer that takes any shape. Page headers, levels and the footer are hyparquet-writer's.
 */
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import type { Codes } from "../columns.ts";

export type OutputColumn =
  /** INT64: first, first + 1, … */
  | { readonly name: string; readonly kind: "count"; readonly first: number }
  /** DOUBLE, null where NaN. */
  | { readonly name: string; readonly kind: "numbers"; readonly values: Float64Array }
  /** Strings by code; the code `dictionary.length` is null. */
  | { readonly name: string; readonly kind: "strings"; readonly codes: Codes; readonly dictionary: readonly string[] };

type Metadata = Parameters<typeof writeMetadata>[1];
type Chunk = NonNullable<Metadata["row_groups"][number]["columns"][number]["meta_data"]>;

const MAGIC = 0x31524150;

/** The bytes of the file; every column has `rows` values. */
export function parquetFile(rows: number, columns: readonly OutputColumn[]): Uint8Array {
  const writer = new ByteWriter(2 ** 16 + 9 * rows * columns.length);
  writer.appendUint32(MAGIC);
  const chunks = columns.map((column) => chunkOf(writer, rows, column));
  const bytes = BigInt(writer.offset - 4);
  const from = writer.offset;
  writeMetadata(writer, {
    version: 2,
    schema: [{ name: "root", num_children: columns.length }, ...columns.map(elementOf)],
    num_rows: BigInt(rows),
    row_groups: [
      {
        columns: chunks.map((meta_data) => ({ file_offset: 0n, meta_data })),
        total_byte_size: bytes,
        num_rows: BigInt(rows),
        total_compressed_size: bytes,
      },
    ],
    created_by: "steplearn",
    metadata_length: 0,
  });
  writer.appendUint32(writer.offset - from);
  writer.appendUint32(MAGIC);
  return writer.getBytes();
}

function elementOf({ name, kind }: OutputColumn): Metadata["schema"][number] {
  if (kind === "count") return { name, type: "INT64", repetition_type: "REQUIRED" };
  const type = kind === "numbers" ? "DOUBLE" : "BYTE_ARRAY";
  return { name, type, repetition_type: "OPTIONAL", ...(kind === "strings" && { converted_type: "UTF8" as const }) };
}

function chunkOf(writer: ByteWriter, rows: number, column: OutputColumn): Chunk {
  const { name, kind } = column;
  const start = writer.offset;
  if (kind === "strings") writeDictionary(writer, column.dictionary);
  const data = writer.offset;
  const nulls = nullsOf(rows, column);
  const page = pageOf(rows, column, nulls.count);
  const size = nulls.levels.length + page.length;
  const encoding = kind === "count" ? "DELTA_BINARY_PACKED" : kind === "numbers" ? "PLAIN" : "RLE_DICTIONARY";
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: size,
    compressed_page_size: size,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls.count,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: nulls.levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  writer.appendBytes(nulls.levels);
  writer.appendBytes(page);
  const bytes = BigInt(writer.offset - start);
  return {
    type: kind === "count" ? "INT64" : kind === "numbers" ? "DOUBLE" : "BYTE_ARRAY",
    encodings: kind === "strings" ? ["PLAIN", encoding] : [encoding],
    path_in_schema: [name],
    codec: "UNCOMPRESSED",
    num_values: BigInt(rows),
    total_uncompressed_size: bytes,
    total_compressed_size: bytes,
    data_page_offset: BigInt(data),
    ...(kind === "strings" && { dictionary_page_offset: BigInt(start) }),
  };
}

/** Definition levels: 1 where there is a value. */
function nullsOf(rows: number, column: OutputColumn): { count: number; levels: Uint8Array } {
  if (column.kind === "count") return { count: 0, levels: new Uint8Array() };
  const present = new Uint8Array(rows);
  let found = 0;
  if (column.kind === "numbers") for (let i = 0; i < rows; i++) found += present[i] = Number(!Number.isNaN(column.values[i]));
  else for (let i = 0; i < rows; i++) found += present[i] = Number(column.codes[i] < column.dictionary.length);
  const levels = new ByteWriter();
  writeRleBitPackedHybrid(levels, present, 1);
  return { count: rows - found, levels: levels.getBytes() };
}

function pageOf(rows: number, column: OutputColumn, nulls: number): Uint8Array {
  if (column.kind === "count") return counted(column.first, rows);
  if (column.kind === "numbers") {
    const values = nulls === 0 ? column.values : column.values.filter((value) => !Number.isNaN(value));
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  const { dictionary, codes } = column;
  const present = nulls === 0 ? codes : codes.filter((code) => code < dictionary.length);
  const width = 32 - Math.clz32(Math.max(0, dictionary.length - 1));
  const page = new ByteWriter(1_024 + present.byteLength);
  page.appendUint8(width);
  if (width > 0) writeRleBitPackedHybrid(page, Int32Array.from(present), width);
  // Of one string: so many zeros of no bits.
  else page.appendVarInt(present.length << 1);
  return page.getBytes();
}

/** Delta encoding in blocks of 128: a first value, and then each block says that its smallest difference is 1 and the rest take no bits. */
function counted(first: number, rows: number): Uint8Array {
  const page = new ByteWriter();
  page.appendVarInt(128);
  page.appendVarInt(4);
  page.appendVarInt(rows);
  page.appendZigZag(BigInt(first));
  for (let left = rows - 1; left > 0; left -= 128) {
    page.appendZigZag(1);
    page.appendUint32(0);
  }
  return page.getBytes();
}

function writeDictionary(writer: ByteWriter, dictionary: readonly string[]): void {
  const encoder = new TextEncoder();
  const page = new ByteWriter();
  for (const text of dictionary) {
    const bytes = encoder.encode(text);
    page.appendUint32(bytes.length);
    page.appendBytes(bytes);
  }
  const bytes = page.getBytes();
  writePageHeader(writer, {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    dictionary_page_header: { num_values: dictionary.length, encoding: "PLAIN" },
  });
  writer.appendBytes(bytes);
}
