import { expect, it } from "vitest";
import { memoryStore } from "../../../src/adapters/local/memory-store.ts";
import { readStrata, strataOf, strataTable, writeStrata } from "../../../src/rounds/parts/strata.ts";

const table = strataTable([
  { part: 0, classes: ["b", "a"], rows: [3, 1] },
  { part: 1, classes: [], rows: [] },
  { part: 2, classes: ["c", "b"], rows: [2, 4] },
]);

it("counts the rows of every class before each part", () => {
  expect(table.classes).toEqual(["a", "b", "c"]);
  expect([...table.totals]).toEqual([1, 7, 2]);
  const before = [0, 1, 2].map((part) => Array.from(strataOf(table, part, []).before));
  expect(before).toEqual([
    [0, 0, 0],
    [1, 3, 0],
    [1, 3, 0],
  ]);
});

it("comes back from the store", async () => {
  const store = memoryStore();
  await writeStrata(store, "r", table);
  expect(store.keys()).toEqual(["runs/r/strata"]);
  expect(await readStrata(store, "r")).toEqual(table);
});
