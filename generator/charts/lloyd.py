"""Lloyd's algorithm step by step: the path that K-Means takes, for an animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame


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
    raise NotImplementedError
