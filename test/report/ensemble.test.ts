import { describe, expect, test } from "vitest";
import { importanceLines, treesText } from "../../src/report/ensemble.ts";
import { binaryModel } from "./model.ts";

const model = binaryModel({
  learner: "gradientBoostingClassifier",
  parameters: { trees: 300, earlyStoppingRounds: 5 },
  trees: 35,
  leaves: 1_085,
  importances: { gain: { colour: 0.75, age: 0.25 }, split: { colour: 1, age: 1 } },
});

test("importanceLines name columns, shares of the gain and splits", () => {
  const lines = importanceLines(model, 1);
  expect(lines.join("\n")).toMatch(/gain +splits\n +colour +0\.7500 +1\n.*1 column more/s);
  expect(importanceLines(binaryModel(), 5)).toEqual([]);
});

describe("treesText", () => {
  const stopped = "35 trees with 1,085 leaves, the best of at most 300 on the rows held out for early stopping";

  test("says how many trees there are, and where early stopping chose them", () => {
    expect(treesText(model)).toBe(stopped);
    expect(treesText({ ...model, parameters: { trees: 300 } })).toBe("35 trees with 1,085 leaves");
    expect(treesText({ ...model, trees: 1, leaves: 1, parameters: { trees: 1, earlyStoppingRounds: 5 } })).toBe("1 tree with 1 leaf");
    expect(treesText(binaryModel())).toBe(null);
  });

  test("tells the out-of-bag score of a forest", () => {
    const forest = { ...model, parameters: { numTrees: 35 }, outOfBag: { rows: 354, r2: 0.4512 } };
    expect(treesText(forest)).toBe("35 trees with 1,085 leaves; out of bag r2 0.4512 on 354 rows");
    expect(treesText({ ...forest, outOfBag: { rows: 0, accuracy: null } })).toMatch(/; out of bag accuracy - on 0 rows$/);
  });

  test("counts those of every class", () => {
    const label = { column: "churn", classes: ["no", "maybe", "yes"] };
    expect(treesText({ ...model, label })).toBe(stopped.replace("300", "900"));
  });
});
