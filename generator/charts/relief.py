"""Relief: the density of rows in two dimensions, where points would lie on each other.

A cell's colour is see-through by the number of its rows, so that on a light page as on a dark one the most rows stand
out and no rows are the page itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, groups
from generator.charts.furniture import Part, axis, furnish, label, legend, short
from generator.charts.palette import Look, looks

Counts = npt.NDArray[np.int64]

BAR = 72
"""The height of the scale of colours with its title and ticks, in pixels."""
FAINT = 0.14
"""The opacity of a cell with a single row: less is lost on a bright page."""


class Grid(Protocol):
    """Rows counted in cells; what ``clusters.density(…)`` gives is one."""

    @property
    def x(self) -> str: ...
    @property
    def y(self) -> str: ...
    @property
    def x_edges(self) -> Sequence[float]: ...
    @property
    def y_edges(self) -> Sequence[float]: ...
    @property
    def cells(self) -> pd.DataFrame: ...


def density(
    grid: Grid,
    *,
    alt: str,
    log: bool = False,
    labels: Names | None = None,
    names: Names | None = None,
    caption: str = "",
    source: str = "",
    height: int = 450,
) -> go.Figure:
    """How many rows lie where. Counted by cluster, a cell has the colour of the cluster with most rows in it.

    `log` spreads the colours over powers of ten: right where a few cells hold most of the rows. The scale of colours
    is one for all clusters.
    """
    if not len(grid.cells):
        raise ValueError("there are no rows to draw in the density")
    counts, look = _counts(grid, names)
    most = counts.max(axis=0)
    figure = go.Figure()
    for place, (found, own) in enumerate(zip(look, counts, strict=True)):
        # Of clusters with as many rows the first has the cell.
        leads = (own > 0) & (own == most) & (counts[:place] < own).all(axis=0)
        if not leads.any():
            continue
        figure.add_trace(_cells(grid, np.where(leads, own, np.nan), found, most.max(), log, labels))
    several = bool(look[0].name)
    # Within the plot, the scale of colours has room of its own: where it pushes the plot down, the title of the axis
    # stays behind among the ticks.
    top = 1.0 if several else 1 - BAR / height
    if not several:
        figure.update_traces(showscale=True, colorbar=_bar(int(most.max()), log, top))
    bare: Part = {"showgrid": False}
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        showlegend=several,
        xaxis=axis(label(labels, grid.x), range=[grid.x_edges[0], grid.x_edges[-1]], **bare),
        yaxis=axis(label(labels, grid.y), range=[grid.y_edges[0], grid.y_edges[-1]], domain=[0, top], **bare),
    )


def _counts(grid: Grid, names: Names | None) -> tuple[Counts, list[Look]]:
    """Rows by cluster, cell upwards and cell across, and how each cluster looks; one nameless group without them."""
    shape = (len(grid.y_edges) - 1, len(grid.x_edges) - 1)
    parts = groups(grid.cells, "cluster", names) if "cluster" in grid.cells.columns else None
    if parts is None:
        parts = [(looks([0], {0: ""})[0], np.ones(len(grid.cells), dtype=np.bool_))]
    counts = np.zeros((len(parts), *shape), dtype=np.int64)
    for own, (_, mask) in zip(counts, parts, strict=True):
        cells = grid.cells[mask]
        own[cells["y"].to_numpy(), cells["x"].to_numpy()] = cells["rows"].to_numpy()
    return counts, [look for look, _ in parts]


def _cells(grid: Grid, rows: Floats, look: Look, most: int, log: bool, labels: Names | None) -> go.Heatmap:
    """The cells of one group, NaN where it has none."""
    alone = not look.name
    top = math.log10(most) if log else float(most)
    # The box of its cells: what is empty around it would only weigh.
    up, across = (slice(where.min(), where.max() + 1) for where in np.nonzero(np.isfinite(rows)))
    rows = rows[up, across]
    head = [] if alone else [f"<b>{look.name}</b>"]
    count = "%{text:,} rows" if log else "%{z:,} rows"
    places = [f"{label(labels, name)}: %{{{axis}:,.4~r}}" for name, axis in ((grid.x, "x"), (grid.y, "y"))]
    return go.Heatmap(
        z=np.log10(rows).round(3) if log else rows,
        x=_middles(grid.x_edges)[across],
        y=_middles(grid.y_edges)[up],
        text=rows if log else None,
        name=look.name,
        zmin=0.0,
        zmax=top or 1.0,
        colorscale=[[0.0, look.veil(FAINT)], [1.0, look.veil(1)]],
        hoverongaps=False,
        hovertemplate="<br>".join([*head, *places, count]) + "<extra></extra>",
        showlegend=not alone,
        showscale=False,
    )


def _middles(edges: Sequence[float]) -> Floats:
    bounds = np.asarray(edges, dtype=np.float64)
    return bounds[:-1] / 2 + bounds[1:] / 2


def _bar(most: int, log: bool, bottom: float) -> Part:
    """The scale of colours above the plot, which keeps its width on a phone."""
    bar: Part = {
        "orientation": "h",
        "thickness": 10,
        "len": 1,
        "x": 0.5,
        "y": bottom,
        "yanchor": "bottom",
        "ypad": 6,
        "xpad": 0,
        "title": {"text": "rows in a cell", "side": "top", "font": {"size": 12}},
        "outlinewidth": 0,
    }
    if not log:
        return {**bar, "nticks": 5, "tickformat": "~s"}
    powers = range(math.floor(math.log10(most)) + 1)
    return {**bar, "tickvals": list(powers), "ticktext": [short(10.0**power) for power in powers]}
