/** More than two classes: a margin for each, whose softmax is the probability; g = p - [y = k], h = p (1 - p), as scikit-learn. */
import { float64, log } from "../../kernels/kernels.ts";
import type { Loss } from "./loss.ts";

/** Weight share of a class without rows: the model still gives it a finite margin. */
const LEAST_SHARE = 1e-12;

export function softmax(classes: number): Loss {
  return {
    link: "softmax",
    constantHessian: false,
    lines: classes,
    start: (facts) => Array.from(facts.classes, (weight) => log(Math.max(weight / facts.weight, LEAST_SHARE))),
    bounds: ({ low, high }) => ({ g: 1, h: 0.25, loss: high - low + log(classes) + 1 }),
    derivatives: (k, { rows, stride, margins, label, weight }, g, h) => {
      const loss = k.softmax(margins, stride, rows, classes, label, weight, g);
      const w = float64(k, weight, rows);
      for (let line = 0; line < classes; line++) {
        const p = float64(k, margins + 8 * line * stride, rows);
        const own = float64(k, h + 8 * line * stride, rows);
        for (let i = 0; i < rows; i++) own[i] = w[i] * p[i] * (1 - p[i]);
      }
      return loss;
    },
  };
}
