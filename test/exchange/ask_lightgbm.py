"""What LightGBM 4.7.0 makes of our models, and models of its own: run after own-models.ts, writes into test/exchange/lightgbm/."""

import json
import pathlib

import lightgbm as lgb
import numpy as np
import pandas as pd

folder = pathlib.Path(__file__).parent / "lightgbm"


def plain(values):
    return [[None if np.isnan(x) else float(x) for x in row] for row in values]


def write(name, model, rows, frame=None):
    asked = rows if frame is None else frame
    answers = {
        "rows": plain(rows),
        "raw": np.atleast_2d(model.predict(asked, raw_score=True).T).T.tolist(),
        "prediction": np.atleast_2d(model.predict(asked).T).T.tolist(),
        "contributions": model.predict(asked, pred_contrib=True).tolist(),
    }
    (folder / f"{name}.json").write_text(json.dumps(answers) + "\n")


def with_values(rows, levels):
    """Categories of pandas, in the order of their values as pandas finds them, one that no training saw among them."""
    frame = pd.DataFrame(rows)
    for column, values in enumerate(levels):
        if values is not None:
            unseen = "new" if isinstance(values[0], str) else 999
            own = [unseen if np.isnan(code) else values[int(code)] for code in frame[column]]
            frame[column] = pd.Series(own).astype("category")
    return frame


for path in sorted(folder.glob("own-*.txt")):
    given = json.loads(path.with_suffix(".json").read_text())
    rows = np.array(given["rows"], dtype=float)
    levels = given.get("levels")
    write(path.stem, lgb.Booster(model_file=str(path)), rows, None if levels is None else with_values(rows, levels))

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
