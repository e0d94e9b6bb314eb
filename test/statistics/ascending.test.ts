import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { ascending, mergeAscending } from "../../src/statistics/ascending.ts";

const drawn = (n: number, stream: number): number[] => Array.from({ length: n }, (_, i) => (hashRow(stream, i) % 2_001) / 8 - 125);
const plain = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

describe("numbers in order", () => {
  it.each([0, 1, 2, 5_000])("are %i sorted ones", (n) => {
    expect([...ascending(drawn(n, 1))]).toEqual(plain(drawn(n, 1)));
  });

  it.each([
    [0, 0],
    [0, 3],
    [3, 0],
    [700, 1_300],
  ])("are those of %i and of %i", (a, b) => {
    const merged = mergeAscending(ascending(drawn(a, 2)), ascending(drawn(b, 3)));
    expect([...merged]).toEqual(plain([...drawn(a, 2), ...drawn(b, 3)]));
  });
});
