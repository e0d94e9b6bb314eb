/** Kernels of growing trees against plain loops. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { float64, type Kernels, place, uint8, uint16, uint32, withKernels } from "../../src/kernels/kernels.ts";

const draw = (i: number, stream: number): number => hashRow(stream, i) / 2 ** 32;

describe("binNumbers", () => {
  it("counts the cuts below a number", () => {
    const cuts = Float64Array.from({ length: 200 }, (_, i) => i / 7 - 10);
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -10, 0, 1e300];
    for (let i = 0; i < 500; i++) values.push(i % 3 === 0 ? cuts[i % 200] : 40 * draw(i, 1) - 15);
    const bins = withKernels((k) => {
      const table = place(k, [...cuts, ...Array.from({ length: 56 }, () => Number.POSITIVE_INFINITY)]);
      const [x, out] = [place(k, values), k.allocate(2 * values.length)];
      k.binNumbers(x, values.length, table, 201, out, 2);
      return [...uint8(k, out, 2 * values.length)].filter((_, i) => i % 2 === 0);
    });
    expect(bins).toEqual(values.map((value) => (Number.isNaN(value) ? 201 : cuts.filter((cut) => cut < value).length)));
  });
});

describe("binCategories", () => {
  it("looks categories up, and takes all else for missing", () => {
    const values = [0, 1, 2, 3, -1, 1.5, Number.NaN, 1e9];
    const bins = withKernels((k) => {
      const [x, codes, out] = [place(k, values), k.allocate(16), k.allocate(16)];
      uint8(k, codes, 3).set([7, 5, 6]);
      k.binCategories(x, values.length, codes, 3, 9, out, 1);
      return [...uint8(k, out, values.length)];
    });
    expect(bins).toEqual([7, 5, 6, 9, 9, 9, 9, 9]);
  });
});

describe("roundPairs", () => {
  it("rounds to multiples of the quanta, halves to even", () => {
    const [g, h] = [
      [0.3, -0.3, 0.5, 1.5, -2.5, 0],
      [0.2, 0.24, 0.1, 0, 7, 1e-9],
    ];
    const rounded = (bits: number): number[] =>
      withKernels((k) => {
        const [out, counts] = [k.allocate(16 * g.length), place(k, [1, 1, 1, 0, 5, 1])];
        k.roundPairs(place(k, g), place(k, h), counts, g.length, 1, 0.125, bits, out);
        return [...new BigInt64Array(k.memory.buffer, out, 2 * g.length)].map(Number);
      });
    expect(rounded(0)).toEqual([0, 2, 0, 2, 0, 1, 2, 0, -2, 56, 0, 0]);
    expect(rounded(3)).toEqual([0, 17, 0, 17, 0, 9, 2, 0, -2, 453, 0, 1]);
  });
});

describe("settleRows", () => {
  it("adds the value of each row's node and sends it to the root", () => {
    withKernels((k) => {
      const [nodes, margins] = [k.allocate(16), place(k, [1, 2, 3])];
      uint16(k, nodes, 3).set([2, 0, 1]);
      k.settleRows(nodes, 3, place(k, [10, 20, 30]), margins);
      expect([...float64(k, margins, 3)]).toEqual([31, 12, 23]);
      expect([...uint16(k, nodes, 3)]).toEqual([0, 0, 0]);
    });
  });
});

describe("widenRange", () => {
  it.each([0, 1, 2, 5])("holds %s numbers more", (n) => {
    const values = [3, -4, 7, 0, -9].slice(0, n);
    const range = withKernels((k) => {
      const at = place(k, [-1, 2]);
      k.widenRange(place(k, values), n, at);
      return [...float64(k, at, 2)];
    });
    expect(range).toEqual([Math.min(-1, ...values), Math.max(2, ...values)]);
  });
});

/** More rows than a queue, columns that are no multiple of four, three nodes of which the first splits, and rows of one node in a row. */
describe("growRows", () => {
  const [rows, columns, bins] = [4_100, 6, 256];
  const bin = (row: number, j: number): number => Math.floor(bins * draw(row * columns + j, 2));
  const nodeOf = (row: number): number => (row < 600 || row % 3 === 0 ? 1 : 0);
  const goesLeft = (row: number): boolean => bin(row, 4) % 3 === 0;
  const derivative = (i: number): number => Math.floor(64 * draw(i, 3) - (i % 2 === 0 ? 32 : 0)) / 64;

  function grown(k: Kernels, moves: boolean, counted: boolean, marked: boolean): { nodes: number[]; histograms: number[][] } {
    const size = 3 * columns * bins;
    const data = k.allocate(rows * columns + 16);
    for (let row = 0; row < rows; row++) for (let j = 0; j < columns; j++) uint8(k, data, rows * columns)[row * columns + j] = bin(row, j);
    const nodes = k.allocate(2 * rows);
    for (let row = 0; row < rows; row++) uint16(k, nodes, rows)[row] = nodeOf(row);
    const [pairs, bits] = [k.allocate(16 * rows), counted ? 18 : 0];
    const derivatives = (of: 0 | 1): number =>
      place(
        k,
        Array.from({ length: rows }, (_, i) => derivative(2 * i + of)),
      );
    const counts = place(
      k,
      Array.from({ length: rows }, (_, i) => i % 4),
    );
    k.roundPairs(derivatives(0), derivatives(1), counts, rows, 1 / 64, 1 / 64, bits, pairs);
    const offsets = k.allocate(4 * columns);
    uint32(k, offsets, columns).set(Array.from({ length: columns }, (_, j) => 16 * bins * j));
    const at = k.allocate(16 * size);
    const queues = k.allocate(16);
    const queueOf = (histogram: number): number => {
      const queue = k.allocate(32);
      uint32(k, queue, 4).set([histogram, 0, k.allocate(512 * columns + 16), k.allocate(512 * 16)]);
      return queue;
    };
    // Of node 1 and, where rows move, of the left child of node 0.
    uint32(k, queues, 4).set([0, queueOf(at), moves ? queueOf(at + 8 * size) : 0, 0]);
    const routes = k.allocate(16);
    const [moving, staying, marks] = [k.allocate(8 + 512), k.allocate(4 * 16), k.allocate(4)];
    uint8(k, marks, 4)[0] = 1;
    uint32(k, moving, 2).set([4, 255]);
    uint16(k, moving + 8, 256).set(Array.from({ length: 256 }, (_, b) => (b % 3 === 0 ? 2 : 3)));
    for (let node = 1; node < 4; node++) uint16(k, staying + 16 * node + 8, 1)[0] = node;
    uint32(k, routes, 4).set([moving, staying + 16, staying + 32, staying + 48]);
    k.growRows(data, columns, rows, nodes, moves ? routes : 0, marked ? marks : 0, marked ? 2 : 1, queues, 4, offsets, pairs);
    for (const histogram of [at, at + 8 * size]) {
      if (counted) k.takeCounts(histogram, columns * bins, bits, histogram + 16 * columns * bins);
      k.scalePairs(histogram, columns * bins, 1 / 64, 1 / 64 / 2 ** bits);
    }
    return {
      nodes: [...uint16(k, nodes, rows)],
      histograms: [0, 1].map((slot) => [...float64(k, at + 8 * size * slot, size)]),
    };
  }

  function plain(node: (row: number) => boolean, counted: boolean): number[] {
    const sums = new Array<number>(3 * columns * bins).fill(0);
    for (let row = 0; row < rows; row++) {
      if (!node(row)) continue;
      for (let j = 0; j < columns; j++) {
        const at = j * bins + bin(row, j);
        sums[2 * at] += derivative(2 * row);
        sums[2 * at + 1] += derivative(2 * row + 1);
        if (counted) sums[2 * columns * bins + at] += row % 4;
      }
    }
    return sums;
  }

  it.each([
    [false, false, false],
    [true, false, false],
    [false, true, false],
    [true, true, false],
    [true, true, true],
  ])("moves rows (%s) and adds them up (counted %s, marked %s)", (moves, counted, marked) => {
    const { nodes, histograms } = withKernels((k) => grown(k, moves, counted, marked));
    nodes.forEach((node, row) => {
      expect(node).toBe(moves && nodeOf(row) === 0 ? (goesLeft(row) ? 2 : 3) : nodeOf(row));
    });
    // Of those that stay only where none is looked for.
    expect(histograms[0]).toEqual(plain((row) => !marked && nodeOf(row) === 1, counted));
    expect(histograms[1]).toEqual(plain((row) => moves && nodeOf(row) === 0 && goesLeft(row), counted));
  });
});
