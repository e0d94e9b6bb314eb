import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { interpreterPlugin } from "../../../scripts/interpreter-plugin.ts";

it("starts from a small bundle, without the clients and the validator that the interpreter imports", async () => {
  const out = await mkdtemp(join(tmpdir(), "steplearn-"));
  try {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL("./start.entry.ts", import.meta.url))],
      outdir: out,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      minify: true,
      platform: "node",
      format: "esm",
      target: "node20",
      metafile: true,
      plugins: [interpreterPlugin],
    });
    const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
    expect([...packages].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      "aws-local-stepfunctions",
      "jsonpath-plus",
      "p-limit",
      "wildcard-match",
      "yocto-queue",
    ]);
    // 77 KB of interpreter and 15 KB of ours.
    expect(Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(120_000);
    const { stdout } = await promisify(execFile)(process.execPath, [join(out, "start.entry.mjs")]);
    const { output, millis } = JSON.parse(stdout);
    expect(output).toBe("published");
    // 15 to 25 ms on a quiet machine; the clients alone would take 140.
    expect(millis).toBeLessThan(140);
  } finally {
    await rm(out, { recursive: true });
  }
});
