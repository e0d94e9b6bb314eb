/**
 * What the label column says of each fold: classes and their weights, or the moments of a number. Fitted in the first round over the
 * training rows, so that classes, class weights and the baseline are known before training.
 */
import { type Codes, type Column, hasCode, type Table } from "../../data/columns.ts";
import { mergeGroups } from "../../data/merge-groups.ts";
import { foldsOfFits } from "../../features/fit.ts";
import type { Job } from "../../job/job.ts";
import { toFloat64 } from "../../kernels/decimals.ts";
import { InputError } from "../../ports/errors.ts";

interface ClassCount {
  readonly rows: number;
  readonly weight: number;
}

/** One group's labels: rows and weight by class text, and the weighted moments of numeric labels. */
export interface LabelGroup {
  readonly classes: Record<string, ClassCount | undefined>;
  rows: number;
  weight: number;
  mean: number;
  m2: number;
}

/** One entry a training fold, the test rows last. */
export interface Labels {
  readonly groups: LabelGroup[];
  /** Those that a candidate trains on: without fold 0, without fold 1, …, and last of all folds; empty where the sums of folds are as good. */
  readonly trained: LabelGroup[];
  /** Rows in no group: no label. */
  dropped: number;
}

/** More classes than any classifier here is meant for: the column is a number or an id, not a class. */
export const MAX_CLASSES = 10_000;

export const tooManyClasses = (label: string): InputError =>
  new InputError(`label ${label} must have at most ${MAX_CLASSES} classes, got more; is it a number to predict by regression?`);

const emptyGroup = (): LabelGroup => ({ classes: {}, rows: 0, weight: 0, mean: 0, m2: 0 });

export const emptyLabels = (folds: number): Labels => ({
  groups: Array.from({ length: folds + 1 }, emptyGroup),
  trained: [],
  dropped: 0,
});

/** Adds the rows of a part; `groups` are row offsets by fold, test last. Classes are collected for classifiers only. */
export function addLabels(
  into: Labels,
  table: Table,
  groups: readonly Uint32Array[],
  weights: Float64Array | null,
  job: Job,
  classify: boolean,
): void {
  const column = labelColumn(table, job);
  const add = (group: LabelGroup, rows: Uint32Array): void => {
    if (classify) addClasses(group, column, rows, weights, job);
    else addNumbers(group, column, rows, weights, job);
  };
  let grouped = 0;
  groups.forEach((rows, g) => {
    grouped += rows.length;
    add(into.groups[g], rows);
  });
  into.dropped += table.rows - grouped;
  // Rows that count are whole numbers, which add up without error.
  if (classify && weights === null) return;
  const fits = foldsOfFits(groups.length - 1);
  for (const [fit, folds] of fits.length === 1 ? [] : fits.entries()) {
    into.trained[fit] ??= emptyGroup();
    add(into.trained[fit], mergeGroups(folds.map((fold) => groups[fold])));
  }
}

export function labelColumn(table: Table, job: Job): Column {
  const column = table.columns[job.label.column];
  if (column === undefined) throw new InputError(`label must name a column of the data, got ${job.label.column}`);
  return column;
}

function addClasses(group: LabelGroup, column: Column, rows: Uint32Array, weights: Float64Array | null, job: Job): void {
  const values = column.type === "string" ? column.codes : column.values;
  for (const [value, count] of countValues(values, rows, weights, job)) {
    addClass(group, column.type === "string" ? column.dictionary[value] : String(value), count);
    group.rows += count.rows;
    group.weight += count.weight;
  }
}

function countValues(values: ArrayLike<number>, rows: Uint32Array, weights: Float64Array | null, job: Job): Map<number, ClassCount> {
  const counts = new Map<number, { rows: number; weight: number }>();
  if (values instanceof Int8Array || values instanceof Uint8Array) return countBytes(values, rows, weights);
  for (const row of rows) {
    const value = values[row];
    let count = counts.get(value);
    if (count === undefined) {
      if (counts.size === MAX_CLASSES) throw tooManyClasses(job.label.column);
      count = { rows: 0, weight: 0 };
      counts.set(value, count);
    }
    count.rows += 1;
    count.weight += weights === null ? 1 : weights[row];
  }
  return counts;
}

/** Small integers, as classes mostly are, count in arrays: a look-up for each row took longer than reading the file. */
function countBytes(values: Int8Array | Uint8Array, rows: Uint32Array, weights: Float64Array | null): Map<number, ClassCount> {
  const [counts, sums] = [new Float64Array(256), new Float64Array(256)];
  tally(values, rows, counts);
  if (weights === null) sums.set(counts);
  else for (let i = 0; i < rows.length; i++) sums[values[rows[i]] & 255] += weights[rows[i]];
  const found = new Map<number, ClassCount>();
  counts.forEach((n, byte) => {
    if (n > 0) found.set(values instanceof Int8Array ? (byte << 24) >> 24 : byte, { rows: n, weight: sums[byte] });
  });
  return found;
}

/** A loop of its own, as V8 compiles the whole of a function around it. */
function tally(values: Int8Array | Uint8Array, rows: Uint32Array, counts: Float64Array): void {
  for (let i = 0; i < rows.length; i++) counts[values[rows[i]] & 255]++;
}

function addClass({ classes }: LabelGroup, text: string, { rows, weight }: ClassCount): void {
  if (text === "__proto__")
    throw new InputError("the label must have no class called __proto__, which JavaScript keeps for itself; rename it");
  // Own, for a class may be called "constructor".
  const known = (Object.hasOwn(classes, text) ? classes[text] : undefined) ?? { rows: 0, weight: 0 };
  classes[text] = { rows: known.rows + rows, weight: known.weight + weight };
}

/** Weighted moments by West (1979); groups merge by Chan, Golub and LeVeque (1979). */
function addNumbers(group: LabelGroup, column: Column, rows: Uint32Array, weights: Float64Array | null, job: Job): void {
  if (column.type === "string") {
    throw new InputError(
      `label ${job.label.column} must be numeric for ${job.model.learner}, got text such as "${column.dictionary[0]}"; use a classifier such as logisticRegression`,
    );
  }
  const { values } = column;
  // Numbers of their own: V8 writes those of an object to memory row by row.
  let { weight, mean, m2 } = group;
  for (let i = 0; i < rows.length; i++) {
    const own = weights === null ? 1 : weights[rows[i]];
    if (own === 0) continue;
    weight += own;
    const value = values[rows[i]];
    const delta = value - mean;
    mean += (delta * own) / weight;
    m2 += own * delta * (value - mean);
  }
  Object.assign(group, { rows: group.rows + rows.length, weight, mean, m2 });
}

export function mergeLabels(into: Labels, other: Labels): void {
  into.dropped += other.dropped;
  other.groups.forEach((from, g) => {
    mergeGroup(into.groups[g], from);
  });
  other.trained.forEach((from, fit) => {
    into.trained[fit] ??= emptyGroup();
    mergeGroup(into.trained[fit], from);
  });
}

function mergeGroup(to: LabelGroup, from: LabelGroup): void {
  for (const [text, count] of Object.entries(from.classes)) if (count !== undefined) addClass(to, text, count);
  const weight = to.weight + from.weight;
  to.rows += from.rows;
  if (from.weight === 0) return;
  const delta = from.mean - to.mean;
  to.mean += (delta * from.weight) / weight;
  to.m2 += from.m2 + (delta * delta * to.weight * from.weight) / weight;
  to.weight = weight;
}

/** What trains with this fold held out, or all training rows (null). */
export function trainingLabels({ groups, trained }: Labels, fold: number | null): LabelGroup {
  if (trained.length > 0) return trained[fold ?? trained.length - 1];
  return groups.length === 2 ? groups[0] : joinLabels(groups.filter((_, g) => g !== fold && g < groups.length - 1));
}

/** All rows of some groups as one. */
export function joinLabels(groups: readonly LabelGroup[]): LabelGroup {
  const joined = emptyGroup();
  for (const group of groups) mergeGroup(joined, group);
  return joined;
}

/** Class texts of the training rows: numbers in ascending order, else by code unit; a named positive class comes last of two. */
export function classesOf(labels: Labels, job: Job): string[] {
  const classes = Object.keys(trainingLabels(labels, null).classes);
  if (classes.length < 2) {
    throw new InputError(
      `label ${job.label.column} must have at least two classes in the training rows, got only ${JSON.stringify(classes[0])}`,
    );
  }
  const numeric = classes.every((text) => text.trim() !== "" && !Number.isNaN(Number(text)));
  classes.sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  const positive = job.label.positive;
  if (positive === undefined) return classes;
  if (!classes.includes(positive)) {
    throw new InputError(`label.positive must be a class of ${job.label.column} (${classes.slice(0, 10).join(", ")}), got ${positive}`);
  }
  if (classes.length > 2) throw new InputError(`label.positive must be left out for more than two classes, got ${classes.length} classes`);
  return [...classes.filter((text) => text !== positive), positive];
}

/** Class index or number of every row; NaN for a missing label and for a class that training did not see. */
export function labelValues(table: Table, job: Job, classes: readonly string[] | null): Float64Array {
  const column = labelColumn(table, job);
  const labels = new Float64Array(table.rows);
  if (classes === null) {
    if (column.type === "string") labels.fill(Number.NaN);
    else if (column.decimals !== undefined) toFloat64(column.decimals, labels);
    else labels.set(column.values);
    return labels;
  }
  // Loops rather than TypedArray.from, which walks an iterator: it took half the time of the first round.
  if (column.type === "string") {
    const places = new Map(classes.map((text, place) => [text, place]));
    const byCode = [...column.dictionary.map((text) => places.get(text) ?? Number.NaN), Number.NaN];
    return lookUp(Float64Array.from(byCode), column.codes, labels);
  }
  const places = new Map(classes.map((text, place) => [Number(text), place]));
  const { values } = column;
  if (values instanceof Int8Array) {
    const byByte = Float64Array.from({ length: 256 }, (_, byte) => places.get((byte << 24) >> 24) ?? Number.NaN);
    lookUp(byByte, new Uint8Array(values.buffer, values.byteOffset, values.length), labels);
  } else for (let i = 0; i < labels.length; i++) labels[i] = places.get(values[i]) ?? Number.NaN;
  return labels;
}

/** out[i] = table[codes[i]]; a loop of its own, as V8 compiles the whole of a function around it. */
function lookUp(table: Float64Array, codes: Codes, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = table[codes[i]];
  return out;
}

/** 1 for rows that no group may hold because their label is missing; null where none is. */
export function missingLabels(table: Table, job: Job): Uint8Array | null {
  const column = labelColumn(table, job);
  const isMissing = column.type === "string" ? hasCode(column.codes, column.dictionary.length) : column.values.includes(Number.NaN);
  if (!isMissing) return null;
  const missing = new Uint8Array(table.rows);
  if (column.type === "string") for (let i = 0; i < missing.length; i++) missing[i] = column.codes[i] === column.dictionary.length ? 1 : 0;
  else {
    const { values } = column;
    for (let i = 0; i < missing.length; i++) missing[i] = Number.isNaN(values[i]) ? 1 : 0;
  }
  return missing;
}

/** Row weights, or null. A missing, negative or infinite weight is an InputError naming the row; where `labels` are given, of a row with one. */
export function rowWeights(table: Table, job: Job, firstRow: number, labels?: Float64Array): Float64Array | null {
  if (job.weight === undefined) return null;
  const column = table.columns[job.weight];
  if (column === undefined || column.type === "string")
    throw new InputError(`weight must name a numeric column of the data, got ${job.weight}`);
  const weights = Float64Array.from(column.values);
  const isBad = (weight: number): boolean => !(weight >= 0 && weight < Number.POSITIVE_INFINITY);
  const bad = weights.findIndex((weight, i) => isBad(weight) && !(labels !== undefined && Number.isNaN(labels[i])));
  if (bad >= 0) throw new InputError(`weight ${job.weight} must be a number >= 0, got ${weights[bad]} in row ${firstRow + bad}`);
  return weights;
}
