/** A sample of the data, read as training would read it: for a first job, and for a forecast. */
import { type Column, partRows } from "../data/columns.ts";
import { readCsvCut } from "../data/csv/read.ts";
import type { ByteSource, CutAnswer, LoadColumn } from "../data/cut.ts";
import { gunzipBeginning } from "../data/gunzip.ts";
import { readFooter } from "../data/parquet/layout.ts";
import { readParquetCut } from "../data/parquet/read.ts";
import { byteSource } from "../data/source.ts";
import type { SeenColumn } from "../job/init.ts";
import type { SourcePlan } from "../plan/plan.ts";
import type { ObjectStore } from "../ports/object-store.ts";

/** Enough rows for the levels and the missing values of most columns, in a few milliseconds. */
const SAMPLE_BYTES = 2 * 2 ** 20;
/** Distinct values that are listed. */
const EXAMPLES = 20;
const NEWLINE = 10;

export interface Sample {
  readonly rows: number;
  /** Bytes of source that held them. */
  readonly bytes: number;
  readonly columns: readonly SeenColumn[];
}

/** The beginning of the first object of the source: of CSV about 2 MiB, of Parquet the first row group. */
export async function sampleSource(sources: ObjectStore, source: SourcePlan): Promise<Sample> {
  const { answer, bytes } = await readSample(sources, source);
  const parts = answer.parts.map((part) => part.columns);
  return {
    rows: answer.rows,
    bytes,
    columns: source.columns.map((column) =>
      seen(
        column,
        parts.map((columns) => columns[column.name]),
      ),
    ),
  };
}

/** A column keeps the type that its values need, also where that is not the one asked for. */
async function readSample(sources: ObjectStore, source: SourcePlan): Promise<Read> {
  const read = await readOnce(sources, source, source.columns);
  const { types } = read.answer;
  if (source.columns.every(({ type }, i) => type === types[i])) return read;
  return readOnce(
    sources,
    source,
    source.columns.map((column, i): LoadColumn => ({ ...column, type: types[i] })),
  );
}

interface Read {
  readonly answer: CutAnswer;
  readonly bytes: number;
}

async function readOnce(sources: ObjectStore, { cuts, dialect }: SourcePlan, columns: readonly LoadColumn[]): Promise<Read> {
  const [cut] = cuts;
  if (cut.format === "parquet") {
    const [piece] = cut.pieces;
    const source = byteSource(sources, piece);
    const { rowGroups } = await readFooter(source);
    const answer = await readParquetCut(
      [{ source, firstRowGroup: piece.firstRowGroup, endRowGroup: piece.firstRowGroup + 1 }],
      columns,
      Number.MAX_SAFE_INTEGER,
    );
    const pieceRows = rowGroups.slice(piece.firstRowGroup, piece.endRowGroup).reduce((sum, group) => sum + group.rows, 0);
    // A cut of several small files tells its bytes in total only.
    const pieceShare = piece.size / cut.pieces.reduce((sum, { size }) => sum + size, 0);
    return { answer, bytes: (answer.rows / Math.max(1, pieceRows)) * pieceShare * cut.bytes };
  }
  if (dialect === undefined) throw new Error("a plan for CSV must carry its dialect");
  const [{ key, size, gzip }] = cut.pieces;
  const { text, bytes } = await beginning(sources, key, size, gzip);
  const source = inMemory(key, text);
  const answer = await readCsvCut(
    [{ source, startByte: 0, endByte: source.size, insideQuotes: false, gzip: false }],
    dialect,
    columns,
    partRows(columns.length),
  );
  return { answer, bytes };
}

/** Whole lines, unless one is longer than the sample; and the bytes of the object that they take. */
async function beginning(sources: ObjectStore, key: string, size: number, gzip: boolean): Promise<{ text: Uint8Array; bytes: number }> {
  const read = await sources.read(key, 0, Math.min(size, SAMPLE_BYTES));
  const { text, taken } = gzip ? await gunzipBeginning(key, read, SAMPLE_BYTES) : { text: read, taken: read.length };
  const isWhole = taken === size && text.length <= SAMPLE_BYTES;
  const sample = text.subarray(0, SAMPLE_BYTES);
  const lines = isWhole ? sample : sample.subarray(0, sample.lastIndexOf(NEWLINE) + 1 || sample.length);
  return { text: lines, bytes: (taken * lines.length) / Math.max(1, text.length) };
}

const inMemory = (key: string, bytes: Uint8Array): ByteSource => ({
  key,
  size: bytes.length,
  read: async (startByte, endByte) => bytes.subarray(startByte, endByte),
});

function seen({ name, type }: LoadColumn, parts: readonly Column[]): SeenColumn {
  const values = new Set<string | number>();
  let missing = 0;
  for (const column of parts) {
    if (column.type === "string") {
      for (const code of column.codes) {
        if (code === column.dictionary.length) missing++;
        else values.add(column.dictionary[code]);
      }
      continue;
    }
    for (const value of column.values) {
      if (Number.isNaN(value)) missing++;
      else values.add(value);
    }
  }
  const found = parts[0]?.type ?? type;
  return { name, type: found, distinct: values.size, missing, examples: [...values].slice(0, EXAMPLES).map(String) };
}
