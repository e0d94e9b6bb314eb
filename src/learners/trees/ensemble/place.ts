/** An ensemble in kernel memory, and the predictions of blocks of rows from there. */
import { float64, type Kernels, kernels } from "../../../kernels/kernels.ts";
import type { Block } from "../../learner.ts";
import { breadthFirst } from "../order.ts";
import type { Ensemble } from "../tree.ts";
import { linkSums } from "./link.ts";
import { placeRanked } from "./place-ranked.ts";
import { placeWhole } from "./place-whole.ts";
import { type Placings, placedFor } from "./placed.ts";
import { runsOf } from "./runs.ts";
import { slotsOf, startSums, treesALine } from "./walk.ts";

/** Adds to a block's sums, as many columns as there are slots, of the block's stride, from `out` on, the leaves that its rows reach. */
export type Adder = (block: Block, out: number) => void;

const placings: Placings<Adder> = new WeakMap();

/** Places the ensemble where the kernels read it, to be released by the caller. What it answers writes the sums of a block over the trees. */
export const placeEnsemble = (k: Kernels, ensemble: Ensemble): Adder => placedFor(placings, k, ensemble, () => placeAnew(k, ensemble));

function placeAnew(k: Kernels, ensemble: Ensemble): Adder {
  const ordered = ensemble.trees.map((tree) => breadthFirst(tree, ensemble.outputs));
  const adders = runsOf(ordered).map((run) =>
    run.bytes === null ? placeWhole(k, run, ensemble) : placeRanked(k, run, run.bytes, ensemble),
  );
  const start = startSums(ensemble);
  return (block, out) => {
    start.forEach((value, slot) => {
      float64(k, out + 8 * slot * block.stride, block.rows).fill(value);
    });
    for (const add of adders) add(block, out);
  };
}

/**
 * Predictions of blocks: a value, the probability of the second of two classes, or one of each class, column by column. What it places
 * in kernel memory is the caller's to release.
 */
export function blockPredictor(ensemble: Ensemble): (block: Block, out: Float64Array) => void {
  const k = kernels();
  const sum = placeEnsemble(k, ensemble);
  const { link } = ensemble;
  const count = treesALine(ensemble);
  const slots = slotsOf(ensemble);
  return (block, out) => {
    const { rows, stride } = block;
    const mark = k.mark();
    const sums = k.claim(8 * slots * stride);
    sum(block, sums);
    linkSums(k, link, { address: sums, rows, stride, slots }, count);
    for (let slot = 0; slot < slots; slot++) out.set(float64(k, sums + 8 * slot * stride, rows), slot * rows);
    k.release(mark);
  };
}
