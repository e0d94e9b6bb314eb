import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { anywhere } from "../../src/adapters/anywhere.ts";
import { InputError } from "../../src/ports/errors.ts";

describe("anywhere", () => {
  const root = mkdtempSync(join(tmpdir(), "steplearn-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const store = anywhere();
  const at = (key: string): string => `${root}/${key}`;

  it("keeps files where there is no scheme", async () => {
    await store.write(at("a/b"), new TextEncoder().encode("text"));
    expect(new TextDecoder().decode(await store.read(at("a/b"), 1, 3))).toBe("ex");
    expect((await store.info(at("a/b"))).size).toBe(4);
    const found: string[] = [];
    for await (const { key } of store.list(at("a/"))) found.push(key);
    expect(found).toEqual([at("a/b")]);
  });

  it("takes absolute paths only, so that a message names a file as people do", async () => {
    await expect(store.read("a/b")).rejects.toThrow('object key must begin with /, got "a/b"');
    await expect(store.info(at("none"))).rejects.toThrow(`object ${root}/none must exist`);
  });

  it("asks S3 where there is", async () => {
    // Told by S3's rule for names, before any request.
    await expect(store.read("s3://NO BUCKET/key")).rejects.toThrow(InputError);
    await expect(store.info("s3://NO BUCKET/key")).rejects.toThrow("a place in S3 must be s3://bucket/key");
    await expect(store.list("s3://NO BUCKET/key")[Symbol.asyncIterator]().next()).rejects.toThrow(InputError);
  });
});
