/** The reference data beside the project: published cases, and small CSV files. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../../../shared/data/", import.meta.url);

export function referenceText(path: string): string {
  const bytes = readFileSync(new URL(path, FOLDER));
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

interface ReferenceCase {
  readonly id: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: every case has its own expectations
  readonly expected: any;
}

export function referenceCase(id: string): ReferenceCase {
  const { cases } = JSON.parse(referenceText("reference_cases.json")) as { cases: ReferenceCase[] };
  const found = cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there must be a reference case ${id}, got none`);
  return found;
}

/** Columns of numbers by header name. */
export function numbersOf(path: string): Record<string, number[]> {
  const [header, ...lines] = referenceText(path).trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  return Object.fromEntries(
    header
      .trim()
      .split(",")
      .map((name, j) => [name, rows.map((row) => row[j])]),
  );
}
