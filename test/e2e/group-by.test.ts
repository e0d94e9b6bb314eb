/** Rows of one group keep together wherever some judge others: also those that boosting holds out to stop by. */
import { expect, it } from "vitest";
import { gradientBoostingRegressor } from "../../src/job/builders.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { planOf, published, runPlan } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const rows = Array.from({ length: 3_000 }, (_, row) => row);
/** Nothing but the customer, whom `x` gives away, tells the label. */
const data = writeLines(`${scratch}/customers.csv`, [
  "customer,x,y",
  ...rows.map((row) => [`c${row % 300}`, row % 300, hashRow(4, row % 300) % 1_000].join(",")),
]);

async function treesOf(split: object, functions: number): Promise<number> {
  const root = `${scratch}/${Object.keys(split).length}-${functions}`;
  const model = gradientBoostingRegressor({ trees: 40, maxLeaves: 63, minRows: 2, learningRate: 0.3, earlyStoppingRounds: 3 });
  const form = { data: { path: data, exclude: "groupBy" in split ? [] : ["customer"] }, label: "y", model, split };
  await runPlan(await planOf(form, { partRows: 700, cuts: 3 }), { root, functions });
  return (JSON.parse(published(root)["model.json"]) as { trees: number }).trees;
}

it("stops early by groups that no tree has seen, on any number of functions", async () => {
  expect(await treesOf({ test: 0.2 }, 1)).toBeGreaterThan(15);
  const whole = await treesOf({ test: 0.2, groupBy: "customer" }, 1);
  expect(whole).toBeLessThan(5);
  expect(await treesOf({ test: 0.2, groupBy: "customer" }, 3)).toBe(whole);
});
