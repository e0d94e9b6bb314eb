/**
 * Load: every cut of the source becomes typed columns in one Arrow file. A cut is read once; again only when the order of the quote
 * parities shows that it began inside quotes, or when another cut's values need a wider type for one of its columns.
 */
import type { ColumnType } from "../../data/columns.ts";
import { type AlmostNumbers, almostNumbers, joinAlmostNumbers } from "../../data/csv/almost-numbers.ts";
import { placeText } from "../../data/csv/line.ts";
import { cutsToRepeat } from "../../data/csv/parity.ts";
import { type CsvPiece, firstConflict, readCsvCut } from "../../data/csv/read.ts";
import type { BadRow, CutAnswer, LoadColumn, QuoteTrouble } from "../../data/cut.ts";
import { arrow, type CutFile, cutKey, type Manifest } from "../../data/manifest.ts";
import { readParquetCut } from "../../data/parquet/read.ts";
import { byteSource } from "../../data/source.ts";
import type { CsvCut, Cut } from "../../plan/cuts.ts";
import type { Plan } from "../../plan/plan.ts";
import { InputError } from "../../ports/errors.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import type { MapContext, Phase } from "../phase.ts";
import type { RunContext } from "../run.ts";

/** What is known of a cut once it has been read. */
export interface CutReport {
  readonly cut: number;
  readonly file: CutFile;
  /** Types it was read with, and types that its values need. */
  readonly read: readonly ColumnType[];
  readonly needed: readonly ColumnType[];
  readonly quoteParity: 0 | 1;
  readonly badRows: number;
  readonly badSamples: readonly BadRow[];
  readonly quotes: readonly QuoteTrouble[];
  /** By column; null for one that is no text, or of few numbers. */
  readonly almostNumbers: readonly (AlmostNumbers | null)[];
}

export interface LoadState {
  readonly types: readonly ColumnType[];
  /** Whether each cut begins inside quotes, as far as is known. */
  readonly insideQuotes: readonly boolean[];
  readonly pending: readonly number[];
  readonly reports: readonly (CutReport | null)[];
}

/** Where a run keeps what it knows, and where its data lies. */
export interface ReadStores {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
}

export interface LoadAsk {
  readonly types: readonly ColumnType[];
  readonly insideQuotes: readonly boolean[];
}

export function startLoad({ plan }: RunContext): LoadState {
  const cuts = plan.source.cuts.map((_, cut) => cut);
  return {
    types: plan.source.columns.map((column) => column.type),
    insideQuotes: cuts.map(() => false),
    pending: cuts,
    reports: cuts.map(() => null),
  };
}

export const loadPhase: Phase<LoadAsk, CutReport[]> = {
  ask: ({ load }) =>
    load === null || load.pending.length === 0
      ? null
      : { units: load.pending, ask: { types: load.types, insideQuotes: load.insideQuotes } },
  empty: () => [],
  map: async (into, cut, ask, context) => {
    into.push(await loadCut(cut, ask, context));
  },
  merge: (into, other) => {
    into.push(...other);
  },
  step: (merged, ask, state, context) => {
    if (state.load === null) throw new Error("a load round needs its state");
    const reports = [...state.load.reports];
    for (const report of merged) reports[report.cut] = report;
    const known = reports.filter((report) => report !== null);
    const types = ask.types.map((_, column) => widest(known.map((report) => report.needed[column])));
    const insideQuotes = correctedQuotes(context.plan.source.cuts, known, ask.insideQuotes);
    const pending = known
      .filter(({ cut, read }) => insideQuotes[cut] !== ask.insideQuotes[cut] || read.some((type, column) => type !== types[column]))
      .map(({ cut }) => cut);
    return { ...state, load: { types, insideQuotes, pending, reports } };
  },
};

async function loadCut(cut: number, ask: LoadAsk, context: MapContext): Promise<CutReport> {
  const { plan, store } = context;
  const columns = plan.source.columns.map(
    (column, i): LoadColumn => ({ ...column, type: ask.types[i], fixed: Object.hasOwn(plan.source.fixed, column.name) }),
  );
  const [answer, { writeArrow }] = await Promise.all([readCut(plan.source.cuts[cut], ask.insideQuotes[cut], columns, context), arrow()]);
  columns.forEach((column, i) => {
    if (column.fixed === true && answer.types[i] !== column.type) {
      throw new InputError(
        `data.columns.${column.name} must be a type that its values have, got ${column.type} for ${answer.types[i]} values in cut ${cut}`,
      );
    }
  });
  const { pieces, head, parts } = writeArrow(answer.parts);
  const key = cutKey(plan.fingerprint, cut, ask.types, ask.insideQuotes[cut]);
  await context.behind(store.write(key, pieces));
  const file: CutFile = { key, rows: answer.rows, head, parts: parts.map((range, i) => ({ ...range, rows: answer.parts[i].rows })) };
  context.keep(file, answer.parts);
  return {
    cut,
    file,
    read: ask.types,
    needed: answer.types,
    quoteParity: answer.quoteParity,
    badRows: answer.badRows,
    badSamples: answer.badSamples,
    quotes: answer.quotes ?? [],
    almostNumbers: await almostNumbersOf(plan.source.cuts[cut], ask.insideQuotes[cut], columns, answer, context),
  };
}

/** The job may say that a column is text, and the schema of a Parquet file does. */
async function almostNumbersOf(
  cut: Cut,
  insideQuotes: boolean,
  columns: readonly LoadColumn[],
  { parts }: CutAnswer,
  { plan, sources }: MapContext,
): Promise<(AlmostNumbers | null)[]> {
  const { dialect } = plan.source;
  const found: (AlmostNumbers | null)[] = [];
  for (const column of columns) {
    const own = cut.format === "csv" && column.type === "string" && !column.fixed ? almostNumbers(parts, column.name) : null;
    const isAsked = own !== null && (own.others > 0 || own.foreign !== null) && cut.format === "csv" && dialect !== undefined;
    const first = isAsked ? await firstConflict(csvPieces(cut, insideQuotes, sources), dialect, { ...column, type: "number" }) : null;
    found.push(own && { ...own, first });
  }
  return found;
}

const csvPieces = (cut: CsvCut, insideQuotes: boolean, sources: MapContext["sources"]): CsvPiece[] =>
  cut.pieces.map((piece) => ({ ...piece, source: byteSource(sources, piece), insideQuotes }));

function readCut(cut: Cut, insideQuotes: boolean, columns: readonly LoadColumn[], { plan, sources }: MapContext): Promise<CutAnswer> {
  if (cut.format === "parquet") {
    return readParquetCut(
      cut.pieces.map((piece) => ({ ...piece, source: byteSource(sources, piece) })),
      columns,
      plan.partRows,
    );
  }
  if (plan.source.dialect === undefined) throw new Error("a plan for CSV must carry its dialect");
  return readCsvCut(csvPieces(cut, insideQuotes, sources), plan.source.dialect, columns, plan.partRows);
}

/** The tightest type that holds what every cut needs: text holds all, dates and numbers share nothing else. */
function widest(types: readonly ColumnType[]): ColumnType {
  return types.every((type) => type === types[0]) ? types[0] : "string";
}

/** Bad rows that a dataset describes: enough to see what is wrong with it. */
const MAX_BAD_SAMPLES = 1_000;

/** Which cuts really begin inside quotes: only byte ranges of one file hang together. */
function correctedQuotes(cuts: readonly Cut[], reports: readonly CutReport[], guesses: readonly boolean[]): boolean[] {
  const inside = [...guesses];
  for (const file of runsOfOneFile(cuts)) {
    const parities = file.map((cut) => reports.find((report) => report.cut === cut)?.quoteParity ?? 0);
    for (const i of cutsToRepeat(
      parities,
      file.map((cut) => guesses[cut]),
    ))
      inside[file[i]] = !guesses[file[i]];
  }
  return inside;
}

function runsOfOneFile(cuts: readonly Cut[]): number[][] {
  const runs: number[][] = [];
  let last = "";
  cuts.forEach((cut, c) => {
    const key = cut.format === "csv" && cut.pieces.length === 1 ? cut.pieces[0].key : `cut ${c}`;
    if (key === last) runs[runs.length - 1].push(c);
    else runs.push([c]);
    last = key;
  });
  return runs;
}

/** The manifest of a finished load. */
export function manifestOf(load: LoadState, { plan }: RunContext): Manifest {
  const reports = load.reports.filter((report) => report !== null);
  if (reports.length !== plan.source.cuts.length) throw new Error("a manifest needs every cut");
  return {
    fingerprint: plan.fingerprint,
    columns: plan.source.columns.map(({ name }, i) => ({ name, type: load.types[i] })),
    rows: reports.reduce((sum, report) => sum + report.file.rows, 0),
    badRows: reports.reduce((sum, report) => sum + report.badRows, 0),
    badSamples: reports.flatMap((report) => report.badSamples).slice(0, MAX_BAD_SAMPLES),
    unclosed: unclosedOf(reports.flatMap((report) => report.quotes)),
    almostNumbers: plan.source.columns.flatMap((_, i) => joinAlmostNumbers(reports.map((report) => report.almostNumbers[i])) ?? []),
    cuts: reports.map((report) => report.file),
  };
}

/** The first object that ends inside quotes. Its first row with a quote out of place may be in an earlier cut than its end. */
function unclosedOf(quotes: readonly QuoteTrouble[]): Manifest["unclosed"] {
  const found = quotes.find(({ unclosed }) => unclosed);
  if (found === undefined) return null;
  const first = quotes.find(({ key, firstRow }) => key === found.key && firstRow !== null);
  return { key: found.key, byte: first?.firstRow ?? 0 };
}

/**
 * Describes the dataset's bad rows in `badRows.ndjson` of the run, and refuses more of them than the job allows, with the first. A quote that
 * is never closed is refused whatever the job allows: nobody knows which rows it has swallowed.
 */
export async function acceptBadRows(
  { badRows, badSamples, unclosed }: Manifest,
  { plan }: RunContext,
  { store, sources }: ReadStores,
): Promise<void> {
  if (badRows === 0) return;
  const key = `runs/${plan.run}/badRows.ndjson`;
  const lines = badSamples.map(({ key: object, byte, reason }) => `${JSON.stringify({ object, byte, reason })}\n`);
  await store.write(key, new TextEncoder().encode(lines.join("")));
  if (unclosed !== null)
    throw new InputError(
      `quotes must balance, got ${unclosed.key}, in which a quote is never closed: the first row with one out of place starts ${await placeOf(unclosed, plan, sources)}; double a quote that belongs to a text and quote its whole field; more in ${store.nameOf(key)}`,
    );
  const allowed = plan.job.limits.badRows;
  if (badRows <= allowed) return;
  const [first] = badSamples;
  const { key: object, reason } = first;
  throw new InputError(
    `data must hold at most ${allowed} bad rows (limits.badRows), got ${badRows}; the first is in ${object} ${await placeOf(first, plan, sources)}: ${reason}${missingHint(reason, plan)}; more in ${store.nameOf(key)}`,
  );
}

async function placeOf({ key, byte }: Pick<BadRow, "key" | "byte">, { source }: Plan, sources: ObjectStore): Promise<string> {
  const pieces = source.cuts.flatMap((cut) => (cut.format === "csv" ? cut.pieces : []));
  const piece = pieces.find((own) => own.key === key);
  return piece === undefined ? `at byte ${byte}` : placeText({ source: byteSource(sources, piece), gzip: piece.gzip }, byte);
}

/** What may be said of a text where a number or a date is asked for. An object that has arrived is read as the model's job says. */
function missingHint(reason: string, { source, score, update }: Plan): string {
  const isText = source.columns.some(({ name, type }) => type !== "string" && reason.startsWith(`${name} must be a ${type}`));
  if (!isText || score?.input !== undefined) return "";
  const option = score === undefined && update === undefined ? "data.missing" : "--missing";
  return ` (where that stands for a missing value, say so: ${option})`;
}
