import { expect, test } from "vitest";
import { hashRow, hashString } from "../../src/kernels/hash.ts";
import { uint32, withKernels } from "../../src/kernels/kernels.ts";

// Known answers of MurmurHash3_x86_32, from the tests of other implementations.
test.each([
  ["", 0, 0x00000000],
  ["", 1, 0x514e28b7],
  ["", 0xffffffff, 0x81f16f39],
  ["a", 0x9747b28c, 0x7fa09ea6],
  ["aa", 0x9747b28c, 0x5d211726],
  ["aaa", 0x9747b28c, 0x283e0130],
  ["aaaa", 0x9747b28c, 0x5a97808a],
  ["abc", 0, 0xb3dd93fa],
  ["Hello, world!", 0x9747b28c, 0x24884cba],
  ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ["ππππππππ", 0x9747b28c, 0xd58063c1],
])("hash of %j with seed %d", (text, seed, want) => {
  expect(hashString(text, seed)).toBe(want);
});

test("a lone surrogate counts as the replacement character", () => {
  expect(hashString("\ud800", 42)).toBe(hashString("\ufffd", 42));
});

/** A row's 8 bytes as a string where all of them are ASCII: ties hashRow to the known answers above. */
const rowOf = (text: string): number => [...text].reduceRight((row, letter) => row * 256 + letter.charCodeAt(0), 0);

test("a row hashes as its 8 little-endian bytes", () => {
  expect(hashRow(42, rowOf("abcdef\0\0"))).toBe(hashString("abcdef\0\0", 42));
  expect(hashRow(7, rowOf("zyxwvu\x1f\0"))).toBe(hashString("zyxwvu\x1f\0", 7));
});

test.each([0, 1, 1000, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 40 + 5, 2 ** 53 - 5])(
  "the kernel hashes rows from %d on as hashRow does",
  (first) => {
    withKernels((k) => {
      for (const seed of [0, 42, 0xffffffff]) {
        const out = k.allocate(4 * 6);
        k.hashRows(seed, first, 5, out);
        expect(Array.from(uint32(k, out, 6))).toEqual([...Array.from({ length: 5 }, (_, i) => hashRow(seed, first + i)), 0]);
      }
    });
  },
);

test("consecutive rows spread evenly, in every bit and for neighbouring seeds", () => {
  const n = 10_000;
  for (const seed of [0, 1, 42]) {
    for (let bit = 0; bit < 32; bit++) {
      let ones = 0;
      for (let row = 0; row < n; row++) ones += (hashRow(seed, row) >>> bit) & 1;
      // Five standard deviations of a fair coin: sqrt(n) / 2 = 50.
      expect(Math.abs(ones - n / 2)).toBeLessThan(250);
    }
  }
  let equal = 0;
  for (let row = 0; row < n; row++) equal += Number(hashRow(1, row) >>> 31 === hashRow(2, row) >>> 31);
  expect(Math.abs(equal - n / 2)).toBeLessThan(250);
});
