/** How a forest grows, as its parameters and the first look at the labels fix it: for mappers and the reducer alike. */
import { classFactors } from "../class-weights.ts";
import type { Candidate, Cuts } from "../learner.ts";
import type { RandomForestClassifierParams, RandomForestRegressorParams } from "../params.ts";
import { type Facts, hasUnitWeights } from "../trees/bins/labels.ts";
import type { Impurity } from "./criterion.ts";
import { subsetSize } from "./draw.ts";

/** Those of a single tree are those of a forest of one. */
export type ForestParams = RandomForestRegressorParams & Partial<Omit<RandomForestClassifierParams, keyof RandomForestRegressorParams>>;

/**
 * What a row adds to its node, and how: its draws to a whole number by class, where all rows weigh 1; draws times weight to a float64 by
 * class; or draws times (weight * value, weight), a pair of float64.
 */
type Kind = "counts" | "weights" | "pairs";

export interface Rows {
  readonly kind: Kind;
  /** Bytes of a number of the sums: 8, or where rows are counted 4, and 2 of a node of few: see `widthOf`. */
  readonly width: 4 | 8;
  /** 0 for a number. */
  readonly classes: number;
  /** Classes, or 2: weight * value and weight. */
  readonly channels: number;
  /** By class 1 where a factor of 0 leaves its rows no weight: no tree draws them, as it draws no row of weight 0. Null where there is none. */
  readonly weightless: Uint8Array | null;
  /** Rows are counted by one more float64, because weights do not tell. */
  readonly counted: boolean;
  /** What is taken from every label, so that sums do not cancel; 0 for classes. */
  readonly centre: number;
  /** Weights, and weight * value, are rounded to multiples of them: any sum is then exact. */
  readonly quanta: { readonly weight: number; readonly value: number };
}

export interface GrowRules extends Rows {
  readonly impurity: Impurity;
  /** By class, on the weight of its rows. */
  readonly factors: Float64Array;
  readonly maxDepth: number;
  /** Rows that a child must have; a row counts as often as it was drawn. */
  readonly least: number;
  /** Of impurity, for each unit of weight in the node. */
  readonly minInfoGain: number;
  /** Columns that a node looks at. */
  readonly subset: number;
}

export function rulesOf({ params, classes }: Candidate<ForestParams>, cuts: Cuts, facts: Facts): GrowRules {
  const weights = facts.classes.map(coarse(facts.rows * facts.mostWeight));
  const factors = classFactors(params.classWeight, classes, weights) ?? classes.map(() => 1);
  return {
    ...rowsOf(classes.length, facts, factors),
    factors: Float64Array.from(factors),
    impurity: classes.length === 0 ? "variance" : (params.impurity ?? "gini"),
    maxDepth: params.maxDepth,
    least: params.minInstancesPerNode,
    minInfoGain: params.minInfoGain,
    subset: subsetSize(params.featureSubsetStrategy, cuts.columns.length, classes.length, params.numTrees),
  };
}

function rowsOf(classes: number, facts: Facts, factors: readonly number[]): Rows {
  const weightless = Uint8Array.from(factors, (factor, k) => Number(factor === 0 && facts.classes[k] > 0));
  const unit = hasUnitWeights(facts);
  const centre = classes > 0 ? 0 : coarse(Math.max(Math.abs(facts.min), Math.abs(facts.max)))(facts.mean);
  // Trees draw as many rows as there are, about: never twice as many where there are many.
  const most = 2 * facts.rows * facts.mostWeight + 64;
  const farthest = Math.max(facts.max - centre, centre - facts.min);
  return {
    kind: classes === 0 ? "pairs" : unit ? "counts" : "weights",
    width: classes > 0 && unit ? 4 : 8,
    classes,
    channels: classes > 0 ? classes : 2,
    weightless: weightless.includes(1) ? weightless : null,
    counted: !unit,
    centre,
    quanta: { weight: unit ? 1 : quantumOf(most), value: quantumOf(most * farthest) },
  };
}

/** Of multiples of it float64 adds any up to that sum without error. */
export const quantumOf = (sum: number): number => (sum > 2 ** -900 ? 2 ** (Math.ceil(Math.log2(sum)) - 52) : 2 ** -960);

/** Rounds numbers up to `most` so far that it does not show in which order they were added up. */
const coarse = (most: number): ((x: number) => number) => rounding(2 ** 20 * quantumOf(most));

/** Rounds to the nearest multiple of a power of two; for numbers up to 2^51 of them. */
export function rounding(quantum: number): (x: number) => number {
  const big = 1.5 * 2 ** 52 * quantum;
  return (x) => x + big - big;
}

/** Numbers that the sums of one bin are, and their bytes. */
export const cellSize = ({ channels, counted }: Rows): number => channels + Number(counted);

/** Rows of a node that 16 bits can count. */
const HALF_ROWS = 2 ** 16 - 1;

/** Bytes of a number of the sums of a node that is known to have so many rows; of a root it is not known. */
export const widthOf = ({ kind, width }: Rows, rows: number): 2 | 4 | 8 => (kind === "counts" && rows > 0 && rows <= HALF_ROWS ? 2 : width);
