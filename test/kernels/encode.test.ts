import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { NumberValues } from "../../src/data/columns.ts";
import { type Kernels, place, uint8, withKernels } from "../../src/kernels/kernels.ts";
import { placeUint32, random, read } from "./arena.ts";

const SENTINEL = 12345.5;

type Encode = (source: number, index: number, rows: number, out: number, fill: number, shift: number, scale: number) => number;

function placeBytes(k: Kernels, values: ArrayBufferView): number {
  const address = k.allocate(values.byteLength);
  uint8(k, address, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return address;
}

/** The kernel's answer, its output and the number after it, which it must leave alone. */
function run(values: ArrayBufferView, index: readonly number[], call: (k: Kernels, source: number, index: number, out: number) => number) {
  return withKernels((k) => {
    const source = placeBytes(k, values);
    const rows = placeUint32(k, index);
    const out = place(k, new Float64Array(index.length + 1).fill(SENTINEL));
    const first = call(k, source, rows, out);
    return { first, out: read(out, index.length + 1) };
  });
}

function expected(values: ArrayLike<number>, index: readonly number[], fill: number, shift: number, scale: number) {
  const out = index.map((row) => ((Number.isNaN(values[row]) ? fill : values[row]) - shift) * scale);
  return { first: out.findIndex(Number.isNaN), out: Float64Array.from([...out, SENTINEL]) };
}

const indexOf = (n: number) =>
  fc.oneof(
    fc.subarray(Array.from({ length: n }, (_, i) => i)),
    fc.tuple(fc.nat(n), fc.nat(n)).map(([a, b]) => Array.from({ length: Math.abs(a - b) }, (_, i) => Math.min(a, b) + i)),
  );

const kinds: [string, (k: Kernels) => Encode, (xs: Float64Array) => NumberValues][] = [
  ["encodeInt8", (k) => k.encodeInt8, (xs) => Int8Array.from(xs, (x) => 256 * x - 128)],
  ["encodeInt16", (k) => k.encodeInt16, (xs) => Int16Array.from(xs, (x) => 65536 * x - 32768)],
  ["encodeInt32", (k) => k.encodeInt32, (xs) => Int32Array.from(xs, (x) => 2 ** 32 * x - 2 ** 31)],
  ["encodeFloat32", (k) => k.encodeFloat32, (xs) => Float32Array.from(xs, (x) => (x < 0.2 ? Number.NaN : x))],
  ["encodeFloat64", (k) => k.encodeFloat64, (xs) => Float64Array.from(xs, (x) => (x < 0.2 ? Number.NaN : x))],
];

test.each(kinds)("%s equals the plain loop for any rows", (_, kernel, make) => {
  void fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }).chain((n) => fc.tuple(fc.constant(n), indexOf(n), fc.constantFrom(0, 0.75, Number.NaN))),
      ([n, index, fill]) => {
        const values = make(random(n, 100 + n));
        const got = run(values, index, (k, source, rows, out) => kernel(k)(source, rows, index.length, out, fill, 0.3, 1.7));
        expect(got).toEqual(expected(values, index, fill, 0.3, 1.7));
      },
    ),
    { seed: 1, numRuns: 150 },
  );
});

test("the ends of the integer types arrive unchanged", () => {
  const ends = [Int8Array.of(-128, 127, -1), Int16Array.of(-32768, 32767, -1), Int32Array.of(-(2 ** 31), 2 ** 31 - 1, -1)];
  const calls = [(k: Kernels) => k.encodeInt8, (k: Kernels) => k.encodeInt16, (k: Kernels) => k.encodeInt32];
  ends.forEach((values, i) => {
    expect(run(values, [0, 1, 2], (k, source, index, out) => calls[i](k)(source, index, 3, out, 0, 0, 1)).out).toEqual(
      Float64Array.of(...values, SENTINEL),
    );
  });
});

test.each([
  ["encodeCodes8", (k: Kernels) => k.encodeCodes8, (xs: number[]) => Uint8Array.from(xs)],
  ["encodeCodes16", (k: Kernels) => k.encodeCodes16, (xs: number[]) => Uint16Array.from(xs)],
  ["encodeCodes32", (k: Kernels) => k.encodeCodes32, (xs: number[]) => Uint32Array.from(xs)],
] as const)("%s looks codes up and tells the first missing one", (_, kernel, make) => {
  const table = Float64Array.of(0.5, -1, Number.NaN, 7);
  const codes = make([0, 3, 1, 2, 3, 2, 0]);
  for (const index of [[], [1], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6], [0, 2, 5, 6], [4, 6]]) {
    const got = run(codes, index, (k, source, rows, out) => kernel(k)(source, rows, index.length, out, place(k, table)));
    const want = index.map((row) => table[codes[row]]);
    expect(got).toEqual({ first: want.findIndex(Number.isNaN), out: Float64Array.of(...want, SENTINEL) });
  }
});

test.each([1, 2, 4] as const)("encodeRun of codes of %i bytes equals looking up each column by itself", (width) => {
  const Codes = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width];
  void fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }).chain((n) => fc.tuple(fc.constant(n), indexOf(n))),
      fc.integer({ min: 1, max: 5 }),
      ([n, index], columns) => {
        const codes = new Codes(Array.from({ length: n }, (_, i) => (i * 7 + n) % 4));
        const table = random(4 * columns, n);
        const padded = columns + (columns % 2);
        const stride = index.length + 2;
        const found = withKernels((k) => {
          const [source, rows] = [placeBytes(k, codes), placeUint32(k, index)];
          const values = place(
            k,
            Float64Array.from({ length: 4 * padded }, (_, i) =>
              i % padded < columns ? table[columns * Math.floor(i / padded) + (i % padded)] : Number.NaN,
            ),
          );
          const out = place(k, new Float64Array(columns * stride).fill(SENTINEL));
          const encode = { 1: k.encodeRun8, 2: k.encodeRun16, 4: k.encodeRun32 }[width];
          expect(encode(source, rows, index.length, out, 8 * stride, values, columns)).toBe(-1);
          return read(out, columns * stride);
        });
        const wanted = Array.from({ length: columns }, (_, j) => [
          ...index.map((row) => table[codes[row] * columns + j]),
          SENTINEL,
          SENTINEL,
        ]);
        expect(found).toEqual(Float64Array.from(wanted.flat()));
      },
    ),
    { seed: 2, numRuns: 100 },
  );
});

test("encodeBlock encodes every record as its own kernel does, with zeros behind odd rows, and names the first that must not miss", () => {
  const table = Float64Array.of(0.5, 2, -1, 4, 7, 8);
  const sources = [Int16Array.of(5, -6, 7, 8), Float64Array.of(1, Number.NaN, 3, 4), Uint8Array.of(2, 0, 1, 1)];
  const index = [0, 1, 3];
  const encoded = (keepsMissing: number) =>
    withKernels((k) => {
      const windows = placeUint32(
        k,
        sources.map((values) => placeBytes(k, values)),
      );
      const rows = placeUint32(k, index);
      const [values, out, step] = [place(k, table), place(k, new Float64Array(16).fill(SENTINEL)), 32];
      // kind, window, out, keeps missing values, table, columns of a run, and then as float64 fill, shift and scale
      const records = [
        [1, 0, out, 0, 0, 0, 0, 1, 2],
        [8, 2, out + step, 0, values, 2, 0, 0, 1],
        [4, 1, out + 3 * step, keepsMissing, 0, 0, Number.NaN, 0, 1],
      ];
      const at = k.allocate(48 * records.length);
      const memory = new DataView(k.memory.buffer);
      records.forEach((fields, r) => {
        fields.slice(0, 6).forEach((field, i) => {
          memory.setUint32(at + 48 * r + 4 * i, field, true);
        });
        fields.slice(6).forEach((field, i) => {
          memory.setFloat64(at + 48 * r + 24 + 8 * i, field, true);
        });
      });
      return { bad: k.encodeBlock(at, records.length, windows, rows, index.length, step), out: Array.from(read(out, 16)) };
    });
  expect(encoded(0).bad).toBe(2);
  expect(encoded(1)).toEqual({
    bad: -1,
    out: [8, -14, 14, 0, 7, 0.5, -1, 0, 8, 2, 4, 0, 1, Number.NaN, 4, 0],
  });
});
