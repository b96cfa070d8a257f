"""Density: how many rows of a frame lie where, counted in Spark in a grid of cells.

What comes back is as large as the grid, whatever the frame. Counts are whole numbers and the grid is made from the
data's extremes, so the result is the same everywhere without a canonical layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import pandas as pd
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as sf
from pyspark.sql.types import IntegralType

from generator.charts.layout import ClustersError, compiled, known, number, numeric
from generator.charts.layout import column as named

MOST = 400
"""Cells in one direction, at most: a plot is about as many pixels wide on a phone."""

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How many rows lie in each cell of a grid over the columns `x` and `y`.

    `x_edges` and `y_edges` bound the cells, one more than there are of them. `cells` has a row for each cell that is
    not empty: its place ``x`` and ``y`` in the grid, from 0, and its ``rows``; where the rows were counted by cluster
    the column ``cluster`` comes first, and a cell has a row for each cluster in it. `left_out` are rows outside of the
    grid, or without a finite number in both columns.
    """

    x: str
    y: str
    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    cells: pd.DataFrame
    left_out: int


def density(
    frame: DataFrame,
    x: str,
    y: str,
    *,
    bins: int | tuple[int, int] = 60,
    x_range: Range | None = None,
    y_range: Range | None = None,
    cluster: str = "",
) -> Density:
    """Count the rows of `frame` in `bins` × `bins` cells (or so many across and so many up) over columns `x` and `y`.

    The grid spans all finite values, or the ranges given: a far outlier need not stretch it. `cluster` is a column of
    small whole numbers, such as that of ``fit(…).frame``, by which rows are counted apart. Raises ClustersError.
    """
    wide, tall = bins if isinstance(bins, tuple) else (bins, bins)
    for amount in (wide, tall):
        if not isinstance(amount, int) or isinstance(amount, bool) or not 2 <= amount <= MOST:
            raise ClustersError(f"bins must be whole numbers from 2 to {MOST}, not {amount!r}")
    names = known([x, y], numeric(frame), "numeric column")
    groups = _groups(frame, cluster)
    values = [number(name) for name in names]
    # Spark sorts NaN above infinity: one comparison finds both.
    finite = frame.where(reduce(and_, (sf.abs(value) < math.inf for value in values)))
    rows = frame.count()
    with compiled(frame, rows):
        spans = _spans(finite, names, values, (x_range, y_range))
        places = [_place(value, span, amount) for value, span, amount in zip(values, spans, (wide, tall), strict=True)]
        found = _counted(finite, values, spans, [*groups, places[0].alias("x"), places[1].alias("y")])
    columns = [*(["cluster"] if cluster else []), "x", "y", "rows"]
    cells = pd.DataFrame([list(row) for row in found], columns=columns, dtype="int64")
    (left, right), (low, high) = spans
    return Density(x, y, _edges(left, right, wide), _edges(low, high, tall), cells, rows - int(cells["rows"].sum()))


def _groups(frame: DataFrame, cluster: str) -> list[Column]:
    if not cluster:
        return []
    known([cluster], frame.columns)
    kind = frame.schema[cluster].dataType
    if not isinstance(kind, IntegralType):
        raise ClustersError(f"column '{cluster}' does not hold whole numbers, it is {kind.simpleString()}")
    return [named(cluster).alias("cluster")]


def _spans(
    finite: DataFrame, names: Sequence[str], values: Sequence[Column], given: Sequence[Range | None]
) -> list[Range]:
    """The range of each column, as given or of all its values; one value alone gets a little room."""
    extremes = finite.agg(*(function(value) for value in values for function in (sf.min, sf.max))).collect()[0]
    spans = []
    for i, name in enumerate(names):
        wanted = given[i]
        low, high = wanted or (extremes[2 * i], extremes[2 * i + 1])
        if low is None:
            raise ClustersError(f"there is no row with numbers in both of {' and '.join(names)}")
        if wanted and not -math.inf < low < high < math.inf:
            raise ClustersError(f"the range of '{name}' must go from a lower to a higher number, not {wanted}")
        spans.append((float(low), float(high)) if low < high else (low - (abs(low) or 1.0), low + (abs(low) or 1.0)))
    return spans


def _place(value: Column, span: Range, amount: int) -> Column:
    """The cell in which a value of `span` lies; the highest value belongs to the last one."""
    low, high = span
    # Halves, so that the width of a span of the largest doubles is finite.
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return sf.least(sf.floor(share * amount).cast("int"), sf.lit(amount - 1))


def _counted(finite: DataFrame, values: Sequence[Column], spans: Sequence[Range], keys: Sequence[Column]) -> list[Row]:
    inside = (value.between(*span) for value, span in zip(values, spans, strict=True))
    return sorted(finite.where(reduce(and_, inside)).groupBy(*keys).agg(sf.count(sf.lit(1))).dropna().collect())


def _edges(low: float, high: float, amount: int) -> tuple[float, ...]:
    """Ten digits are more than any screen has."""
    return tuple(float(f"{low * (1 - i / amount) + high * (i / amount):.10g}") for i in range(amount + 1))
