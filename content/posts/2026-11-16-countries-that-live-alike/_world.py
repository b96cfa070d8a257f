"""The countries of this post: Gapminder's numbers, four groups of 2007, and the other years measured by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.data
from pyspark.sql import DataFrame, SparkSession

from generator.charts import clusters

COLUMNS = ["lifeExp", "log_gdp", "log_pop"]
YEAR = 2007
SEED = 13
"""Of the first 24, seeds 13, 17 and 18 end at the lowest cost."""

NAMES = {0: "Small, long lives", 1: "Large, short lives", 2: "Large, long lives", 3: "Small, short lives"}
LONG = (0, 2)
"""The groups with long lives."""


def rows() -> pd.DataFrame:
    """Gapminder's extract: 142 countries in twelve years, with the logarithms of GDP per head and population."""
    table = plotly.data.gapminder(return_type="pandas")
    table = table[["country", "continent", "year", "lifeExp", "gdpPercap", "pop"]]
    return table.assign(log_gdp=np.log10(table["gdpPercap"]), log_pop=np.log10(table["pop"]))


def latest(spark: SparkSession) -> DataFrame:
    """The countries of 2007 as a frame of Spark."""
    table = rows()
    return spark.createDataFrame(table[table["year"] == YEAR])


def fit(spark: SparkSession) -> clusters.Clusters:
    """Four groups of countries in 2007, by length of life and the logarithms of income and size, with equal weight."""
    return clusters.fit(latest(spark), COLUMNS, k=4, scale="standard", seed=SEED)


def over_time(found: clusters.Clusters) -> pd.DataFrame:
    """All rows with the ``cluster`` whose centre of 2007 is nearest, in the standard deviations of 2007."""
    table = rows()
    spread = found.spread(COLUMNS).to_numpy()
    places, centres = table[COLUMNS].to_numpy() / spread, found.centres[COLUMNS].to_numpy() / spread
    distances = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return table.assign(cluster=distances.argmin(axis=1))


def crossings(labelled: pd.DataFrame) -> pd.DataFrame:
    """The countries that passed from short lives to long ones: cluster by country and year, in order of crossing."""
    table = labelled.pivot(index="country", columns="year", values="cluster")
    long = table.isin(LONG)
    first = long[long.any(axis=1) & ~long.iloc[:, 0]].idxmax(axis=1)
    return table.loc[first.sort_index().sort_values(kind="stable").index]


def portrait(found: clusters.Clusters) -> clusters.Profile:
    """The groups' profile with their means in years, dollars and people; the latter two are geometric means."""
    profile = found.profile(COLUMNS)
    mean = profile.mean.assign(log_gdp=10 ** profile.mean["log_gdp"], log_pop=10 ** profile.mean["log_pop"])
    return clusters.Profile(sum=profile.sum, mean=mean, difference=profile.difference)
