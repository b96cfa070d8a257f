"""Spark's K-Means in the space that an author chose: standardised columns, or columns as they are.

Either way each column is shifted by its mean and divided by a unit, its own standard deviation or, for raw columns,
one unit for all: K-Means doesn't mind, and numbers near 1 keep digits and make Spark's tolerance mean the same for
metres as for millimetres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pyspark.ml.clustering import KMeans, KMeansModel
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from generator.charts.layout import ClustersError, Layout, double, literal
from generator.charts.moments import Moments, measure, rounded

Scale = Literal["standard", "raw"]

# Names of columns that live between two steps only.
FEATURES = "__features"
GROUP = "__group"

INITIAL_STEPS = (2, 8, 32)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A layout with the shift and the unit of each of its columns."""

    layout: Layout
    scale: Scale
    shifts: tuple[float, ...]
    units: tuple[float, ...]

    def values(self) -> list[str]:
        """The coordinates of a row, as SQL text."""
        places = zip(self.layout.columns, self.shifts, self.units, strict=True)
        return [f"(({double(name)} - {literal(shift)}) / {literal(unit)})" for name, shift, unit in places]

    def point(self, means: Sequence[float]) -> tuple[float, ...]:
        """The coordinates of a point in the columns' own units."""
        return tuple((x - shift) / unit for x, shift, unit in zip(means, self.shifts, self.units, strict=True))


def space_of(layout: Layout, scale: Scale) -> Space:
    """The space in which to cluster `layout`; a constant column has the unit 1."""
    moments = measure(layout.frame, layout.columns).overall()
    if scale == "standard":
        units = [math.sqrt(moment.variance) for moment in moments]
    else:
        units = [math.sqrt(math.fsum(moment.variance for moment in moments) / len(moments))] * len(moments)
    return Space(layout, scale, tuple(moment.mean for moment in moments), tuple(unit or 1.0 for unit in units))


def group(space: Space, k: int, seed: int, iterations: int, attempts: int = 1) -> DataFrame:
    """The frame with an integer column `GROUP`, 0 … k − 1 in no order; ClustersError for too few distinct rows.

    Of several attempts, with the seeds `seed`, `seed` + 1, …, the one of the lowest cost is taken.
    """
    layout = space.layout
    # The count is an estimate within a few per cent: it is made exact only where it matters.
    if layout.distinct < 2 * k + 10:
        distinct = layout.frame.selectExpr(*space.values()).distinct().limit(k).count()
        if distinct < k:
            columns = ", ".join(layout.columns)
            raise ClustersError(f"k is {k}, but only {distinct} rows differ in {columns}")
    frame = layout.frame.select("*", array_to_vector(sf.expr(f"array({', '.join(space.values())})")).alias(FEATURES))
    models = [_model(frame, space, k, seed + attempt, iterations) for attempt in range(attempts)]
    # Rounded, since the last digits depend on which partition was added first.
    costs = [rounded(model.summary.trainingCost) if attempts > 1 else 0.0 for model in models]
    return models[costs.index(min(costs))].transform(frame).drop(FEATURES)


def _model(frame: DataFrame, space: Space, k: int, seed: int, iterations: int) -> KMeansModel:
    for steps in INITIAL_STEPS:
        # From few distinct rows, two rounds of sampling may not draw k different ones.
        estimator = KMeans(
            k=k, seed=seed, maxIter=iterations, initSteps=steps, featuresCol=FEATURES, predictionCol=GROUP
        )
        model: KMeansModel = estimator.fit(frame)
        if len(model.clusterCenters()) == k:
            return model
    raise ClustersError(f"Spark finds fewer than {k} groups in {', '.join(space.layout.columns)}; choose a smaller k")


def cost(space: Space, moments: Moments) -> float:
    """The sum of squared distances of all rows to their group's mean: in standard deviations, or the input's units."""
    units = space.units if space.scale == "standard" else (1.0,) * len(space.units)
    return math.fsum(m.deviation / u**2 for group in moments.groups for m, u in zip(group, units, strict=True))


def silhouette(space: Space, frame: DataFrame, moments: Moments) -> float:
    """The mean silhouette (Rousseeuw 1987) of the rows of `frame`, by squared Euclidean distance, in one pass.

    `moments` are those of the clustered columns in each `GROUP`: the mean squared distance of a row to the rows of a
    group is its squared distance to their mean plus their variance. In its own group a row is no neighbour of itself;
    alone in its group it counts 0.
    """
    values, distances = space.values(), []
    for members in moments.groups:
        centre = space.point([moment.mean for moment in members])
        variance = math.fsum(m.variance / u**2 for m, u in zip(members, space.units, strict=True))
        gaps = [f"({value} - {literal(at)})" for value, at in zip(values, centre, strict=True)]
        distances.append(f"{' + '.join(f'{gap} * {gap}' for gap in gaps)} + {literal(variance)}")
    places = range(len(distances))
    measured = frame.selectExpr(GROUP, *(f"{distance} AS d{i}" for i, distance in zip(places, distances, strict=True)))
    own = " ".join(f"WHEN {i} THEN {_corrected(i, size)}" for i, size in zip(places, moments.sizes, strict=True))
    others = ", ".join(f"CASE WHEN {GROUP} != {i} THEN d{i} END" for i in places)
    compared = measured.selectExpr(f"CASE {GROUP} {own} END AS own", f"least({others}) AS other")
    width = "CASE WHEN own IS NULL OR greatest(own, other) <= 0 THEN 0D ELSE (other - own) / greatest(own, other) END"
    return measure(compared.selectExpr(f"{width} AS silhouette"), ["silhouette"]).overall()[0].mean


def _corrected(group: int, size: int) -> str:
    """The mean squared distance of a row to the others of its own group, which has `size` rows; null if alone in it."""
    return f"d{group} * {literal(size / (size - 1))}" if size > 1 else "CAST(NULL AS DOUBLE)"
