"""Writes lightgbm-examples.json: what LightGBM 4.7.0 reaches on its own examples. python lightgbm-examples.py DATA > lightgbm-examples.json

DATA is the folder of the examples. `whole` is with the parameters of train.conf but for its sampling, after 1, 10, 50 and 100 iterations; `sampled`
the last metric with all of train.conf and ten seeds. `unweighted` is the binary example without the weights that lie beside it, `holes` the
regression example by Poisson's loss with every eleventh value missing, `penalised` it with penalties and `ordered` with two monotone columns.
"""

import gzip
import json
import os
import sys

import lightgbm as lgb
import numpy as np

after = (1, 10, 50, 100)


def read(path):
    return np.loadtxt(gzip.open(os.path.join(sys.argv[1], path), "rt"))


def table(example, name, which, hasHoles):
    rows = read(f"{example}/{name}.{which}.gz")
    if hasHoles:
        count, columns = rows.shape
        row, column = np.meshgrid(np.arange(count), np.arange(columns - 1), indexing="ij")
        rows[:, 1:][(row + 3 * column) % 11 == 0] = np.nan
    return rows


def reached(example, name, params, isWeighted=False, hasHoles=False):
    """The metric on the test rows after each iteration; LightGBM's program takes the weights where a file has them."""
    train, test = [table(example, name, which, hasHoles) for which in ("train", "test")]
    weights = [read(f"{example}/{name}.{which}.weight.gz") if isWeighted else None for which in ("train", "test")]
    quiet = {"verbose": -1, "num_threads": 1}
    data = lgb.Dataset(train[:, 1:], train[:, 0], weight=weights[0])
    held = lgb.Dataset(test[:, 1:], test[:, 0], weight=weights[1], reference=data)
    found = {}
    lgb.train({**quiet, **params}, data, 100, valid_sets=[held], callbacks=[lgb.record_evaluation(found)])
    return [float(f"{value:.10g}") for value in next(iter(found["valid_0"].values()))]


leaf = {"min_sum_hessian_in_leaf": 5}
binary = {**leaf, "objective": "binary", "metric": "binary_logloss", "num_leaves": 63, "min_data_in_leaf": 50}
regression = {**leaf, "objective": "regression", "metric": "l2", "learning_rate": 0.05, "min_data_in_leaf": 100}
multiclass = {"objective": "multiclass", "metric": "multi_logloss", "num_class": 5, "learning_rate": 0.05}
sampled = {"bagging_freq": 5, "bagging_fraction": 0.8}
examples = {
    "binary": ("binary_classification", "binary", binary, {"isWeighted": True}, {**sampled, "feature_fraction": 0.8}),
    "unweighted": ("binary_classification", "binary", binary, {}, None),
    "regression": ("regression", "regression", regression, {}, {**sampled, "feature_fraction": 0.9}),
    "holes": ("regression", "regression", {**regression, "objective": "poisson", "metric": "poisson"}, {"hasHoles": True}, None),
    "penalised": ("regression", "regression", {**regression, "lambda_l1": 2, "lambda_l2": 20, "min_gain_to_split": 0.5}, {}, None),
    "ordered": ("regression", "regression", {**regression, "lambda_l2": 5, "monotone_constraints": [1, -1, *[0] * 26]}, {}, None),
    "multiclass": ("multiclass_classification", "multiclass", multiclass, {}, None),
}
result = {}
for key, (example, name, params, how, sampling) in examples.items():
    whole = reached(example, name, params, **how)
    seeds = range(1, 11) if sampling else []
    result[key] = {
        "whole": [whole[n - 1] for n in after],
        "sampled": [reached(example, name, {**params, **sampling, "seed": seed}, **how)[-1] for seed in seeds],
    }
print(json.dumps(result, indent=1))
