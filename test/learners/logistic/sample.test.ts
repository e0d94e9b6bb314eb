import { expect, it } from "vitest";
import { sampleOf } from "../../../src/learners/logistic/sample.ts";

const shape = (rows: number, parts: number) => ({ rows, parts, columns: 7, classes: 2 });

it("small tables are not sampled", () => expect(sampleOf(shape(200_000, 2), 200_000, 8)).toBeNull());

it("at most 16 parts are read, and blocks enough of them for 65,536 rows", () => {
  // 8,000,000 rows in 62 parts: every fourth part, 16 of them, 2,064,516 rows, of which every 31st block.
  expect(sampleOf(shape(8_000_000, 62), 8_000_000, 8)).toEqual({ stride: 4, every: 31 });
  expect(sampleOf(shape(1_000_000, 8), 1_000_000, 8)).toEqual({ stride: 1, every: 15 });
});

it("many coordinates ask for more rows, or for all", () => {
  expect(sampleOf(shape(1_000_000, 8), 1_000_000, 1_000)).toEqual({ stride: 1, every: 5 });
  expect(sampleOf(shape(1_000_000, 8), 1_000_000, 3_000)).toBeNull();
});

it("a candidate's own rows count, not the table's", () => expect(sampleOf(shape(1_000_000, 8), 150_000, 8)).toBeNull());
