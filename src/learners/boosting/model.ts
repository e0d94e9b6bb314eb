/** What boosting publishes. */

import { categoriesOf } from "../trees/bins/cuts.ts";
import type { TreeModel } from "../trees/ensemble/model.ts";
import { packEnsemble } from "../trees/ensemble/pack.ts";
import { lossNamed, lossOf } from "./losses.ts";
import type { BoostingState } from "./state.ts";

export interface BoostingModel extends TreeModel {
  readonly loss: string;
}

export function modelOf({ candidate, trees, base, warnings }: BoostingState): BoostingModel {
  const { view, classes } = candidate;
  const name = lossOf(candidate);
  const { link, lines } = lossNamed(name);
  const ensemble = packEnsemble({ trees, outputs: 1, lines, base, link, categories: categoriesOf(view) });
  const learner = classes.length === 0 ? "gradientBoostingRegressor" : "gradientBoostingClassifier";
  return { learner, classes, ensemble, loss: name, warnings };
}
