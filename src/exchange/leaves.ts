/** The trees of a model that may have none: where nothing could be split, boosting leaves its start value alone. */
import type { Ensemble, Tree } from "../learners/trees/tree.ts";

/** Without trees a leaf of 0 for each line: LightGBM wants a tree an iteration, and onnxruntime forgets several start values without one. */
export const treesOrLeaves = ({ trees, lines, outputs }: Ensemble): readonly Tree[] =>
  trees.length > 0 ? trees : Array.from({ length: lines }, () => leaf(outputs));

const leaf = (outputs: number): Tree => ({
  column: Int32Array.of(-1),
  threshold: Float64Array.of(Number.NaN),
  missingLeft: Uint8Array.of(0),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  firstWord: Int32Array.of(-1),
  wordCount: Int32Array.of(0),
  words: new Uint32Array(0),
  value: new Float64Array(outputs),
  weight: Float64Array.of(1),
  hessian: Float64Array.of(1),
  gain: Float64Array.of(0),
});
