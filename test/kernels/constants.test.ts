/** Numbers that kernels and the code that calls them must agree on, and that no call carries. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The constant of a source file, digits only: `const TILE: usize = 512;`, `const CHUNK_BYTES = 16_384;`, `1 << 20`, `2 ** 20`. */
function constantOf(path: string, name: string): number {
  const text = readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  const found = new RegExp(`^(?:export )?const ${name}(?:: \\w+)? = ([\\w ]+?(?:(?:<<|\\*\\*) \\d+)?);`, "m").exec(text);
  if (found === null) throw new Error(`${path} must have a constant ${name}`);
  const [base, power] = found[1]
    .replaceAll("_", "")
    .split(/<<|\*\*/)
    .map(Number);
  if (power === undefined) return base;
  return found[1].includes("<<") ? base * 2 ** power : base ** power;
}

it.each([
  ["ranks.ts", "TILE", "learners/trees/ensemble/place-ranked.ts", "TILE"],
  ["ranks.ts", "TURN", "learners/trees/ensemble/place-ranked.ts", "TURN"],
  ["ranks.ts", "UNKNOWN", "learners/trees/ensemble/place-ranked.ts", "UNKNOWN"],
  ["ranks.ts", "MISSING", "learners/trees/ensemble/place-ranked.ts", "MISSING"],
  ["ranks.ts", "CELLS", "learners/trees/ensemble/guide.ts", "CELLS"],
  ["ranks.ts", "PLANE", "learners/trees/ensemble/planes.ts", "PLANE_BYTES"],
  ["histogram.ts", "QUEUE", "learners/boosting/growing/routes.ts", "QUEUE"],
  ["blocks.ts", "BLOCK", "learners/trees/shares.ts", "BLOCK"],
  ["csv-scan.ts", "LONGEST_FIELD", "data/csv/scan.ts", "LONGEST_FIELD_BYTES"],
  ["csv-scan.ts", "CHUNK", "data/csv/scan.ts", "CHUNK_BYTES"],
  ["csv-number.ts", "LARGEST_FIVE", "data/csv/fives.ts", "LARGEST"],
  ["purity.ts", "MOST_CHANNELS", "rounds/parts/labels.ts", "MAX_CLASSES"],
  ["block.ts", "RECORD", "rounds/parts/encoders.ts", "RECORD_BYTES"],
])("%s and its callers agree on %s", (kernel, name, caller, own) => {
  const value = constantOf(caller, own);
  expect(value).toBeGreaterThan(0);
  expect(constantOf(`kernels/assembly/${kernel}`, name)).toBe(value);
});
