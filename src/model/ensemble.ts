/** Models of trees: a value, or the probability of each class. */
import { type PackedEnsemble, unpackEnsemble } from "../learners/trees/ensemble/unpack.ts";
import { sumsOf, treesALine } from "../learners/trees/ensemble/walk.ts";
import { exp } from "./exp.ts";
import type { ModelJson } from "./format.ts";
import type { Scores } from "./lines.ts";
import { bothClasses, sigmoid, softmax } from "./probabilities.ts";

/** Undefined for a model without trees. */
export const ensembleOf = ({ model }: ModelJson): PackedEnsemble | undefined =>
  (model as { readonly ensemble?: PackedEnsemble } | null | undefined)?.ensemble;

export function treeScores(packed: PackedEnsemble, { task }: ModelJson): Scores {
  const ensemble = unpackEnsemble(packed);
  const linked = links[ensemble.link];
  const outputs: Scores = (encoded) => linked([...sumsOf(ensemble, encoded)], treesALine(ensemble));
  return task === "binary" ? (encoded) => bothClasses(outputs(encoded)[0]) : outputs;
}

const links: Readonly<Record<PackedEnsemble["link"], (sums: readonly number[], trees: number) => readonly number[]>> = {
  identity: (sums) => sums,
  logistic: (sums) => sums.map(sigmoid),
  softmax,
  exp: (sums) => sums.map(exp),
  mean: (sums, trees) => sums.map((sum) => sum / trees),
};
