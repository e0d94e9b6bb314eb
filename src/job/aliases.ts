/**
 * Names of other libraries. Whatever means the same is accepted and noted under its canonical name; what means the same only up to a
 * factor of the number of rows is refused with the formula, because nothing here knows that number.
 */
import { canonicalMetric } from "../evaluation/names.ts";
import { jobJsonSchema } from "./json-schema.ts";
import type { Path, Problem } from "./problem.ts";
import { knownKeys } from "./rule.ts";

/** Alias without case and underscores: canonical name, of several the first that fits. */
type Aliases = Readonly<Record<string, string | readonly string[]>>;

/** Names that a rule of spelling does not reach. */
const stageAliases: Aliases = { simpleimputer: "imputer" };
const learnerAliases: Aliases = {
  gbtclassifier: "gradientBoostingClassifier",
  gbtregressor: "gradientBoostingRegressor",
  histgradientboostingclassifier: "gradientBoostingClassifier",
  histgradientboostingregressor: "gradientBoostingRegressor",
  lgbmclassifier: "gradientBoostingClassifier",
  lgbmregressor: "gradientBoostingRegressor",
  xgbclassifier: "gradientBoostingClassifier",
  xgbregressor: "gradientBoostingRegressor",
  linreg: "linearRegression",
  logreg: "logisticRegression",
  logit: "logisticRegression",
};
const parameterAliases: Aliases = {
  numtrees: "trees",
  numiterations: "trees",
  numboostround: "trees",
  maxiter: "trees",
  eta: "learningRate",
  stepsize: "learningRate",
  shrinkagerate: "learningRate",
  numleaves: "maxLeaves",
  maxleafnodes: "maxLeaves",
  maxbin: "maxBins",
  mindatainleaf: "minRows",
  mininstancespernode: "minRows",
  minchildsamples: "minRows",
  minchildweight: "minWeight",
  minsumhessianinleaf: "minWeight",
  mingaintosplit: "minGain",
  minsplitgain: "minGain",
  gamma: "minGain",
  lambdal1: "l1",
  regalpha: "l1",
  lambdal2: "l2",
  reglambda: "l2",
  l2regularization: "l2",
  subsample: "rowSample",
  subsamplingrate: "rowSample",
  baggingfraction: "rowSample",
  featurefraction: "colSample",
  colsamplebytree: "colSample",
  featurefractionbynode: "colSampleByNode",
  colsamplebynode: "colSampleByNode",
  monotonecst: "monotone",
  monotoneconstraints: "monotone",
  monotonicconstraints: "monotone",
  earlystoppinground: "earlyStoppingRounds",
  niternochange: "earlyStoppingRounds",
  validationfraction: "validationShare",
  nestimators: ["trees", "numTrees"],
  maxfeatures: ["featureSubsetStrategy", "colSampleByNode"],
  minsamplesleaf: ["minRows", "minInstancesPerNode"],
  criterion: "impurity",
  oobscore: "outOfBag",
  randomstate: "seed",
  l1ratio: "elasticNetParam",
  lambda: ["regParam", "l2"],
  standardize: "standardization",
  inputcols: "inputs",
  outputcols: "outputs",
  fillvalue: "value",
};

/** Parameters of other libraries that no renaming makes ours (n is the weight of the training rows), and what to write instead. */
const notConvertible: Readonly<Record<string, string>> = {
  C: "must be given as regParam = 1 / (n C), n being the number of training rows, with standardization: false",
  alpha:
    "must be given as regParam with standardization: false: regParam is alpha for scikit-learn's Lasso and ElasticNet, alpha / n for its Ridge, n being the number of training rows; glmnet's alpha is elasticNetParam",
  lambda_l1: "must be given as regParam = (lambda_l1 + lambda_l2) / n and elasticNetParam = lambda_l1 / (lambda_l1 + lambda_l2)",
  lambda_l2: "must be given as regParam = (lambda_l1 + lambda_l2) / n and elasticNetParam = lambda_l1 / (lambda_l1 + lambda_l2)",
  penalty: "must be given as regParam and elasticNetParam: 0 for l2, 1 for l1, between for elasticnet; regParam: 0 for none",
};

/** Of boosting. */
const ambiguous: Readonly<Record<string, string>> = {
  alpha:
    "must be given as l1 where it is XGBoost's penalty, as quantile where it is the level of a quantile loss, and as huberDelta where it is LightGBM's for huber",
};

const boosting = "must be given as gradientBoostingClassifier or gradientBoostingRegressor";
/** Learners of other libraries that are one of ours with certain parameters, or one of two of ours. */
const notLearners: Readonly<Record<string, string>> = {
  Ridge: "must be given as linearRegression with regParam",
  Lasso: "must be given as linearRegression with regParam and elasticNetParam: 1",
  ElasticNet: "must be given as linearRegression with regParam and elasticNetParam",
  lightgbm: boosting,
  xgboost: boosting,
};

type Mapping = Record<string, unknown>;

export interface Canonical {
  readonly form: unknown;
  /** Keys that were renamed, outermost first; the steps before the last are canonical in both. */
  readonly renamed: readonly { readonly from: Path; readonly to: Path }[];
  readonly notes: readonly Problem[];
  readonly problems: readonly Problem[];
}

interface Findings {
  readonly renamed: { from: Path; to: Path }[];
  readonly notes: Problem[];
  readonly problems: Problem[];
}

/** The form with canonical names wherever names of other libraries may stand; the form itself is unchanged. Null for no parameters is {}. */
export function canonicalise(form: unknown): Canonical {
  const found: Findings = { renamed: [], notes: [], problems: [] };
  if (!isMapping(form)) return { form, ...found };
  const canonical = { ...form };
  if (isMapping(form.model)) canonical.model = chosen(form.model, ["model"], learnerAliases, found);
  if (Array.isArray(form.features)) {
    canonical.features = form.features.map((stage: unknown, i) =>
      isMapping(stage) ? chosen(stage, ["features", i], stageAliases, found) : stage,
    );
  }
  if (isMapping(form.tune)) canonical.tune = canonicalTune(form.tune, canonical.model, found);
  if (Array.isArray(form.metrics)) canonical.metrics = form.metrics.map((name: unknown, i) => metricName(name, ["metrics", i], found));
  return { form: canonical, ...found };
}

function canonicalTune(tune: Mapping, model: unknown, found: Findings): Mapping {
  const learner = isMapping(model) ? Object.keys(model)[0] : undefined;
  const known = learner === undefined ? [] : knownKeys(jobJsonSchema(), ["model", learner]);
  const canonical = { ...tune };
  if (isMapping(tune.grid)) canonical.grid = renameKeys(tune.grid, ["tune", "grid"], known, parameterAliases, refusedOf(known), found);
  if (tune.metric !== undefined) canonical.metric = metricName(tune.metric, ["tune", "metric"], found);
  return canonical;
}

const isMapping = (value: unknown): value is Mapping => typeof value === "object" && value !== null && !Array.isArray(value);

/** A mapping such as `{ LogisticRegression: { max_iter: 5 } }`, whose key is a kind and whose value are its parameters. */
function chosen(mapping: Mapping, path: Path, aliases: Aliases, found: Findings): Mapping {
  const kinds = knownKeys(jobJsonSchema(), path);
  const renamed = renameKeys(mapping, path, kinds, aliases, path[0] === "model" ? notLearners : {}, found);
  // One that was refused is not missing as well.
  if (Object.keys(renamed).length < Object.keys(mapping).length) renamed[kinds[0]] ??= {};
  for (const kind of kinds.filter((name) => Object.hasOwn(renamed, name))) {
    const params = renamed[kind] ?? {};
    renamed[kind] = isMapping(params) ? canonicalParams(params, [...path, kind], found) : params;
  }
  return renamed;
}

function canonicalParams(params: Mapping, path: Path, found: Findings): Mapping {
  const known = knownKeys(jobJsonSchema(), path);
  const canonical = renameKeys(params, path, known, parameterAliases, refusedOf(known), found);
  if (canonical.strategy !== "most_frequent") return canonical;
  found.notes.push({ path: [...path, "strategy"], message: "most_frequent is read as mode" });
  return { ...canonical, strategy: "mode" };
}

function refusedOf(known: readonly string[]): Readonly<Record<string, string>> {
  if (known.includes("regParam")) return notConvertible;
  return known.includes("l1") ? ambiguous : {};
}

function renameKeys(
  mapping: Mapping,
  path: Path,
  known: readonly string[],
  aliases: Aliases,
  refused: Readonly<Record<string, string>>,
  found: Findings,
): Mapping {
  const renamed = new Map<string, unknown>();
  for (const [key, value] of Object.entries(mapping)) {
    const name = canonicalKey(key, known, aliases);
    if (!known.includes(name) && Object.hasOwn(refused, key)) {
      found.problems.push({ path: [...path, key], message: refused[key], of: "key" });
      continue;
    }
    if (renamed.has(name)) {
      found.problems.push({ path: [...path, key], message: `must be given once, got ${name} beside it`, of: "key" });
      continue;
    }
    if (name !== key) {
      found.renamed.push({ from: [...path, key], to: [...path, name] });
      found.notes.push({ path: [...path, name], message: `${key} is read as ${name}`, of: "key" });
    }
    renamed.set(name, value);
  }
  return Object.fromEntries(renamed);
}

/** Letter case and underscores do not matter: `fit_intercept` is fitIntercept, `StandardScaler` is standardScaler. */
const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

function canonicalKey(key: string, known: readonly string[], aliases: Aliases): string {
  if (known.includes(key)) return key;
  const same = known.find((name) => plain(name) === plain(key));
  const alias = Object.hasOwn(aliases, plain(key)) ? [aliases[plain(key)]].flat().find((name) => known.includes(name)) : undefined;
  return same ?? alias ?? key;
}

function metricName(name: unknown, path: Path, found: Findings): unknown {
  const canonical = typeof name === "string" ? canonicalMetric(name) : undefined;
  if (canonical === undefined) return name;
  if (canonical !== name) found.notes.push({ path, message: `${name} is read as ${canonical}` });
  return canonical;
}
