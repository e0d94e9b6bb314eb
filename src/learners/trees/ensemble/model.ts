/** What the learners of trees publish: the packed ensemble to predict from, and importances by column name to read. */
import type { View } from "../../../features/view.ts";
import { withKernels } from "../../../kernels/kernels.ts";
import { byColumn } from "../../describe.ts";
import type { Block, Described } from "../../learner.ts";
import type { Ensemble } from "../tree.ts";
import { importancesOf } from "./importance.ts";
import { packedBytes } from "./pack.ts";
import { blockPredictor } from "./place.ts";
import { type Explain, explainer } from "./shap.ts";
import { type PackedEnsemble, unpackEnsemble } from "./unpack.ts";

/** The part of a model that every learner of trees has. */
export interface TreeModel {
  readonly learner: string;
  readonly classes: readonly string[];
  readonly ensemble: PackedEnsemble;
  readonly warnings: readonly string[];
}

/** Importances are of the view's columns, those of no split left out. */
export function describeTrees({ ensemble, warnings }: TreeModel, view: View): Described {
  const names = view.columns.map(({ name }) => name);
  const unpacked = unpackEnsemble(ensemble);
  const { gain, split } = importancesOf(unpacked);
  const used = names.map((_, j) => j).filter((j) => split[j] > 0);
  const order = used.sort((a, b) => gain[b] - gain[a] || a - b);
  const of = (values: readonly number[]) =>
    byColumn(
      order.map((j) => names[j]),
      order.map((j) => values[j]),
    );
  const leaves = unpacked.trees.reduce((sum, { column }) => sum + column.filter((j) => j < 0).length, 0);
  return {
    readable: { trees: unpacked.trees.length, leaves, importances: { gain: of(gain), split: of(split) } },
    weights: packedBytes(ensemble),
    warnings,
  };
}

const known = new WeakMap<PackedEnsemble, Ensemble>();

/** Unpacked once for the parts that one question predicts. */
export function unpacked(packed: PackedEnsemble): Ensemble {
  const ensemble = known.get(packed) ?? unpackEnsemble(packed);
  known.set(packed, ensemble);
  return ensemble;
}

/** For many blocks; see `Learner.predictor`. */
export const treePredictor = ({ ensemble }: TreeModel): ((block: Block, out: Float64Array) => void) => blockPredictor(unpacked(ensemble));

/** See `Learner.explainer`. */
export const treeExplainer = ({ ensemble }: TreeModel): Explain => explainer(unpacked(ensemble));

export function predictTrees(model: TreeModel, block: Block, out: Float64Array): void {
  withKernels(() => {
    treePredictor(model)(block, out);
  });
}
