/** What a `Take` makes of one source value: the raw number of an encoded column, before fill, shift and scale. */
import { hashString } from "../kernels/hash.ts";
import type { Known, Take } from "./view.ts";

/** Spark's HashingTF hashes with this seed. */
export const HASH_SEED = 42;

/** The raw number of a string of the source; null is a missing one. Dictionaries are short beside rows: tabulate it by code. */
export function takeString(take: Take): (text: string | null) => number {
  switch (take.kind) {
    case "number":
    case "equals":
      return () => Number.NaN;
    case "constant":
      return (text) => (text === null ? Number.NaN : take.value);
    case "missing":
      return (text) => (text === null ? 1 : 0);
    case "hash":
      return (text) => (hashString(text ?? "", HASH_SEED) % take.buckets === take.bucket ? 1 : 0);
    case "level": {
      const { level, missingAs } = take;
      return (text) => ((text ?? missingAs) === level ? 1 : 0);
    }
    case "other": {
      const levels = new Set<string | undefined>(take.levels);
      return (text) => (levels.has(text ?? take.missingAs) ? 0 : 1);
    }
    case "index": {
      const other = take.other ?? Number.NaN;
      const positions = new Map<string | undefined, number>(take.levels.map((level, position) => [level, position]));
      return (text) => positions.get(text ?? take.missingAs) ?? other;
    }
  }
}

/** The raw number of a number of the source; NaN is a missing one. */
export function takeNumber(take: Take): (value: number) => number {
  switch (take.kind) {
    case "number":
      return (value) => value;
    case "constant":
      return (value) => (Number.isNaN(value) ? Number.NaN : take.value);
    case "missing":
      return (value) => (Number.isNaN(value) ? 1 : 0);
    case "equals":
      return (value) => (value === take.value ? 1 : 0);
    case "level":
      if (take.missingAs === undefined) return takeNumber({ kind: "equals", value: Number(take.level) });
      break;
  }
  const ofText = takeString(take);
  return (value) => ofText(Number.isNaN(value) ? null : String(value));
}

/** Whether a value may pass. Numbers are known by what `String` prints; null and NaN are missing. */
export function isKnown({ known }: Known): (value: string | number | null) => boolean {
  if (known === null) return (value) => value !== null && !Number.isNaN(value);
  const text = (value: string | number | null) => (typeof value === "number" ? (Number.isNaN(value) ? null : String(value)) : value);
  const values = new Set(known);
  return (value) => values.has(text(value));
}
