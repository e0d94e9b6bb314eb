/** Some rows of a table, and the rows of two tables one after another. */
import type { Column, Table } from "./columns.ts";

/** The rows at these offsets, of these columns. */
export function takeRows(table: Table, names: readonly string[], rows: Uint32Array): Table {
  return { rows: rows.length, columns: Object.fromEntries(names.map((name) => [name, reordered(table.columns[name], rows)])) };
}

/** The column's values at these offsets. */
export function reordered(column: Column, rows: Uint32Array): Column {
  if (column.type === "string") return { ...column, codes: Uint32Array.from(rows, (row) => column.codes[row]) };
  const { type, values } = column;
  return { type, values: Float64Array.from(rows, (row) => values[row]) };
}

/** Of equal names and types. */
export function joinRows(a: Table, b: Table): Table {
  if (a.rows === 0) return b;
  if (b.rows === 0) return a;
  const columns = Object.fromEntries(Object.keys(a.columns).map((name) => [name, joined(a.columns[name], b.columns[name])]));
  return { rows: a.rows + b.rows, columns };
}

function joined(a: Column, b: Column): Column {
  if (a.type !== "string" && b.type !== "string") return { type: a.type, values: Float64Array.from([...a.values, ...b.values]) };
  if (a.type !== "string" || b.type !== "string") throw new Error("a column must be of one type in all parts");
  const places = new Map(a.dictionary.map((text, code) => [text, code]));
  const codes = b.dictionary.map((text) => places.get(text) ?? places.set(text, places.size).size - 1);
  const missing = places.size;
  const first = a.codes.length;
  const all = new Uint32Array(first + b.codes.length);
  for (let i = 0; i < first; i++) all[i] = a.codes[i] === a.dictionary.length ? missing : a.codes[i];
  for (let i = 0; i < b.codes.length; i++) all[first + i] = codes[b.codes[i]] ?? missing;
  return { type: "string", codes: all, dictionary: [...places.keys()] };
}
