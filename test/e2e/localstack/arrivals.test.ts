/** Objects that arrive are scored, by nothing but their upload: once each, whatever their keys, and beside one that cannot be read. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { s3Client } from "../../../src/adapters/aws/clients.ts";
import type { ModelJson } from "../../../src/model/format.ts";
import { createPredictor } from "../../../src/model/predict.ts";
import type { ScoresManifest } from "../../../src/model/scores.ts";
import { readJson } from "../../../src/ports/json.ts";
import { parquetRows } from "../../helpers/parquet-rows.ts";
import { arrived, bucket, calls, deadLetters, ended, executionsOf, existing, machines, start, store, TELCO } from "./deployed.ts";

const CUSTOMERS = readFileSync(join(import.meta.dirname, "../../../examples/churn/new-customers.csv"), "utf8")
  .trim()
  .split("\n");
let model: ModelJson;

/** The first row of the example is the header; a file of the given others. */
const customers = (...rows: readonly number[]): Uint8Array =>
  new TextEncoder().encode(`${[0, ...rows].map((row) => CUSTOMERS[row]).join("\n")}\n`);

/** What the exported predictor says of a row. */
function predicted(row: number): Record<string, unknown> {
  const numbers = new Set(model.data.columns.flatMap(({ name, type }) => (type === "number" ? [name] : [])));
  const values = CUSTOMERS[row].split(",");
  const fields = CUSTOMERS[0].split(",").map((name, i) => [name, numbers.has(name) && values[i] !== "" ? Number(values[i]) : values[i]]);
  const { prediction, probability } = createPredictor(model)(Object.fromEntries(fields)) as {
    prediction: string;
    probability: Record<string, number>;
  };
  return { prediction, probability_Yes: probability.Yes };
}

/** The scores of an object, once its manifest is there. */
async function scoresOf(name: string): Promise<{ manifest: ScoresManifest; rows: Record<string, unknown>[] }> {
  const folder = `score/out/scored/${name}`;
  await arrived(`${folder}/manifest.json`);
  const manifest = await readJson<ScoresManifest>(store, `${folder}/manifest.json`);
  const rows: Record<string, unknown>[] = [];
  for (const file of manifest.files) {
    rows.push(...(await parquetRows(await store.read(`${folder}/${file}`))));
  }
  return { manifest, rows };
}

beforeAll(async () => {
  await store.write("data/scored.csv.gz", TELCO);
  const form = {
    name: "scored",
    data: { path: `s3://${bucket}/data/scored.csv.gz`, exclude: ["customerID"] },
    label: { column: "Churn", positive: "Yes" },
    model: { logisticRegression: { regParam: 0.001 } },
  };
  const end = await ended(await start(machines.training, form));
  expect(end.status).toBe("SUCCEEDED");
  const { version } = await readJson<{ version: string }>(store, "models/scored/latest.json");
  model = await readJson<ModelJson>(store, `models/scored/${version}/model.json`);
});

describe("uploads", () => {
  /** Names of uploads, by the rows of the example that each holds. */
  const uploads: Record<string, readonly number[]> = {
    "plain.csv": [1, 2, 3, 4, 5],
    "with space.csv": [1],
    "with%20space.csv": [2],
    "plus+sign.csv": [3],
    "é.csv": [4, 5],
    "100%25.csv": [5],
  };

  it("are scored under their own names, and one that cannot be read is told of", async () => {
    // A folder made in the console, and a table without the model's columns.
    await store.write("score/in/scored/bad.csv", new TextEncoder().encode("x,y\n1,2\n"));
    await Promise.all(Object.entries(uploads).map(([name, rows]) => store.write(`score/in/scored/${name}`, customers(...rows))));
    await store.write("score/in/scored/nothing.csv", new Uint8Array(0));

    for (const [name, rows] of Object.entries(uploads)) {
      const scored = await scoresOf(name);
      expect(scored.manifest).toMatchObject({ rows: rows.length, input: { bucket, key: `score/in/scored/${name}` } });
      expect(scored.rows).toHaveLength(rows.length);
      for (const [i, row] of rows.entries()) {
        const { prediction, probability_Yes } = predicted(row);
        expect(scored.rows[i].prediction).toBe(prediction);
        // The same kernels on the same numbers.
        expect(scored.rows[i].probability_Yes).toBe(probability_Yes);
      }
    }

    await expect
      .poll(async () => (await deadLetters()).map(({ object }) => object.key), { timeout: 60_000 })
      .toContain("score/in/scored/bad.csv");
    const letters = await deadLetters();
    expect(letters.filter(({ object }) => object.key.startsWith("score/in/scored/"))).toHaveLength(1);
    expect(letters.find(({ object }) => object.key === "score/in/scored/bad.csv")).toMatchObject({
      error: "InputError",
      reason: expect.stringContaining("data must have the columns that model scored was trained on"),
    });
    for (const name of ["bad.csv", "nothing.csv"]) expect(await existing(`score/out/scored/${name}/manifest.json`)).toBe(false);
  });

  it("are scored once, also when their event is delivered five times", async () => {
    const key = "score/in/scored/five times.csv";
    const etag = await store.write(key, customers(1, 2));
    const { VersionId } = await s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const event = {
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { bucket: { name: bucket }, object: { key, size: 100, etag: etag.replaceAll('"', ""), "version-id": VersionId } },
    };
    const door = machines.training.replace(/[^:]*$/, "steplearn-door");
    await Promise.all(Array.from({ length: 5 }, () => start(door, event)));
    expect((await scoresOf("five times.csv")).rows).toHaveLength(2);

    const name = `score-${createHash("sha1").update(`${bucket}/${VersionId}/${key}`).digest("hex")}`;
    const executions = (await executionsOf(machines.scoring)).filter((execution) => execution.name === name);
    expect(executions).toHaveLength(1);
    expect((await ended(executions[0].arn)).status).toBe("SUCCEEDED");
    const planned = (await calls()).filter(({ payload }) => payload?.execution === name && payload.startTime !== undefined);
    expect(planned).toHaveLength(1);
  });
});
