"""Writes lightgbm-categories.json: a small table with categories, and what LightGBM 4.7.0 predicts of it.
python lightgbm-categories.py > lightgbm-categories.json

Columns: many (12 categories), four and three of as many, the first and the last with missing values, and a number x. y: a number, k: two classes.
`ordered` must not fall as x grows.
"""

import json

import lightgbm as lgb
import numpy as np

random = np.random.default_rng(11)
n = 1000
many = np.where(random.random(n) < 0.08, np.nan, random.integers(0, 12, n))
four = random.integers(0, 4, n).astype(float)
three = np.where(random.random(n) < 0.05, np.nan, random.integers(0, 3, n))
x = random.normal(size=n).round(2)
effect = random.normal(size=13)
slope = np.where(many % 3 == 0, 1, -0.3)
y = (effect[np.nan_to_num(many, nan=12).astype(int)] + 0.5 * four * (four % 2) - 0.7 * (three == 1) + slope * x + random.normal(size=n)).round(2)
k = (y + random.normal(size=n) > 0.3).astype(int)
table = np.column_stack([many, four, three, x])


def everyFifth(label, **params):
    data = lgb.Dataset(table, label, categorical_feature=[0, 1, 2])
    model = lgb.train({"verbose": -1, "num_threads": 1, "num_leaves": 15, **params}, data, 30)
    return [float(f"{value:.10g}") for value in model.predict(table[::5], raw_score=True)]


columns = {
    name: [None if np.isnan(v) else int(v) if name != "x" else v for v in column]
    for name, column in zip(("many", "four", "three", "x"), table.T)
}
cases = {
    "regression": everyFifth(y, objective="regression"),
    "binary": everyFifth(k, objective="binary"),
    "penalised": everyFifth(y, objective="regression", lambda_l1=2, lambda_l2=3),
    "ordered": everyFifth(y, objective="regression", monotone_constraints=[0, 0, 0, 1]),
}
print(json.dumps({"columns": columns, "labels": {"y": y.tolist(), "k": k.tolist()}, "everyFifth": cases}, separators=(",", ":")))
