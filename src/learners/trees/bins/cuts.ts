/**
 * Where bins end: the first round of every learner of bins. A column of few distinct values is cut between each two of them; others at
 * quantiles of a sample of rows drawn by hash(seed, row), so that a column has as many rows in each bin as can be. Both as in
 * scikit-learn's HistGradientBoosting. Rows of weight 0 do not count. The same round looks at the label.
 */
import { levelsOf, type View } from "../../../features/view.ts";
import { hashRow } from "../../../kernels/hash.ts";
import { withKernels } from "../../../kernels/kernels.ts";
import { labelsOf, placesOf, type Values, valuesOf, weightsOf } from "../../block-values.ts";
import type { Block, ColumnCuts, Cuts, Part } from "../../learner.ts";
import { type Drawn, heldIn } from "../draw.ts";
import { columnOf, makeRoom, startGathered } from "./gathered.ts";
import { addLabels, emptyFacts, type Facts, mergeFacts } from "./labels.ts";
import { mergeSorted, type Sorted, sortValues, startSorted } from "./sorted.ts";

/** Rows that decide about the cuts of a column with many distinct values. */
const SAMPLE_ROWS = 200_000;
/** Of the sampled values of all columns together. */
const SAMPLE_BYTES = 96 * 2 ** 20;

export interface CutsBody {
  readonly kind: "cuts";
  readonly maxBins: number;
  readonly classes: number;
  /** Rows below this hash are in the sample; 2^32 for all. */
  readonly below: number;
  readonly seed: number;
  /** Rows that are not looked at. */
  readonly held: Drawn | null;
}

export interface Seen {
  readonly kind: "cuts";
  readonly maxBins: number;
  readonly facts: Facts;
  /** By number column of the view, in order. */
  readonly columns: Column[];
  /** Rows in the samples, with those whose value is missing. */
  sampled: number;
}

interface Column {
  sample: Sorted;
  /** All distinct values where they are few and the sample is not all rows, ascending; null where they are not. */
  distinct: Float64Array | null;
}

export function cutsBody(rows: number, columns: number, maxBins: number, classes: number, seed: number, held: CutsBody["held"]): CutsBody {
  const wanted = sampleRows(columns);
  return { kind: "cuts", maxBins, classes, seed, held, below: rows <= wanted ? 2 ** 32 : Math.floor((wanted / rows) * 2 ** 32) };
}

const sampleRows = (columns: number): number => Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_BYTES / 8 / Math.max(1, columns)));

/** Bytes of what is seen of so many columns. */
export const seenBytes = (rows: number, columns: number, maxBins: number): number =>
  columns * (16 * Math.min(rows, Math.ceil(1.1 * sampleRows(columns))) + 8 * maxBins + 256);

/** By view column how many levels a category has; 0 of numbers. */
export const categoriesOf = ({ columns }: View): number[] => columns.map((column) => levelsOf(column)?.length ?? 0);

export function emptySeen(view: View, { below, classes, maxBins }: CutsBody): Seen {
  const numbers = categoriesOf(view).filter((levels) => levels === 0);
  return {
    kind: "cuts",
    maxBins,
    facts: emptyFacts(classes),
    columns: numbers.map(() => ({ sample: startSorted(), distinct: below < 2 ** 32 ? new Float64Array(0) : null })),
    sampled: 0,
  };
}

export function addSeen(into: Seen, part: Part, view: View, folds: readonly number[], body: CutsBody): void {
  const places = categoriesOf(view).flatMap((levels, j) => (levels === 0 ? [j] : []));
  const own = places.map((): { distinct: Set<number> | null } => ({ distinct: body.below < 2 ** 32 ? new Set() : null }));
  // The last column holds the weights.
  const sample = startGathered(places.length + 1, Math.ceil(1.1 * part.rows * (body.below / 2 ** 32)));
  let rows = 0;
  withKernels((k) => {
    for (const block of part.blocks(view, folds)) {
      rows += block.rows;
      const index = placesOf(k, block);
      const all = weightsOf(k, block);
      const weights = lookedAt(all, part, index, body);
      addLabels(into.facts, labelsOf(k, block), weights, all);
      const chosen = chosenRows(part, block, index, weights, body);
      into.sampled += chosen.length;
      makeRoom(sample, chosen.length);
      const { rows: first, capacity } = sample;
      own.forEach((column, c) => {
        const values = valuesOf(k, block, places[c]);
        for (let i = 0; i < chosen.length; i++) sample.values[c * capacity + first + i] = values[chosen[i]];
        if (column.distinct !== null && !addDistinct(column.distinct, values, weights, body.maxBins)) column.distinct = null;
      });
      for (let i = 0; i < chosen.length; i++) sample.values[places.length * capacity + first + i] = weights[chosen[i]];
      sample.rows += chosen.length;
    }
  });
  if (rows === 0) return;
  into.facts.parts.push(part.number);
  const weights = columnOf(sample, places.length);
  own.forEach(({ distinct }, c) => {
    const column = into.columns[c];
    column.sample = mergeSorted(column.sample, sortKnown(columnOf(sample, c), weights));
    column.distinct = joinDistinct(column.distinct, distinct === null ? null : Float64Array.from(distinct).sort(), body.maxBins);
  });
}

/** Weights with 0 for rows that are held out; those of the block stay, as the next one may share them. */
function lookedAt(weights: Values, part: Part, index: ArrayLike<number>, { held }: CutsBody): Values {
  if (held === null) return weights;
  const isHeld = heldIn(part, held);
  return weights.map((weight, i) => (isHeld(index[i]) ? 0 : weight));
}

/** Without missing values. */
function sortKnown(values: Float64Array, weights: Float64Array): Sorted {
  if (!values.includes(Number.NaN)) return sortValues(values, weights);
  return sortValues(
    values.filter((value) => !Number.isNaN(value)),
    weights.filter((_, i) => !Number.isNaN(values[i])),
  );
}

function chosenRows(part: Part, block: Block, index: ArrayLike<number>, weights: Values, { below, seed }: CutsBody): number[] {
  const chosen: number[] = [];
  for (let i = 0; i < block.rows; i++) {
    if (weights[i] > 0 && (below >= 2 ** 32 || hashRow(seed, part.firstRow + index[i]) < below)) chosen.push(i);
  }
  return chosen;
}

/** False when they became more than bins. */
function addDistinct(distinct: Set<number>, values: Values, weights: Values, maxBins: number): boolean {
  for (let i = 0; i < values.length; i++) {
    if (weights[i] > 0 && !Number.isNaN(values[i])) distinct.add(values[i] + 0);
    if (distinct.size > maxBins) return false;
  }
  return true;
}

export function mergeSeen(into: Seen, other: Seen): void {
  mergeFacts(into.facts, other.facts);
  into.sampled += other.sampled;
  into.columns.forEach((column, c) => {
    const from = other.columns[c];
    column.sample = mergeSorted(column.sample, from.sample);
    column.distinct = joinDistinct(column.distinct, from.distinct, into.maxBins);
  });
}

function joinDistinct(a: Float64Array | null, b: Float64Array | null, maxBins: number): Float64Array | null {
  if (a === null || b === null) return null;
  const joined = new Set([...a, ...b]);
  return joined.size > maxBins ? null : Float64Array.from(joined).sort();
}

/** Cuts of a column of numbers, ascending; `rows` are those sampled, with those whose value is missing. */
export type CutNumbers = (column: Column, rows: number, maxBins: number) => Float64Array;

/** Between every two of a few values, else as many rows in each bin as can be. */
export const evenCuts: CutNumbers = ({ sample, distinct }, _, maxBins) => {
  const values = distinct ?? distinctOf(sample.values, maxBins);
  return values === null ? quantiles(sample, maxBins) : between(values);
};

/** The cuts of the view's columns, categories in the order of their levels. */
export function cutsOf({ columns, sampled }: Seen, view: View, maxBins: number, key: string, cutNumbers = evenCuts): Cuts {
  let next = 0;
  return {
    key,
    columns: categoriesOf(view).map((levels): ColumnCuts => {
      if (levels > 0) return { kind: "categories", codes: Uint8Array.from({ length: levels }, (_, code) => code), bins: levels };
      return { kind: "numbers", cuts: cutNumbers(columns[next++], sampled, maxBins) };
    }),
  };
}

/** Null where they are more than bins. */
function distinctOf(sorted: Float64Array, maxBins: number): Float64Array | null {
  const found: number[] = [];
  for (const value of sorted) {
    if (found.length > 0 && value === found[found.length - 1]) continue;
    if (found.length === maxBins) return null;
    found.push(value);
  }
  return Float64Array.from(found);
}

function between(values: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, i) => {
    const middle = (values[i] + values[i + 1]) / 2;
    const finite = Number.isFinite(middle) ? middle : values[i] / 2 + values[i + 1] / 2;
    // The upper of two neighbouring float64 must not fall to the lower's side.
    return finite < values[i + 1] ? finite : values[i];
  });
}

/** Values of the averaged inverse of the distribution function at i / maxBins, each once (numpy's `averaged_inverted_cdf`, step by step). */
function quantiles({ values, weights }: Sorted, maxBins: number): Float64Array {
  const at = weights === null ? byRank(values) : byWeight(values, weights);
  const step = 100 / maxBins;
  const cuts = Array.from({ length: maxBins - 1 }, (_, i) => at(((i + 1) * step) / 100));
  return Float64Array.from(new Set(cuts)).sort();
}

function byRank(values: Float64Array): (share: number) => number {
  return (share) => {
    const place = values.length * share - 1;
    const low = Math.floor(place);
    const [a, b] = [values[Math.max(0, low)], values[Math.min(values.length - 1, low + 1)]];
    return place === low ? b - (b - a) * 0.5 : b;
  };
}

function byWeight(values: Float64Array, weights: Float64Array): (share: number) => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    sums[i] = sum;
  }
  return (share) => {
    const wanted = share * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    const next = Math.min(values.length - 1, low + 1);
    return sums[low] === wanted ? values[next] - (values[next] - values[low]) * 0.5 : values[low];
  };
}
