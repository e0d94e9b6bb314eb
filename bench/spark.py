"""Measures Spark MLlib on this machine once, as peers.py does the others: `python spark.py FOLDER spark.churn`.

The session starts before the first phase, tables are cached and counted, as its guides advise. SPARK_MEMORY is the driver's heap (8g).
"""

import json
import os
import sys

from peers import NUMBERS, THREADS, parts, phase, phases


def session():
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": os.environ.get("SPARK_MEMORY", "8g"),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    spark = SparkSession.builder.master(f"local[{THREADS}]").config(map=settings).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def cached(table):
    table.cache().count()
    return table


def read_churn(spark, folder, first, end):
    paths = [str(path) for path in parts(folder, "churn", "csv", first, end)]
    return cached(spark.read.csv(paths, header=True, inferSchema=True))


def read_dense(spark, folder, first, end, columns, label):
    from pyspark.ml.feature import VectorAssembler

    table = spark.read.parquet(*[str(path) for path in parts(folder, "dense", "parquet", first, end)])
    assembled = VectorAssembler(inputCols=columns, outputCol="features").transform(table)
    return cached(assembled.selectExpr("features", f"cast({label} as double) label"))


def churn_stages():
    from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler

    imputed = [f"{name}_imputed" for name in NUMBERS]
    return [
        StringIndexer(inputCol="customer_type", outputCol="type"),
        OneHotEncoder(inputCol="type", outputCol="types"),
        Imputer(inputCols=NUMBERS, outputCols=imputed),
        VectorAssembler(inputCols=["types", *imputed], outputCol="features"),
    ]


def area(predictions, label):
    from pyspark.ml.evaluation import BinaryClassificationEvaluator

    return BinaryClassificationEvaluator(labelCol=label).evaluate(predictions)


def load(spark, folder):
    with phase("load"):
        table = read_churn(spark, folder, 0, 10)
    return {"rows": table.count(), "mean": table.agg({"total_charges": "avg"}).first()[0]}


def churn(spark, folder):
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import LogisticRegression

    with phase("load"):
        train, test = read_churn(spark, folder, 0, 8), read_churn(spark, folder, 8, 10)
    with phase("train"):
        model = Pipeline(stages=[*churn_stages(), LogisticRegression(labelCol="churn")]).fit(train)
    with phase("evaluate"):
        auc = area(model.transform(test), "churn")
    return {"auc": auc}


def classified(spark, folder, estimator):
    """The model of the label y of the dense table, and its test AUC."""
    columns = [f"f{j}" for j in range(28)]
    with phase("load"):
        train, test = read_dense(spark, folder, 0, 6, columns, "y"), read_dense(spark, folder, 6, 8, columns, "y")
    with phase("train"):
        model = estimator.fit(train)
    with phase("evaluate"):
        auc = area(model.transform(test), "label")
    return model, auc


def logistic(spark, folder):
    from pyspark.ml.classification import LogisticRegression

    model, auc = classified(spark, folder, LogisticRegression(maxIter=200))
    return {"auc": auc, "trainLoss": model.summary.objectiveHistory[-1]}


def ridge(spark, folder):
    from pyspark.ml.evaluation import RegressionEvaluator
    from pyspark.ml.regression import LinearRegression

    columns = [f"f{j}" for j in range(27)]
    with phase("load"):
        train, test = read_dense(spark, folder, 0, 6, columns, "f27"), read_dense(spark, folder, 6, 8, columns, "f27")
    with phase("train"):
        model = LinearRegression(regParam=1e-6, solver="normal").fit(train)
    with phase("evaluate"):
        rmse = RegressionEvaluator(metricName="rmse").evaluate(model.transform(test))
    return {"rmse": rmse}


def boost(spark, folder):
    """Ten trees: a hundred take five to ten minutes, and each takes as long as the one before."""
    from pyspark.ml.classification import GBTClassifier

    _, auc = classified(spark, folder, GBTClassifier(maxIter=10, maxDepth=6, maxBins=255, stepSize=0.1, seed=0))
    return {"auc": auc}


def forest(spark, folder):
    from pyspark.ml.classification import RandomForestClassifier

    _, auc = classified(spark, folder, RandomForestClassifier(numTrees=50, maxDepth=10, seed=0))
    return {"auc": auc}


def grid(spark, folder):
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import LogisticRegression
    from pyspark.ml.evaluation import BinaryClassificationEvaluator
    from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

    model = LogisticRegression(labelCol="churn")
    settings = ParamGridBuilder().addGrid(model.regParam, [0.0, 0.01, 0.1]).addGrid(model.elasticNetParam, [0.0, 0.5, 1.0]).build()
    judge = BinaryClassificationEvaluator(labelCol="churn")
    search = CrossValidator(estimator=model, estimatorParamMaps=settings, evaluator=judge, numFolds=3, parallelism=THREADS, seed=1)
    with phase("load"):
        train, test = read_churn(spark, folder, 0, 8), read_churn(spark, folder, 8, 10)
    with phase("features"):
        features = Pipeline(stages=churn_stages()).fit(train)
        encoded = cached(features.transform(train).select("features", "churn"))
        train.unpersist()
    with phase("search"):
        found = search.fit(encoded)
    with phase("evaluate"):
        auc = area(found.transform(features.transform(test)), "churn")
    return {"auc": auc, "foldAuc": max(found.avgMetrics)}


def start(spark, folder):
    from pyspark.ml.classification import LogisticRegression
    from pyspark.ml.feature import VectorAssembler

    table = spark.read.csv(str(folder / "tiny.csv"), header=True, inferSchema=True)
    table = VectorAssembler(inputCols=["age", "monthly_charges"], outputCol="features").transform(table)
    return {"auc": area(LogisticRegression(labelCol="churn").fit(table).transform(table), "churn")}


def virtual_machine_cpu_seconds():
    """Python ends without waiting for Java, so whoever times this process does not see Java's CPU."""
    import psutil

    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return sum(time.user + time.system for time in times)


if __name__ == "__main__":
    from pathlib import Path

    measurements = {f"spark.{function.__name__}": function for function in (load, churn, logistic, ridge, boost, forest, grid, start)}
    spark = session()
    metrics = measurements[sys.argv[2]](spark, Path(sys.argv[1]))
    cpu = virtual_machine_cpu_seconds()
    spark.stop()
    print(json.dumps({"phases": phases, "metrics": metrics, "unseenCpuSeconds": cpu}))
