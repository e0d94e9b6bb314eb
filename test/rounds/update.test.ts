import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import type { MetricsJson, ModelJson } from "../../src/model/format.ts";
import { ConflictError } from "../../src/ports/errors.ts";
import { arrivals, BUCKET, type MemoryStore } from "../helpers/arrivals.ts";

const uniform = (seed: number, i: number): number => hashRow(seed, i) / 2 ** 32;
/** Rows [from, from + n): y = 3 x - 2 z + (red: 5) + noise. */
function rowsOf(from: number, n: number): string {
  const lines = Array.from({ length: n }, (_, r) => {
    const i = from + r;
    const [x, z] = [uniform(1, i), 10 * uniform(2, i)];
    const colour = ["red", "blue"][hashRow(3, i) % 2];
    return `${x.toFixed(5)},${z.toFixed(5)},${colour},${(3 * x - 2 * z + (colour === "red" ? 5 : 0) + uniform(4, i)).toFixed(5)}\n`;
  });
  return `x,z,colour,y\n${lines.join("")}`;
}
const joined = (...csvs: readonly string[]): string => csvs.map((csv, i) => (i === 0 ? csv : csv.slice(csv.indexOf("\n") + 1))).join("");

// Features that the rows do not decide, so that one view is right for any of them.
const features = [
  { oneHotEncoder: { inputs: ["colour"], dropLast: true, handleInvalid: "keep" } },
  { vectorAssembler: { inputs: ["x", "z", "colour"] } },
] as const;
const form = { label: "y", split: "none", features, model: { linearRegression: { regParam: 0.1 } } } as const;

type Stack = ReturnType<typeof arrivals>;
const latestOf = async (stack: Stack, name = "sales"): Promise<string> =>
  (await stack.json<{ version: string }>(`models/${name}/latest.json`)).version;
const modelOf = async (stack: Stack, version?: string): Promise<ModelJson> =>
  stack.json<ModelJson>(`models/sales/${version ?? (await latestOf(stack))}/model.json`);
const send = async (stack: Stack, name: string, csv: string): Promise<void> => {
  await stack.deliver(await stack.put(`train/in/sales/${name}`, csv));
};

function expectSameLine(a: ModelJson, b: ModelJson, tolerance: number): void {
  const [one, other] = [a, b].map((model) => model.coefficients as Record<string, number>);
  expect(Object.keys(one)).toEqual(Object.keys(other));
  for (const name of Object.keys(one)) expect(Math.abs(one[name] - other[name]), name).toBeLessThan(tolerance * Math.abs(other[name]));
  expect(Math.abs((a.intercept as number) - (b.intercept as number))).toBeLessThan(tolerance * Math.abs(b.intercept as number));
}

describe("an object under train/in", () => {
  it.each([1, 3])("makes a version as if all rows had been trained on at once, on %i functions", async (functions) => {
    const stack = arrivals({ functions });
    const first = await stack.train("sales", form as never, rowsOf(0, 400));
    await send(stack, "may.csv", rowsOf(400, 300));
    await send(stack, "june.csv", rowsOf(700, 5));
    expect(stack.letters).toEqual([]);
    const updated = await modelOf(stack);
    const whole = arrivals();
    await whole.train("sales", form as never, joined(rowsOf(0, 400), rowsOf(400, 300), rowsOf(700, 5)));
    // The same sums in another order.
    expectSameLine(updated, await modelOf(whole), 1e-12);
    expect(updated.update).toMatchObject({ trained: first, rows: 5 });
    expect(updated.data.rows).toBe(705);
    expect((await modelOf(stack, first)).coefficients).not.toEqual(updated.coefficients);
    expect(await stack.json(`models/sales/${await latestOf(stack)}/merged.json`)).toMatchObject([
      { key: `${BUCKET}/train/in/sales/may.csv` },
      { key: `${BUCKET}/train/in/sales/june.csv`, version: await latestOf(stack) },
    ]);
  });

  it("holds out new rows as the job says, whatever was brought in before, and judges by them", async () => {
    const inOrder = async (order: readonly number[]): Promise<Stack> => {
      const stack = arrivals();
      await stack.train("sales", { ...form, split: { test: 0.3, seed: 1 } } as never, rowsOf(0, 400));
      const events = [await stack.put("train/in/sales/a.csv", rowsOf(400, 200)), await stack.put("train/in/sales/b.csv", rowsOf(600, 150))];
      for (const i of order) await stack.deliver(events[i]);
      expect(stack.letters).toEqual([]);
      return stack;
    };
    const [ab, ba] = [await inOrder([0, 1]), await inOrder([1, 0])];
    const { rows } = await ba.json<MetricsJson>(`models/sales/${await latestOf(ba)}/metrics.json`);
    expect(rows.train + rows.test).toBe(200);
    expect(rows.test).toBeGreaterThan(40);
    expect(rows.test).toBeLessThan(80);
    const { metrics, baseline } = await modelOf(ba);
    expect(metrics.test?.rmse).toBeLessThan(1);
    expect(baseline.test?.rmse).toBeGreaterThan(4);
    // The same rows are held out, so the same sums are added, in another order.
    expectSameLine(await modelOf(ab), await modelOf(ba), 1e-12);
  });

  it("counts once, however often it is told of or written again", async () => {
    const stack = arrivals();
    await stack.train("sales", form as never, rowsOf(0, 100));
    const event = await stack.put("train/in/sales/a.csv", rowsOf(100, 50));
    await Promise.all(Array.from({ length: 5 }, () => stack.deliver(event)));
    const version = await latestOf(stack);
    const { key, etag } = event.detail.object as unknown as { key: string; etag: string };
    await stack.start("update", "told-again", { update: { bucket: BUCKET, key, etag, versionId: "another" } });
    expect(await latestOf(stack)).toBe(version);
    expect((await modelOf(stack)).data.rows).toBe(150);
    expect(stack.letters).toEqual([]);
  });

  it.each([2, 10])("is not lost when %i are planned on the same version", async (count) => {
    const stack = arrivals();
    await stack.train("sales", form as never, rowsOf(0, 100));
    const events = await Promise.all(
      Array.from({ length: count }, (_, i) => stack.put(`train/in/sales/${i}.csv`, rowsOf(100 + 10 * i, 10))),
    );
    await Promise.all(events.map((event) => stack.deliver(event)));
    expect(stack.letters).toEqual([]);
    // Those that came too late were planned once more.
    expect(stack.store.keys().filter((key) => /^runs\/update-[^/]+\/plan.json$/.test(key)).length).toBeGreaterThan(count);
    const whole = arrivals();
    await whole.train("sales", form as never, rowsOf(0, 100 + 10 * count));
    expectSameLine(await modelOf(stack), await modelOf(whole), 1e-11);
    expect((await modelOf(stack)).data.rows).toBe(100 + 10 * count);
    const merged = await stack.json<readonly { key: string }[]>(`models/sales/${await latestOf(stack)}/merged.json`);
    expect(new Set(merged.map(({ key }) => key)).size).toBe(count);
  });

  it("may bring one row, also when that one is held out", async () => {
    const stack = arrivals();
    await stack.train("sales", { ...form, split: { test: 0.5, seed: 1 } } as never, rowsOf(0, 100));
    for (let i = 0; i < 6; i++) await send(stack, `${i}.csv`, rowsOf(100 + i, 1));
    expect(stack.letters).toEqual([]);
    expect((await modelOf(stack)).data.rows).toBe(106);
  });
});

describe("what cannot be brought in", () => {
  it("is given up where the store refuses the new version though nobody else publishes", async () => {
    const refusing: { now: boolean } = { now: false };
    const watched = (store: MemoryStore): MemoryStore => ({
      ...store,
      write: async (key, ...content) => {
        if (refusing.now && key.endsWith("latest.json")) throw new ConflictError(`object ${key} must not have changed`);
        return store.write(key, ...content);
      },
    });
    const stack = arrivals({ watched });
    await stack.train("sales", form as never, rowsOf(0, 200));
    refusing.now = true;
    await send(stack, "may.csv", rowsOf(200, 100));
    expect(stack.letters).toMatchObject([
      { error: "InputError", reason: expect.stringContaining("latest.json must be readable once it is written") },
    ]);
  });

  it("is of a learner that keeps nothing, and says what to do", async () => {
    const stack = arrivals();
    const csv = rowsOf(0, 100).replaceAll(/,(-?)[\d.]+\n/g, (_, sign) => `,${sign === "-" ? "low" : "high"}\n`);
    await stack.train("sales", { label: "y", model: { logisticRegression: {} } } as never, csv);
    await send(stack, "a.csv", csv);
    expect(stack.letters[0]).toMatchObject({ error: "InputError" });
    expect(stack.letters[0].reason).toBe(
      "model sales must be of a learner that takes in new rows, such as linearRegression, got logisticRegression; train it again on old and new data together; once that is mended upload the object again",
    );
  });

  it.each([
    ["train/in/nope/a.csv", rowsOf(0, 5), "must name a model as its third folder, got nope (there: sales)"],
    ["train/in/sales/a.csv", "x,z,colour\n1,2,red\n", "got none called y"],
    ["train/in/sales/a.csv", 'x,z,colour,y\n1,2,"red,3\n', "a quote is never closed"],
  ])("%s tells why, and leaves the model as it was", async (key, csv, reason) => {
    const stack = arrivals();
    const version = await stack.train("sales", form as never, rowsOf(0, 100));
    await stack.deliver(await stack.put(key, csv));
    expect(stack.letters[0].reason).toContain(reason);
    expect(await latestOf(stack)).toBe(version);
    await send(stack, "good.csv", rowsOf(100, 5));
    expect((await modelOf(stack)).data.rows).toBe(105);
  });
});
