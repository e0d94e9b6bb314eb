/** Factors on the weight of the rows of a class, as `classWeight` asks. */
import { InputError } from "../ports/errors.ts";

export type ClassWeight = "balanced" | Readonly<Record<string, number>> | undefined;

/** By class; null where nothing is asked. `weights` is the weight of each class in training. InputError for a name that is no class. */
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
  return classes.map((name) => classWeight[name] ?? 1);
}
