/**
 * Losses: first and second derivatives of each row by its margin, the margin to start from, and bounds. From the bounds follow the
 * quanta to which derivatives are rounded, so they must hold for every row, and need not be tight.
 */
import { float64, type Kernels, log } from "../../kernels/kernels.ts";
import type { Facts } from "../trees/labels.ts";
import type { Link } from "../trees/tree.ts";

/** Some rows in kernel memory; line l of several lies `8 * l * stride` bytes on, also in what is written. */
export interface LossRows {
  readonly rows: number;
  readonly stride: number;
  readonly margins: number;
  readonly label: number;
  readonly weight: number;
}

export interface Bounds {
  readonly g: number;
  readonly h: number;
  readonly loss: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Loss {
  readonly link: Link;
  /** The second derivative is the weight. */
  readonly constantHessian: boolean;
  readonly lines: number;
  start(facts: Facts): readonly number[];
  /** Of a row of weight 1 whose margins and label are in these ranges. */
  bounds(margins: Range, labels: Range): Bounds;
  /** Writes both derivatives, weight included; answers the sum of weight * loss. */
  derivatives(k: Kernels, rows: LossRows, g: number, h: number): number;
}

export const squared: Loss = {
  link: "identity",
  constantHessian: true,
  lines: 1,
  start: ({ mean }) => [mean],
  bounds: (margins, labels) => {
    const most = Math.max(margins.high - labels.low, labels.high - margins.low, 0);
    return { g: most, h: 1, loss: (most * most) / 2 };
  },
  derivatives: (k, { rows, margins, label, weight }, g, h) => {
    const [f, y, w, gs, hs] = [margins, label, weight, g, h].map((address) => float64(k, address, rows));
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const r = f[i] - y[i];
      gs[i] = w[i] * r;
      hs[i] = w[i];
      loss += (w[i] * r * r) / 2;
    }
    return loss;
  },
};

export const logistic: Loss = {
  link: "logistic",
  constantHessian: false,
  lines: 1,
  start: ({ mean }) => [log(mean) - log(1 - mean)],
  bounds: ({ low, high }) => ({ g: 1, h: 0.25, loss: Math.max(-low, high, 0) + 1 }),
  derivatives: (k, { rows, margins, label, weight }, g, h) => k.logistic(margins, label, weight, rows, g, h),
};
