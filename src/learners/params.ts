/**
 * The parameters of every learner, each written once: default, range and one sentence. Names and defaults are Spark's.
 * The job schema, the TypeScript builders, the editor schema and the tests of bad values all derive from here.
 */
import * as z from "zod";
import type { Task } from "./learner.ts";

const shared = {
  regParam: z.number().min(0).default(0).describe("Strength of the penalty, beside the mean loss of a row."),
  elasticNetParam: z.number().min(0).max(1).default(0).describe("Share of the penalty that is L1: 0 is ridge, 1 is lasso."),
  maxIter: z.int().min(1).default(100).describe("Iterations at most; reaching it is a warning in the model."),
  tol: z.number().gt(0).default(1e-6).describe("Stop when the loss is within this share of its optimum."),
  fitIntercept: z.boolean().default(true).describe("Fit a constant, which is never penalised."),
  standardization: z.boolean().default(true).describe("Penalise the coefficients of columns brought to unit standard deviation."),
  convention: z
    .enum(["steplearn", "spark", "sklearn"])
    .default("steplearn")
    .describe("Whose objective regParam belongs to: the one documented here, Spark MLlib's, or scikit-learn's."),
};

export const linearRegressionParams = z.strictObject(shared).describe("Least squares with ridge, lasso or elastic net.");

export const logisticRegressionParams = z
  .strictObject({
    ...shared,
    family: z
      .enum(["auto", "binomial", "multinomial"])
      .default("auto")
      .describe("One probability, or one for each class; auto is binomial for two classes."),
    classWeight: z
      .union([z.literal("balanced"), z.record(z.string(), z.number().min(0))])
      .optional()
      .describe("Factor on the weight of the rows of a class: by class, or inversely to the share of the class."),
    threshold: z.number().min(0).max(1).default(0.5).describe("The positive class is predicted when its probability is above this."),
  })
  .describe("Logistic regression of two or more classes with ridge, lasso or elastic net.");

export type LinearRegressionParams = z.output<typeof linearRegressionParams>;
export type LogisticRegressionParams = z.output<typeof logisticRegressionParams>;

/** The schema of each learner, under its key in a job. */
export const learnerParams = {
  linearRegression: linearRegressionParams,
  logisticRegression: logisticRegressionParams,
};

export type LearnerName = keyof typeof learnerParams;

/** What each learner can fit; the label decides between binary and multiclass. */
export const learnerTasks: Readonly<Record<LearnerName, readonly Task[]>> = {
  linearRegression: ["regression"],
  logisticRegression: ["binary", "multiclass"],
};
