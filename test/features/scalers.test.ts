import { describe, expect, test } from "vitest";
import { viewFor } from "../../src/features/fit.ts";
import { encode, fitted, names, stage } from "./helpers.ts";

const numbers = { x: [1, 2, 3, 6], same: [0.1, 0.1, 0.1, 0.1] };

describe("standardScaler", () => {
  test("divides by the sample deviation and subtracts the mean only where asked", () => {
    const x = { x: [1, 2, 3, 6] };
    // Mean 3, squared deviations 4 + 1 + 0 + 9 = 14 over 3.
    const sd = Math.sqrt(14 / 3);
    const scaled = (params: object) => encode(viewFor(fitted([stage("standardScaler", { inputs: ["x"], ...params })], x), null), x).flat();
    expect(scaled({})).toEqual([1, 2, 3, 6].map((v) => v * (1 / sd)));
    expect(scaled({ withMean: true })).toEqual([1, 2, 3, 6].map((v) => (v - 3) * (1 / sd)));
    expect(scaled({ withMean: true, withStd: false })).toEqual([-2, -1, 0, 3]);
    expect(scaled({ withStd: false })).toEqual([1, 2, 3, 6]);
  });

  test("a constant column becomes 0 for any value, and a missing value stays missing", () => {
    const view = viewFor(fitted([stage("standardScaler", { inputs: ["same"] })], numbers), null);
    const place = names(view).indexOf("same");
    expect(encode(view, { x: [0, 0, 0], same: [0.1, 5, null] }).map((row) => row[place])).toEqual([0, 0, Number.NaN]);
  });

  test("leaves missing values out of mean and deviation", () => {
    const state = fitted([stage("standardScaler", { inputs: ["x"] })], { x: [1, null, 3] });
    expect(state.fits).toEqual([[{ x: { mean: 2, sd: Math.sqrt(2) } }]]);
  });

  test("scales the zeros and ones of a category, each by its own moments", () => {
    const data = { c: ["a", "b", "a", "a"] };
    const stages = [stage("oneHotEncoder", { inputs: ["c"], dropLast: false }), stage("standardScaler", { inputs: ["c"], withMean: true })];
    const view = viewFor(fitted(stages, data), null);
    expect(names(view)).toEqual(["c=a", "c=b"]);
    // Three ones in four: mean 3/4, squared deviations 3/16 + 9/16 = 3/4 over 3, deviation 1/2.
    expect(encode(view, data)).toEqual([
      [0.5, -0.5],
      [-1.5, 1.5],
      [0.5, -0.5],
      [0.5, -0.5],
    ]);
  });

  test("refuses strings, columns without a value and infinite numbers by name", () => {
    const scaler = [stage("standardScaler", { inputs: ["x"] })];
    expect(() => fitted(scaler, { x: ["a"] })).toThrow("standardScaler input x must be a number, got strings");
    expect(() => fitted(scaler, { x: [null, null] })).toThrow("standardScaler input x must have a value in the training rows");
    expect(() => fitted(scaler, { x: [1, Number.POSITIVE_INFINITY] })).toThrow(
      "column x must hold finite numbers up to about 1e150, got 1 to Infinity",
    );
  });
});

describe("minMaxScaler", () => {
  test("maps the training range; other rows fall outside", () => {
    const view = viewFor(fitted([stage("minMaxScaler", { inputs: ["x"] })], { x: [2, 4, 10] }), null);
    expect(encode(view, { x: [2, 4, 10, 12] }).flat()).toEqual([0, 0.25, 1, 1.25]);
  });

  test("maps to any range", () => {
    const view = viewFor(fitted([stage("minMaxScaler", { inputs: ["x"], min: -1, max: 3 })], { x: [2, 4, 10] }), null);
    expect(encode(view, { x: [2, 4, 10] }).flat()).toEqual([-1, 0, 3]);
  });

  test("a constant column becomes the middle", () => {
    const view = viewFor(fitted([stage("minMaxScaler", { inputs: ["x"], min: 0, max: 5 })], { x: [7, 7] }), null);
    expect(encode(view, { x: [7, 8] }).flat()).toEqual([2.5, 2.5]);
  });
});

test("scalers in a row see what the one before made", () => {
  const data = { x: [2, 4, 10] };
  const view = viewFor(
    fitted([stage("minMaxScaler", { inputs: ["x"], max: 4 }), stage("standardScaler", { inputs: ["x"], withMean: true })], data),
    null,
  );
  // 0, 1, 4 after the first: mean 5/3, squared deviations 25/9 + 4/9 + 49/9 = 26/3 over 2.
  const sd = Math.sqrt(13 / 3);
  encode(view, data).forEach((row, i) => {
    // A handful of roundings of numbers around 3.
    expect(row[0]).toBeCloseTo(([0, 1, 4][i] - 5 / 3) / sd, 14);
  });
});
