/**
 * What is done with the columns when a job names no features: numbers imputed and standardised, small categories one-hot, large ones
 * hashed; for learners of bins numbers as they are, categories as the place of their level, and missing values stay missing.
 */
import { distinct, frequentIn } from "../statistics/counts.ts";
import { filled, raw } from "./expression.ts";
import type { Facts } from "./facts.ts";
import type { Frame, FrameColumn } from "./frame.ts";
import { type Standard, standardised, standardOf } from "./standardScaler.ts";
import type { RowKind, Take, ViewColumn } from "./view.ts";

/** Categories with more levels are hashed. */
const MAX_ONE_HOT = 100;
const BUCKETS = 1_024;
/** Levels of a category in bins: with one for all others, which count as missing, they fill a byte. */
const MAX_BIN_LEVELS = 254;
/** A column of strings with more of them distinct than this share looks like an id, in tables of more rows than `MIN_ID_ROWS`. */
const ID_SHARE = 0.9;
const MIN_ID_ROWS = 100;
/** Strings counted of a column: exact far beyond what one-hot takes, and distinct strings to 2 % for telling an id. */
export const COUNTED_STRINGS = 4_096;

/** What the training rows decided for a column; shown as it is in `model.json`. */
export type Decision =
  | ({ readonly as: "standardised" } & Standard)
  | { readonly as: "oneHot"; readonly levels: readonly string[]; readonly missing: boolean }
  | { readonly as: "hashed"; readonly buckets: number }
  | { readonly as: "number" }
  /** `others`: strings without a level, about; left out where all have one. */
  | { readonly as: "category"; readonly levels: readonly string[]; readonly others?: number }
  | { readonly as: "leftOut"; readonly because: string };

export function decide(column: FrameColumn, facts: Facts, rows: RowKind): Decision {
  return column.kind === "string" ? decideString(column, facts, rows) : decideNumber(column, facts, rows);
}

function decideNumber(column: FrameColumn, facts: Facts, rows: RowKind): Decision {
  const [encoded] = column.encoded;
  const present = facts.moments(column, encoded);
  if (present.weight === 0) return leftOut("it has no value in the training rows");
  if (rows === "bins" && (present.missing > 0 || present.min !== present.max)) return { as: "number" };
  if (present.min === present.max) return leftOut(`it is always ${present.min} in the training rows`);
  const standard = standardOf(facts.moments(column, filled(encoded, present.mean)));
  return standard.sd === 0 ? leftOut("it hardly varies in the training rows") : { as: "standardised", ...standard };
}

function decideString(column: FrameColumn, facts: Facts, rows: RowKind): Decision {
  const counts = facts.sample(column.source);
  const found = distinct(counts);
  const missing = counts.missing > 0;
  if (counts.n === 0) return leftOut("it has no value in the training rows");
  if (found === 1 && !missing) return leftOut(`it is always "${counts.keys[0]}" in the training rows`);
  if (counts.n > MIN_ID_ROWS && found > ID_SHARE * counts.n) {
    return leftOut(`it looks like an id: ${counts.level > 0 ? "about " : ""}${found} different strings in ${counts.n} training rows`);
  }
  if (rows === "matrix" && found > MAX_ONE_HOT) return { as: "hashed", buckets: BUCKETS };
  const frequent = frequentIn(counts);
  const order = frequent.keys.map((_, i) => i).sort((a, b) => frequent.counts[b] - frequent.counts[a] || a - b);
  const levels = order.map((i) => frequent.keys[i]);
  if (rows !== "bins") return { as: "oneHot", levels, missing };
  const known = levels.slice(0, MAX_BIN_LEVELS);
  return { as: "category", levels: known, ...(found > known.length && { others: found - known.length }) };
}

function leftOut(because: string): Decision {
  return { as: "leftOut", because };
}

/** The columns of the view, those of one source side by side. */
export function encode(column: FrameColumn, decision: Decision): readonly ViewColumn[] {
  const { name, source } = column;
  const indicator = (label: string, take: Take): ViewColumn => raw(`${name}=${label}`, source, take);
  switch (decision.as) {
    case "standardised":
      return [standardised(filled(column.encoded[0], decision.mean), decision.mean, decision.sd)];
    case "oneHot": {
      const levels = decision.levels.map((level) => indicator(level, { kind: "level", level }));
      return decision.missing ? [...levels, indicator("missing", { kind: "missing" })] : levels;
    }
    case "hashed":
      return Array.from({ length: decision.buckets }, (_, bucket) =>
        raw(`${name}#${bucket}`, source, { kind: "hash", buckets: decision.buckets, bucket }),
      );
    case "number":
      return [{ ...column.encoded[0], keepsMissing: true }];
    case "category":
      return [{ ...raw(name, source, { kind: "index", levels: decision.levels, other: null }), keepsMissing: true }];
    case "leftOut":
      return [];
  }
}

/** A sentence for every column that the view does not have, or not all of. */
export function notesOf(frame: Frame, decisions: Readonly<Record<string, Decision>>): string[] {
  return [...frame.columns.keys()].flatMap((name) => {
    const decision = decisions[name];
    if (decision.as === "leftOut") return [`column ${name} is left out: ${decision.because}`];
    if (decision.as !== "category" || decision.others === undefined) return [];
    const { levels, others } = decision;
    return [
      `column ${name} is more than trees tell apart: its ${levels.length} most frequent strings are categories, about ${others} others count as missing`,
    ];
  });
}
