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
from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as sf
from pyspark.sql.types import DecimalType

from generator.charts import kmeans
from generator.charts.density import Density, density
from generator.charts.kmeans import Scale, Space
from generator.charts.layout import (
    LABEL,
    ClustersError,
    column,
    compiled,
    double,
    finite,
    known,
    lay_out,
    number,
    sortable,
)
from generator.charts.lloyd import Step, lloyd
from generator.charts.moments import Moment, Moments, measure, rounded, table

__all__ = ["Clusters", "ClustersError", "Density", "Profile", "Step", "density", "fit", "lloyd", "sweep"]

How = Literal["sum", "mean", "median"]

LEAST = 5
"""Rows of each cluster in a sample, at least, where the cluster has as many."""
ITERATIONS = 50
RANK = "__rank"


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
        names = self._columns(columns)
        if how == "median":
            found = self._collect(self.frame.groupBy(LABEL).agg(*_medians(names)))
            rows = {row[0]: _numbers(row[1:]) for row in found}
            return table([rows.get(label, [math.nan] * len(names)) for label in range(self.k)], names)
        return table([[_value(moment, how) for moment in group] for group in self._moments.of(names).groups], names)

    def overall(self, how: How, columns: Sequence[str] | None = None) -> pd.Series[float]:
        """Sum, mean or median of all rows, indexed by column."""
        names = self._columns(columns)
        if how == "median":
            return _series(_numbers(self._collect(self.frame.agg(*_medians(names)))[0]), names)
        return _series([_value(moment, how) for moment in self._moments.of(names).overall()], names)

    def spread(self, columns: Sequence[str] | None = None) -> pd.Series[float]:
        """The (population) standard deviation of all rows, indexed by column."""
        names = self._columns(columns)
        return _series([math.sqrt(moment.variance) for moment in self._moments.of(names).overall()], names)

    def profile(self, columns: Sequence[str] | None = None) -> Profile:
        """Sum, mean and standardised difference from the overall mean, per cluster and column."""
        mean, spread = self.aggregate("mean", columns), self.spread(columns)
        # From rounded values, to fixed places: what is left of a difference has fewer digits than its terms.
        difference = ((mean - self.overall("mean", columns)) / spread.where(spread > 0, 1.0)).round(6) + 0.0
        return Profile(self.aggregate("sum", columns), mean, difference)

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """At most `rows` labelled rows for drawing, each cluster in proportion to its size, small ones with a few.

        By default all columns of the frame; the last column is ``cluster``. Rows are chosen by a hash of their values,
        so the sample is the same everywhere and changes little when the data does; sorted by cluster, then columns.
        All rows if the frame has no more than `rows`.
        """
        if rows < 1:
            raise ClustersError(f"a sample needs at least 1 row, not {rows}")
        given = [name for name in self.frame.columns if name != LABEL]
        names = list(known(columns, given)) if columns is not None else given
        chosen = self.frame
        if rows < sum(self.sizes):
            quotas = shares(self.sizes, rows)
            ranked = Window.partitionBy(LABEL).orderBy(sf.xxhash64(*map(column, sortable(self.frame))))
            chosen = (
                # The literal bound lets Spark drop most rows before it moves any.
                chosen.withColumn(RANK, sf.row_number().over(ranked))
                .where(column(RANK) <= max(quotas))
                .where(column(RANK) <= sf.array(*map(sf.lit, quotas))[column(LABEL)])
            )
        order = [LABEL, *(name for name in [*self.columns, *sortable(self.frame)] if name != LABEL)]
        taken = (
            chosen.repartition(1)
            .sortWithinPartitions(*map(column, order))
            .select(*(_plain(self.frame, name) for name in names), LABEL)
        )
        with compiled(self.frame, sum(self.sizes)):
            drawn: pd.DataFrame = taken.toPandas()
        return drawn

    def _collect(self, aggregate: DataFrame) -> list[Row]:
        with compiled(self.frame, sum(self.sizes)):
            rows: list[Row] = aggregate.collect()
        return rows

    def _columns(self, columns: Sequence[str] | None) -> tuple[str, ...]:
        return self._moments.columns if columns is None else known(columns, self._moments.columns, "numeric column")


def fit(
    frame: DataFrame,
    columns: Sequence[str],
    *,
    k: int,
    scale: Scale,
    seed: int = 0,
    attempts: int = 1,
    iterations: int = ITERATIONS,
) -> Clusters:
    """Cluster the rows of `frame` on `columns` with Spark's K-Means.

    K-Means ends in one of several optima, depending on where it began: of several `attempts`, with the seeds `seed`,
    `seed` + 1, …, the one of the lowest cost is kept.

    `scale` must be said: ``"standard"`` gives every column the same weight (its values less their mean, divided by
    their standard deviation; a constant column weighs nothing), ``"raw"`` takes the columns' own units.
    Raises ClustersError (a ValueError) for an unknown or non-numeric column, nulls or NaN, k < 2, attempts < 1, and k
    greater than the number of distinct rows.
    """
    _check([k], scale, attempts)
    layout = lay_out(frame, columns)
    with compiled(frame, layout.rows):
        return _cluster(kmeans.space_of(layout, scale), k, seed, iterations, layout.numeric, attempts)


def sweep(
    frame: DataFrame,
    columns: Sequence[str],
    ks: Iterable[int],
    *,
    scale: Scale,
    seed: int = 0,
    attempts: int = 1,
) -> pd.DataFrame:
    """`fit` for each of `ks`, for charts of elbow and silhouette: a table of ``k``, ``cost`` and ``silhouette``."""
    wanted = tuple(ks)
    _check(wanted, scale, attempts)
    layout = lay_out(frame, columns)
    with compiled(frame, layout.rows):
        space = kmeans.space_of(layout, scale)
        found = [_cluster(space, k, seed, ITERATIONS, layout.columns, attempts) for k in wanted]
    return pd.DataFrame(
        {
            "k": [clusters.k for clusters in found],
            "cost": [clusters.cost for clusters in found],
            "silhouette": [clusters.silhouette for clusters in found],
        }
    )


def shares(sizes: Sequence[int], rows: int) -> list[int]:
    """How many of `rows` each cluster gets: in proportion to `sizes`, at least `LEAST` of each if that fits."""
    total = sum(sizes)
    ideal = [rows * size / total for size in sizes]
    least = [min(size, LEAST) for size in sizes]
    if sum(least) > rows:
        least = [0] * len(sizes)
    quotas = [max(math.floor(share), few) for share, few in zip(ideal, least, strict=True)]
    while sum(quotas) > rows:
        quotas[quotas.index(max(quotas))] -= 1
    while sum(quotas) < min(rows, total):
        missing = [
            share - quota if quota < size else -math.inf
            for share, quota, size in zip(ideal, quotas, sizes, strict=True)
        ]
        quotas[missing.index(max(missing))] += 1
    return quotas


def _check(ks: Sequence[int], scale: object, attempts: object) -> None:
    if scale not in get_args(Scale):
        raise ClustersError(f"scale must be 'standard' or 'raw', not {scale!r}")
    for k in ks:
        if not isinstance(k, int) or isinstance(k, bool) or k < 2:
            raise ClustersError(f"k must be a whole number of at least 2, not {k!r}")
    if not isinstance(attempts, int) or isinstance(attempts, bool) or attempts < 1:
        raise ClustersError(f"attempts must be a whole number of at least 1, not {attempts!r}")


def _cluster(space: Space, k: int, seed: int, iterations: int, columns: Sequence[str], attempts: int) -> Clusters:
    """Clusters of `space`, with the moments of `columns`, the clustered ones among them."""
    grouped = kmeans.group(space, k, seed, iterations, attempts)
    found = measure(grouped, columns, kmeans.GROUP, k)
    clustered = found.of(space.layout.columns)
    silhouette = kmeans.silhouette(space, grouped, clustered)
    centres = [tuple(rounded(moment.mean) for moment in group) for group in clustered.groups]
    order = sorted(range(k), key=lambda group: (-found.sizes[group], centres[group]))
    labels = sf.expr(f"array({', '.join(str(order.index(group)) for group in range(k))})[{kmeans.GROUP}]")
    return Clusters(
        columns=space.layout.columns,
        k=k,
        scale=space.scale,
        seed=seed,
        centres=table([centres[group] for group in order], space.layout.columns),
        sizes=tuple(found.sizes[group] for group in order),
        cost=rounded(kmeans.cost(space, clustered)),
        silhouette=rounded(silhouette),
        frame=grouped.withColumn(LABEL, labels).drop(kmeans.GROUP),
        _moments=found.reordered(order),
    )


def _medians(names: Sequence[str]) -> list[Column]:
    return [sf.median(sf.expr(f"CASE WHEN {finite(double(name))} THEN {double(name)} END")) for name in names]


def _value(moment: Moment, how: How) -> float:
    if how not in ("sum", "mean"):
        raise ClustersError(f"how must be 'sum', 'mean' or 'median', not {how!r}")
    return moment.total if how == "sum" else moment.mean


def _numbers(row: Row | Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in row]


def _series(values: Sequence[float], names: Sequence[str]) -> pd.Series[float]:
    return pd.Series([rounded(value) for value in values], index=list(names), dtype=float)


def _plain(frame: DataFrame, name: str) -> Column:
    """A column as pandas takes it without Python objects: a decimal as a double."""
    exact = isinstance(frame.schema[name].dataType, DecimalType)
    return number(name).alias(name) if exact else column(name)
