import { expect, it } from "vitest";
import { job } from "../../src/job/builders.ts";
import { placeJob } from "../../src/job/place.ts";
import { InputError } from "../../src/ports/errors.ts";

const base = { data: "s3://own/jobs/", output: "s3://own/" };
const form = { data: "a.csv", label: "y", model: { linearRegression: {} } } as const;

it("places relative paths below the base, and leaves S3's as they are", () => {
  const placed = placeJob(
    job({ ...form, data: { path: ["./a.csv", "s3://other/b//c.csv", "sub/*.csv", "folder/"] }, split: { testPath: "test.csv" } }),
    base,
  );
  expect(placed.data.paths).toEqual(["s3://own/jobs/a.csv", "s3://other/b//c.csv", "s3://own/jobs/sub/*.csv", "s3://own/jobs/folder/"]);
  expect(placed.split).toMatchObject({ kind: "path", paths: ["s3://own/jobs/test.csv"] });
  expect(placed.output).toBe(`s3://own/models/${placed.name}`);
});

it.each(["/data/a.csv", "../a.csv", "sub/../../a.csv", "C:\\a.csv", "https://example.org/a.csv", "file:///a.csv"])("refuses %s", (path) => {
  const place = () => placeJob(job({ ...form, data: path }), base, () => "execution input");
  expect(place).toThrow(InputError);
  expect(place).toThrow("execution input: data.path[0] must be s3://bucket/key, or relative to s3://own/jobs/, got");
});
