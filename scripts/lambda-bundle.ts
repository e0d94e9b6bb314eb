/** Builds `dist/lambda/`: what every function of the stack runs, with the SDK inside, so that a deployment is what was tested. */
import { createHash } from "node:crypto";
import { type BuildOptions, build } from "esbuild";
import { version } from "../src/model/version.ts";

export const root = new URL("..", import.meta.url).pathname;

const options: BuildOptions & { readonly write: false } = {
  absWorkingDir: root,
  entryPoints: { index: "functions/lambda.ts", thread: "functions/lambda-thread.ts" },
  outdir: "dist/lambda",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  // Modules before CommonJS, of which only what is used stays.
  mainFields: ["module", "main"],
  minify: true,
  splitting: true,
  chunkNames: "chunks/[hash]",
  legalComments: "none",
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  write: false,
};

export interface LambdaBundle {
  /** Hash of the code, which plans and tasks compare. */
  readonly hash: string;
  readonly files: readonly { readonly path: string; readonly contents: Uint8Array }[];
}

/** The same bytes from the same sources, wherever and whenever. Built once to be hashed and once to carry the hash. */
export async function lambdaBundle(): Promise<LambdaBundle> {
  const first = await build({ ...options, define: { STEPLEARN_BUNDLE: '""' } });
  const hash = createHash("sha256").update(version);
  for (const file of first.outputFiles) hash.update(file.contents);
  const bundle = hash.digest("hex").slice(0, 16);
  const { outputFiles } = await build({ ...options, define: { STEPLEARN_BUNDLE: JSON.stringify(bundle) } });
  return { hash: bundle, files: outputFiles };
}
