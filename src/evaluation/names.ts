/** The names of metrics: Spark's where Spark has one; scikit-learn's, LightGBM's and XGBoost's are aliases. */
import type { Task } from "../learners/learner.ts";

interface MetricName {
  readonly tasks: readonly Task[];
  readonly largerIsBetter: boolean;
  readonly aliases: readonly string[];
}

const regression: readonly Task[] = ["regression"];
const binary: readonly Task[] = ["binary"];
const multiclass: readonly Task[] = ["multiclass"];
const classes: readonly Task[] = ["binary", "multiclass"];

const metric = (tasks: readonly Task[], largerIsBetter: boolean, aliases: string): MetricName => ({
  tasks,
  largerIsBetter,
  aliases: aliases.split(" "),
});

/** Every metric, in the order in which reports list them. */
export const metricNames = {
  rmse: metric(regression, false, "root_mean_squared_error neg_root_mean_squared_error l2_root"),
  mse: metric(regression, false, "mean_squared_error neg_mean_squared_error l2 regression_l2"),
  mae: metric(regression, false, "mean_absolute_error neg_mean_absolute_error l1 regression_l1"),
  r2: metric(regression, true, "r2_score"),
  explainedVariance: metric(regression, true, "var"),
  explainedVarianceScore: metric(regression, true, "explained_variance_score"),
  areaUnderROC: metric(binary, true, "auc roc_auc roc_auc_score"),
  areaUnderPR: metric(binary, true, "auprc aucpr pr_auc"),
  averagePrecision: metric(binary, true, "average_precision average_precision_score ap"),
  accuracy: metric(classes, true, "acc accuracy_score"),
  f1: metric(classes, true, "f1_score"),
  precision: metric(binary, true, "precision_score"),
  recall: metric(binary, true, "recall_score"),
  weightedPrecision: metric(multiclass, true, "precision_weighted"),
  weightedRecall: metric(multiclass, true, "recall_weighted"),
  weightedF1: metric(multiclass, true, "f1_weighted weightedFMeasure"),
  logLoss: metric(classes, false, "log_loss neg_log_loss logloss binary_logloss mlogloss multi_logloss cross_entropy"),
} as const satisfies Record<string, MetricName>;

export type Metric = keyof typeof metricNames;

const known: Readonly<Record<string, MetricName>> = metricNames;

/** Letter case and underscores do not matter: `area_under_roc` is areaUnderROC. */
const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

const canonical = new Map<string, Metric>();
for (const [name, { aliases }] of Object.entries(known)) {
  for (const spelling of [name, ...aliases]) canonical.set(plain(spelling), name as Metric);
}

/** The canonical name of a metric, or undefined for a name that is none. */
export const canonicalMetric = (name: string): Metric | undefined => canonical.get(plain(name));

/** Whether a metric, by its canonical name, can be computed for the task. */
export const metricFits = (name: string, task: Task): boolean => Object.hasOwn(known, name) && known[name].tasks.includes(task);

export const largerIsBetter = (name: Metric): boolean => metricNames[name].largerIsBetter;

/** The metrics of a task, in the order of `metricNames`. */
export const metricsOf = (task: Task): Metric[] => (Object.keys(known) as Metric[]).filter((name) => metricFits(name, task));

const defaults: Readonly<Record<Task, readonly Metric[]>> = {
  regression: ["rmse", "mae", "r2"],
  binary: ["areaUnderROC", "areaUnderPR", "accuracy", "f1", "logLoss"],
  multiclass: ["accuracy", "weightedF1", "logLoss"],
};

/** What is computed when a job names no metrics. */
export const defaultMetrics = (task: Task): readonly Metric[] => defaults[task];

/** What a search maximises or minimises when the job does not say; log-loss judges probabilities of any number of classes. */
export const defaultTuneMetric = (task: Task): Metric => (task === "regression" ? "rmse" : "logLoss");
