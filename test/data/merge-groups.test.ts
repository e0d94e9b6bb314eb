import { expect, it } from "vitest";
import { mergeGroups } from "../../src/data/merge-groups.ts";
import { hashRow } from "../../src/kernels/hash.ts";

const groupsOf = (rows: number, groups: number): Uint32Array[] =>
  Array.from({ length: groups }, (_, own) =>
    Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => hashRow(3, row) % 5 === own),
  );

it("answers the rows of all groups, ascending", () => {
  for (const [rows, groups] of [
    [1, 5],
    [100, 2],
    [1_000, 5],
  ]) {
    const all = groupsOf(rows, groups);
    expect([...mergeGroups(all)]).toEqual(all.flatMap((own) => [...own]).sort((a, b) => a - b));
  }
});

it("takes groups in any order, and leaves them as they are", () => {
  const [a, b] = [Uint32Array.of(4, 7), Uint32Array.of(0, 5, 9)];
  expect([...mergeGroups([a, b])]).toEqual([0, 4, 5, 7, 9]);
  expect([...mergeGroups([b, a])]).toEqual([0, 4, 5, 7, 9]);
  expect([[...a], [...b]]).toEqual([
    [4, 7],
    [0, 5, 9],
  ]);
});

it("answers no rows for none, and a group that is alone as it is", () => {
  const own = Uint32Array.of(2, 3);
  expect(mergeGroups([])).toHaveLength(0);
  expect(mergeGroups([new Uint32Array(0), new Uint32Array(0)])).toHaveLength(0);
  expect(mergeGroups([new Uint32Array(0), own])).toBe(own);
});
