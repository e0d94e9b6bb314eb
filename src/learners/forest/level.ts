/** What trees make of the answer to a round: nodes split or are leaves, and what is below small ones is there at once. */
import { type Kernels, withKernels } from "../../kernels/kernels.ts";
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import type { Facts } from "../trees/bins/labels.ts";
import type { GrowAnswer } from "./answer.ts";
import { columnsAt } from "./draw.ts";
import { growBelow } from "./grow.ts";
import type { Chosen, Growing } from "./growing.ts";
import { type NodeCells, splitsOf, totalOfCells } from "./histogram.ts";
import { draftOf, nodesOf, type Sums, splitNode, sumsOf } from "./nodes.ts";
import { noTreeRows, type TreeRows } from "./rows.ts";
import { cellSize, type GrowRules, widthOf } from "./rules.ts";
import { targetOf } from "./search.ts";

/** All trees, those that were asked a round further. */
export function grown(
  all: readonly Growing[],
  chosen: readonly Chosen[],
  answer: GrowAnswer,
  cuts: Cuts,
  facts: Facts,
  rules: GrowRules,
): Growing[] {
  const next = [...all];
  let [wholes, halves, whole] = [0, 0, 0];
  for (const own of chosen) {
    const growing = all[own.growing];
    const built = own.built.map((place): NodeCells => {
      const columns = columnsAt(growing.nodes.path[growing.open[place]], cuts.columns.length, rules.subset, growing.looked[place]);
      const size = columns.reduce((sum, column) => sum + binsOf(cuts.columns[column]), 0) * cellSize(rules);
      const isHalf = widthOf(rules, growing.nodes.rows[growing.open[place]]) === 2;
      const from = isHalf ? halves : wholes;
      if (isHalf) halves += size;
      else wholes += size;
      const all = isHalf ? answer.halves : answer.cells;
      return { cells: all.length > 0 ? all.subarray(from, from + size) : new Float64Array(size), columns };
    });
    const rows = own.whole.map(() => answer.whole[whole++] ?? noTreeRows(cuts.columns.length));
    next[own.growing] = withKernels((k) => turned(k, growing, own, built, rows, cuts, facts, rules));
  }
  return next;
}

function turned(
  k: Kernels,
  growing: Growing,
  { built, whole }: Chosen,
  cells: readonly NodeCells[],
  rows: readonly TreeRows[],
  cuts: Cuts,
  facts: Facts,
  rules: GrowRules,
): Growing {
  const { open, looked } = growing;
  const draft = draftOf(growing.nodes);
  const asked = new Set([...built, ...whole]);
  const waiting: [number, number][] = [];
  for (let place = 0; place < open.length; place++) if (!asked.has(place)) waiting.push([open[place], looked[place]]);
  if (growing.moves === 0) {
    const root = rootOf(totalOfCells(cells[0], cuts, rules), facts, rules);
    draft.channels.splice(0, rules.channels, ...Array.from(root.channels));
    draft.rows[0] = root.rows;
  }
  const targets = built.map((place) => targetOf(sumsOf(draft, open[place], rules.channels), draft.depth[open[place]], rules));
  splitsOf(k, cells, targets, cuts, rules).forEach((split, i) => {
    const [place, node] = [built[i], open[built[i]]];
    if (targets[i] === null) return;
    if (split === null) {
      if (looked[place] + rules.subset < cuts.columns.length) waiting.push([node, looked[place] + rules.subset]);
      return;
    }
    const { found, left } = split;
    const child = splitNode(draft, node, found, left, lessOf(sumsOf(draft, node, rules.channels), left));
    for (const one of [child, child + 1]) {
      if (targetOf(sumsOf(draft, one, rules.channels), draft.depth[one], rules) !== null) waiting.push([one, 0]);
    }
  });
  whole.forEach((place, i) => {
    growBelow(draft, open[place], rows[i], cuts, rules);
  });
  return {
    ...growing,
    nodes: nodesOf(draft),
    placed: open,
    moves: growing.moves + 1,
    open: Uint32Array.from(waiting, ([node]) => node),
    looked: Uint16Array.from(waiting, ([, own]) => own),
  };
}

/** A tree that drew nothing, or nothing that weighs anything, predicts what all rows are. */
export function rootOf({ channels, rows }: Sums, { classes, weight }: Facts, { factors }: Pick<GrowRules, "factors">): Sums {
  const weighs = classes.length > 0 ? factors.some((factor, k) => factor * channels[k] > 0) : channels[1] > 0;
  return weighs ? { channels, rows } : { channels: classes.length > 0 ? classes : [0, weight], rows: 0 };
}

function lessOf(all: Sums, left: Sums): Sums {
  const channels = new Float64Array(all.channels.length);
  for (let k = 0; k < channels.length; k++) channels[k] = all.channels[k] - left.channels[k];
  return { channels, rows: all.rows - left.rows };
}
