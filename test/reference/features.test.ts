/** Spark's own expected values of its scaler and imputer. */
import { expect, test } from "vitest";
import { viewFor } from "../../src/features/fit.ts";
import { type Cell, encode, fitted, stage } from "../features/helpers.ts";
import { referenceCase } from "../helpers/reference.ts";

test("spark-standard-scaler", () => {
  const { data, expected } = referenceCase("spark-standard-scaler") as unknown as {
    data: number[][];
    expected: Record<string, number[][]>;
  };
  const inputs = ["a", "b", "c"];
  const columns = Object.fromEntries(inputs.map((name, j) => [name, data.map((row) => row[j])]));
  const scaled = (params: object) => encode(viewFor(fitted([stage("standardScaler", { inputs, ...params })], columns), null), columns);
  for (const [params, rows] of [
    [{ withMean: true, withStd: false }, expected.withMean],
    [{}, expected.withStd],
  ] as const) {
    scaled(params).forEach((row, i) => {
      // The case states twelve decimals.
      (row as number[]).forEach((value, j) => {
        expect(value).toBeCloseTo(rows[i][j], 11);
      });
    });
  }
});

test("spark-imputer", () => {
  const { data, expected } = referenceCase("spark-imputer") as unknown as {
    data: Record<string, Cell[]>;
    expected: Record<string, number[]>;
  };
  expect(Object.keys(expected)).toEqual(["mean", "median", "mode"]);
  for (const [strategy, replacements] of Object.entries(expected)) {
    const view = viewFor(fitted([stage("imputer", { inputs: ["value1", "value2"], strategy })], data), null);
    expect(view.columns.map(({ fill }) => fill)).toEqual(replacements);
  }
});
