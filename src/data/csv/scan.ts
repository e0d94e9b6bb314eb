/** The records of the CSV kernel in its memory, as src/kernels/assembly/csv-layout.ts lays them out: all fields are uint32. */
import type { ColumnType } from "../columns.ts";
import type { LoadColumn } from "../cut.ts";
import type { CsvDialect } from "./dialect.ts";
import { fivesTable } from "./fives.ts";
import type { CsvKernels } from "./kernel.ts";

const SCAN = [
  ...["text", "length", "position", "ownEnd", "separator", "fields", "rows", "blockRows", "columns", "columnCount"],
  ...[
    "ends",
    "endCount",
    "lines",
    "lineCount",
    "quotes",
    "firsts",
    "found",
    "consumed",
    "cr",
    "indexed",
    "inside",
    "pending",
    "badRows",
    "bad",
    "badRoom",
    "left",
    "leftCount",
    "leftRoom",
    "fives",
    "missing",
  ],
] as const;
const COLUMN = [
  ...["kind", "fixed", "field", "out", "words", "refusedAt", "refusedLength"],
  ...["places", "least", "most", "missing", "others"],
] as const;
const BAD_ROW = ["start", "reason", "detail", "at", "length"] as const;
const LEFT = ["value", "at", "length", "column"] as const;
const WORDS = ["slots", "mask", "entries", "entryCount", "entryRoom", "tokens", "next", "blockEnd", "blockBytes", "padded"] as const;
const ENTRY = ["text", "length", "keyLow", "keyHigh"] as const;
const layouts = { scan: SCAN, column: COLUMN, bad: BAD_ROW, left: LEFT, words: WORDS, entry: ENTRY };

export type Layout = keyof typeof layouts;
export type Field<L extends Layout> = (typeof layouts)[L][number];

/** Bytes of each field from the beginning of its record. */
const offsets = Object.fromEntries(
  Object.entries(layouts).map(([layout, fields]) => [layout, Object.fromEntries(fields.map((field, i) => [field, 4 * i]))]),
) as { readonly [L in Layout]: Readonly<Record<Field<L>, number>> };

export const OUTCOME = { needsText: 0, blockFull: 1, leftFull: 2, done: 3 } as const;
export const KIND = { refused: 0, number: 1, date: 2, string: 3 } as const satisfies Record<ColumnType | "refused", number>;
/** Why a row is bad. */
export const BAD = { wrongCount: 1, strayQuote: 2, longField: 3, misfit: 4 } as const;
/** Of assembly/csv-scan.ts. */
export const LONGEST_FIELD_BYTES = 2 ** 20;
/** `places` of a column whose numbers are float64. */
export const FLOATS = 0xffff_ffff;
/** Code of a missing string in the kernel. */
export const ABSENT = 0xffff_ffff;

/** Bad rows recorded in one run of the kernel. */
const BAD_ROOM = 20;
/** Text that the kernel works on at once, of assembly/csv-scan.ts. */
const CHUNK_BYTES = 16_384;

/** The bytes of a record. */
export function sizeOf(layout: Layout): number {
  return 4 * layouts[layout].length;
}

export function get<L extends Layout>(k: CsvKernels, layout: L, address: number, field: Field<L>): number {
  return new DataView(k.memory.buffer).getUint32(address + offsets[layout][field], true);
}

export function set<L extends Layout>(k: CsvKernels, layout: L, address: number, values: Partial<Record<Field<L>, number>>): void {
  const view = new DataView(k.memory.buffer);
  for (const [field, value] of Object.entries<number>(values as Record<string, number>))
    view.setUint32(address + offsets[layout][field as Field<L>], value, true);
}

/** Lays out everything for a cut; answers the address of the scan record. `textRoom` is the longest text at once. */
export function openScan(k: CsvKernels, dialect: CsvDialect, columns: readonly LoadColumn[], blockRows: number, textRoom: number): number {
  const scan = k.allocate(sizeOf("scan"));
  const fives = k.allocate(fivesTable().length);
  new Uint8Array(k.memory.buffer, fives).set(fivesTable());
  const missing = openWords(k, dialect.missing);
  const records = k.allocate(columns.length * sizeOf("column"));
  // The kernel writes whole vectors, so that the room is a multiple of four rows.
  const rows = Math.ceil(blockRows / 4) * 4;
  columns.forEach(({ index, type, fixed }, i) => {
    const words = type === "string" ? openWords(k, dialect.missing) : 0;
    const out = k.allocate((type === "string" ? 4 : 8) * rows);
    set(k, "column", records + i * sizeOf("column"), { kind: KIND[type], fixed: fixed ? 1 : 0, field: index, out, words, places: FLOATS });
  });
  // Two chunks full, so that the kernel stops for them every other chunk at most.
  const leftRoom = CHUNK_BYTES / 2 + dialect.names.length;
  set(k, "scan", scan, {
    text: k.claim(16 + textRoom + 64) + 16,
    separator: dialect.separator.charCodeAt(0),
    fields: dialect.names.length,
    blockRows,
    columns: records,
    columnCount: columns.length,
    // The index writes up to 16 ends beyond those it counts.
    ends: k.allocate(4 * (4 + CHUNK_BYTES + 16 + dialect.names.length + 1)) + 16,
    lines: k.allocate(4 * (CHUNK_BYTES + 1)),
    firsts: k.allocate(4 * (CHUNK_BYTES + 4)),
    bad: k.allocate(BAD_ROOM * sizeOf("bad")),
    badRoom: BAD_ROOM,
    left: k.allocate(leftRoom * sizeOf("left")),
    leftRoom,
    fives,
    missing,
  });
  return scan;
}

/** A dictionary that knows the missing tokens. It keeps copies of them. */
function openWords(k: CsvKernels, missing: readonly string[]): number {
  const words = k.csvWords();
  for (const token of missing) {
    const bytes = new TextEncoder().encode(token.trim());
    const at = k.allocate(bytes.length + 16);
    new Uint8Array(k.memory.buffer, at).set(bytes);
    k.csvToken(words, at, bytes.length);
  }
  return words;
}
