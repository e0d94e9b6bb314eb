/** What rounds of growing ask for, against what was announced: also where every reducer is a new one, which has lost the parents' histograms. */
import { expect, it } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import { mostAsked } from "../../../src/learners/boosting/growing/grow.ts";
import type { Routes } from "../../../src/learners/boosting/growing/routes.ts";
import type { JointAsk } from "../../../src/learners/candidates.ts";
import { learners } from "../../../src/learners/registry.ts";
import { candidateOf, inOneTask } from "../../helpers/fit.ts";
import { type MemoryTable, memoryParts, plainView } from "../../helpers/memory-part.ts";

const { gradientBoostingRegressor: learner } = learners;
const ROWS = 20_000;
const rows = Array.from({ length: ROWS }, (_, row) => row);
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const [a, b] = [1, 2].map((stream) => rows.map((row) => uniform(row, stream)));
const table = { columns: { a, b }, label: rows.map((row) => Math.floor(9 * a[row]) * (b[row] > 0.3 ? 1 : -2) + uniform(row, 3)) };
const view = plainView("a", "b");

function trained(params: object, between: <T>(state: T) => T, of: { readonly table: MemoryTable; readonly view: View } = { table, view }) {
  const parts = memoryParts(of.table, 10_000, 512);
  const candidate = candidateOf(learner, parts, { view: of.view, params: { trees: 2, maxBins: 32, minRows: 1, ...params } });
  let state = learner.start(candidate);
  let most = 0;
  let bytes = 0;
  for (let done = false; !done; ) {
    state = between(state);
    const work = learner.ask([state]);
    const [{ body }] = (work.ask as JointAsk<{ readonly routes?: readonly Routes[] }>).questions;
    for (const { built } of body.routes ?? []) most = Math.max(most, built.length);
    const statistic = inOneTask(learner, work, parts);
    const { histogram = [] } = (statistic as { readonly answers: readonly { readonly histogram?: Float64Array }[] }).answers[0];
    bytes = Math.max(bytes, 8 * histogram.length);
    [{ state, done }] = learner.step(statistic, work.ask, [state]);
  }
  return { most, bytes, model: learner.model(state), cost: learner.cost(candidate.shape, candidate.params) };
}

it.each([
  ["leaf by leaf", { maxLeaves: 200 }],
  ["level by level", { maxDepth: 7 }],
])("%s is no more than announced, and so with parents lost", (_, params) => {
  const kept = trained(params, (state) => state);
  const lost = trained(params, (state) => structuredClone(state));
  const limits = { maxLeaves: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY, ...params };
  for (const { most, bytes, cost } of [kept, lost]) {
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(mostAsked(limits));
    expect(bytes).toBeLessThanOrEqual(cost.gathered?.statisticBytes ?? 0);
  }
  expect(lost.model).toEqual(kept.model);
});

it("is less where nodes know their rows, of which those of few travel without a histogram", () => {
  const all = Array.from({ length: 40 }, (_, j) => `c${j}`);
  const columns = Object.fromEntries(all.map((name, j) => [name, rows.map((row) => uniform(row, 10 + j))]));
  const wide = {
    table: { columns, label: rows.map((row) => columns.c0[row] + columns.c1[row] * columns.c2[row]) },
    view: plainView(...all),
  };
  const params = { maxLeaves: 200, maxBins: 128, trees: 1 };
  const [unknown, known] = [1, 2].map((minRows) => trained({ ...params, minRows }, (state) => state, wide));
  expect(known.bytes).toBeLessThanOrEqual(known.cost.gathered?.statisticBytes ?? 0);
  const announced = [unknown, known].map(({ cost }) => cost.gathered?.statisticBytes ?? 0);
  expect(announced[1]).toBeLessThan(announced[0] / 2);
});
