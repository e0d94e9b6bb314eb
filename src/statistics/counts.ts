/**
 * How often each string occurs. Up to `limit` distinct strings all counts are exact; beyond it a sample of the strings is kept, each
 * with its exact count: those whose hash ends in `level` zero bits, the level being the lowest at which they fit. This is the adaptive
 * sampling of Wegman (Flajolet 1990, "On Adaptive Sampling", Computing 43), so the distinct strings are known to about
 * 1.2 / sqrt(limit). Which strings are kept depends on the set of strings alone, never on the order of adding and merging.
 *
 * A sample by hash knows nothing of the strings that most rows have. So beyond the limit the frequent ones are kept beside it, by the
 * mergeable summary of Misra & Gries (Agarwal et al. 2012, "Mergeable Summaries", PODS, section 2): no count is too high, none too low by
 * more than n / (limit + 1), so every string of more rows than that is there. These depend on the merge tree, which is the same for
 * any functions and threads.
 */

interface StringCounts {
  /** Ascending by code unit. */
  keys: string[];
  /** Rows of each key. */
  counts: number[];
}

export interface Counts extends StringCounts {
  readonly limit: number;
  level: number;
  /** Empty while the level is 0. */
  frequent: StringCounts;
  /** Rows with a string, kept or not. */
  n: number;
  missing: number;
}

const MAX_LEVEL = 30;

export function emptyCounts(limit: number): Counts {
  return { limit, keys: [], counts: [], level: 0, frequent: { keys: [], counts: [] }, n: 0, missing: 0 };
}

/** Adds the rows at these offsets: codes into a dictionary of distinct strings, whose length is the code of a missing one. */
export function addCounts(into: Counts, codes: Uint32Array, dictionary: readonly string[], rows: Uint32Array): void {
  addCodes(into, countCodes(codes, rows, new Float64Array(dictionary.length + 1)), dictionary);
}

/** The same of rows counted by code. */
export function addCodes(into: Counts, byCode: Float64Array, dictionary: readonly string[]): void {
  const seen: number[] = [];
  for (let code = 0; code < dictionary.length; code++) if (byCode[code] > 0) seen.push(code);
  const part = emptyCounts(into.limit);
  part.missing = byCode[dictionary.length];
  part.n = byCode.reduce((sum, count) => sum + count, 0) - part.missing;
  part.level = into.level;
  const ascending = (codes: readonly number[], less = 0): StringCounts => {
    const sorted = [...codes].sort((a, b) => (dictionary[a] < dictionary[b] ? -1 : 1));
    return { keys: sorted.map((code) => dictionary[code]), counts: sorted.map((code) => byCode[code] - less) };
  };
  const kept = sample(seen, into.limit, part, (code) => dictionary[code]);
  if (part.level > 0) {
    const next = nextCount(
      seen.map((code) => byCode[code]),
      into.limit,
    );
    part.frequent = ascending(
      seen.filter((code) => byCode[code] > next),
      next,
    );
  }
  mergeCounts(into, Object.assign(part, ascending(kept)));
}

/** Adds the rows to their codes' counts. A loop of its own, as V8 compiles the whole of a function around it. */
export function countCodes(codes: Uint32Array, rows: Uint32Array, counts: Float64Array): Float64Array {
  for (let i = 0; i < rows.length; i++) counts[codes[rows[i]]]++;
  return counts;
}

/** The entries at the level of `part`, raised until they fit. */
function sample<T>(entries: T[], limit: number, part: Counts, key: (entry: T) => string): T[] {
  let kept = entries;
  const atLevel = (entry: T) => (sampleHash(key(entry)) & ((1 << part.level) - 1)) === 0;
  if (part.level > 0) kept = kept.filter(atLevel);
  while (kept.length > limit && part.level < MAX_LEVEL) {
    part.level++;
    kept = kept.filter(atLevel);
  }
  return kept;
}

/** FNV-1a (Fowler, Noll & Vo) of the UTF-16 code units, its low bits made good by the finish of MurmurHash3: ids by the million pass through. */
function sampleHash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export function mergeCounts(into: Counts, other: Counts): void {
  into.n += other.n;
  into.missing += other.missing;
  const [own, others] = [frequentIn(into), frequentIn(other)];
  if (other.keys.length + others.keys.length === 0 && other.level <= into.level) return;
  into.level = Math.max(into.level, other.level);
  Object.assign(into, unzipped(sample(union(into, other), into.limit, into, ([key]) => key)));
  if (into.level === 0) return;
  const all = union(own, others);
  const next = nextCount(
    all.map(([, count]) => count),
    into.limit,
  );
  into.frequent = unzipped(all.filter(([, count]) => count > next).map(([key, count]) => [key, count - next]));
}

/** All strings while they fit, with exact counts; the frequent ones beyond. */
export const frequentIn = ({ level, keys, counts, frequent }: Counts): StringCounts => (level === 0 ? { keys, counts } : frequent);

/** The greatest of the counts beyond so many; 0 where there are none. */
const nextCount = (counts: readonly number[], limit: number): number =>
  counts.length <= limit ? 0 : Float64Array.from(counts).sort()[counts.length - 1 - limit];

const unzipped = (entries: readonly (readonly [string, number])[]): StringCounts => ({
  keys: entries.map(([key]) => key),
  counts: entries.map(([, count]) => count),
});

function union(a: StringCounts, b: StringCounts): [string, number][] {
  const out: [string, number][] = [];
  let i = 0;
  let j = 0;
  while (i < a.keys.length || j < b.keys.length) {
    const takeA = j === b.keys.length || (i < a.keys.length && a.keys[i] <= b.keys[j]);
    const takeB = i === a.keys.length || (j < b.keys.length && b.keys[j] <= a.keys[i]);
    out.push([takeA ? a.keys[i] : b.keys[j], (takeA ? a.counts[i] : 0) + (takeB ? b.counts[j] : 0)]);
    if (takeA) i++;
    if (takeB) j++;
  }
  return out;
}

/** Distinct strings: exact while the level is 0. */
export function distinct(counts: Counts): number {
  return counts.keys.length * (1 << counts.level);
}
