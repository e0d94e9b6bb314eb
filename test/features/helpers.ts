/** Small tables, fitted in one go, and a plain evaluator of views. */
import type { Column, Table } from "../../src/data/columns.ts";
import { askFit, emptyFit, type FitState, mapFit, mergeFit, startFit, stepFit } from "../../src/features/fit.ts";
import { type Stage, type StageKind, stageParams } from "../../src/features/params.ts";
import { isKnown, takeNumber, takeString } from "../../src/features/take.ts";
import type { RowKind, View, ViewColumn } from "../../src/features/view.ts";

export type Cell = number | string | null;

/** Columns from lists: strings (null is missing) make a string column, numbers (null is missing) a number column. */
export function tableOf(columns: Readonly<Record<string, readonly Cell[]>>): Table {
  const rows = Object.values(columns)[0].length;
  return { rows, columns: Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, columnOf(cells)])) };
}

function columnOf(cells: readonly Cell[]): Column {
  if (cells.some((cell) => typeof cell === "string")) {
    const dictionary = [...new Set(cells.filter((cell) => cell !== null))].map(String);
    return {
      type: "string",
      codes: Uint8Array.from(cells, (cell) => (cell === null ? dictionary.length : dictionary.indexOf(String(cell)))),
      dictionary,
    };
  }
  return { type: "number", values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) };
}

export function slice(table: Table, from: number, to: number): Table {
  const cut = (column: Column): Column =>
    column.type === "string" ? { ...column, codes: column.codes.slice(from, to) } : { ...column, values: column.values.slice(from, to) };
  return { rows: to - from, columns: Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, cut(column)])) };
}

/** A stage as a job gives it, defaults filled in. */
export function stage<K extends StageKind>(kind: K, params: Record<string, unknown>): Stage {
  return { kind, params: stageParams[kind].parse(params) } as Stage;
}

/** Fits parts by the rounds that the engine would run; row i belongs to fold i % folds. Answers the rounds too. */
export function fitParts(
  stages: "auto" | readonly Stage[],
  parts: readonly Table[],
  { folds = 1, exclude = [] as readonly string[], kind = "matrix" as RowKind } = {},
): { state: FitState; rounds: number } {
  const columns = Object.entries(parts[0].columns).map(([name, { type }]) => ({ name, type }));
  let state = startFit(stages, columns, exclude, folds, kind);
  let rounds = 0;
  for (let ask = askFit(state); ask !== null; ask = askFit(state)) {
    const merged = emptyFit(ask);
    let first = 0;
    for (const table of parts) {
      const rows = Array.from({ length: table.rows }, (_, i) => i);
      const start = first;
      const groups = Array.from({ length: folds }, (_, fold) => Uint32Array.from(rows.filter((i) => (start + i) % folds === fold)));
      const statistic = emptyFit(ask);
      mapFit(statistic, { table, groups }, ask);
      mergeFit(merged, statistic);
      first += table.rows;
    }
    state = stepFit(merged, ask, state);
    rounds++;
  }
  return { state, rounds };
}

export function fitted(stages: "auto" | readonly Stage[], columns: Readonly<Record<string, readonly Cell[]>>): FitState {
  return fitParts(stages, [tableOf(columns)]).state;
}

/** Encoded rows of a table by the definition of a view column; "skip" and "fail" for rows that it skips or refuses. */
export function encode(view: View, columns: Readonly<Record<string, readonly Cell[]>>): (number[] | "skip" | "fail")[] {
  const rows = Object.values(columns)[0].length;
  return Array.from({ length: rows }, (_, i) => {
    const breaks = (list: View["skipWhere"]) => list.some((known) => !isKnown(known)(columns[known.source][i]));
    if (breaks(view.skipWhere)) return "skip";
    if (breaks(view.failWhere ?? [])) return "fail";
    return view.columns.map((column) => encodeCell(column, columns[column.source]?.[i] ?? null, isText(columns[column.source])));
  });
}

const isText = (cells: readonly Cell[]): boolean => cells.some((cell) => typeof cell === "string");

function encodeCell({ take, fill, shift, scale }: ViewColumn, cell: Cell, text: boolean): number {
  const raw = text ? takeString(take)(cell as string | null) : takeNumber(take)(cell === null ? Number.NaN : (cell as number));
  return ((Number.isNaN(raw) ? fill : raw) - shift) * scale;
}

/** One encoded column of all rows. */
export function column(view: View, columns: Readonly<Record<string, readonly Cell[]>>, name: string): (number | "skip" | "fail")[] {
  const place = view.columns.findIndex((c) => c.name === name);
  return encode(view, columns).map((row) => (typeof row === "string" ? row : row[place]));
}

export const names = (view: View): string[] => view.columns.map(({ name }) => name);
