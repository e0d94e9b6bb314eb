import { describe, expect, it } from "vitest";
import { checkJob, type NamedType } from "../../src/job/check.ts";
import { parseJob } from "../../src/job/read.ts";
import { InputError } from "../../src/ports/errors.ts";

const columns: NamedType[] = [
  { name: "customer_id", type: "string" },
  { name: "plan", type: "string" },
  { name: "age", type: "number" },
  { name: "charges", type: "number" },
  { name: "signed_up", type: "date" },
  { name: "churn", type: "string" },
];

function check(text: string): string[] {
  const { job, where } = parseJob(text, "j.yaml");
  try {
    checkJob(job, columns, where);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.split("\n");
  }
  return [];
}

const job = (...lines: string[]) =>
  [
    lines.some((line) => line.startsWith("data:")) ? "#" : "data: t.csv",
    lines.some((line) => line.startsWith("label:")) ? "#" : "label: churn",
    lines.some((line) => line.startsWith("model:")) ? "#" : "model: { logisticRegression: {} }",
    ...lines,
  ].join("\n");

describe("checkJob", () => {
  it("accepts a job whose columns are all there", () => {
    const text = job(
      "data: { path: t.csv, exclude: [customer_id] }",
      "weight: charges",
      "split: { column: signed_up, after: 2020-01-31 }",
      "features:",
      "  - imputer: { inputs: [plan], strategy: constant, value: none }",
      "  - stringIndexer: { inputs: [plan], outputs: [plan_index] }",
      "  - oneHotEncoder: { inputs: [plan_index], outputs: [plan_vector] }",
      "  - standardScaler: { inputs: [age, plan_vector] }",
      "  - vectorAssembler: { inputs: [age, signed_up, plan_vector, plan_index] }",
    );
    expect(check(text)).toEqual([]);
    expect(check(job())).toEqual([]);
  });

  it.each([
    ["label: chrn", 'j.yaml:4:8: label.column must be a column of the data, got "chrn", did you mean "churn"?'],
    [
      "weight: wight",
      'j.yaml:4:9: weight must be a column of the data, got "wight" (known: customer_id, plan, age, charges, signed_up, churn)',
    ],
    [
      "data: { path: t.csv, exclude: [plan, ag] }",
      'j.yaml:4:38: data.exclude[1] must be a column of the data, got "ag", did you mean "age"?',
    ],
    [
      "data: { path: t.csv, columns: { charge: string } }",
      'j.yaml:4:33: data.columns.charge must be a column of the data, got "charge", did you mean "charges"?',
    ],
    ["split: { column: fold }", /^j.yaml:4:18: split.column must be a column of the data, got "fold"/],
    ["split: { groupBy: plans }", 'j.yaml:4:19: split.groupBy must be a column of the data, got "plans", did you mean "plan"?'],
    ["weight: plan", 'j.yaml:4:9: weight must be a number column, got the string column "plan"'],
    ["split: { column: age, after: young }", 'j.yaml:4:30: split.after must be a number like the column "age", got "young"'],
    [
      "split: { column: signed_up, after: 31.1.2020 }",
      'j.yaml:4:36: split.after must be a date YYYY-MM-DD like the column "signed_up", got "31.1.2020"',
    ],
    [
      "features: [{ standardScaler: { inputs: [agee] } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:41: features[0].standardScaler.inputs[0] must be a column of the data or of an earlier stage, got "agee", did you mean "age"?',
    ],
    [
      "features: [{ vectorAssembler: { inputs: [age, churn] } }]",
      'j.yaml:4:47: features[0].vectorAssembler.inputs[1] must not be the label, got "churn"',
    ],
    [
      "features: [{ vectorAssembler: { inputs: [plan] } }]",
      'j.yaml:4:42: features[0].vectorAssembler.inputs[0] must be a number column, got the string column "plan" (put a stringIndexer or oneHotEncoder before it)',
    ],
    [
      "features: [{ minMaxScaler: { inputs: [plan] } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:39: features[0].minMaxScaler.inputs[0] must be a number column, got the string column "plan" (put a stringIndexer or oneHotEncoder before it)',
    ],
    [
      "features: [{ imputer: { inputs: [plan], strategy: median } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:34: features[0].imputer.inputs[0] must be a number column for strategy median, got the string column "plan" (strings have a mode or a constant)',
    ],
    [
      "features: [{ imputer: { inputs: [plan], strategy: constant, value: 0 } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:34: features[0].imputer.inputs[0] must be a number column for the value 0, got the string column "plan" (quote the value: "0")',
    ],
    [
      "features: [{ imputer: { inputs: [age], strategy: constant, value: x } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:34: features[0].imputer.inputs[0] must be a string column for the value "x", got the number column "age" (give a number)',
    ],
    [
      "features: [{ oneHotEncoder: { inputs: [plan] } }, { imputer: { inputs: [plan] } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:73: features[1].imputer.inputs[0] must be a column that is not encoded yet, got the vector column "plan" (impute before encoding)',
    ],
    [
      "features: [{ oneHotEncoder: { inputs: [plan] } }, { oneHotEncoder: { inputs: [plan] } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:79: features[1].oneHotEncoder.inputs[0] must be a column of categories that is not encoded yet, got the vector column "plan" (leave it out here)',
    ],
    [
      "features: [{ imputer: { inputs: [age], outputs: [churn] } }, { vectorAssembler: { inputs: [age] } }]",
      'j.yaml:4:50: features[0].imputer.outputs[0] must not be the label, got "churn"',
    ],
    [
      "features: [{ stringIndexer: { inputs: [plan] } }]",
      "j.yaml:4:11: features must end in a vectorAssembler or leave no string column, got customer_id (encode or exclude them, or name the others in a vectorAssembler)",
    ],
  ])("refuses %s", (line, message) => {
    const [first, ...more] = check(job(line));
    expect(more).toEqual([]);
    if (typeof message === "string") expect(first).toBe(message);
    else expect(first).toMatch(message);
  });

  it("keeps columns with another role out of the features", () => {
    const text = job("weight: charges", "split: { groupBy: plan }", "features: [{ vectorAssembler: { inputs: [age, charges, plan] } }]");
    expect(check(text)).toEqual([
      'j.yaml:6:47: features[0].vectorAssembler.inputs[1] must not be the weight, got "charges"',
      'j.yaml:6:56: features[0].vectorAssembler.inputs[2] must not be the column of the groups, got "plan"',
    ]);
    const marked = job("split: { column: age }", "features: [{ vectorAssembler: { inputs: [age] } }]");
    expect(check(marked)).toEqual(['j.yaml:5:42: features[0].vectorAssembler.inputs[0] must not be the column of the split, got "age"']);
  });

  it("follows columns through the stages that write them", () => {
    const stages = (...list: string[]) =>
      check(job(`features: [${list.map((stage) => `{ ${stage} }`).join(", ")}, { vectorAssembler: { inputs: [age] } }]`));
    expect(stages("standardScaler: { inputs: [age] }", "oneHotEncoder: { inputs: [age] }")).toEqual([
      'j.yaml:4:79: features[1].oneHotEncoder.inputs[0] must be a column of categories, got the scaled number column "age" (scale after encoding)',
    ]);
    expect(
      stages(
        "imputer: { inputs: [age, plan], outputs: [plan, age], strategy: mode }",
        "standardScaler: { inputs: [plan] }",
        "stringIndexer: { inputs: [age] }",
      ),
    ).toEqual([]);
    expect(stages("stringIndexer: { inputs: [plan] }", "stringIndexer: { inputs: [plan] }")[0]).toMatch(
      /not encoded yet, got the index column "plan"/,
    );
  });

  it("wants a number to regress on, as the job types it", () => {
    const text = (label: string, types = "{}") =>
      `data: { path: t.csv, columns: ${types} }\nlabel: ${label}\nmodel: { linearRegression: {} }`;
    expect(check(text("age"))).toEqual([]);
    expect(check(text("churn"))).toEqual([
      'j.yaml:2:8: label.column must be a number for linearRegression, got the string column "churn" (classes are for logisticRegression)',
    ]);
    expect(check(text("churn", "{ churn: number }"))).toEqual([]);
  });

  it("refuses what is used although it is excluded", () => {
    const text = job(
      "data: { path: t.csv, exclude: [age, charges] }",
      "weight: charges",
      "features: [{ vectorAssembler: { inputs: [age] } }]",
    );
    expect(check(text)).toEqual([
      'j.yaml:5:9: weight must not be an excluded column, got "charges"',
      'j.yaml:6:42: features[0].vectorAssembler.inputs[0] must not be an excluded column, got "age"',
    ]);
  });
});
