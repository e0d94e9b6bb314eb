/**
 * `npm run test:localstack`: the tests of `test/e2e/localstack`, which start an emulator, deploy the stack and remove both. With `--if-possible`
 * says what was not run, and why, where nothing can run the emulator. Other words choose files: `npm run test:localstack -- training arrivals`.
 */
import { execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { findMeans } from "./emulator.ts";

const from = performance.now();
const means = await findMeans();
if ("missing" in means) {
  const possible = process.argv.includes("--if-possible");
  console.error(
    `${possible ? "NOT RUN: " : ""}the tests on LocalStack (test/e2e/localstack: deployment, training, scoring, faults). ${means.missing}`,
  );
  process.exit(possible ? 0 : 1);
}
const chosen = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const before = await emulatorProcesses();
const vitest = createRequire(import.meta.url)
  .resolve("vitest/package.json")
  .replace("package.json", "vitest.mjs");
const child = spawn(process.execPath, [vitest, "run", "--project", "localstack", ...chosen], {
  cwd: join(import.meta.dirname, ".."),
  stdio: "inherit",
});
// Ctrl-C reaches it as well; it stops the emulator before it ends.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
process.exitCode = await new Promise<number>((resolve, reject) => child.once("close", (code) => resolve(code ?? 1)).once("error", reject));
const left = (await emulatorProcesses()).filter((line) => !before.includes(line));
if (left.length > 0) {
  console.error(`processes must not be left behind, got:\n${left.join("\n")}`);
  process.exitCode = 1;
}
console.log(
  `tests on LocalStack: ${((performance.now() - from) / 1_000).toFixed(0)} s with deployment and removal, ${left.length} processes left behind`,
);

/** Emulators of this checkout and processes of their functions, as `ps` tells them. */
async function emulatorProcesses(): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid,args"], { maxBuffer: 16 * 2 ** 20 });
  const ours = [join(import.meta.dirname, ".cache"), join(import.meta.dirname, "executor"), "steplearn-localstack-"];
  return stdout.split("\n").filter((line) => ours.some((path) => line.includes(path)));
}
