/**
 * Peak memory of one function, computed before the first task, so that a plan that cannot fit is refused instead of dying on its
 * largest part. Each item is an upper bound from sizes that are known then; a test holds measured peaks against the sum.
 */
import type { GatheredCost, RangedCost } from "../learners/learner.ts";
import { BudgetError } from "../ports/errors.ts";

const TIMES = ["load", "first round", "rounds", "judging"] as const;
type Time = (typeof TIMES)[number];

interface MemoryItem {
  readonly what: string;
  readonly bytes: number;
  /** The times of a run at which it is there; left out where it always is. */
  readonly during?: readonly Time[];
}

const JUDGING = ["judging"] as const;
const AFTER_LOAD = TIMES.filter((time) => time !== "load");

export interface Memory {
  readonly neededBytes: number;
  readonly allowedBytes: number;
  /** What of the allowed bytes is left for parts between rounds. */
  readonly cacheBytes: number;
  /** Of what a task answers in a round of training. */
  readonly statisticBytes: number;
  /** Ranges that the statistics of training are cut into; 1 leaves them whole. */
  readonly ranges: number;
  readonly items: readonly MemoryItem[];
  /** What all this follows from. */
  readonly sizes: Sizes;
}

/** What the bounds follow from. */
export interface Sizes {
  readonly functions: number;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly format: "csv" | "parquet";
  readonly cuts: number;
  /** Of text once it is unpacked. */
  readonly largestCutBytes: number;
  /** Of as many of the largest cuts together as are read at a time. */
  readonly readAtOnceBytes: number;
  /** Bytes of source of a row, and different strings that it brings, from a sample. */
  readonly rowBytes: number;
  readonly rowStrings: number;
  readonly columns: number;
  readonly partRows: number;
  readonly units: number;
  readonly training: TrainingSizes;
  /** Of the model that a training goes on from, as it is written; left out where there is none. */
  readonly earlierBytes?: number;
  /** Of a scoring, which trains nothing. */
  readonly scoring?: ScoringSizes;
  /** Scores that one round may keep for curves, or cells of confusions of several classes, and bytes of each with its weight. */
  readonly scoredRows: number;
  readonly scoreBytes: number;
}

/** What follows from the learner's cost; known for certain once the features are fitted and the classes seen. */
export interface TrainingSizes {
  /** Candidates that train together, and bytes of the state of each. */
  readonly candidates: number;
  readonly stateBytes: number;
  /** Statistics of a round, and bytes of each. */
  readonly statistics: number;
  readonly statisticBytes: number;
  /** Where a thread has one statistic of all its parts. */
  readonly gathered?: GatheredCost;
  /** Left out where ranges cannot reduce the statistics. */
  readonly ranged?: RangedCost;
  /** What must stay between rounds of the rows of a function: bins and carries. */
  readonly keptBytes: number;
  /** Of predictions that a thread holds while it judges. */
  readonly judgedBytes: number;
  /** Of the label, as far as they are known. */
  readonly classes?: number;
}

export interface ScoringSizes {
  /** Of the model as it is written. */
  readonly modelBytes: number;
  /** Numbers that a row is predicted. */
  readonly outputs: number;
  readonly explains: boolean;
}

/** What a scoring trains. */
export const NO_TRAINING: TrainingSizes = { candidates: 0, stateBytes: 0, statistics: 0, statisticBytes: 0, keptBytes: 0, judgedBytes: 0 };

/** Contributions that are held at a time; rows of more go to another file. */
export const EXPLAINED_BYTES = 16 * 2 ** 20;

/** Predictions that are held at a time, and so are in a file: of a part of 64 classes. */
const PREDICTED_BYTES = 64 * 2 ** 20;

export const predictedRows = (outputs: number): number => Math.max(1, Math.floor(PREDICTED_BYTES / 8 / outputs));

const MiB = 2 ** 20;

/** Node, the bundle and its compiled code before any data: 110 MiB measured, and 35 MiB for each thread's own heap and kernel memory. */
export const PROGRAM_BYTES = 130 * MiB;
const THREAD_BYTES = 45 * MiB;
/** Buffers that nobody holds any more: V8 begins to collect after 64 MiB of new ones, and more come while it does. */
const UNCOLLECTED_BYTES = 112 * MiB;
/** Of each column a thread has parser records, vectors and views of some parts at a time; measured on 500 columns. */
const COLUMN_BYTES = 320 * 1024;
/** A string of a cut's dictionaries: as read, as kept, and what it encodes to, in a heap that grows to twice what lives in it; measured on ids of 32 letters. */
const STRING_BYTES = 2_560;
/** Two reads of 4 MiB in flight, their copy in kernel memory, and decompression windows. */
const READ_BYTES = 24 * MiB;

/** Of a cache three quarters may stay in kernel memory, and a thread has up to a part more than its share. */
const KEPT_ROOM = 1.5;

/** Of what is seen in the first round: with the threads, on its way from them and with the main thread, where it merges column by column. */
const FIRST_COPIES = 2.5;
/** Of a range: its sums, a task's on their way in, the histograms that it keeps decoded and encoded, each for both children of a node. */
const RANGE_COPIES = 8;
/** Of all that a range holds. */
const RANGE_BYTES = 64 * MiB;
/** Statistics of all functions together which one reducer no longer merges in a few seconds. */
const HEAVY_BYTES = 512 * MiB;

export function memoryOf(sizes: Sizes): Memory {
  const ranges = rangesOf(sizes);
  const items = itemsOf(sizes, ranges);
  const neededBytes = neededBy(items);
  const allowedBytes = sizes.memoryBytes;
  const { training } = sizes;
  const { ranged, gathered } = training;
  // What is for the ranges does not travel with the answers.
  const isRanged = ranges > 1 && ranged !== undefined;
  const statisticBytes = isRanged ? Math.max(ranged.restBytes, gathered?.firstBytes ?? 0) : training.statisticBytes;
  return {
    neededBytes,
    allowedBytes,
    cacheBytes: Math.max(0, Math.floor((allowedBytes - neededBytes) * 0.8)) + Math.ceil(training.keptBytes * KEPT_ROOM),
    statisticBytes: training.statistics * statisticBytes,
    ranges,
    items,
    sizes,
  };
}

/** At the time when it is most. */
function neededBy(items: readonly MemoryItem[]): number {
  const neededAt = (time: Time): number =>
    items.reduce((bytes, item) => (item.during === undefined || item.during.includes(time) ? bytes + item.bytes : bytes), 0);
  return Math.max(...TIMES.map(neededAt));
}

/** Whole statistics cost a round less. Ranges are as many as all threads have the same work, and each is of a size to be held; more, where memory asks for it. */
function rangesOf(sizes: Sizes): number {
  const { functions, threads, memoryBytes } = sizes;
  const { ranged, statistics, statisticBytes } = sizes.training;
  if (ranged === undefined) return 1;
  const isHeavy = functions > 1 && functions * statistics * statisticBytes > HEAVY_BYTES;
  if (!isHeavy && neededBy(itemsOf(sizes, 1)) <= memoryBytes) return 1;
  const workers = functions * threads;
  const turns = Math.ceil((RANGE_COPIES * statistics * ranged.sumsBytes) / RANGE_BYTES / workers);
  let ranges = Math.min(ranged.most, workers * Math.max(1, turns));
  while (ranges < ranged.most && neededBy(itemsOf(sizes, ranges)) > memoryBytes) ranges = Math.min(ranged.most, ranges + workers);
  return ranges;
}

function itemsOf(sizes: Sizes, ranges: number): MemoryItem[] {
  const { threads, columns } = sizes;
  const cutRows = Math.ceil(sizes.largestCutBytes / Math.max(1, sizes.rowBytes));
  const columnBytes = 8 * columns;
  // A cut's columns as parsed and narrowed, and where threads read several those of the cut before on their way to the store; Parquet adds a
  // decompressed row group.
  const bytesOfCuts = (bytes: number): number =>
    Math.ceil(bytes / Math.max(1, sizes.rowBytes)) * columnBytes * (sizes.cuts > threads ? 3 : 2) +
    (sizes.format === "parquet" ? 2 * bytes : 0);
  const cutBytes = bytesOfCuts(sizes.largestCutBytes);
  // Columns, fold offsets, labels and weights of the part at hand, which no cut is smaller than.
  const rowsBytes = Math.min(sizes.partRows, cutRows) * (columnBytes + 20);
  const partBytes = rowsBytes + columns * COLUMN_BYTES;
  const stringBytes = cutRows * sizes.rowStrings * STRING_BYTES;
  // Small data leave little behind.
  const uncollectedBytes = Math.min(UNCOLLECTED_BYTES, 4 * (cutBytes + partBytes));
  const readers = Math.min(threads, sizes.cuts);
  return [
    { what: "the program", bytes: PROGRAM_BYTES + threads * (THREAD_BYTES + uncollectedBytes) },
    { what: `reading on ${several(readers, "thread")}`, bytes: readers * READ_BYTES, during: ["load"] },
    { what: `typed columns of a cut on ${several(readers, "thread")}`, bytes: bytesOfCuts(sizes.readAtOnceBytes), during: ["load"] },
    { what: `strings of a cut on ${several(threads, "thread")}`, bytes: threads * stringBytes },
    { what: `${several(columns, "column")} on ${several(threads, "thread")}`, bytes: threads * columns * COLUMN_BYTES },
    { what: `a part on ${several(threads, "thread")}`, bytes: threads * rowsBytes, during: AFTER_LOAD },
    ...trainingItems(sizes, ranges),
    // As text and parsed, its trees as objects in the state, and encoded.
    ...(sizes.earlierBytes === undefined ? [] : [{ what: "the model to go on from", bytes: 8 * sizes.earlierBytes }]),
    ...scoringItems(sizes),
    ...(sizes.training.judgedBytes === 0
      ? []
      : [{ what: `predictions judged on ${several(threads, "thread")}`, bytes: threads * sizes.training.judgedBytes, during: JUDGING }]),
    // Those that are concluded from, and meanwhile those of the next round, twice while threads put them in order.
    { what: "scores or confusions of the rows judged", bytes: 3 * sizes.scoreBytes * sizes.scoredRows, during: JUDGING },
  ];
}

function scoringItems({ threads, partRows, scoring }: Sizes): MemoryItem[] {
  if (scoring === undefined) return [];
  const { modelBytes, outputs, explains } = scoring;
  return [
    // As text and parsed, its trees as objects and in kernel memory.
    { what: `the model on ${several(threads, "thread")}`, bytes: (threads + 1) * 8 * modelBytes },
    // Predictions, probabilities of two classes where one is predicted, and the file of them, which grows to twice its size.
    {
      what: `predictions on ${several(threads, "thread")}`,
      bytes: threads * Math.min(partRows, predictedRows(outputs)) * 32 * (outputs + 2),
    },
    ...(explains ? [{ what: `contributions on ${several(threads, "thread")}`, bytes: threads * 4 * EXPLAINED_BYTES }] : []),
  ];
}

/** Statistics of a thread at a time: whole subtrees that wait for their sibling, the one that is growing, and the copy that travels to the reducer. */
export const liveOf = (units: number): number => Math.ceil(Math.log2(Math.max(2, units))) + 3;

function trainingItems({ threads, units, training }: Sizes, ranges: number): MemoryItem[] {
  const { candidates, statistics, statisticBytes, stateBytes, keptBytes, gathered, ranged } = training;
  const during = ["rounds"] as const;
  const what = `statistics of ${several(candidates, "candidate")}`;
  const always = [
    { what: `bins and carries of ${several(candidates, "candidate")}`, bytes: keptBytes * KEPT_ROOM },
    { what: `states of ${several(candidates, "candidate")}`, bytes: 2 * candidates * stateBytes },
  ];
  if (gathered === undefined) {
    return [...always, { what, bytes: threads * liveOf(units) * statistics * statisticBytes, during }];
  }
  const seen = { what: "what is seen in the first round", bytes: FIRST_COPIES * statistics * gathered.firstBytes };
  const both = [...always, { ...seen, during: ["first round"] as const }];
  // In the memory of the kernels and on its way to the main thread, for each; and once more while it is encoded or copied.
  const copies = 2 * threads + 1;
  if (ranges === 1 || ranged === undefined) {
    const parents = { what: "statistics of nodes that are not split yet", bytes: candidates * gathered.parentBytes, during };
    return [...both, { what, bytes: copies * statistics * gathered.statisticBytes, during }, parents];
  }
  const { sumsBytes, restBytes } = ranged;
  // Each thread has the sums in the memory of the kernels, and then as pieces for the ranges beside what these are cut from or written as.
  const gathering = statistics * (3 * threads * sumsBytes + copies * restBytes);
  const held = threads * Math.ceil((RANGE_COPIES * statistics * sumsBytes) / ranges);
  return [...both, { what, bytes: gathering, during }, { what: `${several(ranges, "range")} of statistics`, bytes: held, during }];
}

/** So many are seldom meant. */
const MANY_CLASSES = 100;

/** Refuses a plan whose needs pass what a function has: needed, allowed, and the largest item. */
export function checkMemory({ neededBytes, allowedBytes, items, sizes }: Memory): void {
  if (neededBytes <= allowedBytes) return;
  const largest = items.reduce((most, item) => (item.bytes > most.bytes ? item : most));
  const { classes = 1 } = sizes.training;
  const many = classes <= MANY_CLASSES ? "" : `; the label has ${classes} classes or more: a number is predicted by regression`;
  const trees = sizes.training.ranged === undefined ? "" : ", or smaller trees (maxLeaves, maxDepth, maxBins)";
  throw new BudgetError(
    `memory of a function must hold the plan: needed ${mebibytes(neededBytes)}, allowed ${mebibytes(allowedBytes)}, of which ${largest.what} ${mebibytes(largest.bytes)}; give it more memory or fewer threads, or train fewer candidates or columns at once${trees}${many}`,
  );
}

const several = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / MiB)} MiB`;
