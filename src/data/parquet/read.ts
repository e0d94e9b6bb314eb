import { InputError } from "../../ports/errors.ts";
import type { Column, ColumnType, Table } from "../columns.ts";
import type { CutAnswer, LoadColumn } from "../cut.ts";
import { withOwnKernels } from "../own-kernels.ts";
import { type RoomRead, withRooms } from "../rooms.ts";
import { type Chunk, type ChunkRange, chunksOf, type ParquetPiece, RANGE_BYTES, rangesOf } from "./chunks.ts";
import type { ParquetKernels } from "./kernel.ts";
import { type Footer, readFooter } from "./layout.ts";
import { numberSink } from "./numbers.ts";
import { readPages } from "./pages.ts";
import { parseColumn } from "./parse.ts";
import { createScratch, type Scratch } from "./scratch.ts";
import type { Sink } from "./sink.ts";
import { stringSink } from "./strings.ts";

/** Reads under way while a range is decoded. */
const READ_AHEAD = 3;
/** A cut holds some 64 MB of a file; more rows than this are a damaged count. */
const MAX_CUT_ROWS = 1 << 28;

/**
 * Reads row groups of one or more files as one cut. Columns are found by name in every file and may differ in type between them.
 *
 * Integers, decimals and doubles take the narrowest storage that is exact; FLOAT stays float32. Dates and timestamps count days since
 * 1970-01-01. A null is NaN or the code after the last; text is kept as it is, also when empty. Asked as string, numbers are
 * written as JavaScript writes them, dates as ISO 8601, 64-bit integers and decimals with all digits. Asked as number, text is parsed, and dates stay days;
 * `types` answers what a column really is where it cannot be what was asked, and its values are then of that type.
 *
 * Throws InputError for a file that is not what its footer says, a missing or nested column, and 64-bit integers that float64 does not hold.
 */
export async function readParquetCut(
  pieces: readonly ParquetPiece[],
  columns: readonly LoadColumn[],
  partRows: number,
): Promise<CutAnswer> {
  return withOwnKernels((k: ParquetKernels) => readCut(pieces, columns, partRows, createScratch(k)));
}

async function readCut(
  pieces: readonly ParquetPiece[],
  columns: readonly LoadColumn[],
  partRows: number,
  scratch: Scratch,
): Promise<CutAnswer> {
  const { chunks, rows } = await planCut(pieces, columns);
  const kinds = columns.map((_, i) => chunks.filter((chunk) => chunk.column === i).map((chunk) => chunk.kind));
  const sinks = columns.map((column, i) => sinkFor(column.type, kinds[i], rows, scratch));
  const ranges = rangesOf(chunks);
  for await (const [range, bytes] of withRooms(READ_AHEAD + 1, RANGE_BYTES, (read) => readAhead(ranges, read))) {
    for (const chunk of range.chunks) {
      const { startByte, endByte } = chunk;
      readChunk(bytes.subarray(startByte - range.startByte, endByte - range.startByte), chunk, sinks[chunk.column], scratch);
    }
  }
  const loaded = columns.map((column, i) => asAsked(sinks[i].column(), column.type));
  return {
    parts: partsOf(columns, loaded, rows, partRows),
    rows,
    types: loaded.map((column) => column.type),
    quoteParity: 0,
    badRows: 0,
    badSamples: [],
    bytes: ranges.reduce((sum, range) => sum + range.endByte - range.startByte, 0),
  };
}

async function planCut(pieces: readonly ParquetPiece[], columns: readonly LoadColumn[]): Promise<{ chunks: Chunk[]; rows: number }> {
  const footers = new Map<ParquetPiece["source"], Promise<Footer>>();
  for (const { source } of pieces) if (!footers.has(source)) footers.set(source, readFooter(source));
  await Promise.all(footers.values());
  const chunks: Chunk[] = [];
  let rows = 0;
  for (const piece of pieces) {
    const footer = (await footers.get(piece.source)) as Footer;
    chunks.push(...chunksOf(piece, footer, columns, rows));
    for (let g = piece.firstRowGroup; g < piece.endRowGroup; g++) rows += footer.rowGroups[g].rows;
    if (!(rows <= MAX_CUT_ROWS)) throw new InputError(`${piece.source.key}: a cut must have at most ${MAX_CUT_ROWS} rows, got ${rows}`);
  }
  return { chunks, rows };
}

/** Text as soon as one file has text there; else the storage that all files share. */
function sinkFor(asked: ColumnType, kinds: readonly Chunk["kind"][], rows: number, scratch: Scratch): Sink {
  if (asked === "string" || kinds.some((kind) => kind.type === "string")) return stringSink(rows, scratch);
  const type = asked === "date" && kinds.every((kind) => kind.type === "date") ? "date" : "number";
  const storage = kinds.length > 0 && kinds.every((kind) => kind.storage === kinds[0].storage) ? kinds[0].storage : "float64";
  return numberSink(rows, storage, type, scratch);
}

/** The ranges with their bytes, in order, while the next ones are being read. The bytes hold until the next range is asked for. */
async function* readAhead(ranges: readonly ChunkRange[], readRoom: RoomRead): AsyncGenerator<[ChunkRange, Uint8Array], void, void> {
  const reads: Promise<Uint8Array>[] = [];
  for (let i = 0; i < ranges.length; i++) {
    while (reads.length < ranges.length && reads.length <= i + READ_AHEAD) {
      const { source, startByte, endByte } = ranges[reads.length];
      reads.push(readRoom(source, startByte, endByte));
    }
    const bytes = await reads[i];
    reads[i] = Promise.resolve(new Uint8Array(0));
    yield [ranges[i], bytes];
  }
}

function readChunk(bytes: Uint8Array, chunk: Chunk, sink: Sink, scratch: Scratch): void {
  try {
    sink.open(chunk.kind, chunk.physical);
    let row = 0;
    for (const page of readPages(bytes, chunk.codec, chunk.nullable, scratch.memory)) {
      if (page.isDictionary) {
        sink.dictionary(page);
      } else {
        if (!(page.count >= 0 && row + page.count <= chunk.rows)) throw new RangeError(`more values than the ${chunk.rows} rows`);
        sink.data(page, chunk.row + row);
        row += page.count;
      }
    }
    if (row < chunk.rows) throw new RangeError(`${row} values for ${chunk.rows} rows`);
  } catch (cause) {
    const what = cause instanceof InputError ? cause.message : `must be as the format says, got ${(cause as Error).message}`;
    throw new InputError(`${chunk.source.key}, row group ${chunk.rowGroup}, column "${chunk.name}": ${what}`, { cause });
  }
}

const asAsked = (column: Column, asked: ColumnType): Column =>
  column.type === "string" && asked !== "string" ? parseColumn(column, asked) : column;

function partsOf(columns: readonly LoadColumn[], loaded: readonly Column[], rows: number, partRows: number): Table[] {
  const parts: Table[] = [];
  for (let start = 0; start < rows; start += partRows) {
    const end = Math.min(rows, start + partRows);
    parts.push({ rows: end - start, columns: Object.fromEntries(columns.map(({ name }, i) => [name, slice(loaded[i], start, end)])) });
  }
  return parts;
}

/** Rows [start, end) on the same memory. */
const slice = (column: Column, start: number, end: number): Column =>
  column.type === "string"
    ? { ...column, codes: column.codes.subarray(start, end) }
    : { ...column, values: column.values.subarray(start, end) };
