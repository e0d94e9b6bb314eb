/** What the first round of a tree learner sees of the label: enough to start from, and to bound every gradient. */
import { InputError } from "../../../ports/errors.ts";
import type { Values } from "../../block-values.ts";

export interface Facts {
  /** Of positive weight. */
  rows: number;
  weight: number;
  /** Weighted mean of the label. */
  mean: number;
  /** Rows of positive weight that are held out: what bounds the others must bound them too, as they are judged in the same sums. */
  held: number;
  /** Of all rows of positive weight: the greatest weight, the smallest label and the largest. */
  mostWeight: number;
  min: number;
  max: number;
  /** Weight by class; empty for regression. */
  readonly classes: Float64Array;
  /** Numbers of the parts that have rows, ascending. */
  readonly parts: number[];
}

export const emptyFacts = (classes: number): Facts => ({
  rows: 0,
  weight: 0,
  mean: 0,
  held: 0,
  mostWeight: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  classes: new Float64Array(classes > 1 ? classes : 0),
  parts: [],
});

/** Whether all rows weigh 1, those that weigh nothing aside. */
export const hasUnitWeights = ({ rows, weight, mostWeight }: Facts): boolean => mostWeight === 1 && weight === rows;

/** InputError where there is no row to grow trees from. */
export function checkRows({ rows, held }: Facts, learner: string): void {
  if (rows > 0) return;
  if (held === 0) throw new InputError(`${learner} must have training rows of positive weight, got none`);
  throw new InputError(
    `early stopping must leave rows to train on, got all ${held} held out, by whole groups where the split has them; give another seed or a smaller validationShare`,
  );
}

/** `weights` are 0 for rows that are held out, unlike those of `all`. */
export function addLabels(into: Facts, labels: Values, weights: Values, all: Values): void {
  for (let i = 0; i < labels.length; i++) {
    if (all[i] === 0) continue;
    const [label, weight] = [labels[i], weights[i]];
    into.mostWeight = Math.max(into.mostWeight, all[i]);
    into.min = Math.min(into.min, label);
    into.max = Math.max(into.max, label);
    if (weight === 0) {
      into.held += 1;
      continue;
    }
    into.rows += 1;
    into.weight += weight;
    into.mean += ((label - into.mean) * weight) / into.weight;
    if (into.classes.length > 0) into.classes[label] += weight;
  }
}

export function mergeFacts(into: Facts, other: Facts): void {
  if (other.rows > 0) {
    const weight = into.weight + other.weight;
    into.mean = into.rows === 0 ? other.mean : into.mean + ((other.mean - into.mean) * other.weight) / weight;
    into.rows += other.rows;
    into.weight = weight;
    other.classes.forEach((own, k) => {
      into.classes[k] += own;
    });
  }
  into.held += other.held;
  into.mostWeight = Math.max(into.mostWeight, other.mostWeight);
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
  into.parts.push(...other.parts);
}
