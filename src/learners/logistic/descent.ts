/** One descent: a trial point goes out with a round, and what comes back makes the next one. A line search costs a round a try. */
import { type Direction, newtonDirection } from "./newton.ts";
import type { Measured } from "./objective.ts";
import { emptyMemory, inOrthant, type Memory, quasiNewtonDirection, remember } from "./quasi-newton.ts";
import type { Scaling } from "./scaling.ts";

/** The best point so far and the direction being tried from it. */
export interface Base {
  readonly at: Float64Array;
  readonly value: number;
  readonly step: Float64Array;
  readonly slope: number;
  readonly decrement: number;
  readonly length: number;
  readonly tries: number;
  readonly gradient: Float64Array;
  /** The step is of a sample's curvature. */
  readonly borrowed: boolean;
}

/** Curvature of the objective of a sample, and where. */
export interface Sampled {
  readonly at: Float64Array;
  readonly curvature: Float64Array;
  /** Weight of the sample's rows. */
  readonly weight: number;
}

export interface Descent {
  readonly trial: Float64Array;
  /** Null before the first point is measured. */
  readonly base: Base | null;
  readonly memory: Memory;
  /** Where there is one, the next round asks for the gradient only and steps by this. */
  readonly sampled: Sampled | null;
}

export type Move =
  /** The trial became the base; `direction` leads to the next trial. */
  | {
      readonly kind: "accepted";
      readonly descent: Descent;
      readonly base: Base;
      readonly direction: Direction;
      readonly improvement: number;
    }
  | { readonly kind: "rejected"; readonly descent: Descent }
  /** No shorter step helps: the base is as good as float64 tells. */
  | { readonly kind: "stalled"; readonly base: Base };

/** Armijo's share of the expected decrease (Nocedal & Wright, eq. 3.4). */
const SUFFICIENT = 1e-4;
const MAX_TRIES = 25;
/** Rounding of a sum of losses, relative: differences below say nothing. */
const NOISE = 1e-13;

export const startDescent = (trial: Float64Array, memory: Memory = emptyMemory, sampled: Sampled | null = null): Descent => ({
  trial,
  base: null,
  memory,
  sampled,
});

export function move({ trial, base, memory, sampled }: Descent, measured: Measured, scaling: Scaling): Move {
  if (base !== null && !(measured.value <= base.value + SUFFICIENT * base.length * base.slope + NOISE * Math.abs(base.value))) {
    // A sample unlike the rest says nothing more: the base is measured again, with the curvature of all rows.
    if (base.borrowed) return { kind: "rejected", descent: startDescent(base.at) };
    return base.tries === MAX_TRIES
      ? { kind: "stalled", base }
      : { kind: "rejected", descent: { ...shorter(base, measured.value, measured, scaling), memory, sampled: null } };
  }
  const learned = base === null ? memory : remember(memory, difference(trial, base.at), difference(measured.gradient, base.gradient));
  const curvature = measured.curvature ?? sampled?.curvature ?? null;
  const direction =
    curvature === null
      ? quasiNewtonDirection(measured, trial, learned, scaling)
      : newtonDirection({ gradient: measured.gradient, curvature }, trial, scaling);
  // Nothing is known of the scale before the first step of a quasi-Newton method; columns have unit deviation, so a unit step is long enough.
  const length = curvature === null && learned.steps.length === 0 ? Math.min(1, 1 / Math.sqrt(Math.max(direction.decrement, 1e-300))) : 1;
  const { step, slope, decrement } = direction;
  const borrowed = measured.curvature === null && sampled !== null;
  const next = { at: trial, value: measured.value, step, slope, decrement, length, tries: 0, gradient: measured.gradient, borrowed };
  const descent = { trial: along(next, curvature === null, scaling), base: next, memory: learned, sampled: null };
  return {
    kind: "accepted",
    descent,
    base: next,
    direction,
    improvement: base === null ? Number.POSITIVE_INFINITY : base.value - measured.value,
  };
}

/** The least of the parabola through value and slope at the base and the value at the trial, kept between a tenth and a half of the length. */
function shorter(base: Base, value: number, { curvature }: Measured, scaling: Scaling): { trial: Float64Array; base: Base } {
  const { length, slope } = base;
  const least = (-slope * length * length) / (2 * (value - base.value - slope * length));
  const next = {
    ...base,
    length: Number.isFinite(least) ? Math.min(0.5 * length, Math.max(0.1 * length, least)) : 0.1 * length,
    tries: base.tries + 1,
  };
  return { trial: along(next, curvature === null, scaling), base: next };
}

function along({ at, step, length }: Base, orthant: boolean, scaling: Scaling): Float64Array {
  const trial = at.map((value, i) => value + length * step[i]);
  return orthant ? inOrthant(trial, at, step, scaling) : trial;
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]);
