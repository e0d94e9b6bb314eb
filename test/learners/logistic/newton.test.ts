import { describe, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { gapHere, type Local, newtonDirection } from "../../../src/learners/logistic/newton.ts";
import type { Scaling } from "../../../src/learners/logistic/scaling.ts";

const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;

/** A binary problem of two columns and an intercept, measured by plain loops. */
function problem(seed: number, rows = 60) {
  const x = Array.from({ length: rows }, (_, i) => [4 * uniform(i, seed) - 2, uniform(i, seed + 1) < 0.1 ? 3 : -0.3, 1]);
  const y = x.map((row, i) => (row[0] - row[1] + 3 * (uniform(i, seed + 2) - 0.5) > 0 ? 1 : 0));
  const l2 = 0.01;
  /** Of every row, or of every `every`-th. */
  const measured = (at: Float64Array, every = 1): Local & { readonly value: number } => {
    const count = Math.ceil(rows / every);
    const gradient = new Float64Array(3);
    const curvature = new Float64Array(9);
    let value = 0;
    x.forEach((row, i) => {
      if (i % every !== 0) return;
      const z = row.reduce((sum, v, j) => sum + v * at[j], 0);
      const p = 1 / (1 + Math.exp(-z));
      value += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y[i] * z) / count;
      for (let j = 0; j < 3; j++) {
        gradient[j] += ((p - y[i]) * row[j]) / count;
        for (let k = 0; k < 3; k++) curvature[3 * j + k] += (p * (1 - p) * row[j] * row[k]) / count;
      }
    });
    for (let j = 0; j < 2; j++) {
      value += (l2 / 2) * at[j] ** 2;
      gradient[j] += l2 * at[j];
      curvature[4 * j] += l2;
    }
    return { value, gradient, curvature };
  };
  return measured;
}

const scaling = { lines: 1, kept: [0, 1], reach: Float64Array.of(2, 3), l1: new Float64Array(2) } as unknown as Scaling;

function optimumOf(measured: ReturnType<typeof problem>): Float64Array {
  let best = new Float64Array(3);
  for (let i = 0; i < 30; i++) {
    const { step } = newtonDirection(measured(best), best, scaling);
    best = best.map((value, j) => value + step[j]);
  }
  return best;
}

describe("Newton's bound on what is left after a step", () => {
  it("is never below what is left, and near the optimum far below the step's own gain", () => {
    let bounded = 0;
    for (let seed = 0; seed < 300; seed += 3) {
      const measured = problem(seed);
      const best = optimumOf(measured);
      const optimum = measured(best).value;
      for (const distance of [1, 0.3, 0.1, 0.03, 0.01]) {
        const at = best.map((value, j) => value + distance * (uniform(j, seed + 7) - 0.5));
        const { step, gapAfter, decrement } = newtonDirection(measured(at), at, scaling);
        const left = measured(at.map((value, j) => value + step[j])).value - optimum;
        // Rounding of the two losses.
        expect(left).toBeLessThanOrEqual(gapAfter + 1e-15);
        if (Number.isFinite(gapAfter)) bounded++;
        if (distance === 0.01) expect(gapAfter).toBeLessThan(1e-3 * decrement);
      }
    }
    // The bound must say something in most cases for the test to mean anything.
    expect(bounded).toBeGreaterThan(250);
  });
});

describe("the bound from a sample's curvature on what is left at the point itself", () => {
  it.each([2, 5])("is never below what is left, with every %ith row in the sample", (every) => {
    let bounded = 0;
    for (let seed = 0; seed < 300; seed += 3) {
      const measured = problem(seed);
      const best = optimumOf(measured);
      const optimum = measured(best).value;
      for (const distance of [0.1, 0.03, 0.01]) {
        const away = (stream: number): Float64Array => best.map((value, j) => value + distance * (uniform(j, seed + stream) - 0.5));
        const [at, sampledAt] = [away(7), away(8)];
        const { curvature } = measured(sampledAt, every);
        const { value, gradient } = measured(at);
        const moved = at.map((coordinate, j) => coordinate - sampledAt[j]);
        const gap = gapHere(newtonDirection({ gradient, curvature }, at, scaling), 1 / every, moved, scaling);
        // Rounding of the two losses.
        expect(value - optimum).toBeLessThanOrEqual(gap + 1e-15);
        if (Number.isFinite(gap)) bounded++;
      }
    }
    // The bound must say something in most cases for the test to mean anything.
    expect(bounded).toBeGreaterThan(200);
  });
});
