/** Factors on the weight of the rows of a class, as `classWeight` asks. */
import { InputError } from "../ports/errors.ts";

export type ClassWeight = "balanced" | Readonly<Record<string, number>> | undefined;

/**
 * By class; null where nothing is asked. `weights` is the weight of each class in training. InputError for a name that is no class, and
 * for factors that leave no row any weight.
 */
export function classFactors(classWeight: ClassWeight, classes: readonly string[], weights: Float64Array): number[] | null {
  if (classWeight === undefined) return null;
  if (classWeight === "balanced") {
    const present = weights.filter((weight) => weight > 0);
    const total = present.reduce((sum, weight) => sum + weight, 0);
    return [...weights].map((weight) => (weight > 0 ? total / (present.length * weight) : 0));
  }
  for (const name of Object.keys(classWeight)) {
    if (!classes.includes(name))
      throw new InputError(`params.classWeight must name classes of the label (${classes.slice(0, 10).join(", ")}), got ${name}`);
  }
  const factors = classes.map((name) => (Object.hasOwn(classWeight, name) ? classWeight[name] : 1));
  const present = classes.filter((_, k) => weights[k] > 0);
  if (present.length > 0 && !factors.some((factor, k) => factor * weights[k] > 0))
    throw new InputError(
      `params.classWeight must be > 0 for a class of the training rows, got 0 for all that they have (${present.slice(0, 10).join(", ")})`,
    );
  return factors;
}
