import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../../src/plan/plan.ts";
import { ConflictError } from "../../../src/ports/errors.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { killAfter, type Life } from "../../faults/stores.ts";
import { planOf, runPlan } from "../../helpers/engine.ts";
import { customerLines } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const scratch = scratchFolder();
const table = writeLines(`${scratch}/table.csv`, customerLines(500));
/** `latest.json` is refused as if another version had just been published. */
const refusing = (store: ObjectStore): ObjectStore => ({
  ...store,
  write: async (key, ...content) => {
    if (key.endsWith("latest.json")) throw new ConflictError(`object ${key} must not exist yet`);
    return store.write(key, ...content);
  },
});
const json = (path: string) => JSON.parse(readFileSync(`${scratch}/${path}`, "utf8"));

describe("a published folder", () => {
  let plan: Plan;
  const written: string[] = [];

  beforeAll(async () => {
    plan = { ...(await planOf({ data: table, label: "churn", model: { logisticRegression: { regParam: 0.1 } } })), run: "named-run" };
    const wrap: Parameters<typeof runPlan>[1]["wrap"] = (store) => ({
      ...store,
      write: async (...args) => {
        const etag = await store.write(...args);
        written.push(args[0]);
        return etag;
      },
    });
    await runPlan(plan, { root: `${scratch}/whole`, wrap });
  });

  it("is written blobs first, and named last", () => {
    const names = written.slice(-5).map((key) => key.replace(/.*\/models\//, ""));
    expect(names.slice(0, 3).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      "named-run/metrics.json",
      "named-run/profile.json",
      "named-run/weights.bin",
    ]);
    expect(names.slice(3)).toEqual(["named-run/model.json", "latest.json"]);
    expect(json("whole/models/latest.json")).toEqual({ version: "named-run" });
  });

  it("vouches for its blobs", () => {
    const weights = readFileSync(`${scratch}/whole/models/named-run/weights.bin`);
    expect(json("whole/models/named-run/model.json").blobs).toEqual({ "weights.bin": createHash("sha256").update(weights).digest("hex") });
  });

  it("holds coefficients by name, metrics of both sides beside the baseline's, and nothing of the run", () => {
    const model = json("whole/models/named-run/model.json");
    const metrics = json("whole/models/named-run/metrics.json");
    expect(Object.keys(model.coefficients)).toEqual(expect.arrayContaining(["age", "monthly_charges", "customer_type=basic"]));
    expect(Object.keys(metrics.train)).toEqual(Object.keys(metrics.baseline.test));
    expect(model.metrics).toEqual({ train: metrics.train, test: metrics.test });
    expect(metrics.rows.train + metrics.rows.test).toBe(500);
    expect(model.parameters).toMatchObject({ regParam: 0.1, family: "binomial" });
    const text = readFileSync(`${scratch}/whole/models/named-run/model.json`, "utf8");
    expect(text).not.toContain("named-run");
    expect(text).not.toContain("/models");
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
  });

  it("is not pointed to before it is whole", async () => {
    const life: Life = { writes: 0, dead: false };
    const dying = runPlan(plan, { root: `${scratch}/dies`, wrap: (store) => killAfter(store, written.length, "before", undefined, life) });
    await expect(dying).rejects.toMatchObject({ name: "Killed" });
    expect(existsSync(`${scratch}/dies/models/named-run/model.json`)).toBe(true);
    expect(existsSync(`${scratch}/dies/models/latest.json`)).toBe(false);
  });

  it("is not pointed to for ever where the store refuses it though nobody else publishes", async () => {
    const refused = runPlan(plan, { root: `${scratch}/refused`, wrap: refusing });
    await expect(refused).rejects.toThrow("/models/latest.json must be readable once it is written, got none");
  });
});
