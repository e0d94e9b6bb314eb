/** Margins become probabilities, bit for bit as in the kernels. */
import { exp } from "./exp.ts";

/** Of two classes from that of the second. */
export const bothClasses = (p: number): readonly number[] => [1 - p, p];

/** exp(-|z|) never overflows, and a small p keeps its digits. */
export function sigmoid(z: number): number {
  const e = exp(-Math.abs(z));
  const large = 1 / (1 + e);
  return z > 0 ? large : e * large;
}

export function softmax(margins: readonly number[]): readonly number[] {
  const largest = Math.max(...margins);
  const exponentials = margins.map((z) => exp(z - largest));
  const sum = exponentials.reduce((total, e) => total + e, 0);
  return exponentials.map((e) => e / sum);
}
