/** What is compared: the rows of the table, each with the peers that do the same work and the ratio that it has to reach. */

/** What of a run is timed. */
export type Clock =
  /** From the start of the process to its end. */
  | "process"
  /** The phases that the run reports: what a user waits for in a session that is open already. */
  | "phases"
  /** Those phases of a steplearn run alone. */
  | readonly string[];

export interface Peer {
  readonly name: string;
  /** Its function in peers.py, or in spark.py where the name begins with spark. */
  readonly measurement: string;
  readonly clock: Clock;
  /** steplearn is to be this many times as fast; left out where a peer is shown for orientation. */
  readonly goal?: number;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** Folder or file of bench/data that it reads. */
  readonly data: string;
  /** A file of bench/jobs. */
  readonly job: string;
  /** The job's model is trained beforehand, and so are the peers'; what is measured is scoring the data. */
  readonly scores?: true;
  readonly clock: Clock;
  readonly peers: readonly Peer[];
  /** The metric that must be as good as that of the best peer: within the slack, which is 0 for none. */
  readonly quality: { readonly metric: "auc" | "rmse" | "trainLoss"; readonly slack: number } | null;
}

const peer = (measurement: string, goal?: number): Peer => {
  const clock = measurement.startsWith("start.") ? "process" : "phases";
  return { name: names[measurement] ?? measurement.split(".")[1], measurement, clock, ...(goal !== undefined && { goal }) };
};

const spark = (row: string, goal: number): Peer => ({
  ...peer(`spark.${row}`, goal),
  name: "Spark local[2]",
  clock: row === "start" ? "process" : "phases",
});

const names: Readonly<Record<string, string>> = {
  "churn.sklearn": "scikit-learn",
  "churn.dask": "dask-ml newton",
  "logistic.newton": "scikit-learn newton-cholesky",
  "logistic.lbfgs": "scikit-learn lbfgs",
  "ridge.sklearn": "scikit-learn",
  "grid.sklearn": "scikit-learn, 9 values of C",
  "boost.xgboost": "XGBoost hist",
  "leaves.lightgbm": "LightGBM",
  "forest.xgboost": "XGBoost forest",
  "forest.lightgbm": "LightGBM forest",
  "score.xgboost": "XGBoost",
  "score.lightgbm": "LightGBM",
  "start.sklearn": "scikit-learn",
};

export const rows: readonly Row[] = [
  {
    name: "load",
    title: "10 M rows x 5 columns of CSV to typed columns, types inferred",
    data: "churn",
    job: "churn.yaml",
    clock: ["plan", "load"],
    peers: [peer("load.pyarrow", 1.5), peer("load.polars"), peer("load.duckdb"), peer("load.pandas"), spark("load", 40)],
    quality: null,
  },
  {
    name: "churn",
    title: "the same CSV to a fitted churn pipeline and its test AUC",
    data: "churn",
    job: "churn.yaml",
    clock: "process",
    peers: [peer("churn.dask", 3), peer("churn.sklearn", 5), spark("churn", 25)],
    // A tenth of what the choice of the 2 M test rows does to it.
    quality: { metric: "auc", slack: 1e-4 },
  },
  {
    name: "logistic",
    title: "logistic regression, 2 M x 28 Parquet, to the optimum",
    data: "dense",
    job: "logistic.yaml",
    clock: "process",
    peers: [peer("logistic.newton", 1.5), peer("logistic.lbfgs"), spark("logistic", 15)],
    quality: { metric: "trainLoss", slack: 1e-8 },
  },
  {
    name: "ridge",
    title: "ridge, 2 M x 27 Parquet",
    data: "dense",
    job: "ridge.yaml",
    clock: "process",
    peers: [peer("ridge.sklearn", 1), spark("ridge", 15)],
    // scikit-learn computes it in float32.
    quality: { metric: "rmse", slack: 1e-6 },
  },
  {
    name: "grid",
    title: "3 x 3 grid in 3 folds and the refit, 8 M churn rows",
    data: "churn",
    job: "grid.yaml",
    clock: "process",
    peers: [peer("grid.sklearn", 10), spark("grid", 70)],
    quality: { metric: "auc", slack: 1e-4 },
  },
  {
    name: "boost",
    title: "100 boosted trees of depth 6, 1.5 M x 28 Parquet, to the AUC of 0.5 M test rows",
    data: "dense",
    job: "boost.yaml",
    clock: "process",
    // A tenth of the trees: 30 times as fast a tree.
    peers: [peer("boost.xgboost", 1.2), { ...spark("boost", 3), name: "Spark local[2], 10 trees" }],
    quality: { metric: "auc", slack: 1e-3 },
  },
  {
    name: "leaves",
    title: "100 boosted trees of 63 leaves, the same",
    data: "dense",
    job: "leaves.yaml",
    clock: "process",
    peers: [peer("leaves.lightgbm", 1.7)],
    quality: { metric: "auc", slack: 1e-3 },
  },
  {
    name: "forest",
    title: "forest of 50 trees of depth 10, the same",
    data: "dense",
    job: "forest.yaml",
    clock: "process",
    peers: [peer("forest.xgboost", 1.5), peer("forest.lightgbm", 1.5), spark("forest", 25)],
    // What seeds alone do to the AUC of a forest of random columns.
    quality: { metric: "auc", slack: 2e-3 },
  },
  {
    name: "score",
    title: "2 M x 28 Parquet scored with 100 trees of depth 6, to Parquet",
    data: "dense",
    job: "boost.yaml",
    scores: true,
    clock: "process",
    peers: [peer("score.xgboost", 1), peer("score.lightgbm")],
    quality: { metric: "auc", slack: 1e-3 },
  },
  {
    name: "start",
    title: "fresh process to the AUC of a 2,000-row table",
    data: "tiny.csv",
    job: "start.yaml",
    clock: "process",
    peers: [peer("start.sklearn", 3), spark("start", 30)],
    quality: null,
  },
];
