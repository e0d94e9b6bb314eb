import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planCuts } from "../../src/plan/cuts.ts";

const MiB = 1 << 20;
const csv = (...sizes: number[]) =>
  planCuts({ format: "csv", objects: sizes.map((size, i) => ({ key: `f${i}`, size, etag: `${i}`, gzip: false })) });
const ranges = (cuts: ReturnType<typeof planCuts>) =>
  cuts.map((cut) =>
    cut.format === "csv"
      ? cut.pieces.map((piece) => [piece.key, piece.startByte, piece.endByte])
      : cut.pieces.map((piece) => [piece.key, piece.firstRowGroup, piece.endRowGroup]),
  );

describe("text", () => {
  test("small files are joined in order up to the target of 8 MiB", () => {
    expect(ranges(csv(3 * MiB, 4 * MiB, 2 * MiB))).toEqual([
      [
        ["f0", 0, 3 * MiB],
        ["f1", 0, 4 * MiB],
      ],
      [["f2", 0, 2 * MiB]],
    ]);
  });

  test("a large file is cut into equal ranges of about 64 MiB", () => {
    const cuts = csv(6_400 * MiB + 1);
    expect(cuts.length).toBe(100);
    expect(ranges(cuts)[1]).toEqual([["f0", 64 * MiB, 128 * MiB]]);
    expect(ranges(cuts)[99]).toEqual([["f0", 6_336 * MiB, 6_400 * MiB + 1]]);
    expect(cuts[1]).toMatchObject({ number: 1, bytes: 64 * MiB, pieces: [{ etag: "0" }] });
  });

  test("a source of 256 MiB in one file gives 16 cuts, so that all threads have work", () => {
    expect(csv(256 * MiB).map((cut) => cut.bytes)).toEqual(Array(16).fill(16 * MiB));
  });

  test("a gzipped file is never cut, and counts for what it unpacks to", () => {
    const objects = [40, 1, 1, 1].map((size, i) => ({ key: `f${i}.gz`, size: size * MiB, etag: `${i}`, gzip: true }));
    // 43 MiB count for 172 MiB; a sixteenth of it, 10.75 MiB, holds two files of 1 MiB.
    expect(ranges(planCuts({ format: "csv", objects }))).toEqual([
      [["f0.gz", 0, 40 * MiB]],
      [
        ["f1.gz", 0, MiB],
        ["f2.gz", 0, MiB],
      ],
      [["f3.gz", 0, MiB]],
    ]);
  });

  test("every byte lies in one cut, in order, and a cut is one range or several whole files", () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 400 * MiB }));
    const files = fc.array(fc.record({ size, gzip: fc.boolean() }), { maxLength: 30 });
    void fc.assert(
      fc.property(files, (sizes) => {
        const objects = sizes.map((file, i) => ({ key: `f${i}`, etag: `${i}`, ...file }));
        const cuts = planCuts({ format: "csv", objects });
        const pieces = cuts.flatMap((cut) => (cut.format === "csv" ? cut.pieces : []));
        const starts = pieces.map(({ key, startByte }) => `${key}@${startByte}`);
        let next = 0;
        for (const { key, size, gzip } of objects) {
          const own = pieces.filter((piece) => piece.key === key);
          expect(own.reduce((at, piece) => (piece.startByte === at ? piece.endByte : NaN), 0)).toBe(size);
          if (gzip) expect(own.length).toBe(1);
          for (const piece of own) expect(starts[next++]).toBe(`${key}@${piece.startByte}`);
        }
        for (const [i, cut] of cuts.entries()) {
          expect(cut.number).toBe(i);
          if (cut.format === "csv" && cut.pieces.length > 1)
            for (const piece of cut.pieces) expect([piece.startByte, piece.endByte]).toEqual([0, piece.size]);
        }
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  test("nothing gives no cuts", () => {
    expect(csv()).toEqual([]);
  });
});

describe("row groups", () => {
  const parquet = (columns: number, ...files: { rows: number; bytes: number }[][]) =>
    ranges(
      planCuts({ format: "parquet", objects: files.map((rowGroups, i) => ({ key: `f${i}`, size: 1, etag: `${i}`, columns, rowGroups })) }),
    );

  test("neighbours are joined, also over files, and become one piece within a file", () => {
    const group = { rows: 10, bytes: 2 * MiB };
    expect(parquet(2, [group, group, group], [group, group])).toEqual([
      [
        ["f0", 0, 3],
        ["f1", 0, 1],
      ],
      [["f1", 1, 2]],
    ]);
  });

  test("a large row group has a cut of its own", () => {
    const large = { rows: 10, bytes: 500 * MiB };
    expect(parquet(2, [large, large, { rows: 1, bytes: 1 }])).toEqual([[["f0", 0, 1]], [["f0", 1, 2]], [["f0", 2, 3]]]);
  });

  test("rows that take no bytes count for their values", () => {
    const runs = { rows: 4 * MiB, bytes: 100 };
    expect(parquet(2, [runs, runs])).toEqual([[["f0", 0, 1]], [["f0", 1, 2]]]);
  });
});
