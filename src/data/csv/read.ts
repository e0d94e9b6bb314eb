import type { ByteSource, Conflict, CutAnswer, LoadColumn } from "../cut.ts";
import { withOwnKernels } from "../own-kernels.ts";
import { gunzipChunks, rangeChunks } from "./chunks.ts";
import type { CsvDialect } from "./dialect.ts";
import type { CsvKernels } from "./kernel.ts";
import { lineAt } from "./line.ts";
import { CsvParser } from "./parser.ts";

/** A whole object, or a range of one: the rows that start in [startByte, endByte) belong to it. A gzip object is always whole. */
export interface CsvPiece {
  readonly source: ByteSource;
  readonly startByte: number;
  readonly endByte: number;
  /** Whether startByte lies inside a quoted field; a guess until the parities of the cuts before it are known (parity.ts). */
  readonly insideQuotes: boolean;
  readonly gzip: boolean;
}

/** Longest row in bytes. */
const LONGEST_ROW_BYTES = 4 * 2 ** 20;
/** Text parsed at once: it stays in the second-level cache beside what becomes of it. */
const PORTION_BYTES = 256 * 2 ** 10;

/** Of a part that nobody keeps. */
const ROWS_AT_ONCE = 4_096;

/**
 * Reads the pieces of one cut, as consecutive rows, into parts of `partRows` rows.
 *
 * RFC 4180 with LF or CR LF, any separator, a byte order mark, a last line without its end, and blank lines, which are skipped. Fields
 * lose the blanks (space, tab) around them unless quoted; numbers and dates lose them in any case. A number is the float64 that
 * JavaScript's Number makes of its text, which rounds whole numbers beyond 2^53; `inf` and `0x10` are texts. A date is ISO 8601 (YYYY-MM-DD, perhaps a time, perhaps an offset) and
 * becomes days since 1970-01-01 UTC. Missing values: see CsvDialect.
 *
 * Bad rows are left out, counted and described with the byte where they start (in a gzip object: of its text): a wrong number of fields,
 * a quote inside an unquoted field, a quote never closed (each of the lines that it swallows counts), a field above 1 MiB, a row above 4 MiB. InputError for a header that names
 * other columns, an object of another size than listed, damaged gzip, a text that is not UTF-8.
 */
export async function readCsvCut(
  pieces: readonly CsvPiece[],
  dialect: CsvDialect,
  columns: readonly LoadColumn[],
  partRows: number,
): Promise<CutAnswer> {
  const longestText = Math.max(...pieces.map((piece) => (piece.gzip ? Number.POSITIVE_INFINITY : piece.source.size)));
  const portionBytes = Math.min(PORTION_BYTES, longestText);
  const longestRowBytes = Math.min(LONGEST_ROW_BYTES, longestText);
  let bytes = 0;
  const counted = (source: ByteSource): ByteSource => ({
    key: source.key,
    size: source.size,
    async read(startByte, endByte, into) {
      const read = await source.read(startByte, endByte, into);
      bytes += read.length;
      return read;
    },
  });
  return withOwnKernels(async (k: CsvKernels) => {
    const parser = new CsvParser(k, { dialect, columns, partRows, portionBytes, longestRowBytes });
    for (const piece of pieces) await readPiece(parser, { ...piece, source: counted(piece.source) });
    return { ...parser.answer(), bytes };
  });
}

async function readPiece(parser: CsvParser, piece: CsvPiece): Promise<void> {
  const { source, startByte, gzip, insideQuotes } = piece;
  const endByte = gzip || piece.endByte === source.size ? Number.POSITIVE_INFINITY : piece.endByte;
  parser.begin({ key: source.key, startByte, endByte, insideQuotes });
  for await (const chunk of chunksOf(piece)) if (!parser.feed(chunk)) return;
  parser.finish();
}

const chunksOf = ({ source, startByte, endByte, gzip }: CsvPiece): AsyncGenerator<Uint8Array, void, void> =>
  gzip ? gunzipChunks(source, PORTION_BYTES) : rangeChunks(source, Math.max(0, startByte - 1), endByte);

/**
 * Where the pieces of a cut first have a value that does not fit the type of the column; null where all do. The line, from 1, is null
 * where the piece does not begin at the beginning of its object. Reads the cut once more, so for messages only.
 */
export async function firstConflict(
  pieces: readonly CsvPiece[],
  dialect: CsvDialect,
  column: LoadColumn,
): Promise<(Conflict & { readonly line: number | null }) | null> {
  for (const piece of pieces) {
    const answer = await readCsvCut([piece], dialect, [{ ...column, fixed: false }], ROWS_AT_ONCE);
    const found = answer.conflicts?.[0];
    if (found !== undefined)
      return { ...found, line: piece.startByte > 0 ? null : await lineAt(piece, found.byte, Number.POSITIVE_INFINITY) };
  }
  return null;
}
