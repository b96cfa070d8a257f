"""The artificial park of this post: picnickers, the people around its fountain, and its survey of visitors.

Each function takes a seed and returns a frame; the charts draw and cluster these rows, and nothing else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def picnickers(seed: int = 7) -> pd.DataFrame:
    """180 people on a lawn in four loose crowds: metres to the east and to the north of the main gate."""
    rng = np.random.default_rng(seed)
    crowds = [
        (55, (90, 250), (34, 27)),
        (50, (265, 265), (31, 33)),
        (40, (285, 90), (32, 29)),
        (35, (120, 75), (35, 31)),
    ]
    rows = np.vstack([rng.normal(middle, spread, (size, 2)) for size, middle, spread in crowds])
    return pd.DataFrame(rows.round(1), columns=["east", "north"])


def around_the_fountain(seed: int = 11) -> pd.DataFrame:
    """220 people: 80 who sit around the fountain, 140 who run on the circular path; metres from the fountain."""
    rng = np.random.default_rng(seed)
    radius = np.concatenate([rng.normal(9, 3, 80).clip(3), rng.normal(40, 2.5, 140)])
    angle = rng.uniform(0, 2 * np.pi, len(radius))
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    return pd.DataFrame({"east": east.round(1), "north": north.round(1)})


def survey(seed: int = 5) -> pd.DataFrame:
    """210 answers of three kinds of visitors: their age in years and their yearly income in dollars."""
    rng = np.random.default_rng(seed)
    kinds = [(70, (23, 25_000), (2.6, 6_500)), (75, (43, 63_000), (5.0, 13_000)), (65, (71, 32_000), (4.2, 7_500))]
    rows = np.vstack([rng.normal(middle, spread, (size, 2)) for size, middle, spread in kinds])
    return pd.DataFrame({"age": rows[:, 0].round(0), "income": rows[:, 1].round(-2).clip(6_000)})
