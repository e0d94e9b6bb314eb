/** Which bytes of the files hold the wanted columns, in which order and in how many reads. */
import type { CompressionCodec, ParquetType } from "hyparquet";
import { InputError } from "../../ports/errors.ts";
import type { ByteSource, LoadColumn } from "../cut.ts";
import type { Kind } from "./kinds.ts";
import { type FileColumn, type Footer, usableKind } from "./layout.ts";

/** Row groups [firstRowGroup, endRowGroup) of a file. */
export interface ParquetPiece {
  readonly source: ByteSource;
  readonly firstRowGroup: number;
  readonly endRowGroup: number;
}

/** One column of one row group. */
export interface Chunk {
  readonly source: ByteSource;
  readonly rowGroup: number;
  /** Place in the list of columns to load. */
  readonly column: number;
  readonly name: string;
  readonly kind: Kind;
  readonly physical: ParquetType;
  readonly nullable: boolean;
  readonly codec: CompressionCodec;
  readonly startByte: number;
  readonly endByte: number;
  /** Its first row in the cut, and how many there are. */
  readonly row: number;
  readonly rows: number;
}

/** Neighbouring chunks that one read fetches. */
export interface ChunkRange {
  readonly source: ByteSource;
  readonly startByte: number;
  readonly endByte: number;
  readonly chunks: readonly Chunk[];
}

/** A read of S3 pays about this much in latency, at some 90 MB/s a connection (facts/aws.md). */
const WORTH_READING_OVER = 1 << 20;
/** Reads are this large at most, unless one chunk is larger, so that decoding starts early and several run at once. */
export const RANGE_BYTES = 8 << 20;

/** The chunks of a piece whose first row is row `row` of the cut, in the order of their bytes. Throws InputError. */
export function chunksOf(piece: ParquetPiece, footer: Footer, columns: readonly LoadColumn[], row: number): Chunk[] {
  const { source, firstRowGroup, endRowGroup } = piece;
  const byName = new Map(footer.columns.map((column) => [column.name, column]));
  const chunks: Chunk[] = [];
  for (let rowGroup = firstRowGroup; rowGroup < endRowGroup; rowGroup++) {
    const group = footer.rowGroups[rowGroup];
    if (group === undefined)
      throw new InputError(`${source.key} must have row group ${rowGroup}, got ${footer.rowGroups.length} row groups`);
    const ofGroup = columns.map((wanted, column) => {
      const found = byName.get(wanted.name);
      if (found === undefined)
        throw new InputError(`${source.key} must have a column "${wanted.name}", got ${[...byName.keys()].join(", ")}`);
      return { column, row, rows: group.rows, rowGroup, source, ...place(source, found, group.chunks[found.chunk]) };
    });
    chunks.push(...ofGroup.sort((a, b) => a.startByte - b.startByte));
    row += group.rows;
  }
  return chunks;
}

function place(source: ByteSource, found: FileColumn, chunk: Footer["rowGroups"][number]["chunks"][number] | undefined) {
  const meta = chunk?.meta_data;
  if (meta === undefined || chunk?.file_path || chunk?.crypto_metadata) {
    throw new InputError(`${source.key}: column "${found.name}" must lie in the file itself and unencrypted`);
  }
  // Writers without dictionaries give 0.
  const startByte = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const endByte = startByte + Number(meta.total_compressed_size);
  if (!(startByte >= 4 && endByte >= startByte && endByte <= source.size)) {
    throw new InputError(
      `${source.key}: column "${found.name}" must lie within the ${source.size} bytes of the file, got bytes ${startByte} to ${endByte}`,
    );
  }
  const { name, physical, nullable } = found;
  return { name, physical, nullable, kind: usableKind(found, source.key), codec: meta.codec, startByte, endByte };
}

/** Joins chunks, in the order given, into few large reads. */
export function rangesOf(chunks: readonly Chunk[]): ChunkRange[] {
  const ranges: ChunkRange[] = [];
  for (const chunk of chunks) {
    const last = ranges.at(-1);
    const gap = last === undefined ? Infinity : chunk.startByte - last.endByte;
    if (last?.source === chunk.source && gap >= 0 && gap <= WORTH_READING_OVER && chunk.endByte - last.startByte <= RANGE_BYTES) {
      ranges[ranges.length - 1] = { ...last, endByte: chunk.endByte, chunks: [...last.chunks, chunk] };
    } else ranges.push({ source: chunk.source, startByte: chunk.startByte, endByte: chunk.endByte, chunks: [chunk] });
  }
  return ranges;
}
