/** What the codes of a column encode to. */
import type { StringColumn } from "../../data/columns.ts";
import { takeNumber, takeString } from "../../features/take.ts";
import type { ViewColumn } from "../../features/view.ts";
import type { CodedNumbers } from "./coded-numbers.ts";

/** Encoded value of each code of a string column, the missing code last. */
export function codeValues({ dictionary }: StringColumn, column: ViewColumn): Float64Array {
  const raw = takeString(column.take);
  return Float64Array.from([...dictionary, null], (text) => encoded(raw(text), column));
}

/** The same of a column of numbers. */
export function numberValues({ values }: CodedNumbers, column: ViewColumn): Float64Array {
  const raw = takeNumber(column.take);
  return values.map((value) => encoded(raw(value), column));
}

const encoded = (raw: number, { fill, shift, scale }: ViewColumn): number => ((Number.isNaN(raw) ? fill : raw) - shift) * scale;
