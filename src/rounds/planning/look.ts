/** A first look at a source: its objects, how they are written, their columns and types as samples tell them, and where to cut. */
import type { ColumnType } from "../../data/columns.ts";
import type { CsvDialect } from "../../data/csv/dialect.ts";
import { checkLineEnds } from "../../data/csv/header.ts";
import { guessTypes, sniffCsv, stringShares, valuesIn } from "../../data/csv/sniff.ts";
import { lineEnds } from "../../data/csv/stray-quote.ts";
import type { LoadColumn } from "../../data/cut.ts";
import { fingerprint } from "../../data/fingerprint.ts";
import { gunzipBeginning } from "../../data/gunzip.ts";
import { parquetLayout, readFooter } from "../../data/parquet/layout.ts";
import { byteSource, listSource, type SourceFormat, type SourceObject } from "../../data/source.ts";
import type { Job } from "../../job/job.ts";
import { type Cut, type CutSource, planCuts } from "../../plan/cuts.ts";
import type { SourcePlan } from "../../plan/plan.ts";
import { InputError } from "../../ports/errors.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

export interface Look {
  readonly source: SourcePlan;
  readonly fingerprint: string;
  /** All columns, also those that the job excludes. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Bytes of source a row takes, about; of text once it is unpacked. */
  readonly rowBytes: number;
  /** Bytes of text that a byte of gzip unpacks to, about; 1 where nothing is packed. */
  readonly textRatio: number;
  /** Different strings that a row brings, about, over all columns to load; 0 for Parquet, whose values are not looked at. */
  readonly rowStrings: number;
  /** Different labels that a sample holds; 0 where values are not looked at. */
  readonly labelValues: number;
}

/** Bytes of a sample: enough rows to see the types of most files, and one request. */
const SAMPLE_BYTES = 64 * 1024;
const SAMPLES = 8;
const MAX_UNPACKED_BYTES = 64 * SAMPLE_BYTES;
/** A header and a row that are longer are looked at as far as this. */
const LONGEST_SAMPLE_BYTES = 256 * SAMPLE_BYTES;

/** Neither a key of plain objects nor of what is kept as CBOR. */
const UNUSABLE = "__proto__";

/** `only` names the columns to load, where not all are wanted. */
export async function lookAtSource(sources: ObjectStore, job: Job, only: readonly string[] | null = null): Promise<Look> {
  const listed = await listSource(sources, job.data.paths, job.data.format);
  const test = job.split.kind === "path" ? await listSource(sources, job.split.paths, listed.format, "split.testPath") : null;
  const objects = [...listed.objects, ...(test?.objects ?? [])];
  const found = listed.format === "csv" ? await lookAtCsv(sources, objects, job) : await lookAtParquet(sources, objects, job);
  const loaded = found.columns.filter(({ name }) => !job.data.exclude.includes(name) && (only === null || only.includes(name)));
  if (loaded.some(({ name }) => name === UNUSABLE))
    throw new InputError(
      `data must have no column called ${UNUSABLE}, which JavaScript keeps for itself; rename it, or put it into data.exclude`,
    );
  const cutsOf = (these: readonly SourceObject[]): Cut[] => planCuts(cutSource(listed.format, these, loaded.length, found.rowGroups));
  const cuts = [...cutsOf(listed.objects), ...cutsOf(test?.objects ?? [])].map((cut, number): Cut => ({ ...cut, number }));
  const source: SourcePlan = {
    format: listed.format,
    ...(found.dialect === undefined ? {} : { dialect: found.dialect }),
    columns: loaded.map((column) => withGivenType(column, job.data.columns)),
    fixed: job.data.columns,
    cuts,
    testFromCut:
      test === null ? null : cuts.findIndex((cut) => cut.pieces.some((piece) => test.objects.some(({ key }) => key === piece.key))),
    bytes: objects.reduce((sum, object) => sum + object.size, 0),
  };
  const { missing, exclude, columns, partRows } = job.data;
  const reading = {
    format: listed.format,
    dialect: found.dialect,
    missing,
    exclude,
    only,
    columns,
    partRows,
    test: test?.objects.map(({ key }) => key),
  };
  const rowStrings = loaded.reduce((sum, { index }) => sum + (found.stringShares[index] ?? 0), 0);
  return {
    source,
    fingerprint: fingerprint(objects, reading),
    columns: found.columns,
    rowBytes: found.rowBytes,
    textRatio: found.textRatio,
    rowStrings,
    labelValues: found.labelValues,
  };
}

/** Own names only: a column may be called "constructor". */
const withGivenType = (column: LoadColumn, types: Job["data"]["columns"]): LoadColumn =>
  Object.hasOwn(types, column.name) ? { ...column, type: types[column.name] } : column;

interface Found {
  readonly dialect?: CsvDialect;
  readonly columns: readonly LoadColumn[];
  readonly rowBytes: number;
  readonly textRatio: number;
  /** By column; CSV only. */
  readonly stringShares: readonly number[];
  readonly labelValues: number;
  /** By key; Parquet only. */
  readonly rowGroups: ReadonlyMap<string, readonly { rows: number; bytes: number }[]>;
}

/** Says of which object an error is. */
function of<T>({ key }: SourceObject, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${key}: ${error.message}`, { cause: error }) : error;
  }
}

async function lookAtCsv(sources: ObjectStore, objects: readonly SourceObject[], job: Job): Promise<Found> {
  const { missing, separator, header } = job.data;
  const { text: head } = await sampleOf(sources, objects[0], 0);
  checkLineEnds(objects[0].key, head);
  const given = { missing, ...(separator === undefined ? {} : { separator }), ...(header === undefined ? {} : { header }) };
  const sniffed = of(objects[0], () => sniffCsv(head, given));
  const dialect: CsvDialect = { ...sniffed, missing };
  const chosen = spread(objects, SAMPLES);
  const samples = await Promise.all(
    chosen.map(async (object) => {
      const { text, taken } = await sampleOf(sources, object, 0);
      checkLineEnds(object.key, text);
      return { key: object.key, bytes: text, startsMidFile: false, gzip: object.gzip, taken };
    }),
  );
  const packed = samples.filter(({ gzip }) => gzip);
  const middle = objects.length === 1 && !objects[0].gzip && objects[0].size > 2 * SAMPLE_BYTES;
  if (middle) {
    for (let i = 1; i < SAMPLES; i++) {
      const { text: bytes } = await sampleOf(sources, objects[0], Math.floor((objects[0].size * i) / SAMPLES));
      samples.push({ key: objects[0].key, bytes, startsMidFile: true, gzip: false, taken: bytes.length });
    }
  }
  const guessed = guessTypes(samples, dialect);
  const columns = dialect.names.map((name, index): LoadColumn => ({ name, index, type: guessed[index] }));
  const lines = lineEnds(head);
  const rowBytes = head.length / Math.max(1, lines);
  const sum = (of: (sample: (typeof samples)[number]) => number): number => packed.reduce((total, sample) => total + of(sample), 0);
  const textRatio =
    packed.length === 0
      ? 1
      : sum(({ bytes }) => bytes.length) /
        Math.max(
          1,
          sum(({ taken }) => taken),
        );
  return {
    dialect,
    columns,
    rowBytes,
    textRatio,
    stringShares: stringShares(samples[0], dialect, guessed),
    labelValues: valuesIn(samples, dialect, columns, job.label.column),
    rowGroups: new Map(),
  };
}

/** From the beginning of an object at least its header and a row, of however many columns. */
async function sampleOf(
  sources: ObjectStore,
  object: SourceObject,
  startByte: number,
  most = SAMPLE_BYTES,
): Promise<{ text: Uint8Array; taken: number }> {
  const bytes = await byteSource(sources, object).read(startByte, Math.min(object.size, startByte + most));
  const sample = object.gzip
    ? await gunzipBeginning(object.key, bytes, Math.max(MAX_UNPACKED_BYTES, most))
    : { text: bytes, taken: bytes.length };
  const isEnough = startByte > 0 || lineEnds(sample.text) >= 2 || bytes.length < most || most >= LONGEST_SAMPLE_BYTES;
  return isEnough ? sample : sampleOf(sources, object, startByte, 4 * most);
}

function spread<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]);
}

async function lookAtParquet(sources: ObjectStore, objects: readonly SourceObject[], job: Job): Promise<Found> {
  const layouts = await Promise.all(objects.map((object) => parquetLayout(byteSource(sources, object), job.data.exclude)));
  const [first] = layouts;
  layouts.forEach((layout, i) => {
    if (layout.names.join("\n") !== first.names.join("\n")) {
      throw new InputError(
        `${objects[i].key} must have the columns of ${objects[0].key} in its order (${first.names.join(", ")}), got ${layout.names.join(", ")}`,
      );
    }
    const other = first.names.findIndex((name, c) => layout.types[c] !== first.types[c] && !Object.hasOwn(job.data.columns, name));
    if (other >= 0) {
      const name = first.names[other];
      throw new InputError(
        `${objects[i].key}: column "${name}" must be a ${first.types[other]} as in ${objects[0].key}, got a ${layout.types[other]}; put it into data.exclude, or say data.columns: {${JSON.stringify(name)}: string}`,
      );
    }
  });
  const columns = first.names.map((name, index): LoadColumn => {
    const types = layouts.map((layout) => layout.types[index]);
    return { name, index, type: types.every((type) => type === types[0]) ? types[0] : "string" };
  });
  const excluded = (await readFooter(byteSource(sources, objects[0]))).columns.filter(({ name }) => job.data.exclude.includes(name));
  columns.push(...excluded.map(({ name }): LoadColumn => ({ name, index: -1, type: "string" })));
  const groups = layouts.flatMap((layout) => layout.rowGroups);
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  return {
    columns,
    rowBytes: bytes / Math.max(1, rows),
    textRatio: 1,
    stringShares: [],
    labelValues: 0,
    rowGroups: new Map(objects.map((object, i) => [object.key, layouts[i].rowGroups])),
  };
}

function cutSource(format: SourceFormat, objects: readonly SourceObject[], columns: number, rowGroups: Found["rowGroups"]): CutSource {
  if (format === "csv") return { format, objects };
  return { format, objects: objects.map((object) => ({ ...object, columns, rowGroups: rowGroups.get(object.key) ?? [] })) };
}
