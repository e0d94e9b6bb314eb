/** Encodes one row through a view, as the engine encodes blocks of them: skipped, refused, or the numbers that the model sees. */
import { HASH_SEED, isKnown, takeNumber, takeString } from "../features/take.ts";
import type { Known, Take, View, ViewColumn } from "../features/view.ts";
import { hashString } from "../kernels/hash.ts";
import { InputError } from "../ports/errors.ts";

/** By column of the source: text, null for missing text, or a number, NaN where missing. */
export type Values = Readonly<Record<string, string | number | null>>;

/** Columns of the source that the view reads. */
export function sourcesOf({ columns, skipWhere, failWhere = [] }: View): string[] {
  return [...new Set([...columns, ...skipWhere, ...failWhere].map(({ source }) => source))];
}

/** The encoded columns of a row in order, or null for a row that the view skips. InputError naming the column for a value that it refuses. */
export function rowEncoder({ columns, skipWhere, failWhere = [] }: View): (values: Values) => readonly number[] | null {
  const skips = skipWhere.map(passes);
  const fails = failWhere.map((known) => ({ source: known.source, passes: passes(known) }));
  const buckets = new Map<string, (value: Values[string]) => number>();
  const encoders = columns.map((column) => columnEncoder(column, buckets));
  return (values) => {
    if (!skips.every((passes) => passes(values))) return null;
    const bad = fails.find(({ passes }) => !passes(values));
    if (bad !== undefined) throw unusable(bad.source, bad.source, values);
    return encoders.map((encode) => encode(values));
  };
}

function passes(known: Known): (values: Values) => boolean {
  const isGood = isKnown(known);
  return (values) => isGood(values[known.source]);
}

function columnEncoder(
  { name, source, take, shift, scale, keepsMissing, ...column }: ViewColumn,
  buckets: Map<string, (value: Values[string]) => number>,
) {
  // JSON has no NaN: it writes null.
  const fill = (column.fill as number | null) ?? Number.NaN;
  const rawOf = take.kind === "hash" ? inBucket(take, source, buckets) : rawNumber(take);
  return (values: Values): number => {
    const raw = rawOf(values[source]);
    const encoded = ((Number.isNaN(raw) ? fill : raw) - shift) * scale;
    if (Number.isNaN(encoded) && keepsMissing !== true) throw unusable(name, source, values);
    return encoded;
  };
}

function rawNumber(take: Take): (value: Values[string]) => number {
  const [ofText, ofNumber] = [takeString(take), takeNumber(take)];
  return (value) => (typeof value === "number" ? ofNumber(value) : ofText(value));
}

/** All buckets of a source share its hash: a text is hashed once a row, not once a bucket. */
function inBucket(
  { buckets: count, bucket }: Extract<Take, { kind: "hash" }>,
  source: string,
  buckets: Map<string, (value: Values[string]) => number>,
) {
  const key = `${count} ${source}`;
  const bucketOf = buckets.get(key) ?? bucketOfLast(count);
  buckets.set(key, bucketOf);
  return (value: Values[string]): number => (bucketOf(value) === bucket ? 1 : 0);
}

function bucketOfLast(count: number): (value: Values[string]) => number {
  let last = "";
  let bucket = hashString(last, HASH_SEED) % count;
  return (value) => {
    const text = value === null || Number.isNaN(value) ? "" : String(value);
    if (text !== last) {
      last = text;
      bucket = hashString(text, HASH_SEED) % count;
    }
    return bucket;
  };
}

function unusable(name: string, source: string, values: Values): InputError {
  const value = values[source];
  const found = value === null || Number.isNaN(value) ? "a missing value" : `${JSON.stringify(value)}, which training did not see`;
  return new InputError(`row.${source}${name === source ? "" : ` (as ${name})`} must be a value that the model can use, got ${found}`);
}
