/** Every learner of the registry keeps every law; the subjects that take long do in e2e/slow/laws.test.ts. */
import { describe, expect, it } from "vitest";
import { learnerParams } from "../../src/learners/params.ts";
import { learners } from "../../src/learners/registry.ts";
import { subjects } from "./subjects.ts";
import { checkLaw, lawNames, outOfRange } from "./suite.ts";

it("has a subject for every learner", () => {
  expect(new Set(Object.keys(subjects))).toEqual(new Set(Object.keys(learners)));
});

for (const [name, own] of Object.entries(subjects)) {
  const quick = own.filter(({ isSlow }) => isSlow !== true);
  describe.each(quick.map((subject) => [subject.classes.length, subject] as const))(`${name} with %i classes`, (_, subject) => {
    it.each(lawNames)("%s", (law) => {
      checkLaw(law, subject);
    });
  });
}

it("tries values outside the range of every parameter", () => {
  const tried = outOfRange(learnerParams.linearRegression);
  expect(tried).toContainEqual({ regParam: -1e-9 });
  expect(tried).toContainEqual({ elasticNetParam: 1 + 1e-9 });
  expect(tried).toContainEqual({ maxIter: 0 });
  expect(tried).toContainEqual({ tol: 0 });
  expect(tried).toContainEqual({ fitIntercept: "true" });
});
