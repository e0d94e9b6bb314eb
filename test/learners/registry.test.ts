/** What models say of parameters that a job leaves open. */
import { expect, it } from "vitest";
import { type LearnerName, learnerParams } from "../../src/learners/params.ts";
import { learnerNamed } from "../../src/learners/registry.ts";

it.each<[LearnerName, object, number, object]>([
  ["gradientBoostingRegressor", {}, 0, { maxLeaves: 31 }],
  ["gradientBoostingRegressor", { maxLeaves: 7, maxDepth: 3 }, 0, { maxLeaves: 7, maxDepth: 3 }],
  // Only its depth bounds such a tree.
  ["gradientBoostingClassifier", { maxDepth: 3 }, 2, { maxLeaves: undefined, maxDepth: 3 }],
  ["randomForestRegressor", {}, 0, { featureSubsetStrategy: "onethird" }],
  ["randomForestClassifier", {}, 3, { featureSubsetStrategy: "sqrt" }],
  ["randomForestClassifier", { numTrees: 1 }, 2, { featureSubsetStrategy: "all" }],
  ["randomForestClassifier", { featureSubsetStrategy: 0.25 }, 2, { featureSubsetStrategy: 0.25 }],
  ["decisionTreeClassifier", {}, 2, { featureSubsetStrategy: undefined, maxDepth: 5 }],
  ["logisticRegression", {}, 2, { family: "binomial" }],
  ["logisticRegression", {}, 3, { family: "multinomial" }],
  ["logisticRegression", { family: "multinomial" }, 2, { family: "multinomial" }],
])("%s %o of %i classes is settled to %o", (name, own, classes, known) => {
  const params = learnerParams[name].parse(own);
  const settled = learnerNamed(name).settled?.(params, classes) as Record<string, unknown>;
  expect(settled).toEqual({ ...params, ...known });
});
