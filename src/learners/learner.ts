/**
 * The contract between an algorithm and the engine (one file or folder per algorithm, found through `learners/registry.ts`).
 * A learner never knows where it runs: it asks a question of every part, says how a part answers it, how answers merge, and what
 * follows from the merged answer. States, asks, statistics and models are plain objects of numbers, strings and typed arrays.
 */
import type { RowKind, View } from "../features/view.ts";
import type { Heap } from "../kernels/heap.ts";

export type Task = "regression" | "binary" | "multiclass";

/** Known before anything runs: what `cost` and `start` may use. */
export interface Shape {
  readonly rows: number;
  readonly parts: number;
  readonly columns: number;
  /** Classes of the label; 1 for regression. */
  readonly classes: number;
}

export interface Cost {
  /** Bytes of one statistic of one candidate. */
  readonly statisticBytes: number;
  readonly stateBytes: number;
  /** Rounds expected, and floating-point operations per row and round. */
  readonly rounds: number;
  readonly flopsPerRow: number;
  /** What must stay in kernel memory between rounds, in bytes a row: bins, once for all candidates of a fold, and the carry of each. */
  readonly kept?: { readonly bins: number; readonly carry: number };
  /** What a part holds while it judges its training rows by what it knows of them: bytes of a row, and rows that it holds at a time at most. */
  readonly judged?: { readonly rowBytes: number; readonly rows: number };
  /** Where statistics gather parts in any order, of which a thread then has one; all but those of the first round. */
  readonly gathered?: GatheredCost;
  /** For a learner that has `ranges`. */
  readonly ranged?: RangedCost;
}

/** Bytes of one candidate. */
export interface GatheredCost {
  /** Of what all parts together answer in the first round. */
  readonly firstBytes: number;
  /** Of a statistic of any later round. */
  readonly statisticBytes: number;
  /** Of what the reducer keeps beside its state, and may lose. */
  readonly parentBytes: number;
}

/** Where ranges reduce a statistic that is gathered. */
export interface RangedCost {
  /** Ranges at most. */
  readonly most: number;
  /** Bytes of the sums of all ranges, and of what else a task gathers. */
  readonly sumsBytes: number;
  readonly restBytes: number;
}

/** One setting of the parameters on one fold (`fold` is held out), or on all training rows (`fold` null). */
export interface Candidate<Params> {
  readonly id: number;
  readonly params: Params;
  readonly fold: number | null;
  /** Fold groups that it trains on, ascending. */
  readonly trainFolds: readonly number[];
  readonly view: View;
  /** Class labels in order; empty for regression. */
  readonly classes: readonly string[];
  /** What the column names, tasks and splits fix once for all candidates. */
  readonly shape: Shape;
  /** Ranges that large statistics are cut into; 1, as where left out, leaves them whole. The model is the same. */
  readonly ranges?: number;
}

/** Rows of one part, encoded column by column in kernel memory: column j starts at x + 8 * j * stride. */
export interface Block {
  readonly rows: number;
  /** Rows from one column to the next; even, and rows between `rows` and `stride` hold zeros with weight 0. */
  readonly stride: number;
  readonly columns: number;
  /** Byte offsets in kernel memory of float64 values. Class index for classifiers. */
  readonly x: number;
  readonly label: number;
  readonly weight: number;
  /** uint32 places of the rows in the part. */
  readonly index: number;
}

/** How a learner of bins wants them: by column of the view, in its order. */
export interface Cuts {
  /** Equal keys are equal cuts of equal views. */
  readonly key: string;
  readonly columns: readonly ColumnCuts[];
}

/**
 * A number falls into the bin of the first cut that is not below it, or the one after the last cut; a category c into bin `codes[c]`.
 * Missing values, categories past `codes`, and fractions there, fall into the bin after all others, so there are at most 256.
 */
export type ColumnCuts =
  | { readonly kind: "numbers"; readonly cuts: Float64Array }
  | { readonly kind: "categories"; readonly codes: Uint8Array; readonly bins: number };

/** Rows of one part as bins, in the memory of `Part.heap`: uint8, row by row. */
export interface BinnedRows {
  readonly rows: number;
  readonly columns: number;
  readonly bins: number;
  /** float64, and uint32 places of the rows in the part. */
  readonly label: number;
  readonly weight: number;
  readonly index: number;
}

/** What a part keeps beside its rows between rounds, in the memory of `Part.heap`. */
export interface Carry {
  readonly address: number;
  /** Says what is in it; "" when nothing is, because it is new or was lost. Whoever writes changes it. */
  stamp: string;
}

/** Rows of one part as compressed sparse rows in kernel memory; zeros of the encoded columns are left out. */
export interface SparseBlock {
  readonly rows: number;
  readonly columns: number;
  /** uint32 offsets, rows + 1 of them; uint32 column numbers; float64 values. */
  readonly offsets: number;
  readonly indices: number;
  readonly values: number;
  readonly label: number;
  readonly weight: number;
}

export interface Part {
  readonly number: number;
  readonly rows: number;
  /** Index of its first row in the dataset. */
  readonly firstRow: number;
  /** A hash by row, the same for rows that belong together and may not be judged by one another (`split.groupBy`); null where each stands alone. */
  readonly groupHashes: Uint32Array | null;
  /**
   * Rows of some fold groups in the order of the part, encoded through the view, in blocks whose size depends on the number of columns
   * only. Which of the groups a row is of never shows: who trains on them in a search has the bits of who trains on them alone. A block
   * is there until the next is asked for, and only to be read: the next may share memory with it. `every` takes block 0, every, 2 every …;
   * 1 where it is left out.
   */
  blocks(view: View, folds: readonly number[], every?: number): Iterable<Block>;
  sparseBlocks(view: View, folds: readonly number[], every?: number): Iterable<SparseBlock>;
  /** Memory that stays between rounds. What a learner allocates of it, it frees before `finish` returns. */
  readonly heap: Heap;
  /** Kept between rounds while there is room, made again to the same bits where there is none; there until `map` returns. */
  binned(view: View, cuts: Cuts, folds: readonly number[]): BinnedRows;
  /** The carry of this name where the part has it; there until `map` returns. */
  known(name: string): Carry | null;
  /** The carry of this name, all zeros and without a stamp when it is new or was lost; there until `map` returns. */
  carry(name: string, bytes: number): Carry;
}

/** What a round asks of the parts: all of them, or some. */
export interface Work<Ask> {
  readonly parts: "all" | readonly number[];
  readonly ask: Ask;
  /** Its statistics are exact sums: they may gather any parts in any order, so a task has one statistic for all its parts. */
  readonly anyOrder?: boolean;
  /** Its statistics, exact sums too, are cut into so many ranges (`Learner.ranges`). */
  readonly ranges?: number;
}

/**
 * How statistics too large for one reducer are reduced: tasks cut them, a round of its own has each range add up its sums of all tasks and
 * conclude from them, and only conclusions travel on.
 */
interface Ranges<Ask, Statistic> {
  /** Takes the sums out of a task's statistic, by range; null where nothing is to be concluded, for what is left says enough. */
  cut(from: Statistic, ask: Ask, ranges: number): readonly Float64Array[] | null;
  /** `sums` is empty where no task had rows; `kept` is what the range kept the last time, null where it has nothing or it was lost. */
  conclude(sums: Float64Array, ask: Ask, range: Range, kept: unknown): { readonly statistic: Statistic; readonly kept: unknown };
}

export interface Range {
  readonly number: number;
  readonly of: number;
}

/** What a step makes of a candidate. */
export interface Turn<State> {
  readonly state: State;
  readonly done: boolean;
  /** Mean training loss with penalty where the learner knows it; for progress and the report. */
  readonly loss?: number;
}

/** What parts know of the rows that a candidate was trained on. */
interface Trained<State, Model> {
  /** What they must be told; null where they do not know predictions. */
  ask(state: State): unknown;
  /**
   * Tells `each` the rows of these fold groups, all at once where a row has one prediction, else block by block. False, and nothing told,
   * where the part has lost what it knew.
   */
  predictions(part: Part, view: View, folds: readonly number[], ask: unknown, model: Model, each: (rows: TrainedRows) => void): boolean;
}

/** Predictions as `Learner.predict` has them, to the last bit. */
export interface TrainedRows {
  readonly values: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

/** A model for people and for other programs. */
export interface Described {
  /** Goes into `model.json` as it is: coefficients, intercepts, trees, by the names of the view's columns. */
  readonly readable: Readonly<Record<string, unknown>>;
  /** What the model computes with, for `weights.bin`. */
  readonly weights: Float64Array | Uint8Array;
  readonly warnings: readonly string[];
}

export interface Learner<Params, State, Ask, Statistic, Model> {
  /** The key under `model:` in a job. */
  readonly name: string;
  /** Paper and equations. */
  readonly source: string;
  readonly tasks: readonly Task[];
  readonly rows: RowKind;
  cost(shape: Shape, params: Params): Cost;
  /** The parameters with what training made of those left open (`auto`, or none given), for the model. Left out where none are. */
  settled?(params: Params, classes: number): Params;
  /** `kept` is what `keep` gave of a model through the same view: the answer is then that of its rows and the candidate's together. */
  start(candidate: Candidate<Params>, kept?: unknown, from?: Model): State;
  /** Training can go on from a published model (`from`), of the same view and classes. */
  readonly goesOn?: true;
  /** The next question, for all active candidates at once; states are those of candidates that are not done, by ascending id. */
  ask(active: readonly State[]): Work<Ask>;
  empty(ask: Ask): Statistic;
  /** Adds a part's answer to `into`, which is changed; nothing else is. */
  map(into: Statistic, part: Part, ask: Ask): void;
  /** Called once after the last part of a statistic, to take over what `map` gathered in kernel memory. */
  finish?(into: Statistic): void;
  merge(into: Statistic, other: Statistic): void;
  /** Left out where statistics never outgrow a reducer. */
  readonly ranges?: Ranges<Ask, Statistic>;
  step(merged: Statistic, ask: Ask, active: readonly State[]): readonly Turn<State>[];
  /** The first round fits every setting at no further cost, so a search trains each on all rows at once with its folds. */
  readonly onePass?: boolean;
  /** Metrics on the held-out fold where they follow from the statistics of training; null where judging needs a round of its own. */
  heldOut?(state: State): Readonly<Record<string, number | null>> | null;
  /** Of a finished candidate what stands for its rows in later trainings, of a size that rows do not change. Left out where nothing does. */
  keep?(state: State): unknown;
  model(state: State): Model;
  /** Predictions of its training rows that need not be made again. Left out where parts know none. */
  readonly trained?: Trained<State, Model>;
  describe(model: Model, view: View): Described;
  /** Scores of a block: margins, probabilities or values, `outputs` float64 per row, column by column. */
  predict(model: Model, block: Block, out: Float64Array): void;
  /** The same for many blocks, where one placing of the model serves them all; what it allocates is the caller's to release. */
  predictor?(model: Model): (block: Block, out: Float64Array) => void;
  /** The same for sparse rows, for views too wide for blocks. */
  sparsePredictor?(model: Model): (block: SparseBlock, out: Float64Array) => void;
  /**
   * How much each column moves a row's margin (where predictions have no link, the prediction): contributions of column j to output k are
   * added to `into` at k * (columns + 1) + j, and after the columns of an output the base. They add up to the margin.
   */
  explainer?(model: Model): (row: ArrayLike<number>, into: Float64Array) => void;
}
