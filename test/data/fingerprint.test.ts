import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/data/fingerprint.ts";

describe("fingerprint", () => {
  const objects = [{ key: "k", size: 3, etag: "e" }];

  test("is the start of the SHA-256 of the format, objects and options as JSON with sorted keys", () => {
    const json = '{"format":4,"objects":[["k",3,"e"]],"options":{"a":[1,{"b":2,"c":3}],"z":"x"}}';
    const expected = createHash("sha256").update(json).digest("hex").slice(0, 32);
    expect(fingerprint(objects, { z: "x", a: [1, { c: 3, b: 2 }] })).toBe(expected);
  });

  test("depends on every part of them", () => {
    const all = [
      fingerprint(objects, {}),
      fingerprint(objects, { separator: ";" }),
      fingerprint([{ ...objects[0], etag: "f" }], {}),
      fingerprint([{ ...objects[0], size: 4 }], {}),
      fingerprint([{ ...objects[0], key: "l" }], {}),
      fingerprint([...objects, ...objects], {}),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
