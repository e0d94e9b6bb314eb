/**
 * The job from TypeScript, by the same schema as the job file, but that the data itself may stand where its path would:
 *
 *     job({ data: "customers.csv", label: "churn", features: [stringIndexer({ inputs: ["plan"] })], model: logisticRegression({ regParam: 0.01 }) })
 */
import type * as z from "zod";
import { isMemoryData, type MemoryData } from "../data/in-memory.ts";
import type { StageKind, stageParams } from "../features/params.ts";
import type { LearnerName, learnerParams } from "../learners/params.ts";
import type { Job } from "./job.ts";
import { problemsError } from "./problem.ts";
import type { JobForm } from "./schema.ts";
import { validate } from "./validate.ts";

/** Rows or an Arrow table as the data. */
export type MemoryForm = Omit<JobForm, "data"> & { readonly data: MemoryData };

/** The job with every default spelt out. InputError lists everything that is wrong, one a line: `job: label must be given: ...`. */
export function job(form: JobForm | MemoryForm): Job {
  const { data } = form;
  const { job, problems } = validate(isMemoryData(data) ? { ...form, data: "memory" } : form, "model");
  if (!job) throw problemsError(problems, () => "job");
  return isMemoryData(data) ? { ...job, data: { ...job.data, paths: [], memory: data } } : job;
}

type StageForm<K extends StageKind> = { [N in K]: z.input<(typeof stageParams)[K]> };
type ModelForm<K extends LearnerName> = { [N in K]: z.input<(typeof learnerParams)[K]> };

const stage =
  <K extends StageKind>(kind: K) =>
  (params: z.input<(typeof stageParams)[K]>): StageForm<K> =>
    ({ [kind]: params }) as StageForm<K>;

const model =
  <K extends LearnerName>(name: K) =>
  (params?: z.input<(typeof learnerParams)[K]>): ModelForm<K> =>
    ({ [name]: params ?? {} }) as ModelForm<K>;

export const stringIndexer = stage("stringIndexer");
export const oneHotEncoder = stage("oneHotEncoder");
export const imputer = stage("imputer");
export const standardScaler = stage("standardScaler");
export const minMaxScaler = stage("minMaxScaler");
export const vectorAssembler = stage("vectorAssembler");

export const linearRegression = model("linearRegression");
export const logisticRegression = model("logisticRegression");
export const gradientBoostingRegressor = model("gradientBoostingRegressor");
export const gradientBoostingClassifier = model("gradientBoostingClassifier");
export const randomForestRegressor = model("randomForestRegressor");
export const randomForestClassifier = model("randomForestClassifier");
export const decisionTreeRegressor = model("decisionTreeRegressor");
export const decisionTreeClassifier = model("decisionTreeClassifier");
