import { expect, it } from "vitest";
import { threadsFor } from "../../src/plan/threads.ts";

it.each([
  [0, 4, 1],
  [8 * 2 ** 20, 4, 1],
  [8 * 2 ** 20 + 1, 4, 2],
  [2 ** 40, 4, 4],
  [2 ** 40, 1, 1],
])("gives a source of %i bytes, of %i threads, %i", (bytes, threads, expected) => {
  expect(threadsFor(bytes, threads)).toBe(expected);
});
