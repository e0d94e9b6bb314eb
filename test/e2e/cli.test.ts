/** The command line as users start it: a process of its own, on small data. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { commandLine } from "../helpers/command-line.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const folder = scratchFolder();
const steplearn = commandLine(folder);

/** y = 1 where x + noise > 0; a category that does not matter, and an id. */
const row = (i: number): string => {
  const [x, noise] = [1, 2].map((seed) => (hashRow(seed, i) - 2 ** 31) / 2 ** 31);
  return `id-${i},${x.toFixed(3)},${["red", "green", "blue"][hashRow(3, i) % 3]},${x + noise > 0 ? "yes" : "no"}`;
};

beforeAll(async () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => row(i));
  await writeFile(join(folder, "rows.csv"), `id,x,colour,y\n${rows.join("\n")}\n`);
  await writeFile(join(folder, "new.csv"), "id,x,colour\nn1,0.9,red\nn2,-0.9,blue\n");
});

describe("steplearn", { timeout: 60_000, concurrent: true }, () => {
  it("goes from a table to scores by the commands that each one names next", async () => {
    const init = await steplearn(["init", "rows.csv", "--label", "y", "-o", "first.yaml"]);
    expect(init).toMatchObject({
      code: 0,
      out: "wrote first.yaml from a look at 2,000 rows of 4 columns\nnext: steplearn train first.yaml\n",
      err: "",
    });
    const again = await steplearn(["init", "rows.csv", "--label", "y", "-o", "first.yaml"]);
    expect(again).toMatchObject({
      code: 2,
      out: "",
      err: "steplearn: the job file must be a new one, got first.yaml, which exists; --force overwrites it\n",
    });

    const onAws = await steplearn(["plan", "first.yaml", "--on", "aws"]);
    expect(onAws.out).toMatch(/\ncosts {5}about \$0\.\d+: functions/);
    expect(onAws.out).toMatch(/\ntime {6}about [\d.]+ s from a cold start/);
    const plan = await steplearn(["plan", "first.yaml", "--json"]);
    expect(JSON.parse(plan.out)).toMatchObject({
      rows: 2_000,
      parts: 1,
      loaded: false,
      forecast: { candidates: 1 },
      memory: { neededBytes: expect.any(Number) },
    });
    expect((await readdir(folder)).includes(".steplearn")).toBe(false);

    const trained = await steplearn(["train", "first.yaml"]);
    expect(trained.code).toBe(0);
    expect(trained.err.split("\n")[0]).toMatch(/^round 0 · load · 2,000 rows in /);
    expect(trained.out).toMatch(/^rows: logisticRegression of y \(no, yes\) on 2 columns/);
    // P(y | x) = (1 + x) / 2, so ranking by x has an area of 5/6 under its curve; 0.05 is four standard errors of 400 rows.
    const area = Number(/areaUnderROC +([\d.]+)/.exec(trained.out)?.[1]);
    expect(Math.abs(area - 5 / 6)).toBeLessThan(0.05);

    const show = await steplearn(["show", "models/rows"]);
    expect(show.out).toMatch(/\n {2}x +\d/);
    const scored = await steplearn(["score", "models/rows", "new.csv", "--output", "scores"]);
    expect(scored.out).toMatch(/scored 2 rows.*\n[\s\S]*\n +0 +yes .*\n +1 +no /);
    const judged = await steplearn(["evaluate", "models/rows", "rows.csv", "--json"]);
    const { rows, metrics } = JSON.parse(judged.out);
    expect(rows).toBe(2_000);
    expect(Math.abs(metrics.areaUnderROC - 5 / 6)).toBeLessThan(0.03);
  });

  it("prints one JSON object and nothing else when asked to", async () => {
    const { code, out, err } = await steplearn([
      "train",
      "rows.csv",
      "--label",
      "y",
      "--model",
      "logisticRegression",
      "--exclude",
      "id",
      "--run",
      "r1",
      "--store",
      "s1",
      "--output",
      "m1",
      "--json",
    ]);
    const result = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(result)).toEqual(["run", "folder", "rounds", "phases", "seconds", "forecastSeconds", "work", "metrics", "warnings"]);
    expect(result).toMatchObject({ run: "r1", folder: join(folder, "m1", "r1") });
    expect(Object.keys(result.phases)).toEqual(
      expect.arrayContaining(["plan", "load", "fit", "search", "judge", "train", "evaluate", "publish"]),
    );
    expect(result.metrics).toEqual(JSON.parse(await readFile(join(folder, "m1", "r1", "metrics.json"), "utf8")));
    expect(err.trim().split("\n")).toHaveLength(result.rounds);
  });

  it("warns of what it read while there is time to stop, and once more at the end", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `${i === 90 ? "-" : i % 9},${i % 7}`);
    await writeFile(join(folder, "dash.csv"), `x,y\n${lines.join("\n")}\n`);
    const args = ["train", "dash.csv", "--label", "y", "--model", "linearRegression", "--store", "s3", "--output", "m3"];
    const { out, err } = await steplearn(args);
    const warning = 'column x is read as text, because 1 of 200 values (0.50 %) are no numbers ("-"), the first in ';
    expect(out).toContain(warning);
    expect(err).toMatch(/^round 0 · load .*\nround 1 .*\nwarning: column x is read as text.* on line 92\n/);
  });

  it.each([
    [
      ["train", "rows.csv", "--label", "z", "--model", "logisticRegression"],
      2,
      'steplearn: --label: label.column must be a column of the data, got "z"',
    ],
    [["train", "rows.csv", "--label", "y", "--model", "logisticRegression", "--memory", "50MB"], 3, "needed "],
    [["train", "rows.csv", "--label", "y", "--wrong"], 2, "steplearn: unknown option '--wrong'"],
    [["train", "rows.csv", "--label", "y", "--watch"], 2, "steplearn: --watch must come with --on aws"],
    [
      ["train", "rows.csv", "--on", "aws", "--threads", "2"],
      2,
      "steplearn: --threads must come without --on aws, where the stack decides it",
    ],
    [["resume", "r1", "--stack", "other"], 2, "steplearn: --stack must come with --on aws"],
    [["trian"], 2, "steplearn: unknown command 'trian'\n(Did you mean train?)"],
    [["resume", "nowhere"], 2, "steplearn: run must be one of this store ("],
    [["show", "nowhere"], 2, "steplearn: a model must be a folder with model.json or latest.json, got nowhere"],
  ])("ends %j with exit code %d, one sentence and no stack", async (args, code, sentence) => {
    const ended = await steplearn(args);
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toContain(sentence);
    expect(ended.err).not.toMatch(/\n +at /);
  });

  it("lists every command in its help", async () => {
    const { out } = await steplearn(["--help"]);
    const commands = [...out.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name);
    expect(commands).toEqual([
      ...["init", "plan", "train", "score", "evaluate", "inspect", "update", "show", "export", "import", "resume"],
      ...["runs", "watch", "stop", "logs"],
    ]);
    const { code, out: help } = await steplearn(["score", "--help"]);
    expect(code).toBe(0);
    expect(help).toMatch(/Examples?:\n {2}steplearn score /);
  });
});
