"""Writes boosting.json: a small table, and what scikit-learn's HistGradientBoosting, and once LightGBM, predicts of it. python boosting.py > boosting.json

Columns a, b, c: numbers of many values, a with missing ones; d: a number of few values. y: a number, k: two classes, w: weights, v: weights that no
sums of are equal.
"""

import json

import lightgbm
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

random = np.random.default_rng(7)
n = 500
x = random.normal(size=(n, 4)).round(3)
x[:, 3] = random.integers(0, 6, n)
y = (2 * x[:, 0] + x[:, 1] ** 2 + np.where(x[:, 3] > 2, x[:, 2], -x[:, 2]) + random.normal(size=n) / 2).round(3)
k = (y + random.normal(size=n) > 1.2).astype(int)
three = np.digitize(y, [0, 2.5])
w = random.integers(1, 4, n)
x[random.random(n) < 0.1, 0] = np.nan
v = (random.random(n) + 0.5).round(6)
steps = {"max_iter": 50, "early_stopping": False}
deep = {"max_depth": 3, "max_leaf_nodes": None, "min_samples_leaf": 5, "l2_regularization": 0.5}
few = {"max_leaf_nodes": 6}  # rows of a leaf soon have equal gradients, and scikit-learn splits them by what rounding leaves
cases = {
    "regression": HistGradientBoostingRegressor(**steps).fit(x, y).predict(x),
    "weighted": HistGradientBoostingRegressor(**steps, **deep).fit(x, y, sample_weight=w).predict(x),
    "binary": HistGradientBoostingClassifier(**steps).fit(x, k).predict_proba(x)[:, 1],
    "three": HistGradientBoostingClassifier(**{**steps, "max_iter": 20}).fit(x, three).predict_proba(x)[:, 2],
    "absolute": HistGradientBoostingRegressor(**steps, **few, loss="absolute_error").fit(x, y, sample_weight=v).predict(x),
    "quantile": HistGradientBoostingRegressor(**steps, **few, loss="quantile", quantile=0.8).fit(x, y, sample_weight=v).predict(x),
    "absoluteOfOnes": HistGradientBoostingRegressor(**steps, **few, loss="absolute_error").fit(x, y).predict(x),
    "quantileOfOnes": HistGradientBoostingRegressor(**steps, **few, loss="quantile", quantile=0.8).fit(x, y).predict(x),
    "lowQuantileOfOnes": HistGradientBoostingRegressor(**steps, **few, loss="quantile", quantile=0.13).fit(x, y).predict(x),
    "quantileOfWholes": HistGradientBoostingRegressor(**steps, **few, loss="quantile", quantile=0.75).fit(x, y, sample_weight=w).predict(x),
    "quantileOfLightgbm": lightgbm.train(
        {"objective": "quantile", "alpha": 0.8, "num_leaves": 6, "num_threads": 1, "verbose": -1}, lightgbm.Dataset(x, y), 20
    ).predict(x),
    "poisson": HistGradientBoostingRegressor(**steps, loss="poisson").fit(x, np.maximum(0, y).round()).predict(x),
}
table = {name: [None if np.isnan(v) else v for v in column.tolist()] for name, column in zip("abcd", x.T)}
labels = {"y": y.tolist(), "k": k.tolist(), "three": three.tolist(), "w": w.tolist(), "v": v.tolist()}
shown = {name: [float(f"{p:.10g}") for p in predictions[::5].tolist()] for name, predictions in cases.items()}
print(json.dumps({"columns": table, "labels": labels, "everyFifth": shown}, separators=(",", ":")))
