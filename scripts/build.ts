/** Builds `dist/`: the command, the modules of its threads and functions, the predictor, Lambda's bundle and the construct that deploys it. */
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build, type Plugin } from "esbuild";
import { version } from "../src/model/version.ts";
import "./build-kernels.ts";
import { interpreterPlugin } from "./interpreter-plugin.ts";
import { lambdaBundle, root } from "./lambda-bundle.ts";

const entries = { cli: "src/cli/main.ts", thread: "functions/thread.ts", local: "functions/local.ts", index: "src/index.ts" };

const options = {
  absWorkingDir: root,
  entryPoints: entries,
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  // Each command loads what it needs: half of the start-up is parsing.
  splitting: true,
  chunkNames: "chunks/[hash]",
  legalComments: "none",
  plugins: [interpreterPlugin] as Plugin[],
  // Packages that are CommonJS inside call require.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
} as const;

// The bundle's name is a hash of its own text, so it is built once to be hashed and once to carry the name.
const first = await build({ ...options, define: { STEPLEARN_BUNDLE: '""' }, write: false });
const hash = createHash("sha256").update(version);
for (const file of first.outputFiles ?? []) hash.update(file.contents);
const bundle = hash.digest("hex").slice(0, 16);
await rm(`${root}/dist`, { recursive: true, force: true });
await build({ ...options, define: { STEPLEARN_BUNDLE: JSON.stringify(bundle) } });
// The predictor also runs in browsers: no module of Node's, and nothing that asks for one.
await build({
  ...options,
  entryPoints: { predict: "src/model/predict.ts" },
  platform: "browser",
  target: "es2022",
  splitting: false,
  banner: {},
});
// Whoever deploys has the CDK; it is no part of this.
await build({
  ...options,
  entryPoints: { cdk: "cdk/index.ts" },
  external: ["aws-cdk-lib", "aws-cdk-lib/*", "constructs"],
  splitting: false,
  banner: {},
});
for (const { path, contents } of (await lambdaBundle()).files) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
const command = await readFile(`${root}/dist/cli.mjs`, "utf8");
if (!command.startsWith("#!")) throw new Error("the command must begin with #!/usr/bin/env node");
await chmod(`${root}/dist/cli.mjs`, 0o755);
