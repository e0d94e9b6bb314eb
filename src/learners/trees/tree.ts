/**
 * A tree and an ensemble of them as plain data: what boosting and forests grow, and what prediction, explanation and exchange read.
 * Nodes are numbered from the root 0; a child's number is greater than its parent's.
 */

export interface Tree {
  /** By node: place of the split column in the view; -1 at a leaf. */
  readonly column: Int32Array;
  /** A number goes left when it is <= the threshold; NaN at leaves and at splits by category. */
  readonly threshold: Float64Array;
  /** 1: a missing value goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Category c goes left when bit c % 32 of `words[firstWord + (c >> 5)]` is set; categories past `wordCount` words go right. -1: split by number. */
  readonly firstWord: Int32Array;
  readonly wordCount: Int32Array;
  readonly words: Uint32Array;
  /** `outputs` numbers a node, also of inner nodes: what the node predicts by itself; the learning rate is in them, the base is not. */
  readonly value: Float64Array;
  /** Weight of the training rows that came by, and in boosting the sum of their second derivatives (forests: the same as the weight). */
  readonly weight: Float64Array;
  readonly hessian: Float64Array;
  /** Of the split; 0 at leaves. */
  readonly gain: Float64Array;
}

/** How the sum over the trees becomes a prediction. `mean`: the sum divided by the number of trees, as probabilities or a value. */
export type Link = "identity" | "logistic" | "softmax" | "exp" | "mean";

export interface Ensemble {
  readonly trees: readonly Tree[];
  /** Numbers that a node holds: 1 in boosting, classes (regression: 1) in forests. */
  readonly outputs: number;
  /** Boosting: the output that tree t adds to is t % lines; 1 but for softmax. */
  readonly lines: number;
  /** Of each line, added before the trees. */
  readonly base: readonly number[];
  readonly link: Link;
  /** By view column: number of categories (their place in the levels of the view's `index` take is the code); 0 for a number. */
  readonly categories: readonly number[];
}
