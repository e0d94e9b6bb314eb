/** Logistic regression of enough rows for a sample: what it reads of all of them, and what it then reaches. */
import { describe, expect, it } from "vitest";
import type { Candidate, Part } from "../../../src/learners/learner.ts";
import { type LogisticAsk, logisticRegression } from "../../../src/learners/logistic/logistic-regression.ts";
import { encode } from "../../../src/rounds/codec.ts";
import { candidateOf, type Fitted, inOneTask, type MapRound, run } from "../../helpers/fit.ts";
import { drawn, expectOptimal, judge, names } from "../../helpers/logistic.ts";
import { memoryParts, plainView } from "../../helpers/memory-part.ts";

describe("large tables", () => {
  /** Rows of positive weight enough for a sample, two columns. */
  const large = drawn(280_000, 2, 2);
  const parts = memoryParts(large, 5_000, 500);
  const options = { view: plainView("x0", "x1"), classes: names(2) };

  it("start on a sample, need few scans and end within 1e-8 of the optimum", () => {
    const candidate = (tol: number, id: number) => candidateOf(logisticRegression, parts, { ...options, params: { tol }, id });
    const quick = run(logisticRegression, parts, [candidate(1e-6, 0)]);
    expect(quick.scans).toBeLessThanOrEqual(4);
    const model = logisticRegression.model(quick.states[0] as never);
    expect(model.sampleRounds).toBeGreaterThan(2);
    const tight = logisticRegression.model(run(logisticRegression, parts, [candidate(1e-11, 0)]).states[0] as never);
    expect(Math.abs(model.loss - tight.loss)).toBeLessThan(1e-8 * tight.loss);
    // The loss that was never measured is that of the last point.
    expect(judge(large, model).loss).toBeCloseTo(model.loss, 11);
  });

  /** Whether each full round asked for the curvature, candidate by candidate. */
  function curvatureAsked(table: readonly Part[], candidates: readonly Candidate<unknown>[]): { asked: boolean[][]; fitted: Fitted } {
    const asked: boolean[][] = candidates.map(() => []);
    const watching: MapRound = (learner, work, parts) => {
      for (const { body, sample, view } of (work.ask as LogisticAsk).questions) {
        if (body.kind === "loss" && sample === null) asked[view].push(body.curvature);
      }
      return inOneTask(learner, work, parts);
    };
    return { fitted: run(logisticRegression, table, candidates, watching), asked };
  }

  it("read all rows three times: for the columns, for a gradient stepped by the sample's curvature, and for both", () => {
    // Views of their own tell the candidates' questions apart. The last has no coefficients, so that its second scan proves it optimal.
    const settings = [{}, { regParam: 0.01 }, { regParam: 0.02, elasticNetParam: 0.5 }, { regParam: 0.5, elasticNetParam: 1 }];
    const candidates = settings.map((params, id) => {
      const view = { ...options.view, columns: options.view.columns.map((column) => ({ ...column, name: `${column.name} of ${id}` })) };
      return candidateOf(logisticRegression, parts, { ...options, view, params, id });
    });
    const { asked, fitted } = curvatureAsked(parts, candidates);
    expect(asked).toEqual([[false, true], [false, true], [false, true], [false]]);
    expect(fitted.scans).toBe(3);
    settings.forEach(({ regParam = 0, elasticNetParam = 0 }: { regParam?: number; elasticNetParam?: number }, i) => {
      const model = logisticRegression.model(fitted.states[i] as never);
      expect(model.warnings).toEqual([]);
      expectOptimal(large, model, regParam, elasticNetParam);
      expect(model.standardErrors === null).toBe(regParam > 0);
    });
  });

  it("find the optimum although the sampled parts are unlike the rest", () => {
    // The sample is part 0, 4, 8 …: there the first column hardly varies, and its curvature is a ten-thousandth of that of all rows.
    const x0 = (large.columns.x0 as number[]).map((x, i) => (Math.floor(i / 5_000) % 4 === 0 ? 0.01 * x : x));
    const sorted = { ...large, columns: { ...large.columns, x0 } };
    const sortedParts = memoryParts(sorted, 5_000, 500);
    for (const regParam of [0, 0.01]) {
      const candidate = candidateOf(logisticRegression, sortedParts, { ...options, params: { regParam } });
      const fitted = run(logisticRegression, sortedParts, [candidate]);
      const model = logisticRegression.model(fitted.states[0] as never);
      expect(model.warnings).toEqual([]);
      expectOptimal(sorted, model, regParam, 0);
      // Columns, gradient, its step refused, curvature where it began, and both at the end.
      expect(fitted.scans).toBeLessThanOrEqual(5);
    }
  });

  it("give the same bytes alone and in company, although one without a sample waits for the others", () => {
    const all = [0, 0.1].map((regParam, id) => candidateOf(logisticRegression, parts, { ...options, params: { regParam }, id }));
    const one = candidateOf(logisticRegression, parts, { ...options, params: { regParam: 0.5 }, id: 2, rows: 1 });
    const together = run(logisticRegression, parts, [...all, one]).states.map((state) => encode(logisticRegression.model(state as never)));
    all.forEach((candidate, i) => {
      const alone = run(logisticRegression, parts, [candidate], inOneTask).states[0];
      expect(encode(logisticRegression.model(alone as never))).toEqual(together[i]);
    });
  });
});
