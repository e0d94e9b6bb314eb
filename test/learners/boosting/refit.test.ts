/** Losses whose leaves are quantiles: values that can be checked by hand, and a search that narrows. */
import { describe, expect, it } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import { emptyAnswer } from "../../../src/learners/boosting/answer.ts";
import { mergeResiduals, narrowed, refitBody, refitValues, startRefit } from "../../../src/learners/boosting/refit.ts";
import { learners } from "../../../src/learners/registry.ts";
import type { TreeModel } from "../../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { addSorted, emptyOrder } from "../../../src/statistics/order.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";

const { gradientBoostingRegressor: learner } = learners;
const view: View = { columns: [{ ...numberColumn("a"), keepsMissing: true }], skipWhere: [] };

function trained(table: MemoryTable, params: object, partRows = 4, between: (parts: readonly MemoryPart[]) => void = () => {}) {
  const parts = memoryParts(table, partRows);
  const { states } = run(learner, parts, [candidateOf(learner, parts, { view, params: { ...params } })], (...all) => {
    between(parts);
    return inOneTask(...all);
  });
  return learner.model(states[0]) as TreeModel;
}

/** What the model says of these values of a. */
const valuesAt = ({ ensemble }: TreeModel, values: readonly number[]): number[] =>
  values.map((value) => sumsOf(unpackEnsemble(ensemble), [value])[0]);

// The median of all labels is 4; those of the left side are 1, 2, 3, 90, those of the right side 5, 6, 7, 8, 400.
const sides: MemoryTable = { columns: { a: [0, 0, 0, 0, 1, 1, 1, 1, 1], b: [] }, label: [1, 2, 3, 90, 5, 6, 7, 8, 400] };
const stump = { trees: 1, learningRate: 1, maxLeaves: 2, minRows: 1 };

describe("leaves", () => {
  it("are medians: the middle one, or the mean of the two", () => {
    const model = trained(sides, { ...stump, loss: "absolute" });
    expect(unpackEnsemble(model.ensemble).base).toEqual([6]);
    expect(valuesAt(model, [0, 1])).toEqual([2.5, 7]);
  });

  it("are quantiles, between two rows where all weigh 1", () => {
    const at = (quantile: number): number[] => valuesAt(trained(sides, { ...stump, loss: "quantile", quantile }), [0, 1]);
    // A tenth of the way from 3 to 90, of ranks 1 to 4; eight tenths of that from 7 to 8.
    expect(at(0.7)[0]).toBeCloseTo(11.7, 10);
    expect(at(0.7)[1]).toBeCloseTo(7.8, 10);
    expect(at(0.5)).toEqual([2.5, 7]);
  });

  it("are, of weighted rows, the first up to which the share of the weight lies", () => {
    const at = (quantile: number): number[] =>
      valuesAt(trained({ ...sides, weight: [2, 1, 1, 2, 1, 1, 1, 1, 1] }, { ...stump, loss: "quantile", quantile }), [0, 1]);
    expect([at(0.5), at(0.6), at(0.8)]).toEqual([
      [2, 7],
      [3, 7],
      [90, 8],
    ]);
  });

  it("count a row of weight 2 as two rows, where some weigh other than 1", () => {
    const weight = [1, 1, 1, 1, 1, 1, 3, 1, 1];
    const twice = { columns: { a: [...sides.columns.a, 0, 0] }, label: [...sides.label, 90, 1], weight: [...weight, 1, 1] };
    const weighted = { ...sides, weight: weight.with(0, 2).with(3, 2) };
    for (const loss of [{ loss: "absolute" }, { loss: "quantile", quantile: 0.25 }]) {
      const params = { ...stump, ...loss, trees: 3, learningRate: 0.5 };
      expect(valuesAt(trained(weighted, params), [0, 1])).toEqual(valuesAt(trained(twice, params), [0, 1]));
    }
  });

  it("are moved a share of the way by the learning rate", () => {
    expect(valuesAt(trained(sides, { ...stump, learningRate: 0.5, loss: "absolute" }), [0, 1])).toEqual([4.25, 6.5]);
  });

  it("come out the same from any parts, and after lost carries", () => {
    const rows = Array.from({ length: 900 }, (_, row) => row);
    const of = (stream: number): number[] => rows.map((row) => hashRow(stream, row) / 2 ** 32);
    const [a, noise] = [of(1), of(2)];
    const table = { columns: { a }, label: rows.map((row) => 3 * a[row] + noise[row] ** 3) };
    const params = { trees: 5, maxLeaves: 8, loss: "quantile", quantile: 0.9, rowSample: 0.8, earlyStoppingRounds: 3 };
    const whole = JSON.stringify(trained(table, params, 900));
    let round = 0;
    const forgetful = trained(table, params, 100, (parts) => void parts[round++ % parts.length].forget());
    expect(JSON.stringify(forgetful)).toBe(whole);
  });

  it("leave the share of the labels below them", () => {
    const rows = Array.from({ length: 2_000 }, (_, row) => row);
    const a = rows.map((row) => hashRow(3, row) / 2 ** 32);
    const label = rows.map((row) => a[row] * (1 + hashRow(4, row) / 2 ** 32));
    const ensemble = unpackEnsemble(trained({ columns: { a }, label }, { trees: 40, loss: "quantile", quantile: 0.8 }, 500).ensemble);
    const below = rows.filter((row) => label[row] <= sumsOf(ensemble, [a[row]])[0]).length / rows.length;
    // Every leaf has at least the share below it, and rows between two labels more.
    expect(Math.abs(below - 0.8)).toBeLessThan(0.03);
  });

  it("know no constraints", () => {
    expect(() => trained(sides, { ...stump, loss: "absolute", monotone: { a: 1 } })).toThrow("params.monotone must be left out");
  });
});

describe("the search", () => {
  it.each([true, false])("narrows to the numbers around the share, whatever parts counted; weighted: %s", (isWeighted) => {
    const numbers = Array.from({ length: 1_000 }, (_, row) => hashRow(9, row) / 2 ** 32 - 0.5);
    const weights = numbers.map((_, row) => (isWeighted ? 1 + (row % 3) : 1));
    const sorted = numbers.map((value, row) => [value, weights[row]] as const).sort(([a], [b]) => a - b);
    const total = weights.reduce((sum, own) => sum + own, 0);
    for (const share of [0.5, 0.1, 0.875]) {
      let refit = startRefit();
      let rounds = 0;
      for (; refitValues(refit) === null; rounds++) {
        const answer = emptyAnswer();
        for (const part of [0, 1, 2]) {
          const orders = refitBody(refit).targets.map(({ from, to }) => {
            const own = sorted.filter(([value], i) => i % 3 === part && value >= from && value <= to);
            const order = emptyOrder(8);
            addSorted(
              order,
              Float64Array.from(own, ([value]) => value),
              Float64Array.from(own, ([, weight]) => weight),
            );
            return order;
          });
          mergeResiduals(answer, orders);
        }
        refit = narrowed(refit, answer.orders, share, isWeighted);
      }
      const sums = sorted.map((_, i) => sorted.slice(0, i + 1).reduce((sum, [, weight]) => sum + weight, 0));
      const first = sorted[sums.findIndex((sum) => sum >= share * total)][0];
      const place = share * (numbers.length - 1);
      const [low, high] = [sorted[Math.floor(place)][0], sorted[Math.ceil(place)][0]];
      expect(refitValues(refit)?.[0]).toBeCloseTo(isWeighted ? first : low + (high - low) * (place % 1), 14);
      expect(rounds).toBeGreaterThan(2);
    }
  });
});
