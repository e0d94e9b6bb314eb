/** Files of a test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll } from "vitest";

/** A folder that is gone when the file's tests are over. */
export function scratchFolder(): string {
  const folder = mkdtempSync(`${tmpdir()}/steplearn-`);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeLines(path: string, lines: readonly string[]): string {
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
