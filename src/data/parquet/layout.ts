import { type ColumnChunk, type FileMetaData, type ParquetType, parquetMetadata, type SchemaElement } from "hyparquet";
import { InputError } from "../../ports/errors.ts";
import type { ColumnType } from "../columns.ts";
import type { ByteSource } from "../cut.ts";
import { repeated } from "../repeated.ts";
import { type Kind, kindOf } from "./kinds.ts";

/** The footer of most files is smaller; larger ones take a second read. */
const FOOTER_BYTES = 1 << 17;

export interface ParquetLayout {
  readonly names: string[];
  readonly types: ColumnType[];
  /** Rows, and compressed bytes of all columns. */
  readonly rowGroups: { readonly rows: number; readonly bytes: number }[];
}

/**
 * The columns of a Parquet file, in its order and without those in `exclude`, and its row groups.
 * Throws InputError for a file that is not Parquet, and for a column that is nested, repeated or of a type with no meaning here.
 */
export async function parquetLayout(source: ByteSource, exclude: readonly string[] = []): Promise<ParquetLayout> {
  const { columns, rowGroups } = await readFooter(source);
  const wanted = columns.filter((column) => !exclude.includes(column.name));
  return {
    names: wanted.map((column) => column.name),
    types: wanted.map((column) => usableKind(column, source.key).type),
    rowGroups: rowGroups.map(({ rows, chunks }) => ({ rows, bytes: chunks.reduce((sum, chunk) => sum + chunkBytes(chunk), 0) })),
  };
}

/** A column at the top of a file's schema. */
export interface FileColumn {
  readonly name: string;
  /** Its place among the chunks of a row group. */
  readonly chunk: number;
  readonly physical: ParquetType;
  readonly nullable: boolean;
  /** A string says why it cannot be loaded. */
  readonly kind: Kind | string;
}

export interface Footer {
  readonly columns: readonly FileColumn[];
  readonly rowGroups: readonly { readonly rows: number; readonly chunks: readonly ColumnChunk[] }[];
}

/** What a file says about itself at its end. */
export async function readFooter(source: ByteSource): Promise<Footer> {
  const metadata = await readMetadata(source);
  const columns = topColumns(metadata.schema);
  const names = columns.map((column) => column.name);
  const twice = repeated(names);
  if (twice !== undefined) throw new InputError(`${source.key}: column names must differ, got "${twice}" twice`);
  return { columns, rowGroups: metadata.row_groups.map((group) => ({ rows: Number(group.num_rows), chunks: group.columns })) };
}

export function usableKind(column: FileColumn, key: string): Kind {
  if (typeof column.kind !== "string") return column.kind;
  throw new InputError(
    `${key}: column "${column.name}" must hold one number, date or text a row, got ${column.kind} (put it into data.exclude)`,
  );
}

const chunkBytes = (chunk: ColumnChunk): number => Number(chunk.meta_data?.total_compressed_size ?? 0);

async function readMetadata(source: ByteSource): Promise<FileMetaData> {
  const bytes = await readFooterBytes(source);
  try {
    return parquetMetadata(bytes, { geoparquet: false });
  } catch (cause) {
    throw new InputError(`${source.key} must be a whole Parquet file, got a footer that cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The end of the file: metadata, their length in four bytes, and PAR1. */
async function readFooterBytes(source: ByteSource): Promise<Uint8Array> {
  const tail = await source.read(Math.max(0, source.size - FOOTER_BYTES), source.size);
  const magic = Buffer.from(tail.slice(-4)).toString("latin1");
  if (tail.length < 12 || magic !== "PAR1") {
    throw new InputError(`${source.key} must be a Parquet file, which ends in PAR1, got ${JSON.stringify(magic)} there`);
  }
  const footerBytes = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getUint32(tail.length - 8, true) + 8;
  return footerBytes <= tail.length || footerBytes > source.size ? tail : source.read(source.size - footerBytes, source.size);
}

/** The schema is a tree in depth-first order; chunks belong to its leaves. */
function topColumns(schema: readonly SchemaElement[]): FileColumn[] {
  const columns: FileColumn[] = [];
  let chunk = 0;
  for (let at = 1; at < schema.length; ) {
    const element = schema[at];
    const first = chunk;
    let open = 1;
    for (; open > 0 && at < schema.length; at++) {
      open += (schema[at].num_children ?? 0) - 1;
      if (!schema[at].num_children) chunk++;
    }
    columns.push({
      name: element.name,
      chunk: first,
      physical: element.type ?? "BYTE_ARRAY",
      nullable: element.repetition_type !== "REQUIRED",
      kind: element.num_children ? "nested values" : element.repetition_type === "REPEATED" ? "repeated values" : kindOf(element),
    });
  }
  return columns;
}
