"""Writes lightgbm-examples.json: the bins of LightGBM's examples, and what LightGBM 4.7.0 reaches on them. python lightgbm-examples.py DATA > lightgbm-examples.json

DATA is the folder of the examples. Bins are cuts between values of the training rows: LightGBM's own, so that nothing but the trees is compared.
`exact` is without LightGBM's estimate of the rows of a leaf (by its second derivatives), `whole` with the parameters of train.conf but for its
sampling, `near` the last metrics of that with a few rows of a leaf more or less, `sampled` with all of train.conf and ten seeds.
"""

import gzip
import json
import os
import sys
import tempfile

import lightgbm as lgb
import numpy as np

quiet = {"verbose": -1, "num_threads": 1, "enable_bundle": False}
after = (1, 10, 100)


def read(path):
    return np.loadtxt(gzip.open(os.path.join(sys.argv[1], path), "rt"))


def rows(example, name):
    return read(f"{example}/{name}.train.gz"), read(f"{example}/{name}.test.gz")


def binned(table):
    """The bin of each value of the training rows, by row."""
    data = lgb.Dataset(table[:, 1:], table[:, 0], params=quiet).construct()
    with tempfile.TemporaryDirectory() as folder:
        data._dump_text(f"{folder}/bins.txt")
        lines = open(f"{folder}/bins.txt").read().strip().split("\n")
    return np.array([[int(value) for value in line.strip(", ").split(",")] for line in lines[-len(table) :]])


def between(low, high):
    """Where LightGBM cuts: values around zero never share a bin with it."""
    return 0.0 if low < 0 < high else float(f"{(low + high) / 2:.10g}")


def cuts(table):
    bins = binned(table)
    found = []
    for column in range(bins.shape[1]):
        values, own = table[:, column + 1], bins[:, column]
        ends = [(values[own == bin].min(), values[own == bin].max()) for bin in np.unique(own)]
        found.append([between(a[1], b[0]) for a, b in zip(ends, ends[1:])])
    return found


def reached(example, name, params):
    """The metric on the test rows after each iteration; LightGBM's program takes the weights where a file has them."""
    train, test = rows(example, name)
    isWeighted = example == "binary_classification"
    weights = [read(f"{example}/{name}.{which}.weight.gz") if isWeighted else None for which in ("train", "test")]
    data = lgb.Dataset(train[:, 1:], train[:, 0], weight=weights[0])
    held = lgb.Dataset(test[:, 1:], test[:, 0], weight=weights[1], reference=data)
    found = {}
    lgb.train({**quiet, **params}, data, 100, valid_sets=[held], callbacks=[lgb.record_evaluation(found)])
    return [float(f"{value:.7g}") for value in next(iter(found["valid_0"].values()))]


leaf = {"min_sum_hessian_in_leaf": 5}
binary = {**leaf, "objective": "binary", "metric": "binary_logloss", "num_leaves": 63, "min_data_in_leaf": 50}
regression = {**leaf, "objective": "regression", "metric": "l2", "learning_rate": 0.05, "min_data_in_leaf": 100}
multiclass = {"objective": "multiclass", "metric": "multi_logloss", "num_class": 5, "learning_rate": 0.05}
sampled = {"bagging_freq": 5, "bagging_fraction": 0.8}
examples = {
    "binary": ("binary_classification", binary, {**sampled, "feature_fraction": 0.8}),
    "regression": ("regression", regression, {**sampled, "feature_fraction": 0.9}),
    "multiclass": ("multiclass_classification", multiclass, None),
}
result = {}
for key, (example, params, sampling) in examples.items():
    one = {**params, **leaf, "min_data_in_leaf": 1}
    rows_of_a_leaf = params.get("min_data_in_leaf", 20)
    result[key] = {
        "cuts": cuts(rows(example, key)[0]),
        "exact": [reached(example, key, one)[n - 1] for n in after],
        "whole": [reached(example, key, params)[n - 1] for n in after],
        "near": [reached(example, key, {**params, "min_data_in_leaf": rows_of_a_leaf + more})[-1] for more in range(-5, 6)],
        "sampled": [reached(example, key, {**params, **sampling, "seed": seed})[-1] for seed in range(1, 11)] if sampling else [],
    }
print(json.dumps(result, separators=(",", ":")))
