import * as fc from "fast-check";
import { ByteWriter } from "hyparquet-writer";
import { deltaBinaryPack } from "hyparquet-writer/src/delta.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { describe, expect, test } from "vitest";
import type { NumberValues } from "../../../src/data/columns.ts";
import { unpackDeltas } from "../../../src/data/parquet/deltas.ts";
import { readHybrid } from "../../../src/data/parquet/hybrid.ts";
import type { ParquetKernels } from "../../../src/data/parquet/kernel.ts";
import { LOOK_UP_BYTES, lookUp } from "../../../src/data/parquet/lookup.ts";
import { decompressLz4 } from "../../../src/data/parquet/lz4.ts";
import { createPageMemory } from "../../../src/data/parquet/memory.ts";
import { decompressSnappy } from "../../../src/data/parquet/snappy.ts";
import { createKernels } from "../../../src/kernels/kernels.ts";
import { plainSnappy } from "./plain-snappy.ts";

const seeded = { seed: 11, numRuns: 100 };
const written = (write: (writer: ByteWriter) => void): Uint8Array => {
  const writer = new ByteWriter();
  write(writer);
  return writer.getBytes().slice();
};

/** Bit-packed groups only, a bit at a time. */
function packed(values: readonly number[], bitWidth: number): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const bytes = new Uint8Array(1 + groups * bitWidth);
  bytes[0] = (groups << 1) | 1;
  values.forEach((value, i) => {
    for (let b = 0; b < bitWidth; b++)
      if ((BigInt(value) >> BigInt(b)) & 1n) bytes[1 + ((i * bitWidth + b) >> 3)] |= 1 << ((i * bitWidth + b) & 7);
  });
  return bytes;
}

const valuesOf = (bitWidth: number) => fc.array(fc.integer({ min: 0, max: Number((1n << BigInt(bitWidth)) - 1n) }), { maxLength: 300 });
const widths = fc.integer({ min: 1, max: 32 });

const memory = createPageMemory(createKernels() as ParquetKernels, LOOK_UP_BYTES);

function openTable(entries: NumberValues): void {
  memory.open(entries.length);
  memory.entries(entries).set(entries);
}

describe("hybrid of runs and bit-packed values", () => {
  test("what another writer has written, whose runs and groups alternate", () => {
    const cases = fc
      .integer({ min: 1, max: 20 })
      .chain((bitWidth) =>
        fc.tuple(
          fc.constant(bitWidth),
          fc.array(fc.tuple(fc.integer({ min: 0, max: (1 << bitWidth) - 1 }), fc.integer({ min: 1, max: 30 })), { maxLength: 20 }),
        ),
      );
    void fc.assert(
      fc.property(cases, ([bitWidth, runs]) => {
        const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
        const out = new Uint32Array(values.length);
        readHybrid(
          written((writer) => writeRleBitPackedHybrid(writer, values, bitWidth)),
          bitWidth,
          values.length,
          out,
        );
        expect([...out]).toEqual(values);
      }),
      seeded,
    );
  });

  test("bit-packed values of every width up to 32, as values and through a table", () => {
    void fc.assert(
      fc.property(
        widths.chain((bitWidth) => fc.tuple(fc.constant(bitWidth), valuesOf(bitWidth))),
        ([bitWidth, values]) => {
          const out = new Uint32Array(values.length);
          readHybrid(packed(values, bitWidth), bitWidth, values.length, out);
          expect([...out]).toEqual(values);
          const small = values.map((value) => value % 7);
          const looked = new Float64Array(values.length + 1);
          openTable(Float64Array.of(0, 1.5, 3, 4.5, 6, 7.5, 9));
          lookUp(memory, packed(small, Math.max(3, bitWidth)), Math.max(3, bitWidth), small.length, looked, 1);
          expect([...looked]).toEqual([0, ...small.map((value) => value * 1.5)]);
        },
      ),
      seeded,
    );
  });

  test("runs and groups go on from one block to the next, in tables of four and of eight bytes", () => {
    const values = Array.from({ length: 150_000 }, (_, i) => (i % 9_000 < 5_000 ? 3 : (i * 7_919) % 1_000));
    const bytes = written((writer) => writeRleBitPackedHybrid(writer, values, 10));
    for (const Storage of [Int32Array, Float32Array, Float64Array]) {
      const out = new Storage(values.length);
      openTable(new Storage(Array.from({ length: 1_000 }, (_, i) => 2 * i)));
      lookUp(memory, bytes, 10, values.length, out, 0);
      expect(values.findIndex((value, i) => out[i] !== 2 * value)).toBe(-1);
    }
  });

  test("a dictionary can be written where it is looked up, and read again", () => {
    const halves = new Float32Array(4);
    memory.open(3);
    memory.entries(halves).set([0.5, 1.5, 2.5]);
    lookUp(memory, packed([2, 0, 1, 2], 3), 3, 4, halves, 0);
    expect(halves).toEqual(Float32Array.of(2.5, 0.5, 1.5, 2.5));
    expect(memory.entries(halves)).toEqual(Float32Array.of(0.5, 1.5, 2.5));
  });

  test("width 0 takes no bytes", () => {
    openTable(Float32Array.of(0.5));
    const halves = new Float32Array(3);
    lookUp(memory, new Uint8Array(0), 0, 2, halves, 1);
    expect([...halves]).toEqual([0, 0.5, 0.5]);
    openTable(new Float32Array(0));
    expect(() => lookUp(memory, new Uint8Array(0), 0, 1, halves, 0)).toThrow(
      new RangeError("a value points to entry 0 of a dictionary of 0"),
    );
    const out = Uint32Array.of(5, 5);
    readHybrid(new Uint8Array(0), 0, 2, out);
    expect([...out]).toEqual([0, 0]);
  });

  test("an index behind the table is told wherever it stands, in blocks of eight and beside them", () => {
    const cases = widths.chain((bitWidth) => fc.tuple(fc.constant(bitWidth), fc.integer({ min: 1, max: 90 }), fc.nat()));
    void fc.assert(
      fc.property(cases, ([bitWidth, count, place]) => {
        const wrong = place % count;
        const last = 2 ** Math.min(bitWidth, 12) - 1;
        openTable(Float32Array.from({ length: last }, (_, i) => i));
        const values = Array.from({ length: count }, (_, i) => (i === wrong ? last : (i * 7) % Math.max(1, last)));
        const out = new Float32Array(count);
        expect(() => lookUp(memory, packed(values, bitWidth), bitWidth, count, out, 0)).toThrow(
          new RangeError(`a value points to entry ${last} of a dictionary of ${last}`),
        );
      }),
      seeded,
    );
  });

  test("an index behind the table and bytes that end early are refused, in runs and in groups", () => {
    openTable(Int32Array.of(10, 20));
    const read = (bytes: number[]) => () => lookUp(memory, Uint8Array.from(bytes), 2, 8, new Int32Array(8), 0);
    expect(read([16, 2])).toThrow(new RangeError("a value points to entry 2 of a dictionary of 2"));
    expect(read([3, 0, 0b1100])).toThrow(new RangeError("a value points to entry 3 of a dictionary of 2"));
    for (const bytes of [[], [16], [3, 0], [128], [8, 1]]) expect(read(bytes)).toThrow(new RangeError("runs end too early"));
  });
});

describe("deltas", () => {
  test.each([
    [4, "INT32", fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })],
    [8, "INT64", fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })],
  ] as const)("%i bytes, over the whole range", (width, type, value) => {
    void fc.assert(
      fc.property(fc.array(value as fc.Arbitrary<number | bigint>, { minLength: 1, maxLength: 300 }), (values) => {
        const data = width === 4 ? Int32Array.from(values as number[]) : BigInt64Array.from(values as bigint[]);
        const bytes = unpackDeltas(
          written((writer) => deltaBinaryPack(writer, data, type)),
          values.length,
          width,
        );
        const back = width === 4 ? values.map((_, i) => bytes.readInt32LE(4 * i)) : values.map((_, i) => bytes.readBigInt64LE(8 * i));
        expect(back).toEqual(values);
      }),
      seeded,
    );
  });

  test("an unsigned first value of 32 bits, which its zigzag carries in 33", () => {
    // Block of 128, 4 miniblocks, 1 value, 4294967295 * 2.
    const bytes = Uint8Array.of(0x80, 0x01, 4, 1, 0xfe, 0xff, 0xff, 0xff, 0x1f);
    expect(unpackDeltas(bytes, 1, 4).readUInt32LE(0)).toBe(4_294_967_295);
  });

  test("damage is refused", () => {
    expect(() => unpackDeltas(Uint8Array.of(0x80, 0x01, 0, 1, 2), 1, 4)).toThrow(new RangeError("0 miniblocks in blocks of 128 deltas"));
    expect(() => unpackDeltas(Uint8Array.of(0x80, 0x01, 4, 2, 2), 2, 4)).toThrow(RangeError);
  });
});

describe("snappy", () => {
  const compressible = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 40,
  });

  test("what another writer has compressed", () => {
    void fc.assert(
      fc.property(compressible, (pieces) => {
        const data = Buffer.concat(pieces.flatMap(([piece, times]) => Array<Uint8Array>(times).fill(piece)));
        const output = decompressSnappy(snappyCompress(data), data.length, memory);
        expect(Buffer.from(output).equals(data)).toBe(true);
      }),
      seeded,
    );
  });

  /** Literals and copies as tags have them, near and far, from places that need not be there. */
  const element = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => [...literalTag(bytes.length), ...bytes]),
    fc
      .tuple(fc.integer({ min: 4, max: 11 }), fc.integer({ min: 0, max: 2047 }))
      .map(([n, far]) => [((far >> 8) << 5) | ((n - 4) << 2) | 1, far & 255]),
    fc
      .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 600 }))
      .map(([n, far]) => [((n - 1) << 2) | 2, far & 255, far >> 8]),
    fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 20 })).map(([n, far]) => [((n - 1) << 2) | 3, far, 0, 0, 0]),
  );
  const literalTag = (n: number): number[] =>
    n <= 60 ? [(n - 1) << 2] : n <= 256 ? [60 << 2, n - 1] : [61 << 2, (n - 1) & 255, (n - 1) >> 8];
  const outcome = (read: () => Uint8Array): string => {
    try {
      return Buffer.from(read()).toString("hex");
    } catch (error) {
      return `${error}`;
    }
  };

  test("whatever a block is made of, the kernel answers as the plain loop does, and touches no page before", () => {
    const blocks = fc.tuple(fc.array(element, { maxLength: 30 }), fc.integer({ min: -1, max: 1 }), fc.boolean());
    let [whole, damaged] = [0, 0];
    void fc.assert(
      fc.property(blocks, fc.uint8Array({ maxLength: 3 }), ([elements, off, cut], noise) => {
        const size = Math.max(0, off + elements.reduce((sum, bytes) => sum + lengthOf(bytes), 0));
        const body = [(size & 127) | 128, size >> 7, ...elements.flat(), ...(cut ? noise : [])];
        const block = Uint8Array.from(cut ? body.slice(0, -1) : body);
        memory.open(4);
        const entries = Float64Array.of(1, 2, 3, 4);
        memory.entries(entries).set(entries);
        const expected = outcome(() => {
          const output = new Uint8Array(size);
          plainSnappy(block, output);
          return output;
        });
        expect(outcome(() => decompressSnappy(block, size, memory))).toBe(expected);
        expect(memory.entries(entries)).toEqual(entries);
        if (expected.startsWith("RangeError")) damaged++;
        else whole++;
      }),
      { seed: 13, numRuns: 1_000 },
    );
    expect(Math.min(whole, damaged)).toBeGreaterThan(50);
  });

  /** Bytes that an element stands for. */
  const lengthOf = ([tag, low, high]: readonly number[]): number => {
    if ((tag & 3) === 1) return ((tag >> 2) & 7) + 4;
    if ((tag & 3) > 1) return (tag >> 2) + 1;
    return tag >> 2 === 60 ? low + 1 : tag >> 2 === 61 ? low + 256 * high + 1 : (tag >> 2) + 1;
  };

  test("all kinds of elements, by hand", () => {
    const text = (input: number[], size: number) => {
      const output = decompressSnappy(Uint8Array.from(input), size, memory);
      return Buffer.from(output).toString();
    };
    const [a, b] = [97, 98];
    // Literal of 2, then copies of 4 from 2 back with offsets of one, two and four bytes; they overlap themselves.
    expect(text([14, 0b100, a, b, 0b1, 2, 0b1110, 2, 0, 0b1111, 2, 0, 0, 0], 14)).toBe("ababababababab");
    // Literals whose lengths take a byte, and four, of their own.
    expect(text([61, 60 << 2, 60, ...Array(61).fill(a)], 61)).toBe("a".repeat(61));
    expect(text([3, 63 << 2, 2, 0, 0, 0, a, b, a], 3)).toBe("aba");
  });

  test.each([
    ["another length than the page's", [3, 0b100, 97, 98]],
    ["a literal behind the input", [2, 0b100, 97]],
    ["a copy from before the output", [6, 0b100, 97, 98, 0b1, 3]],
    ["a copy from where it goes", [6, 0b100, 97, 98, 0b1, 0]],
    ["too much output", [2, 0b1000, 97, 98, 99]],
    ["too little output", [2, 0, 97]],
    ["no end of the length", [0x80, 0x80]],
    ["a cut offset", [6, 0b100, 97, 98, 0b1110, 2]],
    ["a literal of 4 GiB", [2, 63 << 2, 255, 255, 255, 255, 97, 98]],
    ["a length of more than 32 bits", [0x82, 0x80, 0x80, 0x80, 0x10, 0b100, 97, 98]],
  ])("refuses %s", (_, input) => {
    expect(() => decompressSnappy(Uint8Array.from(input), input[0] === 3 ? 2 : input[0], memory)).toThrow(
      new RangeError("damaged snappy block"),
    );
  });
});

describe("lz4", () => {
  const unpack = (input: number[], size: number) => {
    const output = new Uint8Array(size);
    decompressLz4(Uint8Array.from(input), output);
    return Buffer.from(output).toString();
  };
  const [a, b] = [97, 98];

  test("literals, overlapping matches and lengths of several bytes, by hand", () => {
    // Two literals, a match of 4 + 15 + 1 from 2 back, one last literal.
    expect(unpack([0x2f, a, b, 2, 0, 1, 0x10, 99], 23)).toBe(`${"ab".repeat(11)}c`);
    expect(unpack([0xf0, 255, 5, ...Array(275).fill(a)], 275)).toBe("a".repeat(275));
  });

  test.each([
    ["a literal behind the input", [0x20, 97], 2],
    ["a match from before the output", [0x10, 97, 2, 0, 0x00], 5],
    ["a match from where it goes", [0x10, 97, 0, 0, 0x00], 5],
    ["too much output", [0x20, 97, 98], 1],
    ["too little output", [0x10, 97], 2],
    ["a cut length", [0xf0, 255], 300],
    ["a cut offset", [0x10, 97, 1], 5],
  ])("refuses %s", (_, input, size) => {
    expect(() => unpack(input, size)).toThrow(new RangeError("damaged lz4 block"));
  });
});
