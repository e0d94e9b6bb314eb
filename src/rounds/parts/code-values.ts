/** What the codes of a string column encode to. */
import type { StringColumn } from "../../data/columns.ts";
import { takeString } from "../../features/take.ts";
import type { ViewColumn } from "../../features/view.ts";

/** Encoded value of each code of a string column, the missing code last. */
export function codeValues(source: StringColumn, { take, fill, shift, scale }: ViewColumn): Float64Array {
  const raw = takeString(take);
  return Float64Array.from([...source.dictionary, null], (text) => {
    const value = raw(text);
    return ((Number.isNaN(value) ? fill : value) - shift) * scale;
  });
}
