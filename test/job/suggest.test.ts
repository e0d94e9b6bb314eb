import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest, remedy } from "../../src/job/suggest.ts";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["label", "lable", 1],
    ["ca", "abc", 3],
  ])("%s to %s takes %d", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  const text = fc.string({ maxLength: 8 });
  const isDistance = fc.property(text, text, (a, b) => {
    const distance = editDistance(a, b);
    return distance === editDistance(b, a) && (distance === 0) === (a === b) && distance <= Math.max(a.length, b.length);
  });
  it("is symmetric, zero only for equals, and no more than the longer string", () => fc.assert(isDistance, { seed: 7 }));
});

describe("nearest", () => {
  it("finds a mistyped name, whatever its case and separators", () => {
    expect(nearest("elastic_net_parm", ["regParam", "elasticNetParam"])).toBe("elasticNetParam");
    expect(nearest("customer type", ["customer_id", "customer_type"])).toBe("customer_type");
    expect(nearest("elastic", ["regParam", "elasticNetParam"])).toBe("elasticNetParam");
  });

  it("finds nothing where nothing is near", () => {
    expect(nearest("colour", ["age", "plan"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});

describe("remedy", () => {
  it("lists the known names, twenty at most, when none is near", () => {
    expect(remedy("colour", ["age", "plan"])).toBe(" (known: age, plan)");
    expect(remedy("colour", [])).toBe("");
    const many = Array.from({ length: 25 }, (_, i) => `column${i}`);
    expect(remedy("zzzzzz", many)).toMatch(/column19, and 5 more\)$/);
  });
});
