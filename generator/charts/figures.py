"""Figures: the pictures of clusters that an author can draw, ``from generator.charts import figures``.

Each is a function from plain values, pandas frames as ``generator.charts.clusters`` gives them, to a Plotly figure::

    figures.scatter_3d(found.sample(100), "income", "age", "balance", alt="…", caption="…")

They share one vocabulary. `alt` (what a reader who can't see the figure is told) is required; `caption` and `source`
are plain text below it. `labels` are what stands for a column's name, with its unit (``{"gdp": "GDP per head, US$"}``),
`names` what stands for a cluster (``{0: "Young families"}``). A cluster has the same colour and symbol in every figure.

Whatever can't be drawn is a ValueError of one plain line: an unknown column, no rows, values that are missing or not
finite, more clusters than the palette has colours.
"""

from __future__ import annotations

from generator.charts.bubbles import animated_scatter
from generator.charts.clouds import scatter_3d, scatter_3d_grid
from generator.charts.profiles import heatmap, parallel
from generator.charts.relief import density
from generator.charts.scatters import scatter_2d
from generator.charts.steps import lloyd
from generator.charts.sweeps import elbow, silhouette

__all__ = [
    "animated_scatter",
    "density",
    "elbow",
    "heatmap",
    "lloyd",
    "parallel",
    "scatter_2d",
    "scatter_3d",
    "scatter_3d_grid",
    "silhouette",
]
