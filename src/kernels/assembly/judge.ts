/** Predictions of two classes beside the truth: confusion, log-loss and the scores of each class in one pass. */
import { log } from "./log";

/** Spark clips probabilities to [1e-15, 1 - 1e-15], so that one wrong certainty costs 34.5 and not infinity. */
const CLIP: f64 = 1e-15;

/**
 * p are probabilities of class 1, y class indices, w weights (0: every row weighs 1). Adds to totals[0..3] the weight by 2 * true class +
 * predicted class and to totals[4] the log-loss where wanted, and sets totals[5] and [6] to the scores kept of class 1 and class 0.
 * These go to positives and negatives with their weights (where w is not 0), rows of weight 0 left out; each list has room for n + 1. Answers the first row whose
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
    const cell = totals + (<usize>isPositive << 4) + (<usize>(probability > threshold) << 3);
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
    // Into both lists, of which one goes on: a branch on the truth would be guessed wrong for most rows of the rarer class.
    store<f64>(positives + left, probability);
    store<f64>(negatives + right, probability);
    if (w != 0) {
      store<f64>(positiveWeights + left, weight);
      store<f64>(negativeWeights + right, weight);
    }
    left += <usize>isPositive << 3;
    right += <usize>!isPositive << 3;
  }
  store<f64>(totals + 32, loss - log(product));
  store<f64>(totals + 40, <f64>(left >> 3));
  store<f64>(totals + 48, <f64>(right >> 3));
  return -1;
}

/** Where a walk over the scores from the highest down is: what has passed, the areas so far, and the points of the curve. */
let pairs: f64;
let ties: f64;
let trapezoids: f64;
let steps: f64;
let truePositives: f64;
let falsePositives: f64;
let lastPrecision: f64;
let points: usize;
let spacing: f64;
let perPositive: f64;
let perNegative: f64;
let kept: f64;

/**
 * Begins a walk over so much weight of each class. Points go to `to` (0: none are wanted) where the two rates have risen by `apart` or more
 * since the last one: threshold, true and false positives, three float64 each.
 */
function begin(to: usize, apart: f64, allPositives: f64, allNegatives: f64): void {
  pairs = 0;
  ties = 0;
  trapezoids = 0;
  steps = 0;
  truePositives = 0;
  falsePositives = 0;
  lastPrecision = NaN;
  points = to;
  spacing = apart;
  perPositive = allPositives == 0 ? 1 : allPositives;
  perNegative = allNegatives == 0 ? 1 : allNegatives;
  kept = -Infinity;
}

/** Rows of equal score pass together. */
// @ts-ignore: decorator
@inline
function pass(positive: f64, negative: f64, threshold: f64): void {
  // Positives above this group outrank its negatives; its own positives tie with them.
  pairs += negative * (2 * truePositives + positive);
  ties += negative * positive;
  truePositives += positive;
  falsePositives += negative;
  const precision = truePositives / (truePositives + falsePositives);
  if (lastPrecision != lastPrecision) lastPrecision = precision;
  trapezoids += positive * (precision + lastPrecision);
  steps += positive * precision;
  lastPrecision = precision;
  if (points == 0) return;
  const along = truePositives / perPositive + falsePositives / perNegative;
  if (along - kept >= spacing) keepPoint(threshold, along);
}

function keepPoint(threshold: f64, along: f64): void {
  kept = along;
  store<f64>(points, threshold);
  store<f64>(points, truePositives, 8);
  store<f64>(points, falsePositives, 16);
  points += 24;
}

/**
 * out[0] pairs (twice the weight of positive above negative, ties once), [1] ties, [2] trapezoids and [3] steps over the recall (times
 * the weight of the positives, trapezoids twice), [4] and [5] the weight of positives and negatives. Answers where the points end.
 */
function end(out: usize, threshold: f64): usize {
  store<f64>(out, pairs);
  store<f64>(out, ties, 8);
  store<f64>(out, trapezoids, 16);
  store<f64>(out, steps, 24);
  store<f64>(out, truePositives, 32);
  store<f64>(out, falsePositives, 40);
  // The last point is always there.
  const along = truePositives / perPositive + falsePositives / perNegative;
  if (points != 0 && along > kept && truePositives + falsePositives > 0) keepPoint(threshold, along);
  return points;
}

/** From the last one down, as the walk adds up. */
function totalOf(weights: usize, n: i32): f64 {
  if (weights == 0) return <f64>n;
  let total: f64 = 0;
  for (let i = n - 1; i >= 0; i--) total += load<f64>(weights + (<usize>i << 3));
  return total;
}

/** One walk over the distinct scores of two ascending lists, weights at 0 meaning 1. */
export function areas(
  positives: usize, np: i32, positiveWeights: usize, negatives: usize, nn: i32, negativeWeights: usize,
  out: usize, to: usize, apart: f64,
): usize {
  begin(to, apart, totalOf(positiveWeights, np), totalOf(negativeWeights, nn));
  let i = np - 1;
  let j = nn - 1;
  let threshold: f64 = 0;
  while (i >= 0 || j >= 0) {
    threshold = max(i >= 0 ? load<f64>(positives + (<usize>i << 3)) : -Infinity, j >= 0 ? load<f64>(negatives + (<usize>j << 3)) : -Infinity);
    let positive: f64 = 0;
    let negative: f64 = 0;
    for (; i >= 0 && load<f64>(positives + (<usize>i << 3)) == threshold; i--) positive += positiveWeights == 0 ? 1.0 : load<f64>(positiveWeights + (<usize>i << 3));
    for (; j >= 0 && load<f64>(negatives + (<usize>j << 3)) == threshold; j--) negative += negativeWeights == 0 ? 1.0 : load<f64>(negativeWeights + (<usize>j << 3));
    pass(positive, negative, threshold);
  }
  return end(out, threshold);
}

/** The same over the bins of two classes, `bins` weights each; a point's threshold is the number of its bin. */
export function binAreas(positives: usize, negatives: usize, bins: i32, out: usize, to: usize, apart: f64): usize {
  begin(to, apart, totalOf(positives, bins), totalOf(negatives, bins));
  let last: f64 = 0;
  for (let bin = bins - 1; bin >= 0; bin--) {
    const positive = load<f64>(positives + (<usize>bin << 3));
    const negative = load<f64>(negatives + (<usize>bin << 3));
    if (positive == 0 && negative == 0) continue;
    last = <f64>bin;
    pass(positive, negative, last);
  }
  return end(out, last);
}
