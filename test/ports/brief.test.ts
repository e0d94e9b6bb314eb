import { expect, it } from "vitest";
import { callFunction } from "../../src/adapters/local/service-error.ts";
import { brief } from "../../src/ports/brief.ts";
import { InputError } from "../../src/ports/errors.ts";

const columns = Array.from({ length: 20_000 }, (_, i) => `${"long".repeat(20)} ${i}`).join(", ");
const wide = () => new InputError(`data must have column x, got ${columns}; name another`);

it("cuts what is too long to be told, and keeps the rule, the remedy and the frames", () => {
  const error = brief(wide()) as Error;
  expect(error).toBeInstanceOf(InputError);
  expect(error.message.length).toBeLessThan(8_100);
  expect(error.message).toMatch(/^data must have column x, got .* … \(\d+ letters left out\) … .*; name another$/s);
  expect(error.stack).toMatch(/\n\s+at /);
  expect((error.stack ?? "").length).toBeLessThan(12_000);
  const short = new InputError("x must be 1, got 2");
  expect(brief(short)).toBe(short);
  expect(short.message).toBe("x must be 1, got 2");
});

it("lets a state hold the error of a function whose table has 20,000 columns", async () => {
  const failing = callFunction(
    () => Promise.reject(wide()),
    { FunctionName: "mapper-0", Payload: {} },
    new AbortController().signal,
    new Map(),
  );
  const cause = await failing.catch((error: Error) => error.message);
  expect(typeof cause === "string" && cause.length).toBeLessThan(32_768);
});
