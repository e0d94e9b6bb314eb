/** Trees without a split: whether training ends with one, and what is told where there is no other. */
import type { BoostingParams, BoostingState } from "./state.ts";

/** What does not split now never will, unless the next trees draw other rows or columns; LightGBM ends all the same. */
export const endsWithoutSplit = ({ rowSample, colSample, colSampleByNode, convention }: BoostingParams): boolean =>
  convention === "lightgbm" || Math.min(rowSample, colSample, colSampleByNode) === 1;

export function warnedOfNoSplit(state: BoostingState): BoostingState {
  if (state.trees.some(({ column }) => column.length > 1)) return state;
  const asked = `each side of a split must have params.minRows (${state.candidate.params.minRows}) of the ${state.facts?.rows} training rows and gain something`;
  return { ...state, warnings: [...state.warnings, `no tree has a split, so that all rows are predicted the same: ${asked}`] };
}
