/** Sums over the rows of a regression, from which its metrics follow. */

/** Weighted mean and sum of squared deviations from it. */
interface Spread {
  mean: number;
  squares: number;
}

export interface Residuals {
  /** Sum of the row weights w. */
  weight: number;
  /** Sums of w e², w |e| with e = label - prediction. */
  squared: number;
  absolute: number;
  /** Sum of w |label - b| for the constant prediction b that the model is judged beside. */
  baselineAbsolute: number;
  readonly label: Spread;
  readonly prediction: Spread;
  readonly error: Spread;
}

export const emptyResiduals = (): Residuals => ({
  weight: 0,
  squared: 0,
  absolute: 0,
  baselineAbsolute: 0,
  label: { mean: 0, squares: 0 },
  prediction: { mean: 0, squares: 0 },
  error: { mean: 0, squares: 0 },
});

/** Adds a block of rows. Weights are >= 0, and a row of weight 0 changes nothing. */
export function addResiduals(
  into: Residuals,
  predictions: Float64Array,
  labels: Float64Array,
  weights: Float64Array,
  baseline: number,
): void {
  // Numbers of their own: V8 writes those of an object to memory row by row.
  let [weight, squared, absolute, baselineAbsolute] = [0, 0, 0, 0];
  // Summed from a label, so that labels that are all the same have exactly this mean, whatever their weights.
  const origin = labels[weights.findIndex((w) => w > 0)] ?? 0;
  let labelSum = 0;
  let predictionSum = 0;
  let errorSum = 0;
  for (let i = 0; i < labels.length; i++) {
    const w = weights[i];
    const error = labels[i] - predictions[i];
    weight += w;
    squared += w * error * error;
    absolute += w * Math.abs(error);
    baselineAbsolute += w * Math.abs(labels[i] - baseline);
    labelSum += w * (labels[i] - origin);
    predictionSum += w * predictions[i];
    errorSum += w * error;
  }
  const label = spreadOf(labels, weights, origin + labelSum / weight);
  const prediction = spreadOf(predictions, weights, predictionSum / weight);
  const error = spreadOfErrors(labels, predictions, weights, errorSum / weight);
  mergeResiduals(into, { weight, squared, absolute, baselineAbsolute, label, prediction, error });
}

function spreadOfErrors(labels: Float64Array, predictions: Float64Array, weights: Float64Array, mean: number): Spread {
  let squares = 0;
  for (let i = 0; i < labels.length; i++) squares += weights[i] * square(labels[i] - predictions[i] - mean);
  return { mean, squares };
}

function spreadOf(values: Float64Array, weights: Float64Array, mean: number): Spread {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += weights[i] * square(values[i] - mean);
  return { mean, squares };
}

/** Without weight the means of `other` are 0 / 0 and count for nothing. */
export function mergeResiduals(into: Residuals, other: Residuals): void {
  if (other.weight === 0) return;
  mergeSpread(into.label, into.weight, other.label, other.weight);
  mergeSpread(into.prediction, into.weight, other.prediction, other.weight);
  mergeSpread(into.error, into.weight, other.error, other.weight);
  into.weight += other.weight;
  into.squared += other.squared;
  into.absolute += other.absolute;
  into.baselineAbsolute += other.baselineAbsolute;
}

/**
 * With d = mean_b - mean_a: mean = mean_a + d W_b / W, S = S_a + S_b + d² W_a W_b / W. Chan, Golub and LeVeque (1979), equations
 * 2.1, weighted.
 */
function mergeSpread(into: Spread, intoWeight: number, other: Spread, otherWeight: number): void {
  const weight = intoWeight + otherWeight;
  const difference = other.mean - into.mean;
  into.mean += difference * (otherWeight / weight);
  into.squares += other.squares + difference * difference * intoWeight * (otherWeight / weight);
}

const square = (x: number): number => x * x;
