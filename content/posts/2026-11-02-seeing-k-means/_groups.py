"""The groupings of this post: by eye, and what Spark's K-Means finds in each of its three files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from generator.charts import clusters

FOLDER = Path(__file__).parent
PENCIL = (22, 90)
"""The minutes at which the pencil parts quick visits from lunches, and lunches from long stays."""

REPAID, BORROWED = "repaid over 750", "borrowed over 750"


def read(name: str) -> pd.DataFrame:
    """One of the CSV files beside this post."""
    return pd.read_csv(FOLDER / f"{name}.csv")


def by_eye() -> pd.DataFrame:
    """The visits with the pencil's ``cluster``: 0 quick, 1 lunch, 2 long."""
    visits = read("visits")
    return visits.assign(cluster=np.digitize(visits["minutes"], PENCIL))


def visits(spark: SparkSession) -> clusters.Clusters:
    """Three kinds of visits, by minutes and dollars with equal weight."""
    frame = spark.createDataFrame(read("visits"))
    return clusters.fit(frame, ["minutes", "dollars"], k=3, scale="standard", seed=3)


def balances(spark: SparkSession) -> clusters.Clusters:
    """Three kinds of customers, by the change of three balances in dollars."""
    frame = spark.createDataFrame(read("balances"))
    return clusters.fit(frame, ["current", "savings", "investments"], k=3, scale="raw", seed=3)


def balances_and_loans(spark: SparkSession) -> clusters.Clusters:
    """Four kinds of customers, by all four balances."""
    frame = spark.createDataFrame(read("balances"))
    return clusters.fit(frame, ["current", "savings", "investments", "loans"], k=4, scale="raw", seed=3)


def by_debts(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the column ``debts``: whether loans shrank or grew by more than 750 dollars."""
    debts = pd.cut(rows["loans"], [-np.inf, -750, 750, np.inf], labels=[REPAID, "little change", BORROWED])
    return rows.assign(debts=debts)


def customers(spark: SparkSession) -> clusters.Clusters:
    """Four kinds of customers, by twelve products with equal weight."""
    table = read("customers")
    return clusters.fit(spark.createDataFrame(table), list(table.columns), k=4, scale="standard", seed=3)
