import { expect, it } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { logisticRegression } from "../../../src/learners/logistic/logistic-regression.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { memoryParts, numberColumn } from "../../helpers/memory-part.ts";

it("leaves the zeros of sparse rows out to the last bit, whatever the shares of the levels are", () => {
  const levels = Array.from({ length: 700 }, (_, i) => `level ${i}`);
  // Shares such as 3/2,099 have no exact quotient and product.
  const rows = Array.from({ length: 2_099 }, (_, row) => levels[(row * row + row) % levels.length]);
  const parts = memoryParts({
    columns: { text: rows, age: rows.map((_, row) => row % 90) },
    label: rows.map((_, row) => (row % 3 === 0 ? 1 : 0)),
  });
  const indicators = levels.map((level) => ({ ...numberColumn("text"), name: level, take: { kind: "level", level } as const }));
  const view: View = { columns: [numberColumn("age"), ...indicators], skipWhere: [] };
  const shifts: number[] = [];
  run(
    logisticRegression as never,
    parts,
    [candidateOf(logisticRegression as never, parts, { view, classes: ["a", "b"], params: { regParam: 0.01 } })],
    (learner, work, all) => {
      const { views } = work.ask as { views: readonly View[] };
      for (const { columns } of views) for (const column of columns) if (column.take.kind === "level") shifts.push(column.shift);
      return inOneTask(learner, work, all);
    },
  );
  expect(shifts.length).toBeGreaterThan(700);
  expect(shifts.filter((shift) => shift !== 0)).toEqual([]);
});
