"""Writes the tables that the benchmarks read: `python data.py FOLDER`. Seeded, so every machine with the same numpy has the same tables.

churn/part-00..09.csv and .parquet   1,000,000 customers each: type, age, charges (2 % of the totals missing), and who left.
                                     Parts 00-07 train, 08 and 09 test.
dense/part-00..07.parquet            250,000 rows each of 28 float32 columns and a label y that is no linear function of them;
                                     column f27 nearly is. Parts 00-05 train, 06 and 07 test.
tiny.csv                             the first 2,000 customers
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

ROW_GROUP = 1 << 19

# Customer types: share of customers, and what the type adds to the log odds of leaving.
TYPES = {"basic": (0.40, 0.0), "family": (0.25, -0.5), "student": (0.15, 0.6), "business": (0.12, -0.9), "premium": (0.08, -1.4)}


def leaves(random, odds):
    """0 or 1 with the given log odds of 1."""
    return (random.random(len(odds)) * (1 + np.exp(-odds)) < 1).astype(np.int32)


def churn(part, rows):
    random = np.random.default_rng((1, part))
    names = np.array(list(TYPES))
    shares, effects = np.array(list(TYPES.values())).T
    kind = random.choice(len(names), rows, p=shares)
    age = random.normal(44, 16, rows).clip(18, 90).astype(np.int32)
    monthly = (20 + random.gamma(2.2, 22, rows)).clip(18.25, 250).round(2)
    months = (1 + random.exponential(22, rows)).clip(max=72)
    total = (monthly * months * random.normal(1, 0.04, rows)).round(2)
    odds = -1.35 + effects[kind] - 0.02 * (age - 44) + 0.025 * (monthly - 68) - 0.0006 * (total - 1500)
    left = leaves(random, odds)
    known = random.random(rows) >= 0.02
    return pl.DataFrame({"customer_type": names[kind], "age": age, "monthly_charges": monthly, "total_charges": total, "churn": left}).with_columns(
        total_charges=pl.when(pl.Series(known)).then("total_charges")
    )


def dense(part, rows):
    random = np.random.default_rng((2, part))
    f = random.normal(size=(28, rows))
    f[3], f[7] = random.exponential(size=(2, rows))
    f[11] = random.gamma(3, 0.5, rows)
    f[15], f[17] = random.uniform(-1.7, 1.7, (2, rows))
    f[16] = random.integers(4, size=rows)
    made = [
        np.hypot(f[0], f[1]),
        f[2] * f[3],
        np.abs(f[4] - f[5]),
        np.cos(2 * f[15]) * f[7],
        np.sqrt(np.abs(f[8] * f[9])),
        np.tanh(f[10] + f[12] * f[13]),
    ]
    f[21:27] = made + random.normal(0, 0.3, (6, rows))
    f[27] = np.linspace(-0.4, 0.4, 21) @ f[:21] + random.normal(0, 0.9, rows)
    odds = 0.35 * f[0] - 0.25 * f[11] + 0.9 * (f[21] - 1.25) * np.sign(f[14]) + 0.5 * f[22] + 0.8 * (f[23] - 1.1)
    odds += 0.9 * f[26] * (f[16] > 1) - 0.7 * f[24] - (f[25] - 0.7) + 0.4 * np.sin(3 * f[17]) - 0.1 * f[27]
    columns = {f"f{j}": column for j, column in enumerate(f.astype(np.float32))}
    return pl.DataFrame({**columns, "y": leaves(random, 0.8 * (odds + 0.25))})


def write_parquet(table, path):
    pq.write_table(table.to_arrow(), path, compression="snappy", row_group_size=ROW_GROUP)


def main(folder):
    for name in ("churn", "dense"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for part in range(10):
        table = churn(part, 1_000_000)
        table.write_csv(folder / f"churn/part-{part:02}.csv")
        write_parquet(table, folder / f"churn/part-{part:02}.parquet")
    for part in range(8):
        write_parquet(dense(part, 250_000), folder / f"dense/part-{part:02}.parquet")
    # Last: it tells that all is there.
    pl.read_csv(folder / "churn/part-00.csv", n_rows=2_000).write_csv(folder / "tiny.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
