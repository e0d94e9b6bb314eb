import { describe, expect, it } from "vitest";
import {
  addPredictions,
  type EvaluationAsk,
  type EvaluationStatistic,
  emptyEvaluation,
  finishEvaluation,
  mergeEvaluation,
  nextEvaluation,
  poolEvaluation,
} from "../../src/evaluation/evaluation.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import type { Task } from "../../src/learners/learner.ts";
import { addLeaf, type Forest, joinForests, startForest } from "../../src/statistics/merge-tree.ts";
import { countScores } from "../../src/statistics/scores.ts";
import { askAll } from "./helpers.ts";

const ROWS = 600;
const uniform = (stream: number, i: number): number => hashRow(stream, i) / 2 ** 32;
const outputs = (task: Task): number => (task === "multiclass" ? 3 : 1);

/** Rows [first, end) of a made-up held-out set, added in blocks of at most `block` rows. */
function add(into: EvaluationStatistic, ask: EvaluationAsk, first: number, end: number, block = 50): void {
  for (let start = first; start < end; start += block) {
    const rows = Math.min(block, end - start);
    const classes = ask.task === "multiclass" ? 3 : 2;
    const labels = Float64Array.from({ length: rows }, (_, i) => Math.floor(uniform(1, start + i) * classes));
    const predictions = Float64Array.from({ length: rows * outputs(ask.task) }, (_, i) => {
      const [row, output] = [start + (i % rows), Math.floor(i / rows)];
      // Rounded, so that many scores tie.
      return (Math.round(uniform(2 + output, row) * 200) / 200 + 0.3 * labels[i % rows]) / 1.6;
    });
    const weights = Float64Array.from({ length: rows }, (_, i) => 0.1 + uniform(9, start + i));
    addPredictions(into, ask, predictions, labels, weights);
  }
}

function evaluateIn(ask: EvaluationAsk, partRows: number, ranges: [number, number][], isPooled = false): EvaluationStatistic {
  const total = Math.ceil(ROWS / partRows);
  const merge = (into: EvaluationStatistic, other: EvaluationStatistic): void => mergeEvaluation(into, other);
  const forests = ranges.map(([first, end]) => {
    const forest: Forest<EvaluationStatistic> = startForest(total);
    for (let part = first; part < Math.min(end, total); part++) {
      const leaf = emptyEvaluation(ask);
      add(leaf, ask, part * partRows, Math.min(ROWS, (part + 1) * partRows));
      addLeaf(forest, part, leaf, merge);
    }
    if (isPooled) poolEvaluation(forest.map(({ statistic }) => statistic));
    return forest;
  });
  return joinForests(forests, total, merge);
}

describe.each(["regression", "binary", "multiclass"] as const)("evaluation of %s", (task) => {
  const ask = askAll(task);

  it("gives the same bytes from one function and from many, in any order", () => {
    const one = evaluateIn(ask, 64, [[0, 10]]);
    const many = evaluateIn(ask, 64, [
      [7, 10],
      [0, 3],
      [3, 7],
    ]);
    expect(many).toEqual(one);
    expect(finishEvaluation(many, ask)).toEqual(finishEvaluation(one, ask));
  });

  it("gives the same metrics from parts of other sizes", () => {
    const whole = finishEvaluation(evaluateIn(ask, ROWS, [[0, 1]]), ask).metrics;
    const parts = finishEvaluation(evaluateIn(ask, 37, [[0, 17]]), ask).metrics;
    // The same 600 terms in another order.
    for (const name of ask.metrics) expect(parts[name]).toBeCloseTo(whole[name] as number, 12);
  });

  it("is not changed by the empty statistic, nor changes the one it merges", () => {
    const statistic = evaluateIn(ask, ROWS, [[0, 1]]);
    const before = structuredClone(statistic);
    const into = emptyEvaluation(ask);
    mergeEvaluation(into, statistic);
    mergeEvaluation(into, emptyEvaluation(ask));
    expect(statistic).toEqual(before);
    expect(finishEvaluation(into, ask)).toEqual(finishEvaluation(statistic, ask));
    expect(statistic).toEqual(before);
  });
});

describe("pooled scores", () => {
  const ranges: [number, number][] = [
    [7, 10],
    [0, 3],
    [3, 7],
  ];
  const bins = { kind: "bins", knots: Float64Array.of(0, 0.4, 0.9) } as const;
  it.each([
    ["all, each weighing 1", { ...askAll("binary"), weighted: false }],
    ["all, with weights", { ...askAll("binary"), weighted: true }],
    ["in bins, each weighing 1", { ...askAll("binary"), weighted: false, scores: bins }],
    ["in bins, with weights", { ...askAll("binary"), weighted: true, scores: bins }],
    ["none of a regression", askAll("regression")],
  ])("conclude the same: %s", (_, ask) => {
    expect(finishEvaluation(evaluateIn(ask, 64, ranges, true), ask)).toEqual(finishEvaluation(evaluateIn(ask, 64, [[0, 10]]), ask));
  });

  it("have left the statistic that they were in", () => {
    const ask: EvaluationAsk = { ...askAll("binary"), weighted: false };
    const [into, other] = [evaluateIn(ask, 64, [[0, 10]]), evaluateIn(ask, 64, [[0, 10]])];
    poolEvaluation([into, other]);
    const scores = (statistic: EvaluationStatistic) => (statistic.task === "regression" ? null : statistic.scores);
    const counts = (statistic: EvaluationStatistic): number[] => {
      const own = scores(statistic);
      return own === null ? [] : [countScores(own.positives), countScores(own.negatives)];
    };
    expect(counts(other)).toEqual([0, 0]);
    expect(counts(into).reduce((sum, count) => sum + count, 0)).toBe(2 * ROWS);
  });
});

describe("evaluation of one class", () => {
  it("is refused", () => {
    const message = "label must have at least two classes to judge predictions by, got yes";
    expect(() => askAll("binary", { classes: ["yes"] })).toThrow(message);
  });
});

describe("evaluation of more rows than scores can be kept of", () => {
  const exact = askAll("binary", { rows: ROWS });
  const first = askAll("binary", { rows: ROWS, exactRows: 100 });

  it("asks for a sample, then for counts of bins, and is then within the bound it states", () => {
    expect(first.scores).toEqual({ kind: "sample", every: 1 });
    // The engine shows a sample some of the rows only, here a quarter.
    const sample = emptyEvaluation(first);
    add(sample, first, 0, ROWS / 4);
    const second = nextEvaluation(sample, first) as EvaluationAsk;
    expect(second.scores.kind).toBe("bins");
    const binned = evaluateIn(second, 64, [[0, 10]]);
    expect(nextEvaluation(binned, second)).toBeNull();

    const result = finishEvaluation(binned, second);
    const truth = finishEvaluation(evaluateIn(exact, 64, [[0, 10]]), exact).metrics;
    const error = Math.abs((result.metrics.areaUnderROC as number) - (truth.areaUnderROC as number));
    expect(result.areaUnderRocBound).toBeGreaterThan(0);
    expect(error).toBeLessThanOrEqual(result.areaUnderRocBound as number);
    expect(result.warnings.at(-1)).toMatch(/^areaUnderROC is within 0\.\d+ of its exact value: scores were counted in bins$/);
    for (const name of ["accuracy", "logLoss", "f1"] as const) expect(result.metrics[name]).toBe(truth[name]);
  });

  it("asks to see so many blocks that a sample has 128 scores for each stretch between two knots", () => {
    const every = (rows: number) => askAll("binary", { rows, exactRows: 100 }).scores;
    expect(every(8 * 131_072)).toEqual({ kind: "sample", every: 8 });
    expect(every(9 * 131_072 - 1)).toEqual({ kind: "sample", every: 8 });
    expect(every(101)).toEqual({ kind: "sample", every: 1 });
  });

  it("keeps every score up to the limit and none without a curve", () => {
    expect(askAll("binary", { rows: 100, exactRows: 100 }).scores.kind).toBe("all");
    expect(askAll("binary", { rows: 101, exactRows: 100 }).scores.kind).toBe("sample");
    expect(askAll("binary", { rows: 101, exactRows: 100, metrics: ["logLoss"] }).scores.kind).toBe("none");
    expect(askAll("regression", { rows: 1e9 }).scores.kind).toBe("none");
    expect(nextEvaluation(emptyEvaluation(exact), exact)).toBeNull();
  });
});
