import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobSource } from "../../src/cli/job-source.ts";
import { InputError } from "../../src/ports/errors.ts";

let folder = "";
let file = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "steplearn-job-"));
  file = join(folder, "churn.yaml");
  await writeFile(file, "data: customers.csv\nlabel: churn\nmodel: { logisticRegression: { regParam: 0.5 } }\n");
});
afterAll(() => rm(folder, { recursive: true }));

describe("jobSource", () => {
  it("reads a job file, whose paths are relative to its folder", async () => {
    const source = await jobSource([file], {});
    expect(source.folder).toBe(folder);
    expect(source.job).toMatchObject({
      name: "churn",
      data: { paths: ["customers.csv"] },
      model: { learner: "logisticRegression", params: { regParam: 0.5 } },
    });
  });

  it("makes a job of data and options, relative to the working folder", async () => {
    const source = await jobSource(["a.csv", "b.csv"], { label: "y", model: "linearRegression", param: ["regParam=0.1"], exclude: ["id"] });
    expect(source.folder).toBe(process.cwd());
    expect(source.job).toMatchObject({
      data: { paths: ["a.csv", "b.csv"], exclude: ["id"] },
      label: { column: "y" },
      model: { params: { regParam: 0.1 } },
    });
  });

  it("tells of the data before the job is checked", async () => {
    const told: unknown[] = [];
    const begin = async (...data: unknown[]) => void told.push(data);
    const wrong = join(folder, "wrong.yaml");
    await writeFile(wrong, "data: { path: [c.csv, d.csv] }\nlabel: 7\nmodel: { unknownModel: {} }\n");
    await expect(jobSource([wrong], {}, begin)).rejects.toBeInstanceOf(InputError);
    await jobSource(["a.csv", "b.csv"], { label: "y", model: "linearRegression" }, begin);
    expect(told).toEqual([
      [["c.csv", "d.csv"], folder],
      [["a.csv", "b.csv"], process.cwd()],
    ]);
  });

  it.each([
    [
      ["a.csv"],
      {},
      "data must come with --label and --model, got no --label and --model (or give a job file: steplearn init a.csv --label COLUMN writes one)",
    ],
    [["a.csv"], { label: "y" }, "got no --model "],
    [["job.yaml", "b.csv"], {}, "a job file must stand alone, got job.yaml and b.csv"],
    [["job.yaml"], { label: "y" }, "--label must come with data, got the job file job.yaml, which says it itself"],
    [["nowhere.yml"], {}, "the job must be a file that can be read, got nowhere.yml (ENOENT)"],
  ])("refuses %j with %j", async (paths, flags, message) => {
    const failing = jobSource(paths, flags);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toBeInstanceOf(InputError);
  });
});
