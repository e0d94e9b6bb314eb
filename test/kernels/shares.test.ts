/** Rows by node against plain loops: more than a block and than a queue, and columns that are no multiple of four. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { float64, type Kernels, place, uint8, withKernels } from "../../src/kernels/kernels.ts";
import type { Layout } from "../../src/learners/boosting/growing/layout.ts";
import {
  placeOffsets,
  placeQueues,
  placeRoutes,
  queuesBytes,
  type Routes,
  routeBytes,
  scratchBytes,
} from "../../src/learners/boosting/growing/routes.ts";
import { blocksAt, type RowBlock, rowsIn, sharesBytes } from "../../src/learners/trees/shares.ts";

const [rows, columns, bins] = [20_100, 6, 256];
const draw = (i: number, stream: number): number => hashRow(stream, i) / 2 ** 32;
const bin = (row: number, j: number): number => Math.floor(bins * draw(row * columns + j, 2));
const derivative = (i: number): number => Math.floor(64 * draw(i, 3) - (i % 2 === 0 ? 32 : 0)) / 64;
const layout: Layout = {
  starts: Array.from({ length: columns }, (_, j) => bins * j),
  bins: new Array<number>(columns).fill(bins),
  total: columns * bins,
  rows: "plane",
  size: 3 * columns * bins,
};

/** Node 0 by column 4; its left child 1 by column 2 at once, into 3 and 4. */
const routes: Routes = {
  nodes: 5,
  from: Uint16Array.of(0, 1),
  column: Int32Array.of(4, 2),
  left: Uint16Array.of(1, 3),
  right: Uint16Array.of(2, 4),
  goesLeft: Uint8Array.from({ length: 512 }, (_, i) => Number(i < 256 ? i % 3 === 0 : i % 2 === 1)),
  built: Uint16Array.of(2, 3),
  whole: new Uint16Array(0),
};
const nodeOf = (row: number): number => (bin(row, 4) % 3 !== 0 ? 2 : bin(row, 2) % 2 === 1 ? 3 : 4);

function placeBins(k: Kernels): number {
  const data = k.allocate(rows * columns + 16);
  const all = uint8(k, data, rows * columns);
  for (let row = 0; row < rows; row++) for (let j = 0; j < columns; j++) all[row * columns + j] = bin(row, j);
  return data;
}

function startBlocks(k: Kernels): RowBlock[] {
  const blocks = blocksAt(k.allocate(sharesBytes(rows)), rows);
  for (const block of blocks) k.startBlock(block.address, block.rows);
  return blocks;
}

function moved(k: Kernels, data: number): RowBlock[] {
  const blocks = startBlocks(k);
  const turned = k.allocate(rows * columns);
  k.turnBins(data, columns, rows, turned);
  const table = k.allocate(routeBytes(routes));
  placeRoutes(k, table, routes);
  for (const { address, first, rows: n } of blocks) k.sendRows(turned + first, rows, address, n, table);
  return blocks;
}

function nodesIn(k: Kernels, blocks: readonly RowBlock[]): number[] {
  const nodes = new Array<number>(rows).fill(-1);
  rowsIn(k, blocks, [0, 1, 2, 3, 4]).forEach((own, node) => {
    for (const row of own) nodes[row] = node;
  });
  return nodes;
}

function histogramsIn(k: Kernels, data: number, blocks: readonly RowBlock[], asked: Routes): number[][] {
  const pairs = k.allocate(16 * rows);
  const of = (side: 0 | 1): Float64Array => Float64Array.from({ length: rows }, (_, i) => derivative(2 * i + side));
  const counts = k.allocate(rows);
  for (let row = 0; row < rows; row++) uint8(k, counts, rows)[row] = row % 4;
  k.roundPairs(place(k, of(0)), place(k, of(1)), counts, rows, 1 / 64, 1 / 64, 18, pairs);
  const [offsets, scratch] = [k.allocate(4 * (columns + 1)), k.allocate(scratchBytes(columns))];
  const at = k.allocate(8 * layout.size * asked.built.length);
  const queues = k.allocate(queuesBytes(asked));
  placeOffsets(k, offsets, layout);
  placeQueues(k, queues, asked, at, layout);
  for (const { address, first, rows: n } of blocks) k.queueRows(data, columns, pairs, address, first, n, queues, offsets, scratch);
  k.emptyQueues(data, columns, pairs, queues, asked.nodes, offsets, scratch);
  return [...asked.built].map((_, place) => {
    const own = at + 8 * layout.size * place;
    k.takeCounts(own, layout.total, 18, own + 16 * layout.total);
    k.scalePairs(own, layout.total, 1 / 64, 1 / 64 / 2 ** 18);
    return [...float64(k, own, layout.size)];
  });
}

function plain(isIn: (row: number) => boolean): number[] {
  const sums = new Array<number>(layout.size).fill(0);
  for (let row = 0; row < rows; row++) {
    if (!isIn(row)) continue;
    for (let j = 0; j < columns; j++) {
      const at = j * bins + bin(row, j);
      sums[2 * at] += derivative(2 * row);
      sums[2 * at + 1] += derivative(2 * row + 1);
      sums[2 * layout.total + at] += row % 4;
    }
  }
  return sums;
}

describe("sendRows", () => {
  it("sends rows on until their node stays, and loses none", () => {
    const nodes = withKernels((k) => nodesIn(k, moved(k, placeBins(k))));
    expect(nodes).toEqual(Array.from({ length: rows }, (_, row) => nodeOf(row)));
  });

  it("leaves rows where no route leads away", () => {
    const nodes = withKernels((k) => {
      const blocks = startBlocks(k);
      for (const { address, rows: n } of blocks) k.sendRows(0, rows, address, n, k.allocate(16));
      return nodesIn(k, blocks);
    });
    expect(new Set(nodes)).toEqual(new Set([0]));
  });
});

describe("queueRows", () => {
  it("adds rows to the histograms of their nodes", () => {
    const histograms = withKernels((k) => {
      const data = placeBins(k);
      return histogramsIn(k, data, moved(k, data), routes);
    });
    expect(histograms[0]).toEqual(plain((row) => nodeOf(row) === 2));
    expect(histograms[1]).toEqual(plain((row) => nodeOf(row) === 3));
  });

  it("adds blocks of one node as they lie", () => {
    const [histogram] = withKernels((k) => {
      const data = placeBins(k);
      return histogramsIn(k, data, startBlocks(k), { ...routes, nodes: 1, from: new Uint16Array(0), built: Uint16Array.of(0) });
    });
    expect(histogram).toEqual(plain(() => true));
  });
});

describe("settleBlock", () => {
  it("adds the value of each row's node", () => {
    const margins = withKernels((k) => {
      const blocks = moved(k, placeBins(k));
      const own = place(
        k,
        Float64Array.from({ length: rows }, (_, row) => row),
      );
      const values = place(k, [0, 0, 10, 20, 30]);
      for (const { address, first, rows: n } of blocks) k.settleBlock(address, n, values, own + 8 * first);
      return [...float64(k, own, rows)];
    });
    expect(margins).toEqual(Array.from({ length: rows }, (_, row) => row + 10 * (nodeOf(row) - 1)));
  });
});

describe("blocks", () => {
  it("hold all rows, one after another, in the bytes announced", () => {
    for (const n of [1, 16_384, 16_385, 40_000]) {
      const blocks = blocksAt(0, n);
      expect(blocks.reduce((sum, block) => sum + block.rows, 0)).toBe(n);
      const last = blocks[blocks.length - 1];
      expect(last.address + 4 + 6 * last.rows).toBeLessThanOrEqual(sharesBytes(n));
    }
  });

  it("name rows by their number in the part", () => {
    const [seen, none] = withKernels((k) => rowsIn(k, moved(k, placeBins(k)), [2, 0]).map((own) => [...own]));
    expect(none).toEqual([]);
    expect(seen).toEqual(Array.from({ length: rows }, (_, row) => row).filter((row) => nodeOf(row) === 2));
  });
});
