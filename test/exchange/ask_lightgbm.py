"""What LightGBM 4.7.0 makes of our models, and models of its own: run after own-models.ts, writes into test/exchange/lightgbm/."""

import json
import pathlib

import lightgbm as lgb
import numpy as np

folder = pathlib.Path(__file__).parent / "lightgbm"


def plain(values):
    return [[None if np.isnan(x) else float(x) for x in row] for row in values]


def write(name, model, rows):
    answers = {
        "rows": plain(rows),
        "raw": np.atleast_2d(model.predict(rows, raw_score=True).T).T.tolist(),
        "prediction": np.atleast_2d(model.predict(rows).T).T.tolist(),
        "contributions": model.predict(rows, pred_contrib=True).tolist(),
    }
    (folder / f"{name}.json").write_text(json.dumps(answers) + "\n")


for path in sorted(folder.glob("own-*.txt")):
    rows = json.loads(path.with_suffix(".json").read_text())["rows"]
    write(path.stem, lgb.Booster(model_file=str(path)), np.array(rows, dtype=float))

random = np.random.default_rng(7)
x = random.normal(size=(800, 5))
x[:, 3] = random.integers(0, 12, 800)
x[:, 4] = random.integers(0, 50, 800)
y = x[:, 0] + np.sin(3 * x[:, 1]) + 0.3 * (x[:, 3] % 3) + (x[:, 4] % 2) + 0.2 * random.normal(size=800)
x[random.random((800, 5)) < 0.1] = np.nan
shared = {"verbose": -1, "num_threads": 1, "deterministic": True, "min_data_in_leaf": 5, "num_leaves": 15, "min_data_per_group": 10}
targets = {
    "regression": (y, {"objective": "regression"}),
    "binary": (y > 1, {"objective": "binary"}),
    "multiclass": (np.digitize(y, [0.5, 1.5]), {"objective": "multiclass", "num_class": 3}),
    "poisson": (np.floor(np.abs(y)), {"objective": "poisson"}),
}
for name, (label, params) in targets.items():
    data = lgb.Dataset(x, label, categorical_feature=[3, 4])
    model = lgb.train({**shared, **params}, data, 12)
    model.save_model(str(folder / f"their-{name}.txt"))
    write(f"their-{name}", model, x[:60])
