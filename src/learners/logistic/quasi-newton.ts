/**
 * Directions without curvature: L-BFGS (Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithm 7.4), with an L1 part OWL-QN
 * (Andrew & Gao, "Scalable training of L1-regularized log-linear models", ICML 2007).
 */
import type { Direction } from "./newton.ts";
import { l1Weights, type Measured } from "./objective.ts";
import type { Scaling } from "./scaling.ts";

/** Spark's and Breeze's. */
const MEMORY = 10;

/** Steps and the changes of the gradient along them, oldest first. */
export interface Memory {
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
}

export const emptyMemory: Memory = { steps: [], changes: [] };

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Remembers a step, unless the curvature along it is not safely positive. */
export function remember(memory: Memory, step: Float64Array, change: Float64Array): Memory {
  const curvature = dot(step, change);
  if (!(curvature > 1e-12 * dot(change, change))) return memory;
  return { steps: [...memory.steps, step].slice(-MEMORY), changes: [...memory.changes, change].slice(-MEMORY) };
}

export function quasiNewtonDirection({ gradient }: Measured, at: Float64Array, memory: Memory, scaling: Scaling): Direction {
  const l1 = l1Weights(scaling);
  const steepest = l1.some((weight) => weight > 0) ? pseudoGradient(gradient, at, l1) : gradient;
  const bent = twoLoops(steepest, memory);
  // OWL-QN, eq. 5: what would leave the orthant of steepest descent stays. Coordinates away from zero have no orthant to leave, and
  // keeping theirs saves many rounds; only where the direction then does not descend, all are held to it.
  const free = bent.map((value, i) => (l1[i] > 0 && at[i] === 0 && value * steepest[i] >= 0 ? 0 : value));
  const step = dot(steepest, free) < 0 ? free : bent.map((value, i) => (value * steepest[i] >= 0 ? 0 : value));
  const slope = dot(steepest, step);
  return { step, slope, decrement: -slope, gapAfter: Number.POSITIVE_INFINITY, flat: false };
}

/** OWL-QN, eq. 4: the gradient of least size among those that the kinks allow. */
function pseudoGradient(gradient: Float64Array, at: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((value, i) => {
    if (at[i] > 0) return value + l1[i];
    if (at[i] < 0) return value - l1[i];
    return Math.sign(value) * Math.max(0, Math.abs(value) - l1[i]);
  });
}

function twoLoops(gradient: Float64Array, { steps, changes }: Memory): Float64Array {
  const q = gradient.map((value) => -value);
  const shares: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] -= shares[k] * changes[k][i];
  }
  const last = steps.length - 1;
  const scale = last < 0 ? 1 : dot(steps[last], changes[last]) / dot(changes[last], changes[last]);
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  for (let k = 0; k <= last; k++) {
    const share = dot(changes[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] += (shares[k] - share) * steps[k][i];
  }
  return q;
}

/** OWL-QN, eq. 6: a coordinate that would cross zero stops there; at zero its sign is that of descent. */
export function inOrthant(trial: Float64Array, at: Float64Array, step: Float64Array, scaling: Scaling): Float64Array {
  const l1 = l1Weights(scaling);
  return trial.map((value, i) => {
    if (l1[i] === 0) return value;
    const sign = at[i] === 0 ? Math.sign(step[i]) : Math.sign(at[i]);
    return Math.sign(value) === sign ? value : 0;
  });
}
