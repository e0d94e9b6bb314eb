/** Kernels of growing forests against plain loops. */
import { describe, expect, it, test } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { float64, type Kernels, place, uint8, uint16, uint32, withKernels } from "../../src/kernels/kernels.ts";
import { drawBounds, drawer } from "../../src/learners/forest/draw.ts";

const ROWS = 700;
const COLUMNS = 7;
const SLOTS = 4;
const all = Array.from({ length: ROWS }, (_, i) => i);
const draw = (i: number, stream: number): number => hashRow(stream, i);

const bins = Array.from({ length: ROWS * COLUMNS }, (_, i) => draw(i, 1) % 6);
const draws = all.map((i) => draw(i, 2) % 4);
/** Rows that are drawn are in a slot. */
const slots = all.map((i) => (draws[i] === 0 ? 0 : draw(i, 3) % (SLOTS + 1)));

function bytes(k: Kernels, values: readonly number[]): number {
  const address = k.allocate(values.length + 4);
  uint8(k, address, values.length).set(values);
  return address;
}

function placeSlots(k: Kernels): number {
  const address = k.allocate(2 * ROWS);
  uint16(k, address, ROWS).set(slots);
  return address;
}

function listed(k: Kernels): { starts: number; list: number } {
  const [starts, list] = [k.claim(4 * (SLOTS + 1)), k.claim(4 * (ROWS + 1))];
  k.groupRows(placeSlots(k), bytes(k, draws), ROWS, SLOTS, starts, list);
  return { starts, list };
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
      const [drawn, nodes] = [k.claim(ROWS), k.claim(2 * ROWS)];
      k.drawRows(99, 1_000, index, weight, ROWS, table, bounds.length, drawn, nodes);
      const expected = all.map((i) => (i % 7 === 0 ? 0 : drawer(bounds)(99, 1_000 + 3 * i)));
      expect([...uint8(k, drawn, ROWS)]).toEqual(expected);
      expect([...uint16(k, nodes, ROWS)]).toEqual(expected.map((count) => Number(count > 0)));
    });
  });
});

test("moveRows sends rows by the bin of their node's column", () => {
  withKernels((k) => {
    const routes = k.allocate(40 * (SLOTS + 1));
    for (let s = 1; s <= SLOTS; s++) {
      uint32(k, routes + 40 * s, 1)[0] = s;
      uint16(k, routes + 40 * s + 4, 2).set([10 * s, 10 * s + 1]);
      // Bins 0 and 4 go left.
      uint8(k, routes + 40 * s + 8, 1)[0] = 0b10001;
    }
    const nodes = placeSlots(k);
    k.moveRows(bytes(k, bins), COLUMNS, ROWS, nodes, routes);
    const expected = slots.map((s, i) => (s === 0 ? 0 : 10 * s + Number([0, 4].includes(bins[i * COLUMNS + s]))));
    expect([...uint16(k, nodes, ROWS)]).toEqual(expected);
  });
});

test("groupRows lists rows with their draws by slot, in their order", () => {
  withKernels((k) => {
    const { starts, list } = listed(k);
    const [ends, entries] = [uint32(k, starts, SLOTS + 1), uint32(k, list, ROWS + 1)];
    for (let s = 1; s <= SLOTS; s++) {
      const own = all.filter((i) => slots[i] === s).map((i) => i + 2 ** 24 * draws[i]);
      expect([...entries.subarray(ends[s - 1], ends[s])]).toEqual(own);
    }
  });
});

describe("countRows", () => {
  const classes = all.map((i) => draw(i, 4) % 3);
  const weights = all.map((i) => (draw(i, 5) % 8) / 4);
  /** Slots asked for, and the columns of each. */
  const built = [3, 1];
  const columns = [
    [6, 0, 2, 5, 1],
    [4, 3, 0, 1, 6],
  ];
  /** Numbers of a bin: what a row adds to each. */
  const cases: readonly [string, number, 2 | 4 | 8, boolean, (i: number) => number[]][] = [
    ["draws by class", 0, 4, false, (i) => [0, 1, 2].map((c) => (classes[i] === c ? draws[i] : 0))],
    ["draws by class in 16 bits", 3, 2, false, (i) => [0, 1, 2].map((c) => (classes[i] === c ? draws[i] : 0))],
    ["weights by class, and draws", 1, 8, true, (i) => [...[0, 1, 2].map((c) => (classes[i] === c ? draws[i] * weights[i] : 0)), draws[i]]],
    ["pairs", 2, 8, false, (i) => [draws[i] * classes[i], draws[i] * weights[i]]],
    ["pairs, and draws", 2, 8, true, (i) => [draws[i] * classes[i], draws[i] * weights[i], draws[i]]],
  ];

  function placeValues(k: Kernels, kind: number, width: number): number {
    const address = k.allocate(16 * ROWS);
    for (const i of all) {
      if (kind === 0 || kind === 3) uint16(k, address, ROWS)[i] = width * classes[i];
      else float64(k, address, 2 * ROWS).set(kind === 1 ? [weights[i], 0] : [classes[i], weights[i]], 2 * i);
      if (kind === 1) uint32(k, address, 4 * ROWS)[4 * i + 2] = 8 * classes[i];
    }
    return address;
  }

  it.each(cases)("adds %s", (_, kind, width, counted, added) => {
    const size = added(0).length;
    withKernels((k) => {
      const { starts, list } = listed(k);
      const numbers = 2 * 5 * 6 * size;
      const sums = k.allocate(width * numbers);
      const records = k.claim(8 * 2 * 5);
      columns.flat().forEach((column, c) => {
        uint32(k, records, 20).set([column, sums + width * 6 * size * c], 2 * c);
      });
      const slotsBuilt = k.claim(8);
      uint32(k, slotsBuilt, 2).set(built);
      const values = placeValues(k, kind, width);
      k.countRows(bytes(k, bins), COLUMNS, starts, list, slotsBuilt, 2, records, 5, width * size, values, kind, counted);
      const expected = built.flatMap((slot, b) =>
        columns[b].flatMap((column) =>
          Array.from({ length: 6 }, (_, bin) => {
            const own = all.filter((i) => slots[i] === slot && bins[i * COLUMNS + column] === bin).map(added);
            return Array.from({ length: size }, (_, n) => own.reduce((sum, row) => sum + row[n], 0));
          }).flat(),
        ),
      );
      const found = (width === 8 ? float64 : width === 4 ? uint32 : uint16)(k, sums, numbers);
      expect([...found]).toEqual(expected);
    });
  });
});
