/** The library: jobs from TypeScript, trained and scored on this machine. The predictor alone is `steplearn/predict`. */

export { type Aws, aws } from "./api/aws.ts";
export { inspect } from "./api/inspect.ts";
export { evaluate, score } from "./api/score.ts";
export { type LocalOptions, planLocal as plan, resume, type Trained, type TrainOptions, train } from "./api/train.ts";
export { type Updated, update } from "./api/update.ts";
export {
  decisionTreeClassifier,
  decisionTreeRegressor,
  gradientBoostingClassifier,
  gradientBoostingRegressor,
  imputer,
  job,
  linearRegression,
  logisticRegression,
  minMaxScaler,
  oneHotEncoder,
  randomForestClassifier,
  randomForestRegressor,
  standardScaler,
  stringIndexer,
  vectorAssembler,
} from "./job/builders.ts";
export type { Job } from "./job/job.ts";
export { parseJob, type ReadJob } from "./job/read.ts";
export type { JobForm } from "./job/schema.ts";
export type { ConfusedJson, Metrics, MetricsJson, ModelJson, SearchJson } from "./model/format.ts";
export type { Plan } from "./plan/plan.ts";
export { BudgetError, CodeChanged, InputError, NumericError, Stopped } from "./ports/errors.ts";
