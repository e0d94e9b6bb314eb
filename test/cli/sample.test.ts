import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { sampleSource } from "../../src/cli/sample.ts";
import { jobFromOptions } from "../../src/job/read.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { lookAtSource } from "../../src/rounds/planning/look.ts";

async function sampleOf(name: string, bytes: Uint8Array) {
  const store = memoryStore();
  await store.write(name, bytes);
  const { job } = jobFromOptions({ paths: [name], label: "y", model: "linearRegression" });
  return sampleSource(store, (await lookAtSource(store, job)).source);
}

const text = (csv: string): Uint8Array => new TextEncoder().encode(csv);

describe("sampleSource", () => {
  it("counts distinct and missing values of every column", async () => {
    const { rows, bytes, columns } = await sampleOf("a.csv", text("n,s,y\n1,a,0\n2.5,,1\n,b,0\n1,a,1\n"));
    expect({ rows, bytes }).toEqual({ rows: 4, bytes: 30 });
    expect(columns).toEqual([
      { name: "n", type: "number", distinct: 2, missing: 1, examples: ["1", "2.5"] },
      { name: "s", type: "string", distinct: 2, missing: 1, examples: ["a", "b"] },
      { name: "y", type: "number", distinct: 2, missing: 0, examples: ["0", "1"] },
    ]);
  });

  it("reads the beginning of a large file, whole rows only", async () => {
    const row = (i: number): string => `${i},"${"x".repeat(100)}",${i % 2}\n`;
    const csv = `n,s,y\n${Array.from({ length: 40_000 }, (_, i) => row(i)).join("")}`;
    const { rows, bytes, columns } = await sampleOf("a.csv", text(csv));
    // 2 MiB of about 110 bytes a row; what is said of the rest holds for this file of even rows.
    expect(rows).toBeGreaterThan(15_000);
    expect(rows).toBeLessThan(25_000);
    expect((rows * csv.length) / bytes / 40_000).toBeCloseTo(1, 2);
    expect(columns[0]).toMatchObject({ distinct: rows, missing: 0 });
  });

  it("reads gzipped text, and tells how many bytes of the file it took", async () => {
    const row = (i: number): string => `${hashRow(7, i)},${hashRow(7, i) % 2 === 0 ? "a" : "b"},${i % 2}\n`;
    const zipped = gzipSync(text(`n,s,y\n${Array.from({ length: 300_000 }, (_, i) => row(i)).join("")}`), { level: 1 });
    const { rows, bytes, columns } = await sampleOf("a.csv.gz", zipped);
    expect(rows).toBeLessThan(200_000);
    expect(columns[1].distinct).toBe(2);
    // Compressed bytes are taken in blocks of the stream.
    expect((rows * zipped.length) / bytes / 300_000).toBeCloseTo(1, 1);
  });

  it("gives a column the type that its values need", async () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => `${i},${i % 2}\n`).join("");
    const { columns } = await sampleOf("a.csv", text(`n,y\n${numbers}none,1\n`));
    expect(columns[0]).toMatchObject({ type: "string", distinct: 20_001 });
  });
});
