import { describe, expect, it } from "vitest";
import { jobFromOptions, parseJob } from "../../src/job/read.ts";
import { InputError } from "../../src/ports/errors.ts";

/** The lines of the InputError that a job file gives. */
function faults(text: string, read: () => unknown = () => parseJob(text, "churn.yaml")): string[] {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.split("\n");
  }
  throw new Error("the job was accepted");
}

const head = "data: table.csv\nlabel: churn\n";
const whole = `${head}model: { logisticRegression: {} }\n`;

const example = `
name: churn
data:
  path: data/customers-*.csv          # or s3://bucket/prefix/
  columns: { total_charges: number }
  missing: ["", NA, "null"]
  exclude: [customer_id]
label: { column: churn, positive: "Yes" }
weight: years
split: { everyNth: 5 }
features:
  - stringIndexer: { inputs: [customer_type], handleInvalid: keep }
  - imputer: { inputs: [total_charges], strategy: median }
  - vectorAssembler: { inputs: [age, total_charges, customer_type] }
model:
  logisticRegression: { regParam: 0.01 }
metrics: [areaUnderROC, accuracy, logLoss]
output: models/churn
limits: { costUsd: 2, minutes: 30, badRows: 0 }
`;

describe("parseJob", () => {
  it("spells out every default of a full job", () => {
    expect(parseJob(example, "jobs/x.yaml").job).toEqual({
      name: "churn",
      data: {
        paths: ["data/customers-*.csv"],
        columns: { total_charges: "number" },
        missing: ["", "NA", "null"],
        exclude: ["customer_id"],
      },
      label: { column: "churn", positive: "Yes" },
      weight: "years",
      split: { kind: "everyNth", n: 5, seed: 42, stratify: false },
      features: [
        {
          kind: "stringIndexer",
          params: { inputs: ["customer_type"], outputs: ["customer_type"], handleInvalid: "keep", stringOrderType: "frequencyDesc" },
        },
        { kind: "imputer", params: { inputs: ["total_charges"], outputs: ["total_charges"], strategy: "median" } },
        { kind: "vectorAssembler", params: { inputs: ["age", "total_charges", "customer_type"], handleInvalid: "error" } },
      ],
      model: {
        learner: "logisticRegression",
        params: {
          regParam: 0.01,
          elasticNetParam: 0,
          maxIter: 100,
          tol: 1e-6,
          fitIntercept: true,
          standardization: true,
          convention: "steplearn",
          family: "auto",
          threshold: 0.5,
        },
      },
      metrics: ["areaUnderROC", "accuracy", "logLoss"],
      output: "models/churn",
      limits: { costUsd: 2, minutes: 30, badRows: 0 },
    });
  });

  it("needs no more than data, label and model", () => {
    const { job, notes } = parseJob("data: t.csv\nlabel: y\nmodel: { linearRegression: }", "jobs/house prices.v2.yaml");
    expect(job).toMatchObject({
      name: "house-prices",
      data: { paths: ["t.csv"], columns: {}, missing: ["", "NA", "N/A", "NaN", "nan", "null", "NULL"], exclude: [] },
      label: { column: "y" },
      split: { kind: "share", test: 0.2, seed: 42, stratify: false },
      features: "auto",
      metrics: [],
      output: "models/house-prices",
      limits: { badRows: 0 },
    });
    expect(job.tune).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it("reads JSON as it reads YAML", () => {
    const json = '{"data": {"path": ["a.csv", "b.csv"]}, "label": "y", "model": {"linearRegression": {"regParam": 1}}}';
    expect(parseJob(json, "j.json").job.data.paths).toEqual(["a.csv", "b.csv"]);
    expect(faults("", () => parseJob(json.replace("1}", "-1}"), "j.json"))).toEqual([
      "j.json:1:97: model.linearRegression.regParam must be a number >= 0, got -1",
    ]);
  });

  it.each([
    ["split: none", { kind: "none", seed: 42, stratify: false }],
    ["split: { test: 0.3, seed: 7, stratify: true }", { kind: "share", test: 0.3, seed: 7, stratify: true }],
    ["split: { groupBy: customer }", { kind: "share", test: 0.2, seed: 42, stratify: false, groupBy: "customer" }],
    ["split: { testPath: test.csv }", { kind: "path", paths: ["test.csv"], seed: 42, stratify: false }],
    ["split: { column: fold }", { kind: "column", column: "fold", seed: 42, stratify: false }],
    ["split: { after: 2020-01-01, column: day }", { kind: "after", column: "day", from: "2020-01-01", seed: 42, stratify: false }],
    ["split: { after: 2019, column: year }", { kind: "after", column: "year", from: "2019", seed: 42, stratify: false }],
  ])("reads %s", (line, split) => {
    expect(parseJob(`${whole}${line}`, "churn.yaml").job.split).toEqual(split);
  });

  it("takes the rows of a part, within what a part may have", () => {
    const with_ = (rows: number): string => `data: { path: t.csv, partRows: ${rows} }\nlabel: y\nmodel: { linearRegression: }\n`;
    expect(parseJob(with_(881), "j").job.data.partRows).toBe(881);
    expect(faults(with_(0))).toEqual(["churn.yaml:1:32: data.partRows must be an integer from 1 to 131072, got 0"]);
    expect(faults(with_(131_073))).toEqual(["churn.yaml:1:32: data.partRows must be an integer from 1 to 131072, got 131073"]);
  });

  it("makes the positive class the text that the data would hold", () => {
    const positive = (value: string) =>
      parseJob(`data: t.csv\nlabel: { column: y, positive: ${value} }\nmodel: { logisticRegression: {} }`, "j").job.label.positive;
    expect([positive("1"), positive("true"), positive("Yes"), positive("1.0")]).toEqual(["1", "true", "Yes", "1"]);
  });

  it("points at the line and column of a value, and names rule and value", () => {
    const text = "data: t.csv\nlabel: churn\nmodel:\n  logisticRegression:\n    maxIter: 5\n    # penalty\n    regParam: -1\n";
    expect(faults(text)).toEqual(["churn.yaml:7:15: model.logisticRegression.regParam must be a number >= 0, got -1"]);
  });

  it("lists all errors of a file, in its order", () => {
    const text = `metrics: [rmse]\nlimits: { minutes: 0 }\n${head}model: { logisticRegression: { threshold: 2 } }\nlable: x\n`;
    expect(faults(text)).toEqual([
      "churn.yaml:1:11: metrics[0] must be a metric for logisticRegression, got rmse (known: areaUnderROC, areaUnderPR, averagePrecision, accuracy, f1, precision, recall, logLoss, weightedPrecision, weightedRecall, weightedF1)",
      "churn.yaml:2:20: limits.minutes must be a number > 0, got 0",
      "churn.yaml:5:43: model.logisticRegression.threshold must be a number from 0 to 1, got 2",
      'churn.yaml:6:1: lable must be a known key, did you mean "label"?',
    ]);
  });

  it.each([
    ["data", "label: y\nmodel: { linearRegression: {} }", "churn.yaml:1:1: data must be given: a non-empty string or a mapping"],
    ["label", "data: t.csv\nmodel: { linearRegression: {} }", "churn.yaml:1:1: label must be given: a non-empty string or a mapping"],
    ["model", "data: t.csv\nlabel: y", "churn.yaml:1:1: model must be given: a mapping"],
    [
      "a path",
      "data: { header: true }\nlabel: y\nmodel: { linearRegression: {} }",
      "churn.yaml:1:7: data.path must be given: a non-empty string or a non-empty list",
    ],
    ["anything", "", "churn.yaml:1:1: job must be a mapping, got null"],
    ["a mapping", "- a", "churn.yaml:1:1: job must be a mapping, got a list of 1"],
  ])("says that %s is not there", (_, text, message) => {
    expect(faults(text)[0]).toBe(message);
  });

  it.each([
    ["data: { path: t.csv, format: cvs }", '4:30: data.format must be one of csv, parquet, got "cvs", did you mean "csv"?'],
    [
      "data: { path: t.csv, separator: ab }",
      '4:33: data.separator must be one ASCII character other than a quote, a letter, a digit and . + -, got "ab"',
    ],
    ["data: { path: t.csv, columns: { a: double } }", '4:36: data.columns.a must be one of number, date, string, got "double"'],
    ["data: { path: t.csv, missing: [null] }", '4:32: data.missing[0] must be a string, got null (quote it: "null")'],
    ["data: { path: t.csv, missing: [-9] }", '4:32: data.missing[0] must be a string, got -9 (quote it: "-9")'],
    ["data: { path: t.csv, exclude: [y, churn] }", '4:35: data.exclude[1] must not be the label, got "churn"'],
    ["data: { path: [] }", "4:15: data.path must be a non-empty string or a non-empty list, got an empty list"],
    ["data: 3", '4:7: data must be a non-empty string or a mapping, got 3 (quote it: "3")'],
    ["name: a b", '4:7: name must be at most 64 letters, digits, dots, hyphens and underscores, the first a letter or digit, got "a b"'],
    ["weight: churn", '4:9: weight must not be the label, got "churn"'],
    ["split: some", '4:8: split must be none or a mapping, got "some"'],
    ["split: { test: 1 }", "4:16: split.test must be a number > 0 and < 1, got 1"],
    ["split: { everyNth: 1 }", "4:20: split.everyNth must be an integer >= 2, got 1"],
    ["split: { seed: 1.5 }", "4:16: split.seed must be an integer from 0 to 4294967295, got 1.5"],
    ["split: { test: 0.1, everyNth: 5 }", "4:31: split.everyNth must be the only way of splitting, got test and everyNth"],
    ["split: { after: 2020-01-01 }", "4:17: split.after must go with column, the column compared"],
    ["split: { everyNth: 5, stratify: true }", "4:33: split.stratify must go with test or tune, where rows are drawn, got everyNth"],
    ["split: { groupBy: churn }", '4:19: split.groupBy must not be the label, got "churn"'],
    [
      "split: { groupBy: a, stratify: true }",
      "4:32: split.stratify must be false with groupBy, because whole groups cannot keep the shares of the classes",
    ],
    ["metrics: [acuracy]", /4:11: metrics\[0\] must be one of rmse, .*, got "acuracy", did you mean "accuracy"\?/],
    ["metrics: [f1, f1_score]", '4:15: metrics[1] must be named once, got "f1" again'],
    ["output: 7", '4:9: output must be a non-empty string, got 7 (quote it: "7")'],
    ["limits: { costUsd: 0 }", "4:20: limits.costUsd must be a number > 0, got 0"],
    ["limits: { badRows: -1 }", "4:20: limits.badRows must be an integer >= 0, got -1"],
    ["limits: { dollars: 1 }", "4:11: limits.dollars must be a known key (known: costUsd, minutes, badRows)"],
    ["features: []", "4:11: features must be auto or a non-empty list, got an empty list"],
    ["features: automatic", '4:11: features must be auto or a non-empty list, got "automatic"'],
    ["features: [{}]", /4:12: features\[0\] must be exactly one stage of stringIndexer, .*, vectorAssembler, got none/],
    [
      "features: [{ imputer: { inputs: [a] }, minMaxScaler: { inputs: [a] } }]",
      /4:12: features\[0\] must be exactly one stage of .*, got imputer and minMaxScaler/,
    ],
    [
      "features: [{ standardScalr: { inputs: [a] } }]",
      '4:14: features[0].standardScalr must be a known key, did you mean "standardScaler"?',
    ],
    ["features: [{ imputer: { inputs: [] } }]", "4:33: features[0].imputer.inputs must be a non-empty list, got an empty list"],
    ["features: [{ imputer: { inputs: [a, a] } }]", "4:33: features[0].imputer.inputs must name every column once, got a list of 2"],
    [
      "features: [{ imputer: { inputs: [a], outputs: [b, c] } }]",
      "4:47: features[0].imputer.outputs must have as many columns as inputs (1), got a list of 2",
    ],
    [
      "features: [{ imputer: { inputs: [a, b], outputs: [c, c] } }]",
      "4:50: features[0].imputer.outputs must name every column once, got a list of 2",
    ],
    ["features: [{ imputer: { inputs: [a], strategy: constant } }]", "4:23: features[0].imputer.value must be given for strategy constant"],
    ["features: [{ imputer: { inputs: [a], value: 3 } }]", "4:45: features[0].imputer.value must go with strategy constant only, got 3"],
    ["features: [{ minMaxScaler: { inputs: [a], min: 1 } }]", "4:48: features[0].minMaxScaler.min must be below max (1), got 1"],
    [
      "features: [{ vectorAssembler: { inputs: [a] } }, { imputer: { inputs: [a] } }]",
      "4:31: features[0].vectorAssembler must be the last stage, got stage 1 of 2",
    ],
    ["tune: { grid: {} }", "4:15: tune.grid must have at least one parameter, got an empty mapping"],
    ["tune: { folds: 1, grid: { regParam: [1] } }", "4:16: tune.folds must be an integer from 2 to 100, got 1"],
    ["tune: { grid: { regParam: [0.1, -1] } }", "4:33: tune.grid.regParam[1] must be a number >= 0, got -1"],
    ["tune: { grid: { regParm: [1] } }", '4:17: tune.grid.regParm must be a parameter of logisticRegression, did you mean "regParam"?'],
    [
      "tune: { grid: { regParam: { min: 0, max: 1 } } }",
      "4:27: tune.grid.regParam must be a list of values, or go with tune.random, the number of settings to draw",
    ],
    [
      "tune: { random: 3, grid: { regParam: { min: 0, max: 1, log: true } } }",
      "4:45: tune.grid.regParam.min must be a number > 0 with log: true, got 0",
    ],
    [
      "tune: { random: 3, grid: { elasticNetParam: { min: 0.5, max: 2 } } }",
      "4:62: tune.grid.elasticNetParam.max must be a number from 0 to 1, got 2",
    ],
    ["tune: { random: 3, grid: { regParam: { min: 2, max: 1 } } }", "4:53: tune.grid.regParam.max must be above min (2), got 1"],
    ["tune: { grid: { regParam: [1] }, metric: mse }", /4:42: tune.metric must be a metric for logisticRegression, got mse/],
  ])("refuses %s", (line, message) => {
    const [key] = line.split(":");
    const lines = whole.split("\n").map((other) => (other.startsWith(`${key}:`) ? "" : other));
    const [first, ...more] = faults([...lines.slice(0, 3), line].join("\n"));
    expect(more).toEqual([]);
    if (typeof message === "string") expect(first).toBe(`churn.yaml:${message}`);
    else expect(first).toMatch(new RegExp(`^churn.yaml:${message.source}`));
  });

  it.each([
    [
      "model: { logisticRegression: {}, linearRegression: {} }",
      "3:8: model must be exactly one learner of linearRegression, logisticRegression, gradientBoostingRegressor, gradientBoostingClassifier, randomForestRegressor, randomForestClassifier, decisionTreeRegressor, decisionTreeClassifier, got linearRegression and logisticRegression",
    ],
    ["model: { logisticRegresion: {} }", '3:10: model.logisticRegresion must be a known key, did you mean "logisticRegression"?'],
    ["model: logisticRegression", '3:8: model must be a mapping, got "logisticRegression"'],
    ["model: { logisticRegression: 3 }", "3:30: model.logisticRegression must be a mapping, got 3"],
    [
      "model: { logisticRegression: { regpram: 1 } }",
      '3:32: model.logisticRegression.regpram must be a known key, did you mean "regParam"?',
    ],
    ["model: { logisticRegression: { maxIter: many } }", '3:41: model.logisticRegression.maxIter must be an integer >= 1, got "many"'],
    ["model: { logisticRegression: { regParam: .nan } }", "3:42: model.logisticRegression.regParam must be a number >= 0, got NaN"],
    ["model: { logisticRegression: { regParam: .inf } }", "3:42: model.logisticRegression.regParam must be a number >= 0, got Infinity"],
    [
      "model: { logisticRegression: { fitIntercept: yes } }",
      '3:46: model.logisticRegression.fitIntercept must be true or false, got "yes"',
    ],
    [
      "model: { logisticRegression: { classWeight: { 0: -1 } } }",
      "3:50: model.logisticRegression.classWeight.0 must be a number >= 0, got -1",
    ],
    [
      "model: { logisticRegression: { classWeight: balance } }",
      '3:45: model.logisticRegression.classWeight must be balanced or a mapping, got "balance", did you mean "balanced"?',
    ],
  ])("refuses %s", (line, message) => {
    expect(faults(`${head}${line}`)).toEqual([`churn.yaml:${message}`]);
  });

  it("refuses a positive class and strata for a regression", () => {
    const text = "data: t.csv\nlabel: { column: y, positive: 1 }\nsplit: { stratify: true }\nmodel: { linearRegression: {} }";
    expect(faults(text)).toEqual([
      "churn.yaml:2:31: label.positive must go with a learner of classes, got 1 for linearRegression",
      "churn.yaml:3:20: split.stratify must be false for regression, which has no classes",
    ]);
  });

  it("places the parser's errors too", () => {
    expect(faults("data: t.csv\nlabel: [a\nmodel: 3")[0]).toMatch(/^churn.yaml:3:1: flow sequence/);
    expect(faults("label: a\ndata: t.csv\nlabel: b")[0]).toMatch(/^churn.yaml:3:1: map keys must be unique/);
    expect(faults("label: !secret a\ndata: t.csv")[0]).toMatch(/^churn.yaml:1:8: unresolved tag/);
    expect(faults("label: a\n---\nlabel: b")[0]).toMatch(/^churn.yaml:2:1: source contains multiple documents/);
  });

  it("does not unfold a bomb of aliases", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(", ")}]\n`;
    const text = `a: &a [x]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}`;
    expect(faults(text)).toEqual(["churn.yaml: excessive alias count indicates a resource exhaustion attack"]);
  });

  it("keeps a key named __proto__ out of every object", () => {
    expect(faults(`${whole}__proto__: { polluted: 1 }`)[0]).toMatch(/^churn.yaml:4:1: __proto__ must be a known key/);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("jobFromOptions", () => {
  const options = { paths: ["data/customers.csv"], label: "churn", model: "logisticRegression" };

  it("is the job that a file with the same settings gives", () => {
    const { job, notes } = jobFromOptions({
      ...options,
      positive: "Yes",
      params: ["regParam=0.1", "fit_intercept=false"],
      metrics: ["auc"],
    });
    expect(job).toMatchObject({
      name: "customers",
      data: { paths: ["data/customers.csv"] },
      label: { column: "churn", positive: "Yes" },
      model: { learner: "logisticRegression", params: { regParam: 0.1, fitIntercept: false } },
      metrics: ["areaUnderROC"],
    });
    expect(notes).toEqual(["--param: fit_intercept is read as fitIntercept", "--metrics: auc is read as areaUnderROC"]);
  });

  it.each([
    [{ model: "logisticRegresion" }, '--model: model.logisticRegresion must be a known key, did you mean "logisticRegression"?'],
    [{ params: ["regParam=-1"] }, "--param: model.logisticRegression.regParam must be a number >= 0, got -1"],
    [{ params: ["regParam"] }, '--param must be name=value, got "regParam"'],
    [{ params: ["regParam=[1"] }, '--param must be name=value with a YAML value, got "regParam=[1"'],
    [{ metrics: ["r2"] }, /^--metrics: metrics\[0\] must be a metric for logisticRegression, got r2/],
    [{ label: "" }, '--label: label.column must be a non-empty string, got ""'],
    [{ paths: [] }, "data: data.path must be a non-empty string or a non-empty list, got an empty list"],
  ])("names the option in %o", (changed, message) => {
    const [line] = faults("", () => jobFromOptions({ ...options, ...changed }));
    if (typeof message === "string") expect(line).toBe(message);
    else expect(line).toMatch(message);
  });
});
