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

const linearRegressionParams = z.strictObject(shared).describe("Least squares with ridge, lasso or elastic net.");

const classWeight = z
  .union([z.literal("balanced"), z.record(z.string(), z.number().min(0))])
  .optional()
  .describe("Factor on the weight of the rows of a class: by class, or inversely to the share of the class.");

const logisticRegressionParams = z
  .strictObject({
    ...shared,
    family: z
      .enum(["auto", "binomial", "multinomial"])
      .default("auto")
      .describe("One probability, or one for each class; auto is binomial for two classes."),
    classWeight,
    threshold: z.number().min(0).max(1).default(0.5).describe("The positive class is predicted when its probability is above this."),
  })
  .describe("Logistic regression of two or more classes with ridge, lasso or elastic net.");

const treeShared = {
  maxBins: z.int().min(2).max(255).default(255).describe("Bins of a column at most, missing values aside."),
  minRows: z.int().min(1).default(20).describe("Training rows that a leaf must have."),
  minGain: z.number().min(0).default(0).describe("Gain that a split must exceed."),
  seed: z.int().min(0).max(4_294_967_295).default(42).describe("Of every random choice of rows and columns."),
};

const boostingShared = {
  trees: z.int().min(1).max(100_000).default(100).describe("Trees at most; of several classes each gets as many."),
  learningRate: z.number().gt(0).max(1).default(0.1).describe("Factor on the values of a tree."),
  maxLeaves: z
    .int()
    .min(2)
    .max(4_096)
    .optional()
    .describe("Leaves of a tree, which then grows where the gain is greatest; 31 when neither this nor maxDepth is given."),
  maxDepth: z.int().min(1).max(30).optional().describe("Splits from the root to a leaf at most; no limit when left out."),
  ...treeShared,
  minWeight: z.number().min(0).default(1e-3).describe("Sum of second derivatives that a leaf must have."),
  l1: z.number().min(0).default(0).describe("L1 penalty on the values of leaves."),
  l2: z.number().min(0).default(0).describe("L2 penalty on the values of leaves."),
  rowSample: z.number().gt(0).max(1).default(1).describe("Share of the rows that each tree is grown from, drawn anew."),
  colSample: z.number().gt(0).max(1).default(1).describe("Share of the columns that each tree may use, drawn anew."),
  colSampleByNode: z.number().gt(0).max(1).default(1).describe("Share of those that each node may use, drawn anew."),
  monotone: z
    .record(z.string(), z.union([z.literal(-1), z.literal(0), z.literal(1)]))
    .optional()
    .describe("By column: 1 where predictions must not fall as it grows, -1 where they must not rise."),
  convention: z
    .enum(["steplearn", "lightgbm"])
    .default("steplearn")
    .describe("Whose rules where authors differ: those of scikit-learn, or LightGBM's bins, counts and steps."),
  earlyStoppingRounds: z
    .int()
    .min(1)
    .optional()
    .describe("Stop after so many iterations without a lower loss on rows held out for it, and keep the best; never when left out."),
  validationShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("Share of the training rows held out for early stopping, drawn by rows, or by the groups of the split."),
};

const oneTree = {
  maxDepth: z.int().min(0).max(30).default(5).describe("Splits from the root to a leaf at most."),
  maxBins: treeShared.maxBins,
  minInstancesPerNode: z.int().min(1).default(1).describe("Training rows that a leaf must have."),
  minInfoGain: z.number().min(0).default(0).describe("Decrease of impurity that a split must exceed, for a unit of weight."),
  seed: treeShared.seed,
};

const manyTrees = {
  ...oneTree,
  numTrees: z.int().min(1).max(10_000).default(100).describe("Trees of the forest."),
  maxDepth: z.int().min(0).max(30).default(30).describe("Splits from the root to a leaf at most."),
  featureSubsetStrategy: z
    .union([z.enum(["auto", "all", "sqrt", "log2", "onethird"]), z.number().gt(0).max(1)])
    .default("auto")
    .describe("Columns that a node looks at: their root for classes and a third for a number (auto), or a share of them."),
  bootstrap: z.boolean().default(true).describe("Each tree draws its rows, with replacement."),
  subsamplingRate: z.number().gt(0).max(1).default(1).describe("Share of the rows that a tree draws."),
  outOfBag: z.boolean().default(false).describe("Judge the forest on the rows that each tree did not draw."),
};

const ofClasses = {
  impurity: z.enum(["gini", "entropy"]).default("gini").describe("What a split is to decrease."),
  classWeight: logisticRegressionParams.shape.classWeight,
  threshold: logisticRegressionParams.shape.threshold,
};

const decisionTreeRegressorParams = z.strictObject(oneTree).describe("One tree for a number.");
const decisionTreeClassifierParams = z.strictObject({ ...oneTree, ...ofClasses }).describe("One tree for two or more classes.");
const randomForestRegressorParams = z.strictObject(manyTrees).describe("The mean of many trees for a number.");
const randomForestClassifierParams = z
  .strictObject({ ...manyTrees, ...ofClasses })
  .describe("The mean of many trees' class shares for two or more classes.");

export type RandomForestRegressorParams = z.output<typeof randomForestRegressorParams>;
export type RandomForestClassifierParams = z.output<typeof randomForestClassifierParams>;

export const gradientBoostingRegressorParams = z
  .strictObject({
    ...boostingShared,
    loss: z
      .enum(["squared", "absolute", "huber", "quantile", "poisson", "gamma"])
      .default("squared")
      .describe("What is minimised; absolute fits medians; poisson and gamma predict the exponential of the sum over the trees."),
    huberDelta: z.number().gt(0).default(1).describe("Residuals beyond it count linearly, in units of the label; of huber."),
    quantile: z.number().gt(0).lt(1).default(0.5).describe("Share of the labels that shall lie below the prediction; of quantile."),
  })
  .describe("Boosted trees for a number.");

const gradientBoostingClassifierParams = z
  .strictObject({
    ...boostingShared,
    classWeight,
    threshold: z.number().min(0).max(1).default(0.5).describe("The positive class is predicted when its probability is above this."),
  })
  .describe("Boosted trees for two or more classes.");

export type GradientBoostingRegressorParams = z.output<typeof gradientBoostingRegressorParams>;
export type GradientBoostingClassifierParams = z.output<typeof gradientBoostingClassifierParams>;
export type LinearRegressionParams = z.output<typeof linearRegressionParams>;
export type LogisticRegressionParams = z.output<typeof logisticRegressionParams>;

/** The schema of each learner, under its key in a job. */
export const learnerParams = {
  linearRegression: linearRegressionParams,
  logisticRegression: logisticRegressionParams,
  gradientBoostingRegressor: gradientBoostingRegressorParams,
  gradientBoostingClassifier: gradientBoostingClassifierParams,
  randomForestRegressor: randomForestRegressorParams,
  randomForestClassifier: randomForestClassifierParams,
  decisionTreeRegressor: decisionTreeRegressorParams,
  decisionTreeClassifier: decisionTreeClassifierParams,
};

export type LearnerName = keyof typeof learnerParams;

/** What each learner can fit; the label decides between binary and multiclass. */
export const learnerTasks: Readonly<Record<LearnerName, readonly Task[]>> = {
  linearRegression: ["regression"],
  logisticRegression: ["binary", "multiclass"],
  gradientBoostingRegressor: ["regression"],
  gradientBoostingClassifier: ["binary", "multiclass"],
  randomForestRegressor: ["regression"],
  randomForestClassifier: ["binary", "multiclass"],
  decisionTreeRegressor: ["regression"],
  decisionTreeClassifier: ["binary", "multiclass"],
};
