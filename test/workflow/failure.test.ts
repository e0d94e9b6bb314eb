import { expect, it } from "vitest";
import { reasonOf } from "../../src/workflow/failure.ts";
import { RETRIED } from "../../src/workflow/task.ts";

const thrown = (errorMessage: string) => JSON.stringify({ errorType: "x", errorMessage, trace: [] });

it("lets our own errors speak for themselves", () => {
  expect(reasonOf({ Error: "InputError", Cause: thrown("job must have data, got none") })).toBe("job must have data, got none");
  expect(reasonOf({ Error: "GroupLost", Cause: "group 0 of round 0 ended as TIMED_OUT" })).toBe("group 0 of round 0 ended as TIMED_OUT");
});

it("says of a service's error what happened and what to do", () => {
  const died = reasonOf({ Error: "Runtime.ExitError", Cause: thrown("Runtime exited with error: signal: killed") });
  expect(died).toMatch(/^a function died in every try \(Runtime exited with error: signal: killed\): give the functions more memory/);
  expect(reasonOf({ Error: "Lambda.TooManyRequestsException", Cause: "Rate Exceeded." })).toMatch(
    /^the account .* \(Rate Exceeded\.\): wait/,
  );
  expect(reasonOf({ Error: "States.Timeout", Cause: "" })).toMatch(/^a function took longer .* \(States\.Timeout\): give/);
});

it("is never empty, whatever the cause", () => {
  for (const Cause of ["", "null", "{}", "5", '"text"']) expect(reasonOf({ Error: "Oops", Cause })).not.toBe("");
  for (const name of RETRIED) expect(reasonOf({ Error: name, Cause: "" })).not.toBe("");
});
