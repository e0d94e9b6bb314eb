/** NIST's Statistical Reference Datasets: least squares that float64 moments alone cannot do (Wampler) or barely can (Longley). */
import { describe, expect, it } from "vitest";
import { type LinearModel, linearRegression } from "../../src/learners/linear/linear-regression.ts";
import { fitOne } from "../helpers/fit.ts";
import { memoryParts, plainView } from "../helpers/memory-part.ts";
import { numbersOf, referenceCase } from "../helpers/reference.ts";

function fitted(columns: Record<string, readonly number[]>, label: readonly number[]): LinearModel {
  // Parts of 8 rows, so that moments and residuals are merged.
  return fitOne<LinearModel>(linearRegression, memoryParts({ columns, label }, 8), { view: plainView(...Object.keys(columns)) });
}

/** Correct digits, as NIST counts them: -log10 of the relative error. */
const digits = (found: number, certified: number): number =>
  found === certified ? 16 : -Math.log10(Math.abs(found - certified) / Math.abs(certified));

function expectDigits(atLeast: number, found: readonly (number | null)[], certified: readonly number[]): void {
  certified.forEach((value, i) => {
    expect(digits(found[i] as number, value)).toBeGreaterThan(atLeast);
  });
}

const interceptFirst = (values: readonly (number | null)[]): (number | null)[] => [values.at(-1) as number, ...values.slice(0, -1)];

it("Longley to ten digits", () => {
  const { expected } = referenceCase("nist-longley");
  const { TOTEMP, ...columns } = numbersOf("peers/nist/longley.csv");
  const model = fitted(columns, TOTEMP);
  expectDigits(10, [model.source.intercept, ...model.source.coefficients], expected.coefficients);
  expectDigits(10, interceptFirst(model.significance?.standardErrors ?? []), expected.stdErrors);
  expect(digits(model.r2 as number, expected.r2)).toBeGreaterThan(10);
});

describe("Wampler's polynomials of degree five", () => {
  it.each([1, 2, 3, 4])("number %i to eleven digits, after refinement", (number) => {
    const { x, y } = numbersOf(`peers/nist/wampler${number}.csv`);
    const columns = Object.fromEntries([1, 2, 3, 4, 5].map((power) => [`x^${power}`, x.map((value) => value ** power)]));
    const model = fitted(columns, y);
    // Wampler 4 has the coefficients of 1 and 3, and noise a hundred times that of 3.
    const certified = number === 2 ? referenceCase("nist-wampler2").expected.coefficients : [1, 1, 1, 1, 1, 1];
    expectDigits(number === 4 ? 10 : 11, [model.source.intercept, ...model.source.coefficients], certified);
    expect(model.rounds).toBeGreaterThan(1);
    if (number !== 3) return;
    const { expected } = referenceCase("nist-wampler3");
    expectDigits(9, interceptFirst(model.significance?.standardErrors ?? []), expected.stdErrors);
    expect(digits(model.r2 as number, expected.r2)).toBeGreaterThan(12);
  });
});
