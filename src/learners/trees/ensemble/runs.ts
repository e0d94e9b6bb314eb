/**
 * Runs of trees that can compare bytes instead of values, see assembly/ranks.ts: a byte tells apart 254 thresholds of a column and as many
 * categories. Trees that grew from bins have no more all together; others are taken in as many runs as they need.
 */
import type { Tree } from "../tree.ts";

/** Bytes of one column: ranks with missing values above all thresholds, or below them, or categories; a twin is a plane below that follows the one above. */
interface Plane {
  readonly column: number;
  readonly kind: PlaneKind;
}
type PlaneKind = (typeof PLANES)[keyof typeof PLANES];
/** As the kernel numbers them. */
export const PLANES = { above: 0, below: 1, categories: 2, twin: 3 } as const;

/** Consecutive trees of an ensemble. */
export interface Run {
  readonly trees: readonly Tree[];
  /** Number of the first of them. */
  readonly first: number;
  /** Null where a tree has too much for bytes. */
  readonly bytes: RunBytes | null;
}

export interface RunBytes {
  readonly planes: readonly Plane[];
  /** By column, ascending. */
  readonly thresholds: ReadonlyMap<number, Float64Array>;
}

const MOST_THRESHOLDS = 254;
const MOST_CATEGORIES = 254;
/** A tile of more would not stay in the second-level cache. */
const MOST_PLANES = 2_048;

/** Splits by category are looked up in sets, and so are then all splits of the tree. */
export const hasSets = ({ words }: Tree): boolean => words.length > 0;

export const planeKey = (column: number, kind: PlaneKind): number => 4 * column + kind;

/** What the planes must hold for an inner node of a tree. */
export function kindOf(tree: Tree, node: number): PlaneKind {
  if (tree.firstWord[node] >= 0) return PLANES.categories;
  return hasSets(tree) || tree.missingLeft[node] === 0 ? PLANES.above : PLANES.below;
}

interface Gathered {
  readonly planes: Map<number, Plane>;
  readonly thresholds: Map<number, Set<number>>;
}

export function runsOf(trees: readonly Tree[]): Run[] {
  const runs: { trees: Tree[]; first: number; gathered: Gathered | null }[] = [];
  trees.forEach((tree, first) => {
    const gathered = gather(tree);
    const last = runs.at(-1);
    if (last !== undefined && takes(last.gathered, gathered)) last.trees.push(tree);
    else runs.push({ trees: [tree], first, gathered });
  });
  return runs.map(({ gathered, ...run }) => ({ ...run, bytes: gathered === null ? null : bytesOf(gathered) }));
}

/** Null where it is too much for one tree. */
function gather(tree: Tree): Gathered | null {
  const gathered: Gathered = { planes: new Map(), thresholds: new Map() };
  for (let node = 0; node < tree.column.length; node++) {
    const column = tree.column[node];
    if (column < 0) continue;
    const kind = kindOf(tree, node);
    const key = planeKey(column, kind);
    if (!gathered.planes.has(key)) gathered.planes.set(key, { column, kind });
    if (kind !== PLANES.categories) addTo(gathered.thresholds, column, [tree.threshold[node]]);
    else if (lastCategory(tree, node) >= MOST_CATEGORIES) return null;
  }
  return fits(gathered) ? gathered : null;
}

function addTo(thresholds: Map<number, Set<number>>, column: number, values: Iterable<number>): void {
  const own = thresholds.get(column) ?? new Set();
  for (const value of values) own.add(value);
  thresholds.set(column, own);
}

/** The greatest that goes left; -1 for none. */
function lastCategory({ firstWord, wordCount, words }: Tree, node: number): number {
  for (let w = wordCount[node] - 1; w >= 0; w--) {
    const word = words[firstWord[node] + w];
    if (word !== 0) return 32 * w + 31 - Math.clz32(word);
  }
  return -1;
}

const fits = ({ planes, thresholds }: Gathered): boolean =>
  planes.size <= MOST_PLANES && [...thresholds.values()].every(({ size }) => size <= MOST_THRESHOLDS);

/** Adds what a tree needs to what its run has, or leaves it as it is where the tree must begin another run. */
function takes(run: Gathered | null, tree: Gathered | null): boolean {
  if (run === null || tree === null) return run === tree;
  const planes = [...tree.planes].filter(([key]) => !run.planes.has(key));
  const added = [...tree.thresholds].map(([column, values]) => {
    const known = run.thresholds.get(column);
    return {
      column,
      known: known?.size ?? 0,
      values: known === undefined ? [...values] : [...values].filter((value) => !known.has(value)),
    };
  });
  if (run.planes.size + planes.length > MOST_PLANES) return false;
  if (added.some(({ known, values }) => known + values.length > MOST_THRESHOLDS)) return false;
  for (const [key, plane] of planes) run.planes.set(key, plane);
  for (const { column, values } of added) addTo(run.thresholds, column, values);
  return true;
}

function bytesOf({ planes, thresholds }: Gathered): RunBytes {
  const ordered = [...planes.values()].sort((a, b) => a.column - b.column || a.kind - b.kind);
  const isTwin = ({ column, kind }: Plane): boolean => kind === PLANES.below && planes.has(planeKey(column, PLANES.above));
  return {
    planes: ordered.map((plane) => (isTwin(plane) ? { ...plane, kind: PLANES.twin } : plane)),
    thresholds: new Map([...thresholds].map(([column, values]) => [column, Float64Array.from(values).sort()])),
  };
}
