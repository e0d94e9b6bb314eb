/** Losses by the name under which they travel in an ask. */
import type { Candidate } from "../learner.ts";
import { type Loss, logistic, squared } from "./loss.ts";
import { softmax } from "./softmax.ts";

const known: Readonly<Record<string, Loss>> = { squared, logistic };

/** Of a candidate. */
export function lossOf({ classes }: Candidate<unknown>): string {
  if (classes.length === 0) return "squared";
  return classes.length === 2 ? "logistic" : `softmax ${classes.length}`;
}

export function lossNamed(name: string): Loss {
  if (name.startsWith("softmax ")) return softmax(Number(name.slice("softmax ".length)));
  if (!Object.hasOwn(known, name)) throw new Error(`loss must be one of ${Object.keys(known).join(", ")}, got ${name}`);
  return known[name];
}
