import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addLeaf, type Forest, joinForests, mergeForests, startForest } from "../../src/statistics/merge-tree.ts";

/** A statistic that remembers how it was merged. */
interface Expression {
  text: string;
}
const merge = (into: Expression, other: Expression): void => {
  into.text = `(${into.text} ${other.text})`;
};

/** The definition, word for word: node (level, i), without its right child where that lies past the last leaf. */
function definition(level: number, index: number, total: number): string {
  if (level === 0) return `${index}`;
  const left = definition(level - 1, 2 * index, total);
  return (2 * index + 1) * 2 ** (level - 1) >= total ? left : `(${left} ${definition(level - 1, 2 * index + 1, total)})`;
}

function forestOf(first: number, end: number, total: number): Forest<Expression> {
  const forest = startForest<Expression>(total);
  for (let leaf = first; leaf < end; leaf++) addLeaf(forest, leaf, { text: `${leaf}` }, merge);
  return forest;
}

const shape = (forest: Forest<Expression>): string[] => forest.map((tree) => `${tree.level},${tree.index}: ${tree.statistic.text}`);

describe("merge tree", () => {
  it("merges eagerly, within a range that starts anywhere", () => {
    expect(shape(forestOf(0, 5, 5))).toEqual(["2,0: ((0 1) (2 3))", "0,4: 4"]);
    expect(shape(forestOf(3, 9, 16))).toEqual(["0,3: 3", "2,1: ((4 5) (6 7))", "0,8: 8"]);
  });

  it("lets the last leaves climb alone", () => {
    expect(joinForests([forestOf(0, 5, 5)], 5, merge).text).toBe("(((0 1) (2 3)) 4)");
    expect(joinForests([forestOf(0, 7, 7)], 7, merge).text).toBe("(((0 1) (2 3)) ((4 5) 6))");
    expect(joinForests([forestOf(0, 1, 1)], 1, merge).text).toBe("0");
  });

  it("gives the tree of the definition for every partition into ranges, in every order of arrival, grouped or not", () => {
    const partitions = fc.integer({ min: 1, max: 70 }).chain((total) =>
      fc.record({
        total: fc.constant(total),
        cuts: fc.uniqueArray(fc.integer({ min: 0, max: total }), { maxLength: 9 }),
        order: fc.infiniteStream(fc.nat(1_000_000)),
        groups: fc.integer({ min: 1, max: 4 }),
      }),
    );
    const property = fc.property(partitions, ({ total, cuts, order, groups }) => {
      const ends = [...new Set([0, ...cuts, total])].sort((a, b) => a - b);
      const shuffled = ends
        .slice(1)
        .map((end, i) => ({ forest: forestOf(ends[i], end, total), key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ forest }) => forest);
      const size = Math.ceil(shuffled.length / groups);
      const combined = Array.from({ length: groups }, (_, g) => mergeForests(shuffled.slice(g * size, (g + 1) * size), merge));
      const height = Math.ceil(Math.log2(total));
      expect(joinForests(combined, total, merge).text).toBe(definition(height, 0, total));
    });
    fc.assert(property, { seed: 7, numRuns: 300 });
  });

  it("holds log2 statistics while leaves arrive", () => {
    const forest = startForest<Expression>(1_024);
    for (let leaf = 0; leaf < 1_024; leaf++) {
      addLeaf(forest, leaf, { text: "" }, () => {});
      expect(forest.length).toBeLessThanOrEqual(10);
    }
    expect(forest.length).toBe(1);
  });

  it("names what is missing or doubled", () => {
    const join = (total: number, ...ranges: [number, number][]) =>
      joinForests(
        ranges.map(([first, end]) => forestOf(first, end, total)),
        total,
        merge,
      );
    expect(() => join(8, [0, 3], [5, 8])).toThrow("parts 3 to 4 must be there, got nothing");
    expect(() => join(8, [1, 8])).toThrow("part 0 must be there, got nothing");
    expect(() => join(8, [0, 7])).toThrow("part 7 must be there, got nothing");
    expect(() => join(8)).toThrow("parts 0 to 7 must be there, got nothing");
    expect(() => join(8, [0, 5], [4, 8])).toThrow("part 4 must come once, got twice");
    expect(() => join(8, [0, 8], [2, 4])).toThrow("parts 2 to 3 must come once, got twice");
    expect(() => join(6, [0, 8])).toThrow("there must be 6 parts, got parts 6 to 7 besides");
    expect(() => addLeaf(forestOf(0, 3, 8), 4, { text: "" }, merge)).toThrow("part 3 is next, got part 4");
    expect(() => startForest(0)).toThrow("total must be an integer from 1 to 1073741824, got 0");
  });
});
