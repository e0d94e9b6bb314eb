/**
 * What a split of a forest is to gain: purity. Rows add to channels, by class their weight, or for a number weight * value and weight.
 * Impurities are weight * gini, weight * entropy (in bits) and weight * variance; each is a total of the node less its purity, and totals
 * do not change when rows go to two sides, so that the gain is purity(left) + purity(right) - purity(node). Twin of assembly/purity.ts.
 */
import { log } from "../../kernels/kernels.ts";

/** Purity of the channels from `at` on, whose rows weigh `weight` together. */
export type Purity = (channels: Float64Array, at: number, weight: number) => number;

export type Impurity = "gini" | "entropy" | "variance";

export function purityOf(impurity: Impurity, channels: number): Purity {
  if (impurity === "variance") return (sums, at, weight) => (weight > 0 ? (sums[at] * sums[at]) / weight : 0);
  if (impurity === "gini") {
    return (sums, at, weight) => {
      let squares = 0;
      for (let k = 0; k < channels; k++) squares += sums[at + k] * sums[at + k];
      return weight > 0 ? squares / weight : 0;
    };
  }
  return (sums, at, weight) => {
    let total = 0;
    for (let k = 0; weight > 0 && k < channels; k++) if (sums[at + k] > 0) total += sums[at + k] * log(sums[at + k] / weight);
    return total / Math.LN2;
  };
}
