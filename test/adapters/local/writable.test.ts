import { mkdirSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkWritable } from "../../../src/adapters/local/writable.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const scratch = scratchFolder();

it("lets folders pass that are there or could be made", async () => {
  mkdirSync(`${scratch}/there`);
  await expect(checkWritable(`${scratch}/there`, "output")).resolves.toBeUndefined();
  await expect(checkWritable(`${scratch}/there/not/yet`, "output")).resolves.toBeUndefined();
});

it("refuses a file, and what would lie below one", async () => {
  const file = `${scratch}/file`;
  writeFileSync(file, "");
  await expect(checkWritable(file, "output")).rejects.toThrow(`output must be a folder that can be written, got ${file} (a file)`);
  await expect(checkWritable(`${file}/a/b`, "output")).rejects.toThrow(
    `output must be a folder that can be written, got ${file}/a/b (a file at ${file})`,
  );
});
