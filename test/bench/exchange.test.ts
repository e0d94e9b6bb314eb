/** The simulated exchange of the benchmark runs the real handlers, and so has to follow them. */
import { expect, it } from "vitest";
import { simulateExchange } from "../../bench/cloud/exchange.ts";

it.each([
  ["whose statistics travel in the answers", 3, 224, 0],
  ["whose statistics are objects", 3, 12_000_000, 3],
])("an exchange %s", async (_, mappers, bytes, written) => {
  const { seconds, storageSeconds, reads, writes } = await simulateExchange(mappers, bytes);
  // Every mapper reads the question.
  expect(reads).toBeGreaterThanOrEqual(mappers);
  expect(writes).toBeGreaterThan(written);
  expect(storageSeconds).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(storageSeconds);
  expect(await simulateExchange(mappers, bytes)).toEqual({ seconds, storageSeconds, reads, writes });
});
