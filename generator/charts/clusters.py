"""K-Means on Spark frames, for the authors of charts: ``from generator.charts import clusters``.

A clustering is computed, aggregated and sampled *in Spark*; what comes back are plain values and small pandas frames
of as many rows as there are clusters, so neither memory nor a page grows with the data. Nothing here collects a frame.

The same rows and seed give the same labels, centres and bytes, whatever the frame's partitions and the order of its
rows, the number of cores or the cluster that it runs on: rows are brought into one canonical layout first (`layout`),
sums are added up exactly (`moments`), and results are rounded to ten significant digits.

Labels are canonical too: cluster 0 is the largest; of clusters of one size, that with the smaller centre comes first
(its first column, then its second, …). Null and NaN in columns that were not clustered on are left out of aggregates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from generator.charts import layout
from generator.charts.layout import ClustersError, column
from generator.charts.lloyd import Step, lloyd
from generator.charts.moments import Moments, measure, rounded

__all__ = ["Clusters", "ClustersError", "Profile", "Step", "fit", "lloyd", "sweep"]

Scale = Literal["standard", "raw"]
How = Literal["sum", "mean", "median"]

LEAST = 5
"""Rows of each cluster in a sample, at least, where the cluster has as many."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Clusters side by side: three tables of k rows (index ``cluster``) and one column for each column of the frame.

    `difference` is (mean of the cluster − mean of all rows) ÷ standard deviation of all rows: how many standard
    deviations a cluster lies above or below the whole, comparable between columns; 0 where a column is constant.
    """

    sum: pd.DataFrame
    mean: pd.DataFrame
    difference: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What K-Means found.

    `centres` has k rows (index ``cluster``, 0 … k − 1) and the clustered columns, in the units of the input: each
    centre is the mean of its cluster's rows. `sizes` are rows per cluster. `cost` is the sum of squared distances of
    the rows to their centres in the space that was clustered: of standard deviations for ``scale="standard"``, of the
    input's units for ``"raw"``. `silhouette` (−1 … 1, squared Euclidean distance in the same space) is near 1 when
    clusters are tight and apart. `frame` is the clustered frame in Spark: all of its columns, and an int ``cluster``.
    """

    columns: tuple[str, ...]
    k: int
    scale: Scale
    seed: int
    centres: pd.DataFrame
    sizes: tuple[int, ...]
    cost: float
    silhouette: float
    frame: DataFrame
    _moments: Moments = field(repr=False)

    def aggregate(self, how: How, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Sum, mean or median per cluster: k rows (index ``cluster``), by default all numeric columns of the frame."""
        raise NotImplementedError

    def overall(self, how: How, columns: Sequence[str] | None = None) -> pd.Series[float]:
        """Sum, mean or median of all rows, indexed by column."""
        raise NotImplementedError

    def spread(self, columns: Sequence[str] | None = None) -> pd.Series[float]:
        """The (population) standard deviation of all rows, indexed by column."""
        raise NotImplementedError

    def profile(self, columns: Sequence[str] | None = None) -> Profile:
        """Sum, mean and standardised difference from the overall mean, per cluster and column."""
        raise NotImplementedError

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """At most `rows` labelled rows for drawing, each cluster in proportion to its size, small ones with a few.

        By default all columns of the frame; the last column is ``cluster``. Rows are chosen by a hash of their values,
        so the sample is the same everywhere and changes little when the data does; sorted by cluster, then columns.
        All rows if the frame has no more than `rows`.
        """
        raise NotImplementedError


def fit(
    frame: DataFrame,
    columns: Sequence[str],
    *,
    k: int,
    scale: Scale,
    seed: int = 0,
    iterations: int = 50,
) -> Clusters:
    """Cluster the rows of `frame` on `columns` with Spark's K-Means.

    `scale` must be said: ``"standard"`` gives every column the same weight (its values less their mean, divided by
    their standard deviation; a constant column weighs nothing), ``"raw"`` takes the columns' own units.
    Raises ClustersError (a ValueError) for an unknown or non-numeric column, nulls or NaN, k < 2, and k greater than
    the number of distinct rows.
    """
    raise NotImplementedError


def sweep(
    frame: DataFrame, columns: Sequence[str], ks: Iterable[int], *, scale: Scale, seed: int = 0
) -> pd.DataFrame:
    """`fit` for each of `ks`, for charts of elbow and silhouette: a table of ``k``, ``cost`` and ``silhouette``."""
    raise NotImplementedError
