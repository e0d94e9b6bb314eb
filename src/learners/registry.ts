/** Every learner by its name in a job. To add one: its file or folder, its parameters, a line here. */
import { InputError } from "../ports/errors.ts";
import { gradientBoostingClassifier, gradientBoostingRegressor } from "./boosting/boosting.ts";
import { decisionTreeClassifier, decisionTreeRegressor, randomForestClassifier, randomForestRegressor } from "./forest/forest.ts";
import type { Learner } from "./learner.ts";
import { linearRegression } from "./linear/linear-regression.ts";
import { logisticRegression } from "./logistic/logistic-regression.ts";
import type { LearnerName } from "./params.ts";

/** A learner whose own types are nobody's business but its own. */
// biome-ignore lint/suspicious/noExplicitAny: the engine carries states, asks and statistics of any learner without looking inside
export type LearnerAny = Learner<any, any, any, any, any>;

export const learners: Readonly<Record<LearnerName, LearnerAny>> = {
  linearRegression,
  logisticRegression,
  gradientBoostingRegressor,
  gradientBoostingClassifier,
  randomForestRegressor,
  randomForestClassifier,
  decisionTreeRegressor,
  decisionTreeClassifier,
};

/** InputError for a name that is none, with the known ones. */
export function learnerNamed(name: string): LearnerAny {
  if (Object.hasOwn(learners, name)) return learners[name as LearnerName];
  throw new InputError(`model must be one of ${Object.keys(learners).join(", ")}, got ${name}`);
}
