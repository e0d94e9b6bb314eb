/** Input that is wrong, from the files to the error a user reads: nothing passes silently. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileStore } from "../../src/adapters/local/file-store.ts";
import { evaluate } from "../../src/api/score.ts";
import { type LocalOptions, train } from "../../src/api/train.ts";
import { parquetOf } from "../../src/data/in-memory.ts";
import { type Manifest, manifestKey, partPlaces, readPart } from "../../src/data/manifest.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { InputError } from "../../src/ports/errors.ts";
import { readJson } from "../../src/ports/json.ts";
import { planOf, runPlan } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
let files = 0;
const csv = (...lines: readonly string[]): string => writeLines(`${scratch}/${files++}.csv`, lines);
/** y = 2 x, or y = a above 2 and b below. */
const rows = (count: number, label: (x: number) => string | number = (x) => 2 * x): string[] =>
  Array.from({ length: count }, (_, i) => `${(i % 7) / 2},${label((i % 7) / 2)}`);
const twoClasses = (x: number): string => ((x * 10 + 3) % 4 > 1 ? "b" : "a");

const linear: Omit<JobForm, "data"> = { label: "y", model: { linearRegression: {} }, split: { everyNth: 5 } };
const logistic: Omit<JobForm, "data"> = { label: "y", model: { logisticRegression: { regParam: 0.1 } }, split: { everyNth: 5 } };

let runs = 0;
const trained = (form: JobForm, options: LocalOptions = {}) =>
  train(job({ ...form, output: `${scratch}/models` }), { store: `${scratch}/store`, run: `run-${runs++}`, ...options });

async function refusal(form: JobForm): Promise<string> {
  const error = await trained(form).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replaceAll(scratch, "");
}

describe("bad rows", () => {
  const lines = ["x,y", ...rows(10), "1,2,3", ...rows(10), '5""5,1', ...rows(30)];
  const reasonOf = (run: string): unknown[] =>
    readFileSync(`${scratch}/store/runs/${run}/badRows.ndjson`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("stop a run past the limit, by object, line and reason", async () => {
    const data = csv(...lines);
    const message = await refusal({ data, ...linear });
    const byte = Buffer.byteLength(`${lines.slice(0, 11).join("\n")}\n`);
    const run = `run-${runs - 1}`;
    expect(message).toMatch(/^data must hold at most 0 bad rows \(limits\.badRows\), got 2; the first is in \/\d+\.csv on line 12: /);
    expect(message).toContain(`more in /store/runs/${run}/badRows.ndjson`);
    const found = reasonOf(run);
    expect(found).toEqual([
      { object: data, byte, reason: expect.stringMatching(/field/) },
      { object: data, byte: Buffer.byteLength(`${lines.slice(0, 22).join("\n")}\n`), reason: expect.stringMatching(/quote/) },
    ]);
  });

  it("are left out and counted up to the limit, by each run for itself on the same dataset", async () => {
    const data = csv(...lines);
    const { metrics, run } = await trained({ data, ...linear, limits: { badRows: 2 } });
    expect(metrics.rows).toEqual({ train: 40, test: 10, dropped: 0, bad: 2 });
    expect(reasonOf(run)).toHaveLength(2);
    expect(await refusal({ data, ...linear, limits: { badRows: 1 } })).toContain("got 2; the first is in");
    const again = await trained({ data, ...linear, limits: { badRows: 2 } });
    expect(reasonOf(again.run)).toEqual(reasonOf(run));
  });

  it("may be any number, but a quote that is never closed stops every run, also from the dataset of another", async () => {
    const data = csv("x,y", ...rows(10), '5" pipe,1', ...rows(30));
    for (const badRows of [0, 1_000, 1_000]) {
      expect(await refusal({ data, ...linear, limits: { badRows } })).toMatch(
        /^quotes must balance, got \/\d+\.csv, in which a quote is never closed: the first row with one out of place starts on line 12; double a quote/,
      );
    }
  });

  it("are values that a type of the job does not allow", async () => {
    const data = { path: csv("x,y", ...rows(20), "many,3", ...rows(9)), columns: { x: "number" } } as const;
    expect(await refusal({ data, ...linear })).toContain("got 1; the first is in");
    const { metrics } = await trained({ data, ...linear, limits: { badRows: 1 } });
    expect(metrics.rows).toMatchObject({ train: 24, test: 5, bad: 1 });
  });
});

describe("labels", () => {
  it("that are missing drop their rows, counted", async () => {
    const data = csv("x,y", ...rows(20), "1,", ...rows(9), "3,NA");
    expect((await trained({ data, ...linear })).metrics.rows).toEqual({ train: 23, test: 6, dropped: 2, bad: 0 });
    const classes = csv("x,y", ...rows(30, twoClasses), "1,", "");
    expect((await trained({ data: classes, ...logistic })).metrics.rows).toMatchObject({ dropped: 1 });
  });

  it("of one class are refused", async () => {
    expect(await refusal({ data: csv("x,y", ...rows(30, () => "yes")), ...logistic })).toMatch(
      /^label y must have at least two classes in the training rows, got only "yes"/,
    );
    // The other class is in the test rows only.
    const held = csv("x,y", ...rows(30, () => "yes").map((row, i) => (i % 5 === 4 ? row.replace("yes", "no") : row)));
    expect(await refusal({ data: held, ...logistic })).toMatch(
      /^label y must have at least two classes in the training rows, got only "yes"/,
    );
  });

  it("that are all missing leave nothing to train on", async () => {
    expect(await refusal({ data: csv("x,y", ...rows(12, () => "")), ...logistic })).toMatch(
      /training rows must be at least one, got none of 12 rows \(12 without a label, 0 held out\)/,
    );
  });

  it.each([
    ["constructor", "constant"],
    ["toString", "tomorrow"],
  ])("may be called %s as well as %s", async (name, other) => {
    const named = (text: string) =>
      trained({ data: csv("x,y", ...rows(60, (x) => (twoClasses(x) === "a" ? text : "other"))), ...logistic });
    const { model, metrics } = await named(name);
    expect(model.label.classes).toContain(name);
    expect(metrics.rows).toEqual({ train: 48, test: 12, dropped: 0, bad: 0 });
    const plain = (await named(other)).metrics;
    expect([metrics.train, metrics.test, metrics.baseline]).toEqual([plain.train, plain.test, plain.baseline]);
  });
});

describe("names that JavaScript keeps for itself", () => {
  const lines = (header: string, label: string): string[] => [header, ...rows(40).map((row, i) => `${row},${i % 3 === 0 ? label : "b"}`)];
  const form = { ...logistic, label: "label" };

  it("may be columns, whose types are guessed as of others", async () => {
    const { model } = await trained({ data: csv(...lines("constructor,toString,label", "a")), ...form });
    expect(model.data.columns.slice(0, 2)).toEqual([
      { name: "constructor", type: "number" },
      { name: "toString", type: "number" },
    ]);
  });

  it("are refused where no object can have them", async () => {
    const path = csv(...lines("x,__proto__,label", "a"));
    expect(await refusal({ data: path, ...form })).toMatch(/^data must have no column called __proto__/);
    expect((await trained({ data: { path, exclude: ["__proto__"] }, ...form })).model.data.columns).toHaveLength(2);
    expect(await refusal({ data: csv(...lines("x,y,label", "__proto__")), ...form })).toMatch(
      /^the label must have no class called __proto__/,
    );
  });
});

describe("files", () => {
  it("without a byte are refused", async () => {
    writeFileSync(`${scratch}/empty.csv`, "");
    expect(await refusal({ data: `${scratch}/empty.csv`, ...linear })).toMatch(/empty\.csv must hold data, got an empty object/);
  });

  it("with a header only are refused", async () => {
    expect(await refusal({ data: { path: csv("x,y"), header: true, columns: { x: "number", y: "number" } }, ...linear })).toMatch(
      /^data must hold at least one row, got none in \/\d+\.csv \(0 bad rows\)/,
    );
  });

  it("must be UTF-8 text and whole gzips", async () => {
    const latin = `${scratch}/latin.csv`;
    writeFileSync(latin, Buffer.from(["x,t,y", ...rows(20, (x) => `Mühle,${2 * x}`)].join("\n"), "latin1"));
    expect(await refusal({ data: latin, ...linear })).toMatch(/^column t must hold UTF-8 text, got "M\ufffdhle"; save the file as UTF-8/);
    expect((await trained({ data: { path: latin, exclude: ["t"] }, ...linear })).metrics.rows.train).toBe(16);
    writeFileSync(latin, Buffer.from(["x,ü,y", ...rows(20, (x) => `1,${2 * x}`)].join("\n"), "latin1"));
    expect(await refusal({ data: latin, ...linear })).toMatch(/latin.csv: the header must be UTF-8 text, got "\ufffd"/);
    writeFileSync(`${scratch}/not.csv.gz`, ["x,y", ...rows(20)].join("\n"));
    expect(await refusal({ data: `${scratch}/not.csv.gz`, ...linear })).toMatch(/not\.csv\.gz must be a whole gzip file/);
  });

  it("must have the columns that the job names", async () => {
    expect(await refusal({ data: csv("x,y", ...rows(10)), ...linear, label: "z" })).toMatch(
      /label\.column must be a column of the data, got "?z"?/,
    );
    expect(await refusal({ data: csv("x,y", ...rows(10)), ...linear, weight: "w" })).toMatch(
      /weight must be a column of the data, got "?w"?/,
    );
  });

  it("must all have the columns of the first", async () => {
    const [first, other] = [csv("x,y", ...rows(10)), csv("x,z", ...rows(10))];
    const message = await refusal({ data: { path: [first, other] }, ...linear });
    expect(message).toContain(other.replace(scratch, ""));
    expect(message).toMatch(/\bz\b/);
  });

  it("may have a header longer than a first look", async () => {
    const header = [...["a", "b", "c"].map((name) => name.repeat(30_000)), "y"];
    const path = csv(header.join(","), ...Array.from({ length: 12 }, (_, i) => `${i},${i % 3},${i % 4},${i % 5}`));
    const { model } = await trained({ data: path, ...linear });
    expect(model.data.columns.map(({ name }) => name)).toEqual(header);
  });

  it("of Parquet must agree in the types of columns, unless the job says one", async () => {
    const file = (x: (i: number) => number | string): string => {
      const path = `${scratch}/${files++}.parquet`;
      writeFileSync(path, parquetOf(Array.from({ length: 20 }, (_, i) => ({ x: x(i), y: i % 3 }))));
      return path;
    };
    const path = [file((i) => i), file((i) => `t${i % 2}`)];
    const names = path.map((name) => name.slice(scratch.length));
    expect(await refusal({ data: { path }, ...linear })).toBe(
      `${names[1]}: column "x" must be a number as in ${names[0]}, got a string; put it into data.exclude, or say data.columns: {"x": string}`,
    );
    const told = await trained({ data: { path, columns: { x: "string" } }, ...linear });
    expect(told.model.data.columns[0]).toEqual({ name: "x", type: "string" });
  });

  it("may have quotes and line breaks across every cut", async () => {
    // Fields of up to 90 bytes, and 40 cuts of 150 bytes: most cuts begin inside quotes.
    const texts = Array.from({ length: 100 }, (_, i) => `${"line\nbreak, ".repeat(i % 8)}"${i}"`);
    const path = csv("text,x,y", ...texts.map((text, i) => `"${text.replaceAll('"', '""')}",${i},${2 * i}`));
    const form: JobForm = { ...linear, data: path, features: [{ vectorAssembler: { inputs: ["x"] } }] };
    const found = await Promise.all([1, 40].map((cuts) => loaded(form, cuts)));
    expect(found[1]).toEqual(found[0]);
    expect(found[0].text).toEqual(texts);
    expect(found[0].x).toEqual(texts.map((_, i) => i));
  });

  it("may show only at their end that a column is text", async () => {
    const path = csv("a,x,y", ...Array.from({ length: 400 }, (_, i) => `${i === 390 ? "n.a." : `0${i}.50`},${i},${3 * i}`));
    const form: JobForm = { ...linear, data: path, features: [{ vectorAssembler: { inputs: ["x"] } }] };
    const { a, x } = await loaded(form, 8, "number");
    expect(a).toEqual(Array.from({ length: 400 }, (_, i) => (i === 390 ? "n.a." : `0${i}.50`)));
    expect(x).toEqual(Array.from({ length: 400 }, (_, i) => i));
  });
});

/** The values of every column after a training whose source is cut so often; `guess` is the type that a look at the data takes column 0 for. */
async function loaded(form: JobForm, cuts: number, guess?: "number"): Promise<Record<string, unknown[]>> {
  const root = `${scratch}/loaded-${runs++}`;
  const plan = await planOf(form, { cuts, partRows: 64 });
  const columns = plan.source.columns.map((column, i) => (i === 0 && guess !== undefined ? { ...column, type: guess } : column));
  await runPlan({ ...plan, source: { ...plan.source, columns } }, { root });
  const store = fileStore(root);
  const manifest = await readJson<Manifest>(store, manifestKey(plan.fingerprint));
  const values: Record<string, unknown[]> = {};
  for (const place of partPlaces(manifest)) {
    for (const [name, column] of Object.entries((await readPart(store, manifest, place)).columns)) {
      const found = column.type === "string" ? Array.from(column.codes, (code) => column.dictionary[code]) : [...column.values];
      values[name] = [...(values[name] ?? []), ...found];
    }
  }
  return values;
}

describe("judging", () => {
  it("counts rows whose label the model does not know, and refuses to judge none", async () => {
    const { folder } = await trained({ data: csv("x,y", ...rows(40, twoClasses)), ...logistic });
    const judge = (...lines: readonly string[]) => evaluate(folder, [csv("x,y", ...lines)], { store: `${scratch}/store` });
    expect(await judge(...rows(10, twoClasses), "1,", "2,c")).toMatchObject({ rows: 12, judged: 10 });
    await expect(judge("1,", "2,c")).rejects.toThrow(
      'data must have a row with a label that the model knows to be judged, got none of 2: its column y holds "c", and the model knows "a", "b"',
    );
  });
});

describe("weights", () => {
  const weighted = (weight: string): string => csv("x,w,y", ...rows(20).map((row, i) => row.replace(",", `,${i === 12 ? weight : 1},`)));

  it.each(["-1", ""])("of %j are refused by row", async (weight) => {
    const message = await refusal({ data: weighted(weight), ...linear, weight: "w" });
    expect(message).toMatch(/^weight w must be a number >= 0, got (-1|NaN) in row 12/);
  });

  it("of 0 count for nothing", async () => {
    const { metrics } = await trained({ data: weighted("0"), ...linear, weight: "w" });
    expect(metrics.rows).toEqual({ train: 16, test: 4, dropped: 0, bad: 0 });
  });
});

describe("splits", () => {
  it("must leave rows to train on", async () => {
    const data = csv("x,fold,y", ...rows(20).map((row) => row.replace(",", ",test,")));
    expect(await refusal({ data, ...linear, split: { column: "fold" } })).toMatch(
      /^training rows must be at least one, got none of 20 rows \(0 without a label, 20 held out\)/,
    );
  });

  it("may hold out no row, which the model tells", async () => {
    const { metrics, model } = await trained({ data: csv("x,y", ...rows(20)), ...linear, split: { everyNth: 100 } });
    expect(metrics.test).toBeNull();
    expect(model.warnings).toContain("the split holds out no row: metrics are of the rows that the model was trained on");
    expect((await trained({ data: csv("x,y", ...rows(20)), ...linear, split: "none" })).model.warnings).toEqual([]);
  });

  it("must leave rows in every fold", async () => {
    const tune = { folds: 50, grid: { regParam: [0, 1] } };
    expect(await refusal({ data: csv("x,y", ...rows(20)), ...linear, tune })).toMatch(
      /^tune\.folds must leave rows in every fold, got 50 folds and none in fold \d+ of 16 training rows/,
    );
  });

  it("must name test files that are there", async () => {
    const data = csv("x,y", ...rows(20));
    expect(await refusal({ data, ...linear, split: { testPath: `${scratch}/none.csv` } })).toMatch(
      /^split\.testPath must name at least one object with data, got none for \/none\.csv/,
    );
  });

  it("must find a value where one decides", async () => {
    const data = csv("x,fold,y", ...rows(20).map((row, i) => row.replace(",", i === 7 ? ",," : ",test,")));
    expect(await refusal({ data, ...linear, split: { column: "fold" } })).toMatch(
      /split\.column must have a value in every row, got a missing one in column fold, row 7/,
    );
  });
});

describe("columns of numbers with a few texts", () => {
  const numbers = (count: number, textOf: (row: number) => string): string[] =>
    Array.from({ length: count }, (_, i) => `${textOf(i) || (i % 7) / 2},${i % 9},${i % 5},${2 * (i % 7)}`);

  it("are told with the texts, the file, the line and what to say; and are numbers once that is said", async () => {
    const data = csv("a,b,c,y", '1,"x', 'y",1,2', ...numbers(200, (row) => (row % 50 === 7 ? "n.a." : "")));
    const { model } = await trained({ data, ...linear });
    expect(model.warnings.map((text) => text.replaceAll(scratch, ""))).toContain(
      `column a is read as text, because 4 of 201 values (2.0 %) are no numbers ("n.a."), the first in ${data.slice(scratch.length)} on line 11`,
    );
    const [, missing] = model.warnings.join("\n").match(/say data\.missing: (\[.*?\]);/) ?? [];
    const again = await trained({ data: { path: data, missing: JSON.parse(missing) }, ...linear });
    expect(again.model.data.columns[0]).toEqual({ name: "a", type: "number" });
    expect(again.model.warnings.join()).not.toContain("read as text");
  });

  it("of 19 digits are text, which tells neighbours apart, and are told; or numbers where the job says so", async () => {
    const path = csv("id,b,c,y", ...numbers(60, (row) => `90071992547409930${10 + row}`));
    const { model } = await trained({ data: path, ...linear });
    expect(model.warnings.join()).toContain("column id is read as text, because it holds whole numbers beyond 2^53");
    expect(model.warnings.join()).not.toContain("data.missing");
    const rounded = await trained({ data: { path, columns: { id: "number" } }, ...linear });
    expect(rounded.model.data.columns[0]).toEqual({ name: "id", type: "number" });
    expect(rounded.model.warnings.join()).not.toContain("read as text");
  });

  it("with decimal commas are text, and are told with the first of them", async () => {
    const path = csv("a;b;y", ...Array.from({ length: 60 }, (_, i) => `${i},5;${i % 9};${2 * (i % 7)}`));
    expect((await trained({ data: path, ...linear })).model.warnings.map((text) => text.replaceAll(scratch, ""))).toContain(
      `column a is read as text, because values in it are written as "0,5", the first in ${path.slice(scratch.length)} on line 2: numbers must have a decimal point, no separator of thousands and no unit; write them so, or exclude the column, or say data.columns: {"a": string}`,
    );
  });

  it("are not told where the job says so, or where most values are words or all are", async () => {
    const lines = ["a,b,c,y", ...numbers(60, (row) => (row % 3 === 0 ? "" : "word"))];
    const few = ["a,b,c,y", ...numbers(60, (row) => (row === 9 ? "-" : ""))];
    for (const form of [{ path: csv(...lines) }, { path: csv(...few), columns: { a: "string" as const } }]) {
      expect((await trained({ data: form, ...linear })).model.warnings.join()).not.toContain("read as text");
    }
    expect((await trained({ data: csv(...few), ...linear })).model.warnings.join()).toContain(
      '1 of 60 values (1.7 %) are no numbers ("-")',
    );
  });
});

it("lines that end in CR alone are refused by file and byte, also in a later file", async () => {
  const lines = ["x,y", ...rows(20)];
  const good = csv(...lines);
  const bad = `${scratch}/mac.csv`;
  writeFileSync(bad, lines.join("\r"));
  const message = "/mac.csv: lines must end in LF or CR LF, got CR alone at byte 3; convert the file: tr '\\r' '\\n' < OLD > NEW";
  expect(await refusal({ data: bad, ...linear })).toBe(message);
  expect(await refusal({ data: { path: [good, bad] }, ...linear })).toBe(message);
  // A CR within quotes or before LF ends nothing.
  expect((await trained({ data: csv('"x\r",y\r', ...rows(20)), ...linear })).metrics.rows.bad).toBe(0);
});
