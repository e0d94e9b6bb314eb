import { describe, expect, it } from "vitest";
import { stageParams } from "../../src/features/params.ts";
import * as build from "../../src/job/builders.ts";
import { parseJob } from "../../src/job/read.ts";
import { learnerParams } from "../../src/learners/params.ts";

describe("job", () => {
  it("equals the job of the same file", () => {
    const text = `
name: churn
data: { path: t.csv, exclude: [id] }
label: churn
features:
  - stringIndexer: { inputs: [plan], handleInvalid: keep }
  - vectorAssembler: { inputs: [plan, age] }
model: { logisticRegression: { regParam: 0.01 } }
tune: { grid: { regParam: [0, 1], elasticNetParam: [0, 0.5] }, folds: 5, metric: areaUnderROC }
`;
    const built = build.job({
      name: "churn",
      data: { path: "t.csv", exclude: ["id"] },
      label: "churn",
      features: [build.stringIndexer({ inputs: ["plan"], handleInvalid: "keep" }), build.vectorAssembler({ inputs: ["plan", "age"] })],
      model: build.logisticRegression({ regParam: 0.01 }),
      tune: { grid: { regParam: [0, 1], elasticNetParam: [0, 0.5] }, folds: 5, metric: "areaUnderROC" },
    });
    expect(built).toEqual(parseJob(text, "x.yaml").job);
    expect(built.tune?.grid).toEqual([
      { regParam: 0, elasticNetParam: 0 },
      { regParam: 0, elasticNetParam: 0.5 },
      { regParam: 1, elasticNetParam: 0 },
      { regParam: 1, elasticNetParam: 0.5 },
    ]);
  });

  it("lists everything that is wrong", () => {
    const wrong = () => build.job({ data: "t.csv", label: "", model: build.linearRegression({ regParam: -1 }) });
    expect(wrong).toThrow(
      'job: label must be a non-empty string or a mapping, got ""\njob: model.linearRegression.regParam must be a number >= 0, got -1',
    );
  });

  it("leaves what it is given unchanged", () => {
    const form = { data: "t.csv", label: "y", model: { LinearRegression: { max_iter: 3 } } };
    const before = structuredClone(form);
    expect(build.job(form as never).model).toMatchObject({ learner: "linearRegression", params: { maxIter: 3 } });
    expect(form).toEqual(before);
  });

  it("has a builder for every stage and learner", () => {
    for (const name of [...Object.keys(stageParams), ...Object.keys(learnerParams)]) expect(build).toHaveProperty(name);
  });
});
