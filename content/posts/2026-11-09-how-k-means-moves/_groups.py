"""The groupings of this post: the vans' paths, and what Spark's K-Means finds in the park."""

from __future__ import annotations

import _park as park
import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from generator.charts import clusters

PLACE = ["east", "north"]
WATCHED, UNLUCKY = 6, 5
"""The starts, by seed, of the two paths that the post shows: one that ends well, one that doesn't."""


def path(spark: SparkSession, seed: int) -> tuple[clusters.Step, ...]:
    """The steps of four vans that start at four picnickers, who are picked by `seed`."""
    return clusters.lloyd(spark.createDataFrame(park.picnickers()), PLACE, k=4, seed=seed, steps=40)


def vans(spark: SparkSession) -> pd.DataFrame:
    """Cost and silhouette of two to eight vans."""
    return clusters.sweep(spark.createDataFrame(park.picnickers()), PLACE, range(2, 9), scale="raw", seed=1)


def fountain(spark: SparkSession, by: list[str]) -> clusters.Clusters:
    """Two groups around the fountain: by ``PLACE``, or by ``["distance"]`` from the fountain in metres."""
    people = park.around_the_fountain()
    people = people.assign(distance=np.hypot(people["east"], people["north"]).round(1))
    return clusters.fit(spark.createDataFrame(people), by, k=2, scale="raw", seed=1)


def survey(spark: SparkSession, scale: clusters.Scale) -> clusters.Clusters:
    """Three groups of visitors by age and income, in their own units or with equal weight."""
    return clusters.fit(spark.createDataFrame(park.survey()), ["age", "income"], k=3, scale=scale, seed=1)
