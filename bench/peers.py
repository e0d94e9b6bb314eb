"""Measures one peer once, in a fresh process: `python peers.py FOLDER churn.sklearn`.

Prints {"phases": {name: seconds}, "metrics": {...}} on one line. What a user of the peer would write, at its own best settings.
Imports come before the first phase; checks that no user needs (the training loss) come after the last.
"""

import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

THREADS = int(os.environ.get("THREADS", os.cpu_count()))
# Read by the libraries when they are imported.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(name, str(THREADS))

NUMBERS = ["age", "monthly_charges", "total_charges"]
phases = {}
peers = {}


@contextmanager
def phase(name):
    start = time.perf_counter()
    yield
    phases[name] = phases.get(name, 0) + time.perf_counter() - start


def peer(function):
    """Registers load_pyarrow as load.pyarrow."""
    peers[function.__name__.replace("_", ".", 1)] = function
    return function


def parts(folder, table, kind, first, end):
    return [folder / table / f"part-{part:02}.{kind}" for part in range(first, end)]


def log_loss(y, p):
    import numpy as np

    p = np.asarray(p, np.float64)
    return float(-np.log(np.where(np.asarray(y) == 1, p, 1 - p).clip(1e-300)).mean())


def area(y, p):
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, p))


@peer
def load_pyarrow(folder):
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    pa.set_cpu_count(THREADS)
    with phase("load"):
        table = pa.concat_tables([csv.read_csv(path) for path in parts(folder, "churn", "csv", 0, 10)])
    return {"rows": table.num_rows, "mean": pc.mean(table["total_charges"]).as_py()}


@peer
def load_polars(folder):
    import polars as pl

    with phase("load"):
        table = pl.read_csv(folder / "churn/*.csv")
    return {"rows": len(table), "mean": table["total_charges"].mean()}


@peer
def load_duckdb(folder):
    import duckdb

    database = duckdb.connect(config={"threads": THREADS})
    with phase("load"):
        database.execute(f"create table churn as select * from read_csv('{folder}/churn/*.csv')")
    rows, mean = database.execute("select count(*), avg(total_charges) from churn").fetchone()
    return {"rows": rows, "mean": mean}


@peer
def load_pandas(folder):
    with phase("load"):
        table = read_pandas(folder, 0, 10)
    return {"rows": len(table), "mean": float(table.total_charges.mean())}


def read_pandas(folder, first, end):
    import pandas as pd

    return pd.concat([pd.read_csv(path) for path in parts(folder, "churn", "csv", first, end)], ignore_index=True)


def churn_features():
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    category = OneHotEncoder(drop="first", sparse_output=False)
    return make_column_transformer((category, ["customer_type"]), (make_pipeline(SimpleImputer(), StandardScaler()), NUMBERS))


@peer
def churn_sklearn(folder):
    import pandas  # noqa: F401
    from sklearn.linear_model import LogisticRegression

    features, model = churn_features(), LogisticRegression(C=float("inf"))
    with phase("load"):
        train, test = read_pandas(folder, 0, 8), read_pandas(folder, 8, 10)
    with phase("features"):
        x, y = features.fit_transform(train), train.churn.to_numpy()
    with phase("train"):
        model.fit(x, y)
    with phase("evaluate"):
        p = model.predict_proba(features.transform(test))[:, 1]
        auc = area(test.churn, p)
    return {"auc": auc, "trainLoss": log_loss(y, model.predict_proba(x)[:, 1])}


@peer
def churn_dask(folder):
    import dask.array as da
    import dask.dataframe as dd
    import numpy as np
    from dask_ml.linear_model import LogisticRegression

    def read(first, end):
        return dd.read_csv([str(path) for path in parts(folder, "churn", "csv", first, end)]).persist()

    def encoded(table):
        levels = [(table.customer_type == level).to_numpy(np.float64) for level in categories[1:]]
        return np.column_stack(levels + [((table[name].fillna(mean[name]) - mean[name]) / deviation[name]).to_numpy() for name in NUMBERS])

    def arrays(table):
        rows = table.map_partitions(len).compute()
        delayed = table.to_delayed()
        x = [da.from_delayed(dask.delayed(encoded)(part), (n, len(categories) + 2), np.float64) for part, n in zip(delayed, rows)]
        y = [da.from_delayed(dask.delayed(lambda part: part.churn.to_numpy())(part), (n,), np.int64) for part, n in zip(delayed, rows)]
        return da.concatenate(x).persist(), da.concatenate(y).persist()

    import dask

    # dask-ml's other solvers do worse: lbfgs fails with this scipy, admm takes minutes.
    model = LogisticRegression(solver="newton", C=1e10, tol=1e-4)
    with phase("load"):
        train, test = read(0, 8), read(8, 10)
    with phase("features"):
        categories, mean, deviation = dask.compute(train.customer_type.unique(), train[NUMBERS].mean(), train[NUMBERS].std())
        categories = sorted(categories)
        (x, y), (x_test, y_test) = arrays(train), arrays(test)
    with phase("train"):
        model.fit(x, y)
    with phase("evaluate"):
        auc = area(y_test.compute(), probability_of_one(model, x_test))
    return {"auc": auc, "trainLoss": log_loss(y.compute(), probability_of_one(model, x))}


def probability_of_one(model, x):
    """dask-ml answers one column or two."""
    p = model.predict_proba(x).compute()
    return p[:, 1] if p.ndim == 2 else p


def read_dense(folder, first, end, target):
    """A float32 matrix of all columns but the label and the target, row by row, as scikit-learn is fastest with."""
    import numpy as np
    import pyarrow.parquet as pq

    table = pq.read_table(parts(folder, "dense", "parquet", first, end))
    names = [name for name in table.column_names if name not in ("y", target)]
    x = np.empty((table.num_rows, len(names)), np.float32)
    for j, name in enumerate(names):
        x[:, j] = table[name].to_numpy()
    return x, table[target].to_numpy()


def logistic(folder, solver):
    import pyarrow.parquet  # noqa: F401
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler(copy=False)
    model = LogisticRegression(C=float("inf"), solver=solver, tol=1e-5, max_iter=200)
    with phase("load"):
        (x, y), (x_test, y_test) = read_dense(folder, 0, 6, "y"), read_dense(folder, 6, 8, "y")
    with phase("features"):
        x, x_test = scaler.fit_transform(x), scaler.transform(x_test)
    with phase("train"):
        model.fit(x, y)
    with phase("evaluate"):
        auc = area(y_test, model.predict_proba(x_test)[:, 1])
    import numpy as np

    # In float64: at float32 the loss itself is uncertain by more than what is compared.
    margin = x.astype(np.float64) @ model.coef_[0].astype(np.float64) + float(model.intercept_[0])
    loss = np.logaddexp(0, np.where(y == 1, -margin, margin)).mean()
    return {"auc": auc, "trainLoss": float(loss), "iterations": int(model.n_iter_[0])}


@peer
def logistic_newton(folder):
    return logistic(folder, "newton-cholesky")


@peer
def logistic_lbfgs(folder):
    return logistic(folder, "lbfgs")


@peer
def ridge_sklearn(folder):
    import numpy as np
    import pyarrow.parquet  # noqa: F401
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=1.0, solver="cholesky")
    with phase("load"):
        (x, y), (x_test, y_test) = read_dense(folder, 0, 6, "f27"), read_dense(folder, 6, 8, "f27")
    with phase("train"):
        model.fit(x, y)
    with phase("evaluate"):
        rmse = float(np.sqrt(np.square(y_test - model.predict(x_test)).mean()))
    return {"rmse": rmse}


@peer
def grid_sklearn(folder):
    import numpy as np
    import pandas  # noqa: F401
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    features = churn_features()
    search = GridSearchCV(LogisticRegression(), {"C": list(np.logspace(-6, 2, 9))}, cv=3, scoring="roc_auc", n_jobs=THREADS)
    with phase("load"):
        train, test = read_pandas(folder, 0, 8), read_pandas(folder, 8, 10)
    with phase("features"):
        x, y = features.fit_transform(train).astype(np.float32), train.churn.to_numpy()
        x_test = features.transform(test).astype(np.float32)
    del train
    with phase("search"):
        search.fit(x, y)
    with phase("evaluate"):
        auc = area(test.churn, search.predict_proba(x_test)[:, 1])
    return {"auc": auc, "foldAuc": float(search.best_score_)}


def boosted(folder, bin, fit, predict):
    """Trees on the dense table, 6 parts to learn from and 2 to judge by."""
    import pyarrow.parquet  # noqa: F401

    with phase("load"):
        (x, y), (x_test, y_test) = read_dense(folder, 0, 6, "y"), read_dense(folder, 6, 8, "y")
    with phase("features"):
        binned = bin(x, y)
    with phase("train"):
        model = fit(binned)
    with phase("evaluate"):
        auc = area(y_test, predict(model, x_test))
    return {"auc": auc}


XGBOOST = {"objective": "binary:logistic", "eta": 0.1, "max_depth": 6, "max_bin": 256, "tree_method": "hist", "nthread": THREADS}
LIGHTGBM = {"objective": "binary", "learning_rate": 0.1, "max_bin": 255, "num_threads": THREADS, "verbose": -1}
MODELS = Path(__file__).parent / "results"


def trained_by_xgboost(folder, settings, rounds):
    import xgboost as xgb

    return boosted(
        folder,
        lambda x, y: xgb.QuantileDMatrix(x, y, max_bin=256, nthread=THREADS),
        lambda binned: xgb.train(settings, binned, rounds),
        lambda model, x: model.inplace_predict(x),
    )


def trained_by_lightgbm(folder, settings, rounds):
    import lightgbm as lgb

    return boosted(
        folder,
        lambda x, y: lgb.Dataset(x, y, params={"max_bin": 255, "num_threads": THREADS, "verbose": -1}).construct(),
        lambda binned: lgb.train(settings, binned, rounds),
        lambda model, x: model.predict(x),
    )


@peer
def boost_xgboost(folder):
    return trained_by_xgboost(folder, XGBOOST, 100)


@peer
def leaves_lightgbm(folder):
    return trained_by_lightgbm(folder, {**LIGHTGBM, "num_leaves": 63}, 100)


@peer
def forest_xgboost(folder):
    """50 trees of depth 10 beside each other, each on 0.632 of the rows: it knows no draws with replacement."""
    settings = {
        "objective": "binary:logistic",
        "eta": 1,
        "max_depth": 10,
        "num_parallel_tree": 50,
        "subsample": 0.632,
        "colsample_bynode": 5 / 28,
        "lambda": 1e-5,
        "tree_method": "hist",
        "nthread": THREADS,
    }
    return trained_by_xgboost(folder, settings, 1)


@peer
def forest_lightgbm(folder):
    settings = {
        "objective": "binary",
        "boosting": "rf",
        "bagging_freq": 1,
        "bagging_fraction": 0.632,
        "feature_fraction_bynode": 5 / 28,
        "max_depth": 10,
        "num_leaves": 1024,
        "num_threads": THREADS,
        "verbose": -1,
    }
    return trained_by_lightgbm(folder, settings, 50)


@peer
def prepare_xgboost(folder):
    """Trains the model that score.xgboost loads."""
    import xgboost as xgb

    x, y = read_dense(folder, 0, 6, "y")
    xgb.train(XGBOOST, xgb.QuantileDMatrix(x, y, max_bin=256, nthread=THREADS), 100).save_model(MODELS / "xgboost.json")
    return {}


@peer
def prepare_lightgbm(folder):
    import lightgbm as lgb

    x, y = read_dense(folder, 0, 6, "y")
    model = lgb.train({**LIGHTGBM, "num_leaves": 64, "max_depth": 6}, lgb.Dataset(x, y, params={"max_bin": 255, "verbose": -1}), 100)
    model.save_model(MODELS / "lightgbm.txt")
    return {}


def scored(folder, model, predict):
    """All rows to a Parquet file of their predictions."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    with phase("load"):
        x, y = read_dense(folder, 0, 8, "y")
    with phase("predict"):
        p = predict(model, x)
    with phase("write"):
        rows = {"row": np.arange(len(p)), "y": y, "prediction": p > 0.5, "probability_0": 1 - p, "probability_1": p}
        pq.write_table(pa.table(rows), MODELS / "scores.parquet")
    (MODELS / "scores.parquet").unlink()
    return {"auc": area(y, p)}


@peer
def score_xgboost(folder):
    import xgboost as xgb

    model = xgb.Booster({"nthread": THREADS}, model_file=MODELS / "xgboost.json")
    return scored(folder, model, lambda model, x: model.inplace_predict(x))


@peer
def score_lightgbm(folder):
    import lightgbm as lgb

    model = lgb.Booster(model_file=MODELS / "lightgbm.txt")
    return scored(folder, model, lambda model, x: model.predict(x, num_threads=THREADS))


@peer
def start_sklearn(folder):
    """All of the process counts: it is timed from outside."""
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    table = pd.read_csv(folder / "tiny.csv").fillna(0)
    x = table[["age", "monthly_charges"]] / 100
    model = LogisticRegression().fit(x, table.churn)
    return {"auc": area(table.churn, model.predict_proba(x)[:, 1])}


if __name__ == "__main__":
    metrics = peers[sys.argv[2]](Path(sys.argv[1]))
    print(json.dumps({"phases": phases, "metrics": metrics}))
