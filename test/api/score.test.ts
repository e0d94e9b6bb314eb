/** What new data may hold, and where its predictions may be written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { inspect } from "../../src/api/inspect.ts";
import { evaluate, type ScoreOptions, score } from "../../src/api/score.ts";
import { train } from "../../src/api/train.ts";
import { update } from "../../src/api/update.ts";
import { firstRows } from "../../src/cli/preview.ts";
import { job } from "../../src/job/builders.ts";
import { InputError } from "../../src/ports/errors.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const options = { store: `${scratch}/store`, threads: 1 };
const models = `${scratch}/models`;
const rows = Array.from({ length: 60 }, (_, i) => `${i % 9 === 4 ? "?" : i % 10},${i % 7 === 3 ? "?" : i % 3 === 0 ? "x" : "z"},${i % 10}`);

beforeAll(async () => {
  const data = { path: writeLines(`${scratch}/old.csv`, ["a,kind,y", ...rows]), missing: ["", "?"] };
  await train(job({ name: "m", data, label: "y", model: { linearRegression: {} }, output: models }), options);
});

const predictions = async (lines: readonly string[], more: Partial<ScoreOptions> = {}): Promise<unknown[]> => {
  const { files } = await score(models, [writeLines(`${scratch}/new.csv`, ["a,kind", ...lines])], {
    ...options,
    output: `${scratch}/scores`,
    ...more,
  });
  return (await firstRows(files[0])).map(({ prediction }) => prediction);
};

it("leaves one scoring in a folder that is scored into again, and files of others", async () => {
  const output = `${scratch}/again`;
  const names = () => readdirSync(output).sort();
  await predictions(["1,x"], { output });
  // As a larger table leaves them.
  const manifest = JSON.parse(readFileSync(`${output}/manifest.json`, "utf8"));
  writeFileSync(
    `${output}/manifest.json`,
    JSON.stringify({ ...manifest, files: ["part-00000.parquet", "part-00001.parquet", "../new.csv"] }),
  );
  for (const name of ["part-00001.parquet", "part-00002.parquet", "notes.txt"]) writeLines(`${output}/${name}`, ["some"]);
  await predictions(["2,x"], { output });
  expect(names()).toEqual(["manifest.json", "notes.txt", "part-00000.parquet", "part-00002.parquet"]);
  expect(existsSync(`${scratch}/new.csv`)).toBe(true);
});

describe("texts that mean a missing value", () => {
  it("are those of the model's job", async () => {
    const [asTold, empty] = await predictions(["?,?", ",", "3,x"]);
    expect(asTold).toBe(empty);
    expect(asTold).toEqual(expect.any(Number));
  });

  it("may be more in the new data, whatever reads it", async () => {
    const data = ["unk,none", ",", "?,?"];
    const refused = predictions(data);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/a must be a number, got "unk" \(where that stands for a missing value, say so: --missing\)/);
    const [first, ...others] = await predictions(data, { missing: ["unk", "none"] });
    expect(others).toEqual([first, first]);

    const labelled = writeLines(`${scratch}/labelled.csv`, ["a,kind,y", ...rows.map((row) => row.replace("?", "unk")), "1,x,unk"]);
    const more = { ...options, missing: ["unk"] };
    expect((await evaluate(models, [labelled], more)).judged).toBe(60);
    await expect(inspect(models, [labelled], options)).rejects.toThrow(/say so: --missing/);
    expect((await inspect(models, [labelled], more)).rows).toBe(61);
    await expect(update(models, [labelled], options)).rejects.toThrow(/say so: --missing/);
    expect((await update(models, [labelled], more)).model.update?.rows).toBe(61);
  });
});

describe("predictions", () => {
  const refused = async (data: string, output: string): Promise<void> => {
    const before = readdirSync(models);
    await expect(score(models, [data], { ...options, output })).rejects.toThrow(InputError);
    await expect(score(models, [data], { ...options, output })).rejects.toThrow(/^output must be a folder (outside|whose)/);
    expect(readdirSync(models)).toEqual(before);
  };
  const data = `${scratch}/data`;
  const file = `${data}/new.csv`;
  beforeAll(() => {
    mkdirSync(data);
    writeLines(file, ["a,kind", "1,x"]);
  });

  it("are not written among the files of a model", async () => {
    await refused(file, models);
    await refused(file, `${models}/scores`);
    const [version] = readdirSync(models).filter((name) => name.startsWith("m-"));
    for (const output of [models, `${models}/${version}`, `${models}/${version}/scores`])
      await expect(score(`${models}/${version}`, [file], { ...options, output })).rejects.toThrow(
        `output must be a folder outside of the model's, ${models}, got ${output}`,
      );
    expect((await score(models, [file], { ...options, output: `${models}-scores` })).rows).toBe(1);
  });

  it("are not written to S3, from where nothing of an earlier scoring is removed", async () => {
    await expect(score(models, [file], { ...options, output: "s3://bucket/scores" })).rejects.toThrow(
      "output must be a folder of this machine, got s3://bucket/scores; copy it there afterwards: aws s3 cp --recursive DIR s3://bucket/scores",
    );
  });

  it("are not written where they would be read as data", async () => {
    await refused(data, data);
    await refused(`${data}/`, `${data}/scores`);
    await refused(`${scratch}/*/*`, data);
    await refused(file, file);
    // Beside a file, and where a pattern does not look, they are in nobody's way.
    expect((await score(models, [file], { ...options, output: data })).rows).toBe(1);
    expect((await score(models, [`${data}/*.csv`], { ...options, output: `${data}/scores` })).rows).toBe(1);
  });
});

describe("weights", () => {
  const weighted = Array.from({ length: 80 }, (_, i) => ({ x: (i * 7) % 11, y: (i * 7) % 11 > 4 + (i % 5) ? "b" : "a", w: i % 4 }));
  const folder = `${scratch}/weighted`;
  const file = (name: string, lines: readonly string[]): string => writeLines(`${scratch}/${name}.csv`, lines);
  const lines = weighted.map(({ x, y, w }) => `${x},${y},${w}`);

  beforeAll(async () => {
    const form = {
      name: "w",
      data: file("weighted", ["x,y,w", ...lines]),
      label: "y",
      weight: "w",
      split: "none" as const,
      output: folder,
    };
    await train(job({ ...form, model: { logisticRegression: {} } }), options);
  });

  it("judge as in training: a row of weight 2 counts twice, one of 0 not at all", async () => {
    const { metrics } = await evaluate(folder, [`${scratch}/weighted.csv`], options);
    const twice = weighted.flatMap(({ x, y, w }) => Array.from({ length: w }, () => `${x},${y}`));
    const plain = await evaluate(folder, [file("twice", ["x,y", ...twice])], options);
    const { train: training } = JSON.parse(
      readFileSync(`${folder}/${readdirSync(folder).find((name) => name.startsWith("w-"))}/metrics.json`, "utf8"),
    );
    for (const [name, value] of Object.entries(training)) {
      expect(metrics?.[name]).toBeCloseTo(value as number, 12);
      expect(plain.metrics?.[name]).toBeCloseTo(value as number, 12);
    }
    const inspected = await inspect(folder, [`${scratch}/weighted.csv`], options);
    expect(inspected.importance?.value).toBeCloseTo(training.areaUnderROC, 12);
  });

  it("may be missing where nothing is judged, and nowhere else", async () => {
    expect((await evaluate(folder, [file("unlabelled", ["x,y,w", ...lines, "3,,"])], options)).judged).toBe(80);
    const unweighted = evaluate(folder, [file("unweighted", ["x,y,w", ...lines, "3,a,"])], options);
    await expect(unweighted).rejects.toThrow("weight w must be a number >= 0, got NaN in row 80");
  });
});

it.each(["x", "z"])("of a category that is kept a missing value goes where training sent it: with %s", async (like) => {
  const lines = Array.from({ length: 90 }, (_, i) => ["x", "z", ""][i % 3]).map((kind) => `${kind},${(kind || like) === "x" ? 1 : 2}`);
  const path = writeLines(`${scratch}/kept-${like}.csv`, ["kind,y", ...lines]);
  const features = [
    { stringIndexer: { inputs: ["kind"], handleInvalid: "keep" as const } },
    { vectorAssembler: { inputs: ["kind"], handleInvalid: "keep" as const } },
  ];
  const model = { decisionTreeRegressor: {} };
  const trained = await train(
    job({ name: like, data: path, label: "y", split: "none", features, model, output: `${scratch}/kept` }),
    options,
  );
  const judged = await evaluate(trained.folder, [path], options);
  expect(trained.metrics.train.rmse).toBe(0);
  expect(judged.metrics?.rmse).toBe(0);
});

it("trees take categories that are scaled for the numbers that they are", async () => {
  const lines = Array.from({ length: 100 }, (_, i) => `${"abcde"[i % 5]},${[3, 9, 1, 7, 5][i % 5]}`);
  const path = writeLines(`${scratch}/scaled.csv`, ["kind,y", ...lines]);
  const inputs = ["kind"];
  const features = [
    { stringIndexer: { inputs } },
    { standardScaler: { inputs, withMean: true } },
    { vectorAssembler: { inputs, handleInvalid: "keep" as const } },
  ];
  const model = { decisionTreeRegressor: {} };
  const { metrics } = await train(
    job({ name: "s", data: path, label: "y", split: "none", features, model, output: `${scratch}/s` }),
    options,
  );
  expect(metrics.train.rmse).toBe(0);
});
