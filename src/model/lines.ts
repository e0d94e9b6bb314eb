/** Linear models: a value, or the probability of each class. */
import { InputError } from "../ports/errors.ts";
import type { ModelJson } from "./format.ts";
import { bothClasses, sigmoid, softmax } from "./probabilities.ts";

/** Linear functions of the encoded columns: one, or one for each class. */
interface Lines {
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

/** The value of a regression, or the probability of each class, from the encoded columns of a row. */
export type Scores = (encoded: readonly number[]) => readonly number[];

export function lineScores(model: ModelJson): Scores {
  const { coefficients, intercepts } = linesOf(model);
  const margins = (encoded: readonly number[]) => coefficients.map((weights, k) => margin(encoded, weights, intercepts[k]));
  if (model.task === "regression") return margins;
  return coefficients.length === 1 ? (encoded) => bothClasses(sigmoid(margins(encoded)[0])) : (encoded) => softmax(margins(encoded));
}

function linesOf({ learner, model, view }: ModelJson): Lines {
  const own = model as { coefficients: readonly number[]; intercept: number } & {
    coefficients: Lines["coefficients"];
    intercepts: readonly number[];
  };
  const lines: Lines = learner === "linearRegression" ? { coefficients: [own.coefficients], intercepts: [own.intercept] } : own;
  const wrong = lines.coefficients.find(({ length }) => length !== view.columns.length);
  if (wrong !== undefined)
    throw new InputError(`model must have a coefficient for each of its ${view.columns.length} columns, got ${wrong.length}`);
  return lines;
}

/** b + sum_j x_j w_j, added in the order of j. */
function margin(encoded: readonly number[], weights: readonly number[], intercept: number): number {
  let sum = intercept;
  for (let j = 0; j < encoded.length; j++) sum += encoded[j] * weights[j];
  return sum;
}
