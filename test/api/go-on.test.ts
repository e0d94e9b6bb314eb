/** Trees added to a published model: as many as were trained at once, or a word on why not. */
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type TrainOptions, train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const folder = scratchFolder();
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const rowsOf = (from: number, classes: readonly string[]) =>
  Array.from({ length: 400 }, (_, i) => {
    const row = from + i;
    const [x, kind] = [uniform(row, 1), "uvw"[row % 3]];
    return { x, kind, y: 3 * x + (kind === "v" ? 1 : 0) + uniform(row, 2), c: classes[Math.floor(classes.length * uniform(row, 3))] };
  });
const fileOf = (name: string, rows: readonly object[]): string => {
  const path = `${folder}/${name}.csv`;
  writeFileSync(path, `${Object.keys(rows[0]).join(",")}\n${rows.map((row) => Object.values(row).join(",")).join("\n")}\n`);
  return path;
};
const data = fileOf("rows", rowsOf(0, ["no", "yes"]));
const more = fileOf("more", rowsOf(1_000, ["no", "maybe", "yes"]));
const options = { store: `${folder}/store`, threads: 1 };
const form: JobForm = {
  data: { path: data, exclude: ["c"] },
  label: "y",
  model: { gradientBoostingRegressor: { trees: 3, minRows: 5 } },
  output: `${folder}/first`,
};
const trees = (count: number) => ({ gradientBoostingRegressor: { trees: count, minRows: 5 } });

const first = await train(job(form), { ...options, run: "first" });
const from = `${folder}/first`;
let runs = 0;
const trained = (change: Partial<JobForm>, own: TrainOptions = { from }) =>
  train(job({ ...form, output: `${folder}/more`, ...change }), { ...options, run: `run-${runs++}`, ...own });

it("is what training at once gives, on the same data", async () => {
  const added = await trained({ model: trees(4) });
  const whole = await trained({ model: trees(7) }, {});
  expect(added.model.model).toEqual(whole.model.model);
  expect(added.metrics).toEqual(whole.metrics);
  expect(added.model.trees).toBe(7);
  expect(added.model.from).toBe("first");
});

it("takes new rows through the features of the model", async () => {
  const { model } = await trained({ data: { path: more, exclude: ["c"] } });
  expect(model.view).toEqual(first.model.view);
  expect(model.features).toEqual(first.model.features);
});

it("says what does not go together", async () => {
  const refused = (change: Partial<JobForm>, own?: TrainOptions) => expect(trained(change, own)).rejects;
  await refused({ model: { linearRegression: {} } }).toThrow(
    "the learner must be gradientBoostingRegressor or gradientBoostingClassifier, got linearRegression",
  );
  await refused({ label: "c", data: { path: data }, model: { gradientBoostingClassifier: {} } }).toThrow("the learner must be the same");
  await refused({ label: "x" }).toThrow("label must be its label y, got x");
  await refused({ data: { path: data, exclude: ["c", "kind"] } }).toThrow("got none called kind");
  await refused({ split: { everyNth: 5 } }).toThrow("split must be that of the model");
  await refused({ model: { gradientBoostingRegressor: { loss: "absolute" } } }).toThrow("the loss must be that of the model");
  await refused({ tune: { folds: 2, grid: { minRows: [5, 10] } } }).toThrow("tune must be left out");
  await refused({}, { from: `${folder}/nowhere` }).toThrow("must be a folder with model.json or latest.json");
  const classes: Partial<JobForm> = { label: "c", model: { gradientBoostingClassifier: { trees: 1 } } };
  const two = await trained({ ...classes, data: { path: data }, output: `${folder}/two` }, {});
  await refused({ ...classes, data: { path: more } }, { from: two.folder }).toThrow(
    "label c must have the classes of the model to go on from (no, yes), got maybe, no, yes",
  );
});
