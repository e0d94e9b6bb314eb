/** Losses by the name under which they travel in an ask. */
import { InputError } from "../../ports/errors.ts";
import type { Candidate } from "../learner.ts";
import type { Facts } from "../trees/bins/labels.ts";
import { conventionOf } from "./convention.ts";
import { absolute, gamma, huber, type Loss, logistic, poisson, quantile, squared, steeper } from "./loss.ts";
import { softmax } from "./softmax.ts";
import type { BoostingParams } from "./state.ts";

const plain: Readonly<Record<string, Loss>> = { squared, absolute, logistic, poisson, gamma };
const withNumber: Readonly<Record<string, (number: number) => Loss>> = { huber, quantile, softmax };

/** Of a candidate. */
export function lossOf({ classes, params }: Candidate<BoostingParams>): string {
  if (classes.length > 0) return classes.length === 2 ? "logistic" : `softmax ${classes.length}`;
  if (!("loss" in params)) return "squared";
  if (params.loss === "huber") return `huber ${params.huberDelta}`;
  return params.loss === "quantile" ? `quantile ${params.quantile}` : params.loss;
}

/** Its loss with the second derivatives of its convention. */
export function derivedBy(candidate: Candidate<BoostingParams>): string {
  const name = lossOf(candidate);
  const { params, classes } = candidate;
  const { softmaxFactor, poissonFactor } = conventionOf(params);
  const factor = classes.length > 2 ? softmaxFactor(classes.length) : name === "poisson" ? poissonFactor : 1;
  return factor === 1 ? name : `${name} * ${factor}`;
}

/** Also with a factor on its second derivatives: `softmax 5 * 1.25`. */
export function lossNamed(text: string): Loss {
  const [name, factor] = text.split(" * ");
  const [kind, number] = name.split(" ");
  const found = number === undefined ? plain[kind] : withNumber[kind]?.(Number(number));
  if (found === undefined) throw new Error(`loss must be one of ${Object.keys({ ...plain, ...withNumber }).join(", ")}, got ${name}`);
  return factor === undefined ? found : steeper(found, Number(factor));
}

/** InputError for labels that the loss cannot have. */
export function checkLabels(name: string, { min, max, mean }: Facts): void {
  if (name === "poisson" && (min < 0 || mean === 0))
    throw new InputError(`labels must be >= 0, and not all 0, for loss poisson, got ${min} to ${max}`);
  if (name === "gamma" && min <= 0) throw new InputError(`labels must be > 0 for loss gamma, got ${min}`);
}
