/**
 * A model that training goes on from. Its thresholds are among the cuts, so rows reach its leaves by bins, and of the same rows the cuts are
 * the same as before: then trees added to it are, bit for bit, those that it would have got had it been trained longer. The first round
 * makes margins from all but its last iteration, which ends like any other.
 */
import { hashString } from "../../kernels/hash.ts";
import { InputError } from "../../ports/errors.ts";
import type { Candidate, Cuts } from "../learner.ts";
import { categoriesOf } from "../trees/bins/cuts.ts";
import { goesLeftByBin } from "../trees/ensemble/bin-tests.ts";
import { unpackEnsemble } from "../trees/ensemble/unpack.ts";
import type { Tree } from "../trees/tree.ts";
import type { Ending } from "./body.ts";
import type { Routes } from "./growing/routes.ts";
import type { Range } from "./loss.ts";
import { lossOf } from "./losses.ts";
import type { BoostingModel } from "./model.ts";
import type { BoostingParams } from "./state.ts";

export interface Earlier {
  readonly trees: readonly Tree[];
  readonly base: readonly number[];
  /** Equal keys are equal trees. */
  readonly key: string;
}

/** Null of a model without trees, which is no more than a start. InputError for one that was trained by another loss. */
export function earlierOf(model: BoostingModel, candidate: Candidate<BoostingParams>): Earlier | null {
  const name = lossOf(candidate);
  if (model.loss !== name) throw new InputError(`the loss must be that of the model to go on from (${model.loss}), got ${name}`);
  const { trees, base } = unpackEnsemble(model.ensemble);
  return trees.length === 0 ? null : { trees, base, key: `${hashString(model.ensemble.nodes, 1)} ${hashString(model.ensemble.nodes, 2)}` };
}

/** Cuts that a column has at most; the bin after the last is another one, and that of missing values. */
const MOST_CUTS = 254;

/** The cuts with all thresholds of the model among them; where that are too many, fewer of the others, evenly. */
export function cutsWith(cuts: Cuts, { trees }: Earlier, { params, view }: Candidate<BoostingParams>): Cuts {
  const own = categoriesOf(view).map(() => new Set<number>());
  for (const { column, threshold } of trees)
    column.forEach((j, node) => {
      if (j >= 0 && Number.isFinite(threshold[node])) own[j].add(threshold[node]);
    });
  return {
    ...cuts,
    columns: cuts.columns.map((column, j) => {
      if (column.kind !== "numbers") return column;
      if (own[j].size > MOST_CUTS)
        throw new InputError(
          `the model to go on from must have at most ${MOST_CUTS} thresholds of column ${view.columns[j].name}, got ${own[j].size}`,
        );
      const others = column.cuts.filter((cut) => !own[j].has(cut));
      const room = Math.min(others.length, Math.max(0, Math.max(params.maxBins, column.cuts.length + 1) - 1 - own[j].size));
      const chosen = Array.from({ length: room }, (_, i) => others[Math.floor((i * others.length) / room)]);
      return { ...column, cuts: Float64Array.from([...own[j], ...chosen]).sort() };
    }),
  };
}

/** That its margins are within, whatever the row. */
export function rangeOf({ trees, base }: Earlier): Range {
  let [low, high] = [Math.min(...base), Math.max(...base)];
  for (const { value } of trees) {
    low += value.reduce((least, own) => Math.min(least, own), 0);
    high += value.reduce((most, own) => Math.max(most, own), 0);
  }
  return { low, high };
}

/** A tree as one that has just grown, its rows at the root. */
export function endingOf(tree: Tree, cuts: Cuts): Ending {
  const inner = [...tree.column.keys()].filter((node) => tree.column[node] >= 0);
  const goesLeft = goesLeftByBin(tree, cuts);
  const routes: Routes = {
    nodes: tree.column.length,
    from: Uint16Array.from(inner),
    column: Int32Array.from(inner, (node) => tree.column[node]),
    left: Uint16Array.from(inner, (node) => tree.left[node]),
    right: Uint16Array.from(inner, (node) => tree.right[node]),
    goesLeft: Uint8Array.from(inner.flatMap((node) => [...goesLeft.subarray(256 * node, 256 * node + 256)])),
    built: new Uint16Array(0),
    whole: new Uint16Array(0),
  };
  // No row stays at an inner node: what stands there is not to widen the range of the margins.
  const leaf = tree.value[tree.column.indexOf(-1)];
  return { routes, values: tree.value.map((value, node) => (tree.column[node] < 0 ? value : leaf)) };
}
