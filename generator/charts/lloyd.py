"""Lloyd's algorithm step by step: the path that K-Means takes, for an animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from generator.charts.layout import ClustersError, column, lay_out, number
from generator.charts.moments import rounded, table

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step: `centres` (k rows, index ``cluster``) and the `labels` of the `points` nearest to each.

    `number` counts from 0, the initial centres. `labels` has the index of `points`, which is one frame that all steps
    share (columns as given). `cost` is the sum of squared distances of the points to their centres, in the columns'
    own units.
    """

    number: int
    points: pd.DataFrame
    centres: pd.DataFrame
    labels: pd.Series[int]
    cost: float


def lloyd(
    frame: DataFrame, columns: Sequence[str], *, k: int, seed: int = 0, steps: int = 20, rows: int = 500
) -> tuple[Step, ...]:
    """The steps of Lloyd's algorithm until nothing moves, at most `steps` after the initial centres.

    It runs in numpy on at most `rows` rows of the frame, chosen by a hash of their values and `seed`, in the columns'
    own units. The initial centres are k distinct rows of them, not chosen well: a path worth watching (Spark's own
    K-Means starts better, and shows no steps). Labels are canonical by the last step, so a cluster keeps its number.
    """
    if not isinstance(k, int) or isinstance(k, bool) or k < 2:
        raise ClustersError(f"k must be a whole number of at least 2, not {k!r}")
    layout = lay_out(frame, columns)
    names = layout.columns
    values = [number(name).alias(name) for name in names]
    shuffled = layout.frame.orderBy(sf.xxhash64(*map(column, names), sf.lit(seed)), *map(column, names))
    points = shuffled.select(*values).limit(rows).toPandas()
    path = _path(points.to_numpy(dtype=np.float64), k, steps, names)
    order = _order(*path[-1])
    return tuple(
        Step(
            number=i,
            points=points,
            centres=table([tuple(centres[group]) for group in order], names),
            labels=pd.Series([order.index(label) for label in labels], index=points.index, name="cluster"),
            cost=rounded(_cost(points.to_numpy(dtype=np.float64), centres, labels)),
        )
        for i, (centres, labels) in enumerate(path)
    )


def _path(points: Floats, k: int, steps: int, names: Sequence[str]) -> list[tuple[Floats, Labels]]:
    """Centres and labels of each step. The points come shuffled: the first k that differ are the initial centres."""
    first = np.sort(np.unique(points, axis=0, return_index=True)[1])[:k]
    if len(first) < k:
        raise ClustersError(f"k is {k}, but only {len(first)} of the {len(points)} points differ in {', '.join(names)}")
    centres = points[first]
    path = [(centres, _nearest(points, centres))]
    for _ in range(steps):
        centres, labels = path[-1]
        # A centre that lost all of its points stays where it is.
        moved = np.array([points[labels == i].mean(axis=0) if (labels == i).any() else centres[i] for i in range(k)])
        if np.array_equal(moved, centres):
            break
        path.append((moved, _nearest(points, moved)))
    return path


def _nearest(points: Floats, centres: Floats) -> Labels:
    distances: Floats = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    nearest: Labels = distances.argmin(axis=1)
    return nearest


def _cost(points: Floats, centres: Floats, labels: Labels) -> float:
    return float(((points - centres[labels]) ** 2).sum())


def _order(centres: Floats, labels: Labels) -> list[int]:
    """The groups in canonical order, as `clusters` has it: the largest first, then by their centres."""
    sizes = np.bincount(labels, minlength=len(centres))
    return sorted(range(len(centres)), key=lambda i: (-int(sizes[i]), [rounded(x) for x in centres[i]]))
