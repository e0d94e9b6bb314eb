import { expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { withKernels } from "../../../src/kernels/kernels.ts";
import { type Cells, splitsOf } from "../../../src/learners/forest/histogram.ts";
import { cellSize, type GrowRules } from "../../../src/learners/forest/rules.ts";
import { type Found, searchColumn, targetOf } from "../../../src/learners/forest/search.ts";
import type { Cuts } from "../../../src/learners/learner.ts";
import { binsOf } from "../../../src/learners/trees/bins/bins.ts";

const numbers = (bins: number) => ({ kind: "numbers" as const, cuts: Float64Array.from({ length: bins - 2 }, (_, i) => i) });
const cuts: Cuts = {
  key: "",
  columns: [numbers(8), { kind: "categories", bins: 6, codes: Uint8Array.from({ length: 6 }, (_, i) => i) }, numbers(5), numbers(256)],
};

const rules: GrowRules = {
  kind: "counts",
  width: 4,
  classes: 2,
  channels: 2,
  weightless: null,
  counted: false,
  centre: 0,
  quanta: { weight: 1, value: 1 },
  factors: Float64Array.of(1, 1),
  impurity: "gini",
  maxDepth: 9,
  least: 1,
  minInfoGain: 0,
  subset: 4,
};
const three = { classes: 3, channels: 3, factors: Float64Array.of(1, 1, 1) };
const weights = { kind: "weights", width: 8, counted: true } as const;

/** Rows of a node whose bins are drawn by hash: the cells of its columns, and what all its rows are. */
function cellsOf(columns: Uint16Array, rows: number, seed: number, own: GrowRules, type: new (n: number) => Cells) {
  const size = cellSize(own);
  const firsts = Array.from(columns, (_, place) =>
    Array.from(columns.subarray(0, place)).reduce((sum, column) => sum + binsOf(cuts.columns[column]), 0),
  );
  const cells = new type(size * (firsts[columns.length - 1] + binsOf(cuts.columns[columns[columns.length - 1]])));
  const channels = new Float64Array(own.channels);
  for (let i = 0; i < rows; i++) {
    const draw = (stream: number): number => hashRow(100 * seed + stream, i) / 2 ** 32;
    const bins = Array.from(columns, (column) => Math.floor(draw(column) * draw(10) * binsOf(cuts.columns[column])));
    // Column 0 misses values only of odd seeds.
    columns.forEach((column, place) => {
      if (column > 0 || seed % 2 === 1) bins[place] += draw(20 + column) < 0.2 ? binsOf(cuts.columns[column]) - 1 - bins[place] : 0;
    });
    const chance = draw(11) * (1 + (bins[0] % 3));
    const added = Array.from({ length: own.channels }, () => 0);
    if (own.kind === "pairs") added.splice(0, 2, Math.floor(8 * chance), 1);
    else added[Math.min(own.classes - 1, Math.floor(chance))] = own.kind === "weights" ? 1 + Math.floor(4 * draw(12)) : 1;
    added.forEach((value, k) => {
      channels[k] += value;
    });
    bins.forEach((bin, place) => {
      [...added, ...(own.counted ? [1] : [])].forEach((value, k) => {
        cells[(firsts[place] + bin) * size + k] += value;
      });
    });
  }
  return { cells, channels, firsts };
}

it.each<[string, Partial<GrowRules>, new (n: number) => Cells]>([
  ["gini of two classes counted", {}, Uint16Array],
  ["the same in wider numbers, many rows on a side", { least: 40 }, Uint32Array],
  ["classes with factors", { factors: Float64Array.of(1, 2.5) }, Uint16Array],
  ["factors in wider numbers", { factors: Float64Array.of(0.3, 1) }, Uint32Array],
  ["entropy", { impurity: "entropy" }, Uint16Array],
  ["three classes", three, Uint32Array],
  ["three classes by weight, their rows counted", { ...three, ...weights, least: 7 }, Float64Array],
  ["numbers", { classes: 0, kind: "pairs", width: 8, impurity: "variance", factors: new Float64Array(0) }, Float64Array],
])("finds the split that a search column by column finds: %s", (_, changed, type) => {
  const own: GrowRules = { ...rules, ...changed };
  const { channels: count, factors, classes } = own;
  const looks = [[0, 2], [3, 0, 2], [1, 0], [2, 1, 3], [3]];
  const asked = [2, 3, 60, 400, 1_500].flatMap((rows, r) =>
    looks.map((columns, c) => ({ rows, columns: Uint16Array.from(columns), seed: 5 * r + c })),
  );
  // Nodes of a call look at as many columns.
  for (const same of Map.groupBy(asked, ({ columns }) => columns.length).values()) {
    const nodes = same.map(({ rows, columns, seed }) => ({ columns, rows, ...cellsOf(columns, rows, seed, own, type) }));
    const targets = nodes.map(({ channels, rows }) => targetOf({ channels, rows }, 0, own));
    const splits = withKernels((k) => splitsOf(k, nodes, targets, cuts, own));
    expect(splits.some((split) => split !== null)).toBe(true);
    nodes.forEach(({ cells, columns, firsts }, i) => {
      const target = targets[i];
      if (target === null) {
        expect(splits[i]).toBeNull();
        return;
      }
      const best: Found = { gain: target.leastGain, column: -1, goesLeft: new Uint8Array(0), bin: -1, missingLeft: false };
      const size = cellSize(own);
      const at = (place: number, bin: number, k: number): number => cells[(firsts[place] + bin) * size + k];
      columns.forEach((column, place) => {
        const bins = binsOf(cuts.columns[column]);
        const scaled = (bin: number, k: number): number => at(place, bin, k) * (classes > 0 ? factors[k] : 1);
        const sum = (bin: number, of: (bin: number, k: number) => number): number =>
          classes > 0 ? Array.from({ length: count }, (_, k) => of(bin, k)).reduce((all, x) => all + x, 0) : at(place, bin, 1);
        const each = <T>(of: (bin: number) => T): T[] => Array.from({ length: bins }, (_, bin) => of(bin));
        searchColumn(best, target, {
          column,
          bins,
          categories: cuts.columns[column].kind === "categories",
          sums: Float64Array.from(each((bin) => Array.from({ length: count }, (_, k) => scaled(bin, k))).flat()),
          weights: Float64Array.from(each((bin) => sum(bin, scaled))),
          rows: each((bin) => (own.counted ? at(place, bin, count) : sum(bin, (b, k) => at(place, b, k)))),
          low: 0,
          high: bins - 2,
        });
      });
      if (best.column < 0) {
        expect(splits[i]).toBeNull();
        return;
      }
      const { gain, column, bin, missingLeft } = best;
      expect(splits[i]?.found).toMatchObject({ gain, column, bin, missingLeft });
      const place = columns.indexOf(column);
      const left = Array.from({ length: count }, (_, k) => best.goesLeft.reduce((all, goes, b) => all + goes * at(place, b, k), 0));
      expect(Array.from(splits[i]?.left.channels ?? [])).toEqual(left);
    });
  }
});
