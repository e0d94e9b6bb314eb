import { describe, expect, test } from "vitest";
import { fittedSummary, viewFor } from "../../src/features/fit.ts";
import { column, encode, fitted, names, stage } from "./helpers.ts";

const imputed = (params: object, data: Parameters<typeof encode>[1]) => {
  const inputs = Object.keys(data);
  return encode(viewFor(fitted([stage("imputer", { inputs, ...params })], data), null), data);
};

describe("imputer", () => {
  test("mean keeps its fraction", () => {
    expect(imputed({}, { x: [1, 2, null] }).flat()).toEqual([1, 2, 1.5]);
  });

  test("median is the lower of two middle values", () => {
    expect(imputed({ strategy: "median" }, { x: [7, null, 1, 3, 5] }).flat()).toEqual([7, 3, 1, 3, 5]);
  });

  test("mode is the smallest of equally frequent values", () => {
    expect(imputed({ strategy: "mode" }, { x: [9, 2, null, 9, 2, 1] }).flat()).toEqual([9, 2, 2, 9, 2, 1]);
  });

  test("constant needs no value in the training rows", () => {
    expect(imputed({ strategy: "constant", value: -1 }, { x: [null, null] }).flat()).toEqual([-1, -1]);
  });

  test("writes another column where asked", () => {
    const data = { x: [1, null, 3] };
    const state = fitted([stage("imputer", { inputs: ["x"], outputs: ["full"] }), stage("vectorAssembler", { inputs: ["full"] })], data);
    expect(names(viewFor(state, null))).toEqual(["full"]);
    expect(encode(viewFor(state, null), data).flat()).toEqual([1, 2, 3]);
    expect(fittedSummary(state)).toEqual([{ stage: "imputer", fitted: { x: 2 } }]);
  });

  test("a second imputer finds nothing to do", () => {
    const data = { x: [1, null, 3] };
    const state = fitted([stage("imputer", { inputs: ["x"] }), stage("imputer", { inputs: ["x"], strategy: "constant", value: 9 })], data);
    expect(encode(viewFor(state, null), data).flat()).toEqual([1, 2, 3]);
  });

  test("after a scaler it fills in scaled units", () => {
    const data = { x: [2, null, 4, 12] };
    const state = fitted([stage("minMaxScaler", { inputs: ["x"] }), stage("imputer", { inputs: ["x"] })], data);
    // 0, 0.2, 1 after scaling: mean 0.4.
    expect((encode(viewFor(state, null), data)[1] as number[])[0]).toBeCloseTo(0.4, 15);
    expect(fittedSummary(state)[1]).toEqual({ stage: "imputer", fitted: { x: expect.closeTo(0.4, 15) } });
  });

  test("before a scaler the filled values count", () => {
    const data = { x: [0, 4, null, null] };
    const state = fitted(
      [stage("imputer", { inputs: ["x"], strategy: "constant", value: 4 }), stage("standardScaler", { inputs: ["x"], withMean: true })],
      data,
    );
    // 0, 4, 4, 4: mean 3, squared deviations 9 + 1 + 1 + 1 = 12 over 3.
    expect(encode(viewFor(state, null), data).flat()).toEqual([-1.5, 0.5, 0.5, 0.5]);
  });

  test("strings take their mode, or a constant that may be new", () => {
    const data = { c: ["b", null, "a", "b", "a"] };
    const state = fitted([stage("imputer", { inputs: ["c"], strategy: "mode" }), stage("stringIndexer", { inputs: ["c"] })], data);
    // a and b are equally frequent before, so the smaller fills; then a is the more frequent.
    expect(encode(viewFor(state, null), data).flat()).toEqual([1, 0, 0, 1, 0]);
    const none = [
      stage("imputer", { inputs: ["c"], strategy: "constant", value: "none" }),
      stage("oneHotEncoder", { inputs: ["c"], dropLast: false }),
    ];
    const view = viewFor(fitted(none, data), null);
    expect(names(view)).toEqual(["c=a", "c=b", "c=none"]);
    expect(column(view, data, "c=none")).toEqual([0, 1, 0, 0, 0]);
  });

  test("a column without a value is refused by name, so are means of strings and constants of another type", () => {
    for (const strategy of ["mean", "median", "mode"]) {
      expect(() => imputed({ strategy }, { x: [null, null] })).toThrow(
        `imputer input x must have a value in the training rows for strategy ${strategy}`,
      );
    }
    expect(() => imputed({}, { c: ["a"] })).toThrow("imputer input c must be a number for strategy mean, got strings");
    expect(() => imputed({ strategy: "constant", value: 1 }, { c: ["a"] })).toThrow("imputer value must be a string for column c, got 1");
    expect(() => imputed({ strategy: "constant", value: "1" }, { x: [1] })).toThrow('imputer value must be a number for column x, got "1"');
  });
});
