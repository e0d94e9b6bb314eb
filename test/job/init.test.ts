import { describe, expect, it } from "vitest";
import { checkJob } from "../../src/job/check.ts";
import { initJob, type Look, type SeenColumn } from "../../src/job/init.ts";
import { parseJob } from "../../src/job/read.ts";
import { InputError } from "../../src/ports/errors.ts";

const seen = (name: string, more: Partial<SeenColumn>): SeenColumn => ({
  name,
  type: "number",
  distinct: 500,
  missing: 0,
  examples: ["1.5", "2"],
  ...more,
});

const look = (...columns: SeenColumn[]): Look => ({ path: "data/customers-*.csv", rows: 2_000, columns });

const customers = look(
  seen("customer id", { type: "string", distinct: 2_000, examples: ["a-1"] }),
  seen("rowId", { distinct: 2_000, examples: ["1"] }),
  seen("plan", { type: "string", distinct: 3, missing: 4, examples: ["basic"] }),
  seen("total, charges", { missing: 11 }),
  seen("country", { type: "string", distinct: 1, examples: ["DE"] }),
  seen("void", { distinct: 0, missing: 2_000, examples: [] }),
  seen("churn", { type: "string", distinct: 2, missing: 3, examples: ["Yes", "No"] }),
);

/** The job that the text means, checked against the columns of the look. */
function jobOf(from: Look, label: string) {
  const { job, where, notes } = parseJob(initJob(from, label), "job.yaml");
  checkJob(job, from.columns, where);
  expect(notes).toEqual([]);
  return job;
}

describe("initJob", () => {
  it("writes a job that the data passes", () => {
    const job = jobOf(customers, "churn");
    expect(job).toMatchObject({
      name: "customers",
      data: { paths: ["data/customers-*.csv"], exclude: ["customer id", "rowId", "country", "void"] },
      label: { column: "churn", positive: "Yes" },
      model: { learner: "logisticRegression" },
      output: "models/customers",
    });
    expect(job.features).toMatchObject([
      { kind: "imputer", params: { inputs: ["total, charges"], strategy: "mean" } },
      { kind: "imputer", params: { inputs: ["plan"], strategy: "constant", value: "missing" } },
      { kind: "oneHotEncoder", params: { inputs: ["plan"], dropLast: false, handleInvalid: "keep" } },
      { kind: "standardScaler", params: { inputs: ["total, charges"], withMean: true } },
      { kind: "vectorAssembler", params: { inputs: ["plan", "total, charges"] } },
    ]);
  });

  it("says why it leaves columns out", () => {
    const text = initJob(customers, "churn");
    expect(text).toContain('- "customer id" # 2000 different texts in 2000 rows: it names rows, new ones will have others');
    expect(text).toContain("- rowId # a different number in every row: it names rows");
    expect(text).toContain("- country # the same value in every row");
    expect(text).toContain("- void # no values");
    expect(text).toContain("# 3 rows without a label are dropped.");
  });

  it.each([
    ["two numbers", { distinct: 2, examples: ["0", "1"] }, "logisticRegression", "1"],
    ["two numbers, written at length", { distinct: 2, examples: ["10.0", "2.0"] }, "logisticRegression", "10"],
    ["two words without a hint", { type: "string", distinct: 2, examples: ["spam", "ham"] }, "logisticRegression", "spam"],
    ["words that YAML 1.1 takes for truth values", { type: "string", distinct: 2, examples: ["no", "yes"] }, "logisticRegression", "yes"],
    ["few whole numbers", { distinct: 3, examples: ["0", "1", "2"] }, "logisticRegression", undefined],
    ["many whole numbers", { distinct: 21, examples: ["0", "1", "2"] }, "linearRegression", undefined],
    ["fractions", { distinct: 3, examples: ["0.5", "1", "2"] }, "linearRegression", undefined],
    ["some words", { type: "string", distinct: 3, examples: ["a", "b", "c"] }, "logisticRegression", undefined],
  ] as const)("takes a label of %s for what it is", (_, label, learner, positive) => {
    const job = jobOf(look(seen("x", {}), seen("y", label)), "y");
    expect(job.model.learner).toBe(learner);
    expect(job.label.positive).toBe(positive);
  });

  it("leaves many levels to auto", () => {
    const job = jobOf(look(seen("city", { type: "string", distinct: 300 }), seen("y", { distinct: 900 })), "y");
    expect(job.features).toBe("auto");
  });

  it("stays sound for any names and values", () => {
    const odd = ["null", "2020", "a: b", "#c", "x\ny", '"', "- z", "{", "*", "no", "", "[a]", "é", "k:"].filter((name) => name !== "");
    const from = look(
      ...odd.map((name) => seen(name, { type: "string", distinct: 5 })),
      seen("la\nbel: x", { type: "string", distinct: 2, examples: ["a\nb: c", "d # e"] }),
    );
    const job = jobOf(from, "la\nbel: x");
    expect(job.label).toEqual({ column: "la\nbel: x", positive: "d # e" });
    expect(job.features).toMatchObject([{ params: { inputs: odd } }, { params: { inputs: odd } }]);
  });

  it.each([
    ["no such column", "chrn", 'label must be a column of the data, got "chrn", did you mean "churn"?'],
    ["one value", "country", 'label must have at least two values, got 1 in column "country"'],
  ])("refuses a label with %s", (_, label, message) => {
    expect(() => initJob(customers, label)).toThrow(new InputError(message));
  });

  it("refuses data that leaves nothing to learn from", () => {
    expect(() => initJob(look(seen("y", {}), seen("k", { distinct: 1 })), "y")).toThrow(/must have a column to learn from/);
    expect(() => initJob(look(seen("y", { type: "date" })), "y")).toThrow('label must be a number or a class, got the date column "y"');
  });
});
