import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { afterAll, expect, it } from "vitest";
import { resume, train } from "../../src/api/train.ts";
import { gradientBoostingRegressor, job, linearRegression } from "../../src/job/builders.ts";
import { Stopped } from "../../src/ports/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "steplearn-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 200 }, (_, i) => ({
  x: (i * 37) % 101,
  plan: i % 3 === 0 ? "gold" : "basic",
  y: 2 * ((i * 37) % 101) + (i % 3),
}));
const form = { label: "y", model: linearRegression(), output: join(folder, "model") } as const;
const options = { store: join(folder, "store"), threads: 1 };

it("trains on rows and on a table in memory as on the same file, and loads the same data once", async () => {
  const path = join(folder, "t.csv");
  writeFileSync(path, `x,plan,y\n${rows.map(({ x, plan, y }) => `${x},${plan},${y}`).join("\n")}\n`);
  const fromFile = await train(job({ ...form, data: path }), { ...options, run: "file" });
  const fromRows = await train(job({ ...form, data: rows }), { ...options, run: "rows" });
  const table = tableFromArrays({ x: rows.map(({ x }) => x), plan: rows.map(({ plan }) => plan), y: rows.map(({ y }) => y) });
  const fromTable = await train(job({ ...form, data: table }), { ...options, run: "table" });
  expect(fromRows.model.coefficients).toEqual(fromFile.model.coefficients);
  expect(fromRows.metrics).toEqual(fromFile.metrics);
  expect(fromTable.model.data).toEqual(fromRows.model.data);
  expect(fromRows.model.data.fingerprint).not.toBe(fromFile.model.data.fingerprint);
  expect(fromRows.model.job.data).toMatchObject({ paths: [expect.stringMatching(/store\/memory\/[0-9a-f]{32}\.parquet$/)] });
  expect(readdirSync(join(folder, "store/datasets"))).toHaveLength(2);
});

it("weights of 1 are no weights, where rows of many blocks are held out to stop by", async () => {
  // A block has 512 rows.
  const many = Array.from({ length: 3_000 }, (_, i) => ({ x: (i * 37) % 1_009, y: ((i * 37) % 1_009) ** 2 + (i % 7) }));
  const ones = many.map((row) => ({ ...row, one: 1 }));
  const model = gradientBoostingRegressor({ trees: 4, earlyStoppingRounds: 2, validationShare: 0.5 });
  const weighted = await train(job({ ...form, data: ones, weight: "one", model }), { ...options, run: "weighted" });
  const plain = await train(job({ ...form, data: many, model }), { ...options, run: "plain" });
  expect(plain.model.model).toEqual(weighted.model.model);
  expect(plain.model.loss).toEqual(weighted.model.loss);
  // Half the variance: the trees begin with the mean.
  const variance = (plain.metrics.baseline.train.rmse ?? Number.NaN) ** 2;
  expect(Math.abs(plain.model.loss[0] / (variance / 2) - 1)).toBeLessThan(0.05);
});

it("refuses labels whose squares are no numbers, and run names that nobody could resume", async () => {
  const huge = rows.map((row, i) => ({ ...row, y: i === 7 ? 1e200 : row.y }));
  await expect(train(job({ ...form, data: huge }), { ...options, run: "huge" })).rejects.toThrow(
    "label y must hold numbers up to about 1e150",
  );
  await expect(train(job({ ...form, data: rows }), { ...options, run: "a.b" })).rejects.toThrow(
    'run must be 1 to 48 letters, digits and hyphens, got "a.b"',
  );
});

it("checks a job with data in memory like any other", () => {
  expect(() => job({ ...form, label: "", data: rows })).toThrow("job: label must be");
});

it("trains two jobs of one name at once, each as a run of its own", async () => {
  const both = await Promise.all([1, 2].map(() => train(job({ ...form, data: rows, name: "twins" }), options)));
  expect(new Set(both.map(({ run }) => run)).size).toBe(2);
  expect(both[0].model).toEqual(both[1].model);
});

it.each([1, 2])("is stopped by its signal, on %i functions, and goes on from there", async (functions) => {
  const run = `stopped-${functions}`;
  const stop = new AbortController();
  const boosted = job({ ...form, data: rows, model: gradientBoostingRegressor({ trees: 30 }) });
  const stopped = train(boosted, {
    ...options,
    run,
    functions,
    signal: stop.signal,
    onRound: ({ rounds }) => {
      if (rounds === 4) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow(Stopped);
  await expect(stopped).rejects.toThrow(new RegExp(`^run ${run} was stopped.*; go on with: steplearn resume ${run}`));
  expect((await resume(run, options)).model.loss.length).toBeGreaterThan(0);
});
