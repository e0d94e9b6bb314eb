/** Predictions of two classes beside the truth: confusion, log-loss and the scores of each class in one pass. */
import { log } from "./log";

/** Spark clips probabilities to [1e-15, 1 - 1e-15], so that one wrong certainty costs 34.5 and not infinity. */
const CLIP: f64 = 1e-15;

/**
 * p are probabilities of class 1, y class indices, w weights (0: every row weighs 1). Adds to totals[0..3] the weight by 2 * true class +
 * predicted class and to totals[4] the log-loss where wanted, and sets totals[5] and [6] to the scores kept of class 1 and class 0.
 * These go to positives and negatives with their weights (where w is not 0), rows of weight 0 left out. Answers the first row whose
 * prediction is not finite or whose label is neither class, or -1. Rows of equal weight share logarithms, 16 at a time: a product of
 * so many clipped probabilities stays above 1e-240.
 */
export function judgeBinary(
  p: usize, y: usize, w: usize, n: i32, threshold: f64, wantsLoss: bool,
  totals: usize, positives: usize, negatives: usize, positiveWeights: usize, negativeWeights: usize,
): i32 {
  let left: usize = 0;
  let right: usize = 0;
  let loss: f64 = load<f64>(totals + 32);
  let product: f64 = 1.0;
  for (let i = 0; i < n; i++) {
    const at: usize = 8 * i;
    const probability = load<f64>(p + at);
    const label = load<f64>(y + at);
    const weight = w == 0 ? 1.0 : load<f64>(w + at);
    const isPositive = label == 1.0;
    if (!(abs(probability) < Infinity) || !(isPositive || label == 0.0)) return i;
    const cell = totals + (isPositive ? 16 : 0) + (probability > threshold ? 8 : 0);
    store<f64>(cell, load<f64>(cell) + weight);
    if (wantsLoss) {
      const own = min(max(isPositive ? probability : 1.0 - probability, CLIP), 1.0 - CLIP);
      if (w != 0) loss -= weight * log(own);
      else {
        product *= own;
        if ((i & 15) == 15) {
          loss -= log(product);
          product = 1.0;
        }
      }
    }
    if (positives == 0 || weight == 0.0) continue;
    if (isPositive) {
      store<f64>(positives + left, probability);
      if (w != 0) store<f64>(positiveWeights + left, weight);
      left += 8;
    } else {
      store<f64>(negatives + right, probability);
      if (w != 0) store<f64>(negativeWeights + right, weight);
      right += 8;
    }
  }
  store<f64>(totals + 32, loss - log(product));
  store<f64>(totals + 40, <f64>(left >> 3));
  store<f64>(totals + 48, <f64>(right >> 3));
  return -1;
}

/**
 * Areas under the curves of two ascending lists of scores, weights at 0 meaning 1: one walk over the distinct scores from the highest
 * down. out[0] pairs (twice the weight of positive above negative, ties once), [1] ties, [2] trapezoids and [3] steps over the recall
 * (times the weight of the positives, trapezoids twice), [4] and [5] the weight of positives and negatives.
 */
export function areas(positives: usize, np: i32, positiveWeights: usize, negatives: usize, nn: i32, negativeWeights: usize, out: usize): void {
  let pairs: f64 = 0;
  let ties: f64 = 0;
  let trapezoids: f64 = 0;
  let steps: f64 = 0;
  let truePositives: f64 = 0;
  let falsePositives: f64 = 0;
  let lastPrecision: f64 = NaN;
  let i = np - 1;
  let j = nn - 1;
  while (i >= 0 || j >= 0) {
    const threshold = max(i >= 0 ? load<f64>(positives + (<usize>i << 3)) : -Infinity, j >= 0 ? load<f64>(negatives + (<usize>j << 3)) : -Infinity);
    let positive: f64 = 0;
    let negative: f64 = 0;
    for (; i >= 0 && load<f64>(positives + (<usize>i << 3)) == threshold; i--) positive += positiveWeights == 0 ? 1.0 : load<f64>(positiveWeights + (<usize>i << 3));
    for (; j >= 0 && load<f64>(negatives + (<usize>j << 3)) == threshold; j--) negative += negativeWeights == 0 ? 1.0 : load<f64>(negativeWeights + (<usize>j << 3));
    truePositives += positive;
    falsePositives += negative;
    const precision = truePositives / (truePositives + falsePositives);
    if (lastPrecision != lastPrecision) lastPrecision = precision;
    // Positives above this group outrank its negatives; its own positives tie with them.
    pairs += negative * (2 * (truePositives - positive) + positive);
    ties += negative * positive;
    trapezoids += positive * (precision + lastPrecision);
    steps += positive * precision;
    lastPrecision = precision;
  }
  store<f64>(out, pairs);
  store<f64>(out + 8, ties);
  store<f64>(out + 16, trapezoids);
  store<f64>(out + 24, steps);
  store<f64>(out + 32, truePositives);
  store<f64>(out + 40, falsePositives);
}
