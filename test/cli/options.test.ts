import { describe, expect, it } from "vitest";
import { byteSize, collected, nameList, positiveInteger } from "../../src/cli/options.ts";

describe("byteSize", () => {
  it.each([
    ["1000000000", 1e9],
    ["3GB", 3e9],
    ["3 gb", 3e9],
    ["1.5GiB", 1.5 * 2 ** 30],
    ["512MiB", 2 ** 29],
  ])("%s is %d bytes", (text, bytes) => expect(byteSize(text)).toBe(bytes));

  it.each(["", "GB", "-1GB", "3 XB", "0", "1e9", "3GB more"])("refuses %j", (text) =>
    expect(() => byteSize(text)).toThrow("It must be a size"),
  );
});

describe("positiveInteger", () => {
  it("takes whole numbers from 1", () => expect(positiveInteger("12")).toBe(12));
  it.each(["0", "-1", "1.5", "1e3", "", " ", "two", "0x10"])("refuses %j", (text) =>
    expect(() => positiveInteger(text)).toThrow("integer >= 1"),
  );
});

describe("nameList", () => {
  it("splits at commas", () => expect(nameList("id, url ,name")).toEqual(["id", "url", "name"]));
  it.each(["", "a,,b", "a,"])("refuses %j", (text) => expect(() => nameList(text)).toThrow("names between commas"));
});

it("collects an option that is given several times", () => expect(collected("b", collected("a"))).toEqual(["a", "b"]));
