"""Moments of columns per group: counts, sums and squared deviations, the same to the last bit however they are added.

Each partition of a canonical layout is summed by itself in the order of its rows; the few partial results are added
here with `math.fsum`, which does not care for their order. Deviations are merged by the formula of Chan, Golub and
LeVeque (1979), which, unlike a sum of squares less a squared sum, doesn't cancel.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from generator.charts.layout import double, finite

DIGITS = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """Of one column in one group: how many values, their sum, and the sum of their squared deviations from the mean."""

    count: int
    total: float
    deviation: float

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else math.nan

    @property
    def variance(self) -> float:
        """The population variance."""
        return self.deviation / self.count if self.count else math.nan


def merge(parts: Iterable[Moment]) -> Moment:
    """The moment of the union of `parts`."""
    given = [part for part in parts if part.count]
    if len(given) == 1:
        return given[0]
    count = sum(part.count for part in given)
    total = math.fsum(part.total for part in given)
    mean = total / count if count else 0.0
    deviation = math.fsum(term for part in given for term in (part.deviation, part.count * (part.mean - mean) ** 2))
    return Moment(count, total, deviation)


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of `columns` in each of the groups 0 … n − 1, and their number of rows. A group may be empty."""

    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    groups: tuple[tuple[Moment, ...], ...]

    def overall(self) -> tuple[Moment, ...]:
        """The moments of all groups together, for each column."""
        return tuple(merge(column) for column in zip(*self.groups, strict=True))

    def of(self, names: Sequence[str]) -> Moments:
        """The same for some of the columns."""
        places = [self.columns.index(name) for name in names]
        return Moments(tuple(names), self.sizes, tuple(tuple(group[i] for i in places) for group in self.groups))

    def reordered(self, order: Sequence[int]) -> Moments:
        """The same with group ``order[i]`` as group i."""
        return Moments(self.columns, tuple(self.sizes[i] for i in order), tuple(self.groups[i] for i in order))


def measure(frame: DataFrame, columns: Sequence[str], group: str = "0", groups: int = 1) -> Moments:
    """Moments of numeric `columns` of a canonical frame, by `group`, an integer expression of 0 … `groups` − 1.

    One pass. Null, NaN and infinite values are left out.
    """
    # As doubles, so that no sum of integers overflows.
    values = [f"CASE WHEN {finite(value)} THEN {value} END" for value in map(double, columns)]
    sums = (f"{function}({value})" for value in values for function in ("count", "sum", "var_pop"))
    by = (sf.expr("spark_partition_id() AS part"), sf.expr(f"{group} AS group"))
    partials = frame.groupBy(*by).agg(*map(sf.expr, ("count(1)", *sums))).collect()
    sizes = [0] * groups
    parts: dict[tuple[int, int], list[Moment]] = defaultdict(list)
    for _, label, rows, *numbers in sorted(partials):
        sizes[label] += rows
        for i in range(len(columns)):
            count, total, variance = numbers[3 * i : 3 * i + 3]
            parts[label, i].append(Moment(count, total or 0.0, (variance or 0.0) * count))
    merged = tuple(tuple(merge(parts[label, i]) for i in range(len(columns))) for label in range(groups))
    return Moments(tuple(columns), tuple(sizes), merged)


def rounded(value: float) -> float:
    """`value` to ten significant digits, all that is promised to be the same everywhere (and no negative zero)."""
    return float(f"{value:.{DIGITS}g}") + 0.0


def table(rows: Sequence[Sequence[float]], columns: Sequence[str]) -> pd.DataFrame:
    """A rounded table with one row for each cluster."""
    index = pd.RangeIndex(len(rows), name="cluster")
    return pd.DataFrame([[rounded(value) for value in row] for row in rows], index=index, columns=list(columns))
