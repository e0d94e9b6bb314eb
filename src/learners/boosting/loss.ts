/**
 * Losses: first and second derivatives of each row by its margin, the margin to start from, and bounds. From the bounds follow the
 * quanta to which derivatives are rounded, so they must hold for every row, and need not be tight.
 */
import { exp, float64, type Kernels, log } from "../../kernels/kernels.ts";
import type { Facts } from "../trees/bins/labels.ts";
import type { Link } from "../trees/tree.ts";

/** Some rows in kernel memory; line l of several lies `8 * l * stride` bytes on, also in what is written. */
export interface LossRows {
  readonly rows: number;
  readonly stride: number;
  readonly margins: number;
  readonly label: number;
  readonly weight: number;
}

interface Bounds {
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
  /** Leaves and the start are this quantile of the residuals, because the derivatives do not tell them. */
  readonly quantile?: number;
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

/** Huber's: squared up to delta, linear beyond; h is that of the squared part, as LightGBM's. */
export const huber = (delta: number): Loss => ({
  link: "identity",
  constantHessian: true,
  lines: 1,
  start: ({ mean }) => [mean],
  bounds: (margins, labels) => {
    const most = Math.max(margins.high - labels.low, labels.high - margins.low, 0);
    return { g: Math.min(delta, most), h: 1, loss: Math.min((most * most) / 2, delta * most) };
  },
  derivatives: (k, { rows, margins, label, weight }, g, h) => {
    const [f, y, w, gs, hs] = [margins, label, weight, g, h].map((address) => float64(k, address, rows));
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const r = f[i] - y[i];
      const size = Math.abs(r);
      gs[i] = w[i] * (size <= delta ? r : r > 0 ? delta : -delta);
      hs[i] = w[i];
      loss += w[i] * (size <= delta ? (r * r) / 2 : delta * (size - delta / 2));
    }
    return loss;
  },
});

/**
 * Residuals by their size, those of labels above the margin times `above` and the others times `below`: the quantile of share
 * above / (above + below) has the least of it. It has no second derivative, so that every row counts by its weight, as in LightGBM and
 * scikit-learn.
 */
const tilted = (above: number, below: number): Loss => ({
  link: "identity",
  constantHessian: true,
  lines: 1,
  quantile: above / (above + below),
  start: () => [0],
  bounds: (margins, labels) => {
    const most = Math.max(margins.high - labels.low, labels.high - margins.low, 0);
    return { g: Math.max(above, below), h: 1, loss: Math.max(above, below) * most };
  },
  derivatives: (k, { rows, margins, label, weight }, g, h) => {
    const [f, y, w, gs, hs] = [margins, label, weight, g, h].map((address) => float64(k, address, rows));
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const r = f[i] - y[i];
      const slope = r > 0 ? below : -above;
      gs[i] = w[i] * slope;
      hs[i] = w[i];
      loss += w[i] * slope * r;
    }
    return loss;
  },
});

export const absolute: Loss = tilted(1, 1);

export const quantile = (share: number): Loss => ({ ...tilted(share, 1 - share), quantile: share });

/** Deviance of counts: g = exp(F) - y, h = exp(F); of rates of positive amounts: g = 1 - y exp(-F), h = y exp(-F). */
const exponential = (derive: (margin: number, label: number) => readonly [g: number, h: number, loss: number]): Loss => ({
  link: "exp",
  constantHessian: false,
  lines: 1,
  start: ({ mean }) => [log(mean)],
  bounds: (margins, labels) => {
    const corners = [margins.low, margins.high].flatMap((margin) => [labels.low, labels.high].map((label) => derive(margin, label)));
    const most = (place: 0 | 1 | 2): number => Math.max(...corners.map((corner) => Math.abs(corner[place])));
    return { g: most(0), h: most(1), loss: most(2) };
  },
  derivatives: (k, { rows, margins, label, weight }, g, h) => {
    const [f, y, w, gs, hs] = [margins, label, weight, g, h].map((address) => float64(k, address, rows));
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const [first, second, own] = derive(f[i], y[i]);
      gs[i] = w[i] * first;
      hs[i] = w[i] * second;
      loss += w[i] * own;
    }
    return loss;
  },
});

export const poisson: Loss = exponential((margin, label) => {
  const mean = exp(margin);
  return [mean - label, mean, mean - label * margin];
});

export const gamma: Loss = exponential((margin, label) => {
  const ratio = label * exp(-margin);
  return [1 - ratio, ratio, ratio + margin];
});

/** The loss with so many times its second derivatives: steps are as much shorter. */
export const steeper = (loss: Loss, factor: number): Loss => ({
  ...loss,
  bounds: (margins, labels) => {
    const bounds = loss.bounds(margins, labels);
    return { ...bounds, h: factor * bounds.h };
  },
  derivatives: (k, rows, g, h) => {
    const sum = loss.derivatives(k, rows, g, h);
    for (let line = 0; line < loss.lines; line++) {
      const own = float64(k, h + 8 * line * rows.stride, rows.rows);
      for (let i = 0; i < rows.rows; i++) own[i] *= factor;
    }
    return sum;
  },
});
