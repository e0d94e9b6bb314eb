import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { lambdaBundle, root } from "../../scripts/lambda-bundle.ts";

/** Lambda takes 50 MB; but a cold start reads and parses what is there, and everybody waits for it. */
const BUDGET_BYTES = { plain: 1_700_000, zipped: 600_000 };

const { files, hash } = await lambdaBundle();

describe("Lambda's bundle", () => {
  it("stays within its budget", () => {
    const plain = files.reduce((sum, { contents }) => sum + contents.length, 0);
    const zipped = files.reduce((sum, { contents }) => sum + deflateRawSync(contents).length, 0);
    expect(plain).toBeLessThan(BUDGET_BYTES.plain);
    expect(zipped).toBeLessThan(BUDGET_BYTES.zipped);
  });

  it("holds the handlers, the threads' module and its own hash, and no path of the machine that built it", () => {
    expect(files.map(({ path }) => path.slice(root.length))).toEqual(
      expect.arrayContaining(["dist/lambda/index.mjs", "dist/lambda/thread.mjs"]),
    );
    const text = files.map(({ contents }) => Buffer.from(contents).toString("latin1")).join("\n");
    expect(text).toContain(hash);
    expect(text).not.toContain(root);
  });
});
