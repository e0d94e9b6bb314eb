/** Kernels of growing forests against plain loops. */
import { describe, expect, it, test } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { float64, type Kernels, place, uint8, uint16, uint32, withKernels } from "../../src/kernels/kernels.ts";
import { drawBounds, drawer } from "../../src/learners/forest/draw.ts";

const ROWS = 700;
const COLUMNS = 37;
const SLOTS = 5;
const all = Array.from({ length: ROWS }, (_, i) => i);
const draw = (i: number, stream: number): number => hashRow(stream, i);

const bins = Array.from({ length: ROWS * COLUMNS }, (_, i) => draw(i, 1) % 6);
const draws = all.map((i) => draw(i, 2) % 4);
const drawn = all.filter((i) => draws[i] > 0);
/** Of rows that are drawn, before and after they move. */
const before = all.map((i) => 1 + (draw(i, 3) % 4));
const goesLeft = (i: number): boolean => [0, 4].includes(bins[i * COLUMNS + before[i]]);
/** Of slot 1 both children grow on, of 2 the left one, of 3 the right one; slot 4 stays. */
const CHILDREN = [
  [0, 0],
  [2, 3],
  [0, 5],
  [4, 0],
  [1, 1],
];
const after = all.map((i) => CHILDREN[before[i]][goesLeft(i) ? 1 : 0]);

function bytes(k: Kernels, values: readonly number[]): number {
  const address = k.allocate(values.length + 16);
  uint8(k, address, values.length).set(values);
  return address;
}

/** Rows go left with bins 0 and 4 of the column of their slot's number. */
function placeRoutes(k: Kernels): number {
  const routes = k.allocate(40 * CHILDREN.length);
  CHILDREN.forEach((children, slot) => {
    uint32(k, routes + 40 * slot, 1)[0] = slot;
    uint16(k, routes + 40 * slot + 4, 2).set(children);
    uint8(k, routes + 40 * slot + 8, 1)[0] = 0b10001;
  });
  return routes;
}

describe("drawRows", () => {
  it.each([
    ["draws with replacement", drawBounds(1, true)],
    ["draws a share", drawBounds(0.3, false)],
    ["draws all", drawBounds(1, false)],
  ])("%s as the reducer does", (_, bounds) => {
    withKernels((k) => {
      const index = k.claim(4 * ROWS);
      uint32(k, index, ROWS).set(all.map((i) => 3 * i));
      const weight = place(
        k,
        all.map((i) => i % 7),
      );
      const table = k.claim(4 * bounds.length);
      uint32(k, table, bounds.length).set(bounds);
      const often = k.claim(ROWS);
      k.drawRows(99, 1_000, index, weight, ROWS, table, bounds.length, often);
      const expected = all.map((i) => (i % 7 === 0 ? 0 : drawer(bounds)(99, 1_000 + 3 * i)));
      expect([...uint8(k, often, ROWS)]).toEqual(expected);
    });
  });
});

/** Rows by slot, in a block that is read as assembly/count.ts describes it. */
function rowsBySlot(k: Kernels, block: number): Map<number, number[]> {
  const [count] = uint32(k, block, 1);
  const found = new Map<number, number[]>();
  let at = block + 4 + 4 * ROOM;
  for (const share of uint32(k, block + 4, count)) {
    found.set(share >>> 16, [...uint16(k, at, share & 0xffff)]);
    at += 2 * (share & 0xffff);
  }
  return found;
}

const ROOM = 8;

/** All rows that are drawn, in the slots of `before`: from slot 1 by routes that send them there by a column of slots. */
function placeBlock(k: Kernels, often: number): number {
  const block = k.allocate(4 + 4 * ROOM + 2 * ROWS);
  k.startDrawn(block, ROWS, ROOM, often);
  expect([...rowsBySlot(k, block)]).toEqual([[1, drawn]]);
  const slots = Array.from({ length: 4 }, (_, s) => drawn.filter((i) => before[i] === s + 1));
  uint32(k, block, 5).set([4, ...slots.map((own, s) => (s + 1) * 2 ** 16 + own.length)]);
  uint16(k, block + 4 + 4 * ROOM, drawn.length).set(slots.flat());
  return block;
}

test("moveDrawn sends rows by the bin of their node's column, those of leaves away", () => {
  withKernels((k) => {
    const block = placeBlock(k, bytes(k, draws));
    const own = bytes(k, bins);
    k.touchBins(own, ROWS * COLUMNS);
    k.moveDrawn(own, COLUMNS, block, ROOM, placeRoutes(k));
    const found = rowsBySlot(k, block);
    expect(new Set(found.keys())).toEqual(new Set([1, 2, 3, 4, 5]));
    for (const [slot, rows] of found) expect(rows.sort((a, b) => a - b)).toEqual(drawn.filter((i) => after[i] === slot));
  });
});

describe("queueDrawn and countQueues", () => {
  const classes = all.map((i) => draw(i, 4) % 3);
  const weights = all.map((i) => (draw(i, 5) % 8) / 4);
  /** Slots asked for. */
  const built = [3, 1];
  /** Numbers of a bin: what a row adds to each. */
  const cases: readonly [string, number, 2 | 4 | 8, boolean, (i: number) => number[]][] = [
    ["draws by class", 0, 4, false, (i) => [0, 1, 2].map((c) => (classes[i] === c ? draws[i] : 0))],
    ["draws by two classes", 0, 4, false, (i) => [0, 1].map((c) => (classes[i] % 2 === c ? draws[i] : 0))],
    ["draws by two classes in 16 bits", 0, 2, false, (i) => [0, 1].map((c) => (classes[i] % 2 === c ? draws[i] : 0))],
    ["draws by class in 16 bits", 0, 2, false, (i) => [0, 1, 2].map((c) => (classes[i] === c ? draws[i] : 0))],
    ["weights by class, and draws", 1, 8, true, (i) => [...[0, 1, 2].map((c) => (classes[i] === c ? draws[i] * weights[i] : 0)), draws[i]]],
    ["pairs", 2, 8, false, (i) => [draws[i] * classes[i], draws[i] * weights[i]]],
    ["pairs, and draws", 2, 8, true, (i) => [draws[i] * classes[i], draws[i] * weights[i], draws[i]]],
  ];

  function placeValues(k: Kernels, kind: number, size: number): { values: number; bases: number } {
    const [values, bases] = [k.allocate(16 * ROWS), k.allocate(4 * ROWS)];
    for (const i of all) {
      uint32(k, bases, ROWS)[i] = kind === 0 ? 2 * (classes[i] % size) : i;
      float64(k, values, 2 * ROWS).set(kind === 1 ? [weights[i], 0] : [classes[i], weights[i]], 2 * i);
      if (kind === 1) uint32(k, values, 4 * ROWS)[4 * i + 2] = 8 * classes[i];
    }
    return { values, bases };
  }

  /** `looked` columns of each slot asked for, in queues of so many rows. */
  function add(kind: number, width: 2 | 4 | 8, counted: boolean, size: number, looked: number, queue: number, vectors: number) {
    const columns = built.map((slot) => Array.from({ length: looked }, (_, j) => (3 * slot + 5 * j) % Math.min(COLUMNS, 16 * vectors)));
    return withKernels((k) => {
      const numbers = 2 * looked * 6 * size;
      const sums = k.allocate(width * numbers);
      const addresses = k.allocate(8 * (2 + looked));
      const lists = built.map((_, b) => Array.from({ length: looked }, (_, j) => sums + width * 6 * size * (looked * b + j)));
      uint32(k, addresses, 2 * (2 + looked)).set(lists.flatMap((list) => [width * size, width, ...list]));
      const entry = 4 + looked;
      const groups = Math.ceil(looked / 16);
      // So many vectors and their offsets for each 16 columns.
      const groupBytes = 16 * vectors + 16;
      const leadBytes = 16 + groupBytes * groups;
      const [queues, nowhere] = [k.allocate(2 * (queue * entry + 16)), k.allocate(4 + 16 * groups)];
      const leads = k.allocate(leadBytes * (SLOTS + 1));
      for (let slot = 0; slot <= SLOTS; slot++) uint32(k, leads + leadBytes * slot, 1)[0] = nowhere;
      built.forEach((slot, b) => {
        const first = queues + b * (queue * entry + 16);
        uint32(k, leads + leadBytes * slot, 4).set([first, first + queue * entry, entry, addresses + 4 * (2 + looked) * b]);
        for (let group = 0; group < groups; group++) {
          const at = leads + leadBytes * slot + 16 + groupBytes * group;
          const masks = uint8(k, at, 16 * vectors).fill(255);
          uint16(k, at + 16 * vectors, vectors).set([0, 16, 32].slice(0, vectors));
          columns[b].slice(16 * group, 16 * group + 16).forEach((column, j) => {
            masks[16 * (column >> 4) + j] = column & 15;
          });
        }
      });
      const { values, bases } = placeValues(k, kind, size);
      const form = k.allocate(32);
      uint32(k, form, 6).set([looked, vectors, queue, kind, Number(counted), values]);
      const [own, often] = [bytes(k, bins), bytes(k, draws)];
      const block = placeBlock(k, often);
      k.moveDrawn(own, COLUMNS, block, ROOM, placeRoutes(k));
      k.queueDrawn(own, COLUMNS, block, ROOM, often, bases, leads, form);
      k.countQueues(leads, SLOTS, form);
      return { columns, found: [...(width === 8 ? float64 : width === 4 ? uint32 : uint16)(k, sums, numbers)] };
    });
  }

  it.each(cases)("add %s", (_, kind, width, counted, added) => {
    const size = added(0).length;
    // As many columns as a pass takes, or more; queues that fill several times, or never; masks in registers, or not.
    for (const [looked, queue, vectors] of [
      [1, 16, 1],
      [5, 16, 2],
      [7, 1_000, 3],
      [19, 33, 2],
    ]) {
      const { columns, found } = add(kind, width, counted, size, looked, queue, vectors);
      const expected = built.flatMap((slot, b) => {
        const own = drawn.filter((i) => after[i] === slot);
        return columns[b].flatMap((column) =>
          Array.from({ length: 6 }, (_, bin) => {
            const here = own.filter((i) => bins[i * COLUMNS + column] === bin).map(added);
            return Array.from({ length: size }, (_, n) => here.reduce((sum, row) => sum + row[n], 0));
          }).flat(),
        );
      });
      expect(found).toEqual(expected);
    }
  });
});
