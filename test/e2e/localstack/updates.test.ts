/** New rows that arrive under `train/in/` are brought into the model without those that it was trained on. */
import { expect, it } from "vitest";
import type { ModelJson } from "../../../src/model/format.ts";
import { readJson } from "../../../src/ports/json.ts";
import { seeded } from "../../faults/handlers.ts";
import { bucket, deadLetters, ended, executionsOf, machines, start, store } from "./deployed.ts";

const random = seeded(11);
const rows = (count: number): string[] =>
  Array.from({ length: count }, () => {
    const [a, b] = [random(), random()];
    return `${a},${b},${3 * a - 2 * b + 0.1 * random()}`;
  });
const upload = (key: string, lines: readonly string[]) => store.write(key, new TextEncoder().encode(`a,b,y\n${lines.join("\n")}\n`));
const form = (name: string) => ({
  name,
  data: `s3://${bucket}/data/${name}.csv`,
  label: "y",
  split: "none",
  model: { linearRegression: {} },
});
const trained = async (name: string): Promise<void> => {
  expect((await ended(await start(machines.training, form(name)))).status).toBe("SUCCEEDED");
};
const latest = async (name: string): Promise<string> => (await readJson<{ version: string }>(store, `models/${name}/latest.json`)).version;
const modelOf = (name: string, version: string): Promise<ModelJson> => readJson(store, `models/${name}/${version}/model.json`);

it("makes a new version that equals a training on all rows, and keeps the old one", async () => {
  const [old, more] = [rows(400), rows(300)];
  await upload("data/grown.csv", old);
  await upload("data/together.csv", [...old, ...more]);
  await Promise.all([trained("grown"), trained("together")]);
  const before = await latest("grown");
  const bytes = await store.read(`models/grown/${before}/model.json`);

  await upload("train/in/grown/november 2026.csv", more);
  await expect.poll(() => latest("grown"), { timeout: 120_000, interval: 250 }).not.toBe(before);
  const updated = await modelOf("grown", await latest("grown"));
  const together = await modelOf("together", await latest("together"));
  const [got, wanted] = [updated, together].map(({ coefficients, intercept }) => ({
    ...(coefficients as Record<string, number>),
    intercept,
  }));
  // Sums of other parts in another order: a few units in the last place of well-conditioned moments.
  for (const [name, value] of Object.entries(wanted)) expect((got as Record<string, number>)[name]).toBeCloseTo(value as number, 10);
  expect(await store.read(`models/grown/${before}/model.json`)).toEqual(bytes);
  expect((await executionsOf(machines.update)).length).toBeGreaterThanOrEqual(1);
  expect((await deadLetters()).filter(({ object }) => object.key.startsWith("train/in/grown/"))).toEqual([]);
});
