/** Trees grown round by round against the definition: split one leaf at a time, the best one, by plain loops over all rows. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../../../src/kernels/hash.ts";
import { finishTree } from "../../../../src/learners/boosting/growing/finish.ts";
import {
  type Best,
  type Growing,
  type GrownNode,
  grow,
  keepWithin,
  type Limits,
  startGrowing,
} from "../../../../src/learners/boosting/growing/grow.ts";
import { layoutOf } from "../../../../src/learners/boosting/growing/layout.ts";
import { type Routes, routesOf } from "../../../../src/learners/boosting/growing/routes.ts";
import { histogramOf, type SmallRows, smallRowsOf } from "../../../../src/learners/boosting/growing/small.ts";
import { bestSplit, type Split, type Sums } from "../../../../src/learners/boosting/growing/split.ts";
import type { Cuts } from "../../../../src/learners/learner.ts";
import type { Tree } from "../../../../src/learners/trees/tree.ts";
import { decode, encode } from "../../../../src/rounds/codec.ts";

const ROWS = 900;
const COLUMNS = 4;
const cuts: Cuts = {
  key: "",
  columns: Array.from({ length: COLUMNS }, () => ({ kind: "numbers", cuts: Float64Array.from({ length: 20 }, (_, i) => i) }) as const),
};
const layout = layoutOf(cuts, "plane");
const rules = { l1: 0, l2: 1, minRows: 8, minWeight: 1e-3, minGain: 0 };
const draw = (row: number, stream: number, values: number): number => hashRow(stream, row) % values;
/** Bin 21 is that of missing values. Derivatives are multiples of 1 / 64, so sums of them are exact. */
const all: SmallRows = {
  columns: COLUMNS,
  bins: Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => (i % 13 === 5 ? 21 : draw(i, 1, 21))),
  pairs: Float64Array.from({ length: 2 * ROWS }, (_, i) =>
    i % 2 === 0 ? (draw(i, 2, 65) - 32 + 3 * (draw((i / 2) * COLUMNS, 1, 21) - 10)) / 64 : (1 + draw(i, 3, 16)) / 64,
  ),
  counts: new Float64Array(ROWS).fill(1),
};

const best: Best = (histogram, { sums }) => ({
  split: bestSplit(histogram, layout, sums, rules, [...Array(COLUMNS).keys()], 0),
  barred: [],
});
const limitsOf = (maxLeaves: number, maxDepth: number): Limits => ({
  maxLeaves,
  maxDepth,
  isTooSmall: ({ rows }) => rows < 2 * rules.minRows,
});
const predictionOf = ({ sums }: GrownNode): number => -sums.g / (sums.h + rules.l2);

interface Rounds {
  readonly tree: Tree;
  readonly rounds: number;
}

/** As boosting does it; `between` is what happens to the state between rounds. */
function grown(limits: Limits, limit: number, between: (growing: Growing) => Growing = (growing) => growing): Rounds {
  const nodes = new Uint16Array(ROWS);
  let growing = startGrowing(0, ROWS, limit);
  for (let rounds = 1; rounds < 100; rounds++) {
    const routes = routesOf(growing);
    nodes.forEach((node, row) => {
      nodes[row] = follow(routes, row, node);
    });
    const answers = growing.built.map((node) => histogramOf(rowsIn(nodes, node), layout));
    const answer = Float64Array.from(answers.flatMap((own) => [...own]));
    const wholes = growing.whole.map((node) => rowsIn(nodes, node));
    const result = grow(between(growing), answer, layout, best, limits, { limit, rows: wholes });
    growing = result.growing;
    if (result.done) return { tree: finishTree(growing.nodes, result.taken, cuts, predictionOf).tree, rounds };
  }
  throw new Error("a tree must end within 100 rounds");
}

/** Moves a row as far as the routes go. */
function follow(routes: Routes, row: number, node: number): number {
  const { from, column, left, right, goesLeft } = routes;
  const i = from.indexOf(node);
  if (i < 0) return node;
  const isLeft = goesLeft[256 * i + all.bins[row * COLUMNS + column[i]]] === 1;
  return follow(routes, row, isLeft ? left[i] : right[i]);
}

function rowsIn(nodes: Uint16Array, wanted: number): SmallRows {
  const pairsOf = (chosen: Uint32Array): Float64Array =>
    Float64Array.from([...chosen].flatMap((row) => [all.pairs[2 * row], all.pairs[2 * row + 1]]));
  const rows = Uint32Array.from(nodes.keys()).filter((row) => nodes[row] === wanted);
  return smallRowsOf({ ...all, pairsOf }, rows);
}

/** One leaf at a time. */
function oneByOne({ maxLeaves, maxDepth }: Limits): { column: number[]; threshold: number[]; gain: number[] } {
  interface Leaf {
    readonly place: number;
    readonly rows: readonly number[];
    readonly depth: number;
    readonly split: Split | null;
  }
  const leafOf = (place: number, rows: readonly number[], depth: number): Leaf => {
    const own = pick(rows);
    const histogram = histogramOf(own, layout);
    const sums = rows.reduce<Sums>(
      (sum, row) => ({ g: sum.g + all.pairs[2 * row], h: sum.h + all.pairs[2 * row + 1], rows: sum.rows + 1 }),
      {
        g: 0,
        h: 0,
        rows: 0,
      },
    );
    return {
      place,
      rows,
      depth,
      split: depth === maxDepth ? null : bestSplit(histogram, layout, sums, rules, [...Array(COLUMNS).keys()], 0),
    };
  };
  const tree = { column: [-1], threshold: [Number.NaN], gain: [0] };
  let leaves = [leafOf(0, [...Array(ROWS).keys()], 0)];
  while (leaves.length < maxLeaves) {
    const next = leaves.reduce((most, leaf) => ((leaf.split?.gain ?? 0) > (most.split?.gain ?? 0) ? leaf : most));
    const { split } = next;
    if (split === null) break;
    tree.column[next.place] = split.column;
    tree.threshold[next.place] = split.bin === 20 ? Number.POSITIVE_INFINITY : split.bin;
    tree.gain[next.place] = split.gain;
    const sides = [1, 0].map((side) => next.rows.filter((row) => split.goesLeft[all.bins[row * COLUMNS + split.column]] === side));
    const children = sides.map((rows) => {
      tree.threshold.push(Number.NaN);
      tree.gain.push(0);
      return leafOf(tree.column.push(-1) - 1, rows, next.depth + 1);
    });
    leaves = [...leaves.filter((leaf) => leaf !== next), ...children];
  }
  return tree;
}

function pick(rows: readonly number[]): SmallRows {
  const nodes = new Uint16Array(ROWS);
  for (const row of rows) nodes[row] = 1;
  return rowsIn(nodes, 1);
}

describe("a tree grown in rounds", () => {
  it.each([
    [31, Number.POSITIVE_INFINITY],
    [7, Number.POSITIVE_INFINITY],
    [1_000, 4],
    [12, 5],
  ])("of %i leaves and depth %i is that of one leaf at a time", (maxLeaves, maxDepth) => {
    const limits = limitsOf(maxLeaves, maxDepth);
    const wanted = oneByOne(limits);
    const lossy = (growing: Growing): Growing => decode(encode(growing));
    for (const { tree } of [
      grown(limits, 0),
      grown(limits, 100),
      grown(limits, ROWS),
      grown(limits, 0, lossy),
      grown(limits, 100, lossy),
    ]) {
      expect([...tree.column]).toEqual(wanted.column);
      expect([...tree.threshold]).toEqual(wanted.threshold);
      expect([...tree.gain]).toEqual(wanted.gain);
    }
  });

  it("takes about a round a level, fewer where nodes are small, and one where the root is", () => {
    const limits = limitsOf(31, Number.POSITIVE_INFINITY);
    const levels = grown(limits, 0).rounds;
    expect(levels).toBeLessThan(12);
    expect(grown(limits, 200).rounds).toBeLessThan(levels);
    expect(grown(limits, ROWS).rounds).toBe(1);
  });
});

describe("histograms of trees that grow", () => {
  const limits = limitsOf(12, Number.POSITIVE_INFINITY);
  const histogram = histogramOf(pick([...all.counts.keys()]), layout);
  /** After the round of the root, whose histogram is then kept for its children. */
  const begun = () => {
    const answer = histogram.slice();
    const { growing } = grow(startGrowing(0, ROWS, 0), answer, layout, best, limits, { limit: 0, rows: [] });
    return { growing, isGiven: () => answer.buffer.detached };
  };

  it("are kept up to so many bytes", () => {
    const { growing, isGiven } = begun();
    keepWithin([growing], histogram.byteLength);
    expect(isGiven()).toBe(false);
    keepWithin([growing], histogram.byteLength - 1);
    expect(isGiven()).toBe(true);
  });

  it("of all trees count together", () => {
    const [one, other] = [begun(), begun()];
    keepWithin([one.growing, other.growing], 2 * histogram.byteLength - 1);
    expect([one.isGiven(), other.isGiven()]).toEqual([true, true]);
  });

  it("of the nodes that open next stay, so that the tree and its rounds are those of more memory", () => {
    const bounded = grown(limits, 0, (growing) => {
      keepWithin([growing], 0);
      return growing;
    });
    const free = grown(limits, 0);
    expect(bounded.tree).toEqual(free.tree);
    expect(bounded.rounds).toBe(free.rounds);
  });
});
