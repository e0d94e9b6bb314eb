/** What a round's answer makes of a candidate: go on, move from the sample to all rows, or stop, and why. */
import { log } from "../../kernels/kernels.ts";
import { factorise, inverse } from "../../kernels/linear-algebra.ts";
import { NumericError } from "../../ports/errors.ts";
import type { Turn } from "../learner.ts";
import { type Base, type Descent, type Move, move, startDescent } from "./descent.ts";
import type { LogisticState } from "./logistic-regression.ts";
import type { LossSums } from "./loss.ts";
import { type Direction, gapHere } from "./newton.ts";
import { type Measured, measure } from "./objective.ts";
import type { Scaling } from "./scaling.ts";

const MAX_SAMPLE_ROUNDS = 15;
/** Steps in a row whose decrements shrink as those of coefficients on their way to infinity do, by e^-1 each. */
const DIVERGING_STEPS = 5;

export function afterRound(state: LogisticState, sums: LossSums): Turn<LogisticState> {
  const { scaling, descent } = state;
  if (scaling === null || descent === null) throw new Error("a descent must have begun, got none");
  if (sums.weight === 0) return onAllRows(state, startDescent(startOf(scaling)));
  const measured = measure(sums, descent.trial, scaling);
  if (descent.base === null && !Number.isFinite(measured.value)) {
    throw new NumericError(`the loss must be finite at the start, got ${measured.value}; are there infinite values in the data?`);
  }
  return state.phase === "sample" ? afterSample(state, measured) : afterScan(state, measured);
}

/** Class shares only. */
function startOf({ prior, kept, lines }: Scaling): Float64Array {
  const at = new Float64Array(lines * (kept.length + 1));
  prior.forEach((intercept, line) => {
    at[(line + 1) * (kept.length + 1) - 1] = intercept;
  });
  return at;
}

function hasNoColumn(at: Float64Array, { kept }: Scaling): boolean {
  const n = kept.length + 1;
  return at.every((value, i) => value === 0 || i % n === n - 1);
}

function afterSample(state: LogisticState, measured: Measured): Turn<LogisticState> {
  const { scaling, descent } = active(state);
  const sampleRounds = state.sampleRounds + 1;
  const next = { ...state, sampleRounds };
  const made = move(descent, measured, scaling);
  if (made.kind === "stalled") return onAllRows(next, startDescent(made.base.at));
  if (made.kind === "accepted") {
    // The sample's optimum is itself about coordinates / (2 rows) above that of all rows (Wilks); a hundredth of it is as good as none.
    const noise = made.base.at.length / (2 * measured.rows);
    if (made.base.decrement / 2 <= 0.01 * noise) {
      const { curvature, weight } = measured;
      const sampled = curvature === null ? null : { at: made.base.at, curvature, weight };
      // Without columns the class shares of all rows are the optimum, and those of the sample are not.
      const trial = hasNoColumn(made.descent.trial, scaling) ? startOf(scaling) : made.descent.trial;
      return onAllRows(next, startDescent(trial, made.descent.memory, sampled));
    }
  }
  if (sampleRounds === MAX_SAMPLE_ROUNDS)
    return onAllRows(next, startDescent(made.kind === "accepted" ? made.base.at : (descent.base?.at ?? descent.trial)));
  return { state: { ...next, descent: made.descent }, done: false };
}

function onAllRows(state: LogisticState, descent: Descent): Turn<LogisticState> {
  return { state: { ...state, phase: "full", descent }, done: false };
}

function afterScan(state: LogisticState, measured: Measured): Turn<LogisticState> {
  const { scaling, descent } = active(state);
  const iterations = state.iterations + 1;
  const fromSample = state.sampleRounds > 0 && descent.base === null && state.iterations === 0;
  if (fromSample && !(measured.value < scaling.priorLoss) && !hasNoColumn(descent.trial, scaling)) {
    return { state: { ...state, iterations, descent: startDescent(startOf(scaling)) }, done: false };
  }
  const made = move(descent, measured, scaling);
  const next = { ...state, iterations };
  if (made.kind === "stalled") return stalled(next, made.base);
  if (made.kind === "accepted") return accepted(next, made, measured, descent);
  if (iterations >= state.candidate.params.maxIter && descent.base !== null)
    return finished(next, descent.base.at, descent.base.value, [tooLong(iterations)]);
  return { state: { ...next, descent: made.descent }, done: false };
}

function accepted(
  state: LogisticState,
  { base, direction, descent, improvement }: Extract<Move, { kind: "accepted" }>,
  measured: Measured,
  { sampled }: Descent,
): Turn<LogisticState> {
  const { scaling } = active(state);
  const { params } = state.candidate;
  const target = 1e-4 * params.tol * scaling.priorLoss;
  const decrements = [...state.decrements, base.decrement].slice(-DIVERGING_STEPS - 1);
  const next = { ...state, descent, decrements, losses: [...state.losses, base.value] };
  const notes =
    measured.curvature !== null && direction.flat && scaling.present.length === state.candidate.classes.length
      ? ["columns are collinear: of all best fits this is the one with the smallest standardised coefficients"]
      : [];
  if (params.regParam === 0 && base.value < log(2) * scaling.leastShare)
    return finished(next, base.at, base.value, [separated(state.iterations)]);
  if (sampled !== null && params.regParam > 0) {
    const moved = base.at.map((value, i) => value - sampled.at[i]);
    if (gapHere(direction, sampled.weight / measured.weight, moved, scaling) <= target) return finished(next, base.at, base.value, []);
  }
  if (isNear(direction, measured, improvement, target)) return converged(next, base, direction, measured, notes);
  if (params.regParam === 0 && isDiverging(decrements)) return finished(next, base.at, base.value, [separated(state.iterations)]);
  if (state.iterations >= params.maxIter) return finished(next, base.at, base.value, [...notes, tooLong(state.iterations)]);
  return { state: next, done: false, loss: base.value };
}

/** Newton's bound holds after the step; a quasi-Newton estimate must agree with what the last step gained. */
function isNear({ gapAfter, decrement }: Direction, { curvature }: Measured, improvement: number, target: number): boolean {
  if (curvature !== null) return gapAfter <= target;
  return decrement <= target && improvement <= 10 * target;
}

function converged(
  state: LogisticState,
  base: Base,
  direction: Direction,
  measured: Measured,
  notes: readonly string[],
): Turn<LogisticState> {
  const last = base.at.map((value, i) => value + direction.step[i]);
  const value = base.value + direction.slope + direction.decrement / 2;
  const { scaling } = active(state);
  const plain = state.candidate.params.regParam === 0 && scaling.lines === 1 && scaling.classFactors === null && !direction.flat;
  const covariance = plain && measured.curvature !== null ? covarianceOf(measured.curvature, last.length, measured.weight) : null;
  return finished({ ...state, covariance }, last, value, notes);
}

/** Inverse of the observed information. */
function covarianceOf(curvature: Float64Array, size: number, weight: number): Float64Array {
  return inverse(factorise(curvature, size)).map((value) => value / weight);
}

function stalled(state: LogisticState, base: Base): Turn<LogisticState> {
  const negligible = Math.abs(base.slope) <= 1e-10 * Math.abs(base.value);
  return finished(state, base.at, base.value, negligible ? [] : [tooLong(state.iterations)]);
}

function isDiverging(decrements: readonly number[]): boolean {
  if (decrements.length <= DIVERGING_STEPS) return false;
  return decrements.slice(1).every((decrement, i) => decrement > 0.2 * decrements[i] && decrement < 0.6 * decrements[i]);
}

const tooLong = (rounds: number): string => `did not converge after ${rounds} rounds over all rows`;
const separated = (rounds: number): string =>
  `did not converge after ${rounds} rounds over all rows: the columns separate the classes, so the coefficients grow without bound; use regParam > 0`;

function finished(state: LogisticState, at: Float64Array, value: number, warnings: readonly string[]): Turn<LogisticState> {
  return { state: { ...state, result: { at, value }, descent: null, warnings: [...state.warnings, ...warnings] }, done: true, loss: value };
}

function active({ scaling, descent }: LogisticState): { scaling: Scaling; descent: NonNullable<LogisticState["descent"]> } {
  if (scaling === null || descent === null) throw new Error("a descent must have begun, got none");
  return { scaling, descent };
}
