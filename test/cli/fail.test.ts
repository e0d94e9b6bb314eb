import { describe, expect, it } from "vitest";
import { exitCodeOf, failureText, Interrupted } from "../../src/cli/fail.ts";
import { BudgetError, CodeChanged, ConflictError, InputError, NumericError } from "../../src/ports/errors.ts";

describe("exitCodeOf", () => {
  it.each([
    [new InputError("x"), 2],
    [new CodeChanged("x"), 2],
    [new BudgetError("x"), 3],
    [new NumericError("x"), 4],
    [new Interrupted("x"), 130],
    [new ConflictError("x"), 1],
    [new TypeError("x"), 1],
    ["x", 1],
  ])("%s is %d", (error, code) => expect(exitCodeOf(error)).toBe(code));

  it("knows an error of another thread by its name", () => {
    const copy = Object.assign(new Error("label must be a column"), { name: "InputError" });
    expect(exitCodeOf(copy)).toBe(2);
  });
});

describe("failureText", () => {
  it("is the sentence alone for what the user can mend", () => {
    expect(failureText(new InputError("label must be a column"), false)).toBe("steplearn: label must be a column");
  });

  it("says how to find out more of what nobody expected", () => {
    expect(failureText(new TypeError("x is undefined"), false)).toBe(
      "steplearn: unexpected error: x is undefined (STEPLEARN_DEBUG=1 shows where)",
    );
  });

  it("shows stacks, also of causes, only when asked for", () => {
    const error = new InputError("outer", { cause: new TypeError("inner") });
    const text = failureText(error, true);
    expect(text).toMatch(/outer\n +at /);
    expect(text).toMatch(/caused by: TypeError: inner\n +at /);
    expect(failureText(error, false)).not.toContain("inner");
  });
});
