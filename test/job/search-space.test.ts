import { describe, expect, it } from "vitest";
import { parseJob } from "../../src/job/read.ts";

const settings = (tune: string) => parseJob(`data: t.csv\nlabel: y\nmodel: { logisticRegression: {} }\ntune: ${tune}`, "j.yaml").job.tune;

describe("the settings of a search", () => {
  it("are all combinations of a grid, the last key running fastest", () => {
    expect(settings("{ grid: { regParam: [0, 1], maxIter: [5, 10] } }")?.grid).toEqual([
      { regParam: 0, maxIter: 5 },
      { regParam: 0, maxIter: 10 },
      { regParam: 1, maxIter: 5 },
      { regParam: 1, maxIter: 10 },
    ]);
  });

  it("are drawn from ranges and lists by the seed alone", () => {
    const tune = (seed: number) =>
      settings(
        `{ random: 50, seed: ${seed}, grid: { regParam: { min: 0.001, max: 10, log: true }, maxIter: { min: 5, max: 9 }, fitIntercept: [true, false] } }`,
      );
    const drawn = tune(1)?.grid ?? [];
    expect(drawn).toHaveLength(50);
    expect(tune(1)?.grid).toEqual(drawn);
    expect(tune(2)?.grid).not.toEqual(drawn);
    for (const { regParam, maxIter, fitIntercept } of drawn as { regParam: number; maxIter: number; fitIntercept: boolean }[]) {
      expect(regParam).toBeGreaterThanOrEqual(0.001);
      expect(regParam).toBeLessThanOrEqual(10);
      expect([5, 6, 7, 8, 9]).toContain(maxIter);
      expect([true, false]).toContain(fitIntercept);
    }
    // Half of a log-uniform sample of 50 lies below the middle, 0.1; 10 and 40 are more than 4 standard deviations (3.5) away.
    const small = drawn.filter(({ regParam }) => (regParam as number) < 0.1).length;
    expect(small).toBeGreaterThan(10);
    expect(small).toBeLessThan(40);
  });

  it("take their metric from the task where none is named", () => {
    expect(settings("{ grid: { regParam: [1] } }")?.metric).toBe("logLoss");
    const regression = parseJob("data: t.csv\nlabel: y\nmodel: { linearRegression: }\ntune: { grid: { regParam: [1] } }", "j.yaml");
    expect(regression.job.tune?.metric).toBe("rmse");
  });
});
