/** The published form of a logistic regression: coefficients of the view's columns and of the dataset's. */
import { inView, type SourceLine } from "../encoding.ts";
import type { LogisticState } from "./logistic-regression.ts";
import type { Scaling } from "./scaling.ts";

export interface LogisticModel {
  readonly learner: "logisticRegression";
  readonly columns: readonly string[];
  readonly classes: readonly string[];
  /** One line for the margin of the second of two classes, else one a class; of the columns of the view. */
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
  /** The same in the units of the dataset's columns. */
  readonly source: readonly SourceLine[];
  /** Class 1 is predicted where its probability is above this. */
  readonly threshold: number;
  /** Of source coefficients, the intercept last where there is one; null for constant columns. Null with a penalty or several classes. */
  readonly standardErrors: readonly (number | null)[] | null;
  readonly rows: number;
  readonly rounds: number;
  readonly sampleRounds: number;
  /** Objective of knowing class shares only, at each point accepted over all rows, and at the end. */
  readonly priorLoss: number;
  readonly losses: readonly number[];
  readonly loss: number;
  readonly warnings: readonly string[];
}

export function modelOf(state: LogisticState): LogisticModel {
  const { candidate, scaling, result } = state;
  // A run that its limits end early publishes the best point so far.
  const best = result ?? state.descent?.base ?? null;
  if (scaling === null || best === null) throw new Error("a model must come after the first rounds, got none");
  const { view, classes, params } = candidate;
  const lines = sourceLines(centred(best.at, scaling, params.regParam === 0), scaling, view.columns.length);
  const inViewUnits = lines.map((line) => inView(view, line));
  return {
    learner: "logisticRegression",
    columns: view.columns.map(({ name }) => name),
    classes,
    coefficients: inViewUnits.map(({ coefficients }) => coefficients),
    intercepts: inViewUnits.map(({ intercept }) => intercept),
    source: lines,
    threshold: params.threshold,
    standardErrors: state.covariance === null ? null : standardErrors(state.covariance, scaling, view.columns.length),
    rows: scaling.rows,
    rounds: state.rounds,
    sampleRounds: state.sampleRounds,
    priorLoss: scaling.priorLoss,
    losses: state.losses,
    loss: best.value,
    warnings: result === null ? [...state.warnings, `did not converge after ${state.iterations} rounds over all rows`] : state.warnings,
  };
}

/** Of several classes the intercepts sum to 0, and without a penalty each column's coefficients, as Spark has them: the rest is free. */
function centred(at: Float64Array, { lines, kept, fitIntercept }: Scaling, unpenalised: boolean): Float64Array {
  if (lines === 1) return at;
  const n = kept.length + 1;
  const result = at.slice();
  for (let j = 0; j < n; j++) {
    if (j === n - 1 ? !fitIntercept : !unpenalised) continue;
    let mean = 0;
    for (let line = 0; line < lines; line++) mean += at[line * n + j] / lines;
    for (let line = 0; line < lines; line++) result[line * n + j] -= mean;
  }
  return result;
}

function sourceLines(at: Float64Array, { lines, kept, centre, deviation, fitIntercept }: Scaling, columns: number): SourceLine[] {
  const d = kept.length;
  const own = (line: number): SourceLine => {
    const coefficients = new Array<number>(columns).fill(0);
    let intercept = at[line * (d + 1) + d];
    kept.forEach((j, i) => {
      coefficients[j] = at[line * (d + 1) + i] / deviation[i] + 0;
      intercept -= coefficients[j] * centre[i];
    });
    return { coefficients, intercept: intercept + 0 };
  };
  const found = Array.from({ length: lines }, (_, line) => own(line));
  if (lines === 1 || !fitIntercept) return found;
  const mean = found.reduce((sum, { intercept }) => sum + intercept, 0) / lines;
  return found.map((line) => ({ ...line, intercept: line.intercept - mean }));
}

/** Of a linear map of the coordinates: c_j = u_j / deviation_j, intercept = b - sum c_j centre_j. */
function standardErrors(covariance: Float64Array, { kept, centre, deviation, fitIntercept }: Scaling, columns: number): (number | null)[] {
  const n = kept.length + 1;
  const errors = new Array<number | null>(columns).fill(null);
  kept.forEach((j, i) => {
    errors[j] = Math.sqrt(covariance[i * n + i]) / deviation[i];
  });
  if (!fitIntercept) return errors;
  const u = [...kept.map((_, i) => -centre[i] / deviation[i]), 1];
  let variance = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) variance += u[i] * covariance[i * n + j] * u[j];
  return [...errors, Math.sqrt(variance)];
}
