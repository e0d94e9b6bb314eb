/** Peaks of whole processes against what their plans say, with next to no room for a cache. */
import { execFileSync, spawnSync } from "node:child_process";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import type { JobForm } from "../../../src/job/schema.ts";
import type { Measured } from "../../helpers/measured-run.ts";
import { customerLines } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const ENTRY = new URL("../../helpers/measured-run.ts", import.meta.url).pathname;
const MiB = 2 ** 20;
const scratch = scratchFolder();
const path = (file: string): string => `${scratch}/${file}`;

beforeAll(async () => {
  writeLines(path("churn.csv"), customerLines(1_500_000));
  execFileSync("gzip", ["-1", "-k", path("churn.csv")]);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const numbers = (count: number): string => Array.from({ length: count }, (_, j) => `round(random(), 4) AS x${j}`).join(", ");
  const label = "CAST(random() < 0.4 AS INTEGER) AS y";
  await connection.run(`COPY (SELECT ${numbers(28)}, ${label} FROM range(1000000)) TO '${path("numbers.parquet")}' (FORMAT parquet)`);
  await connection.run(`COPY (SELECT ${numbers(500)}, ${label} FROM range(30000)) TO '${path("wide.csv")}' (FORMAT csv, HEADER)`);
  const texts = "md5(CAST(random() AS VARCHAR)) AS id, md5(CAST(floor(random() * 200000) AS VARCHAR)) AS text";
  await connection.run(`COPY (SELECT ${texts}, random() AS x, ${label} FROM range(300000)) TO '${path("text.csv")}' (FORMAT csv, HEADER)`);
  const columns = Array.from({ length: 200 }, (_, j) => `round(random(), 4)::FLOAT AS x${j}`).join(", ");
  const value = "sin(6 * x0) + x1 * x2 + sin(9 * x77) + x150 * x199 + random()";
  await connection.run(
    `COPY (SELECT *, CAST(${value} > 1.6 AS INTEGER) AS y FROM (SELECT ${columns} FROM range(150000))) TO '${path("trees.parquet")}' (FORMAT parquet)`,
  );
  const kind = "'k' || CAST(floor(32 * x) AS INTEGER) * 47 + CAST(floor(47 * y) AS INTEGER) AS kind";
  await connection.run(
    `COPY (SELECT x, y, ${kind} FROM (SELECT random() AS x, random() AS y FROM range(262144))) TO '${path("kinds.csv")}' (FORMAT csv, HEADER)`,
  );
  connection.closeSync();
});

function measure(asking: { form: JobForm; store: string; threads: number; less?: boolean }): Measured {
  const { stdout, stderr } = spawnSync(process.execPath, [ENTRY, JSON.stringify(asking)], { encoding: "utf8", timeout: 240_000 });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

const logistic = { logisticRegression: {} };
const grid = { regParam: [0.001, 0.01, 0.1], elasticNetParam: [0, 0.5, 1] };

describe("trees of 255 leaves over 200 columns of 255 bins", () => {
  // Ranges take less than whole statistics of larger trees, whose nodes do not know their rows: else rows of so small a table travel instead.
  it.each([false, true])("stay under their plan on 2 threads, by ranges: %s", (less) => {
    const maxLeaves = less ? 511 : 255;
    const model = { gradientBoostingClassifier: { trees: 2, maxLeaves, maxBins: 255, minRows: less ? 1 : 5 } };
    const form = { name: "measured", data: path("trees.parquet"), label: "y", model };
    const { memory, peakBytes, leaves } = measure({ form, store: path(`trees-${less}`), threads: 2, less });
    console.info(
      `${maxLeaves} leaves, ${memory.ranges} ranges: peak ${Math.round(peakBytes / MiB)} MiB, needed ${Math.round(memory.neededBytes / MiB)}, cache ${Math.round(memory.cacheBytes / MiB)}`,
    );
    expect(leaves).toBe(2 * maxLeaves);
    expect(memory.ranges > 1).toBe(less);
    expect(peakBytes).toBeLessThan(memory.neededBytes);
    expect(memory.neededBytes).toBeLessThan(2.5 * peakBytes);
  });
});

describe("1,504 classes", () => {
  it("stay under the plan of a forest that is judged out of bag", () => {
    // Votes of a part are 131,072 x 1,504 numbers, 1.5 GiB.
    const model = { randomForestClassifier: { numTrees: 2, maxDepth: 6, outOfBag: true } };
    const form = { name: "measured", data: path("kinds.csv"), label: "kind", model };
    const { memory, peakBytes } = measure({ form, store: path("kinds"), threads: 1 });
    console.info(`1,504 classes: peak ${Math.round(peakBytes / MiB)} MiB, needed ${Math.round(memory.neededBytes / MiB)}`);
    expect(peakBytes).toBeLessThan(memory.neededBytes + memory.cacheBytes);
    expect(memory.neededBytes).toBeLessThan(5 * peakBytes);
    expect(memory.neededBytes).toBeLessThan(1_200 * MiB);
  });
});

describe.each<[string, () => JobForm]>([
  ["CSV", () => ({ data: path("churn.csv"), label: "churn", model: logistic })],
  ["gz", () => ({ data: path("churn.csv.gz"), label: "churn", model: logistic })],
  ["Parquet", () => ({ data: path("numbers.parquet"), label: "y", model: logistic })],
  ["a search", () => ({ data: path("churn.csv"), label: "churn", model: logistic, tune: { folds: 3, grid, metric: "areaUnderROC" } })],
  [
    "a search by moments",
    () => ({ data: path("numbers.parquet"), label: "x0", model: { linearRegression: {} }, tune: { folds: 3, grid } }),
  ],
  ["a wide table", () => ({ data: path("wide.csv"), label: "y", model: logistic })],
  ["texts that differ in every row", () => ({ data: path("text.csv"), label: "y", model: { logisticRegression: { maxIter: 3 } } })],
])("%s", (name, form) => {
  it.each([1, 2])("stays under its plan on %i threads", (threads) => {
    const store = path(`${name}-${threads}`);
    const { memory, peakBytes, ...measured } = measure({ form: { name: "measured", ...form() }, store, threads });
    console.info(
      `${name}, ${threads} threads: peak ${Math.round(peakBytes / MiB)} MiB, needed ${Math.round(memory.neededBytes / MiB)}, cache ${Math.round(memory.cacheBytes / MiB)}`,
    );
    expect(measured.threads).toBe(threads);
    expect(peakBytes).toBeLessThan(memory.neededBytes + memory.cacheBytes);
    // A bound that is far off refuses what would run.
    expect(memory.neededBytes).toBeLessThan(5 * peakBytes);
  });
});
