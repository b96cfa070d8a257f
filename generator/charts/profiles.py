"""Profiles: who is in each cluster, its features side by side as a heatmap or as lines.

They draw the small tables of a clustering's profile: a row for each cluster, a column for each feature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, get_args

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, plain, table
from generator.charts.furniture import Part, axis, buttons, furnish, label, legend, short, wrapped
from generator.charts.marks import EDGE
from generator.charts.palette import DIVERGING, INK, NEUTRAL, SEQUENTIAL, Look, looks

View = Literal["sum", "mean", "difference"]
VIEWS: tuple[View, ...] = get_args(View)

ROW = 36
"""The height of a feature's row in pixels, enough for a name in two lines."""

_BUTTONS: Mapping[View, str] = {"sum": "Sum", "mean": "Mean", "difference": "Difference"}
_TITLES: Mapping[View, str] = {
    "sum": "share of the feature’s total",
    "mean": "share of the highest mean",
    "difference": "standard deviations from mean",
}


class Tables(Protocol):
    """The three tables of a profile; that of ``clusters.fit(…).profile()`` is one."""

    @property
    def sum(self) -> pd.DataFrame: ...
    @property
    def mean(self) -> pd.DataFrame: ...
    @property
    def difference(self) -> pd.DataFrame: ...


def heatmap(
    profile: Tables,
    *,
    alt: str,
    views: Sequence[View] = VIEWS,
    sizes: Sequence[int] | None = None,
    labels: Names | None = None,
    names: Names | None = None,
    caption: str = "",
    source: str = "",
    height: int = 0,
) -> go.Figure:
    """Features by cluster, with a button for each of `views`; the first is seen at first.

    Features differ by powers of ten, so a sum or a mean is *written* in each cell while the colour compares clusters
    within one feature: the cluster's share of the feature's total, or of the highest mean (where a feature has
    negative values: its place between the feature's lowest and highest). The difference from the overall mean, in
    standard deviations, is comparable between features and coloured as it is, with zero in the middle.

    `sizes` are the clusters' rows, by cluster. Without `height` it is by the number of features.
    """
    if not views or any(view not in VIEWS for view in views):
        raise ValueError(
            f"a heatmap shows one or more of {', '.join(VIEWS)}, not {', '.join(map(repr, views)) or 'none'}"
        )
    tables = {view: table(getattr(profile, view), view) for view in views}
    first = tables[views[0]]
    look, rows = _looks(first, names), _rows(first, labels)
    if sizes is not None and len(sizes) != len(look):
        raise ValueError(f"there are {len(sizes)} sizes for {len(look)} clusters")
    heads = [f"<span style='color:{found.colour}'>{found.glyph}</span> {found.name}" for found in look]
    if sizes is not None:
        heads = [f"{head}<br>{size:,} rows" for head, size in zip(heads, sizes, strict=True)]
    figure = go.Figure([_cells(view, tables[view], look, rows, shown=view == views[0]) for view in views])
    choices = [
        {"label": _BUTTONS[view], "method": "restyle", "args": [{"visible": [other == view for other in views]}]}
        for view in views
    ]
    bare: Part = {"showgrid": False, "ticks": "", "fixedrange": True}
    return furnish(
        figure,
        height=height or ROW * len(rows) + 130 + _foot(look),
        alt=alt,
        caption=caption,
        source=source,
        updatemenus=[buttons(choices, x=1, xanchor="right", y=1, yanchor="bottom", pad={"b": 56})]
        if choices[1:]
        else [],
        xaxis=axis("", **bare, tickvals=[found.name for found in look], ticktext=heads, autotickangles=[0, 60, 90]),
        yaxis=_feature_axis(rows, **bare),
    )


def _looks(values: pd.DataFrame, names: Names | None) -> tuple[Look, ...]:
    return tuple(looks((plain(value) for value in values.index), names).values())


def _foot(look: Sequence[Look]) -> int:
    """The height that the clusters' names need on a phone, where they stand on end."""
    return min(max(round(7 * max(len(found.name) for found in look)), 60), 140)


def _rows(values: pd.DataFrame, labels: Names | None) -> tuple[str, ...]:
    """What a reader sees for the features, in their order."""
    rows = tuple(label(labels, str(name)) for name in values.columns)
    if twice := [row for place, row in enumerate(rows) if row in rows[:place]]:
        raise ValueError(f"two features are labelled '{twice[0]}'")
    return rows


def _feature_axis(rows: Sequence[str], **more: object) -> Part:
    """Features from top to bottom, their names broken into lines: a phone has no room beside the plot."""
    names = {"tickvals": list(rows), "ticktext": [wrapped(row) for row in rows], "ticksuffix": " "}
    return axis("", autorange="reversed", **names, **more)


def _cells(view: View, values: pd.DataFrame, look: Sequence[Look], rows: Sequence[str], *, shown: bool) -> go.Heatmap:
    """One view: features down, clusters across, coloured by what compares and labelled with the value."""
    cells = values.to_numpy().T
    difference = view == "difference"
    colour = cells if difference else np.array([_share(row, view) for row in cells])
    bound = float(np.abs(colour).max()) or 1.0
    tail = "%{text} standard deviations from the mean" if difference else f"{_BUTTONS[view].lower()} %{{text}}"
    return go.Heatmap(
        z=colour,
        x=[found.name for found in look],
        y=list(rows),
        text=[[_signed(value) if difference else short(value) for value in row] for row in cells.tolist()],
        texttemplate="%{text}",
        textfont={"color": INK},
        hovertemplate=f"<b>%{{y}}</b><br>%{{x}}<br>{tail}<extra></extra>",
        name=_BUTTONS[view],
        colorscale=[list(stop) for stop in (DIVERGING if difference else SEQUENTIAL)],
        zmin=-bound if difference else 0.0,
        zmax=bound,
        xgap=2,
        ygap=2,
        visible=shown,
        colorbar={
            "orientation": "h",
            "thickness": 10,
            "len": 1,
            "x": 0.5,
            "y": 1,
            "yanchor": "bottom",
            "ypad": 6,
            "xpad": 0,
            "title": {"text": _TITLES[view], "side": "top", "font": {"size": 12}},
            "tickformat": "~g" if difference else ".0%",
            "nticks": 5,
            "outlinewidth": 0,
        },
    )


def _signed(value: float) -> str:
    text = f"{value:+.1f}".replace("-", "−")
    return "0" if text in ("+0.0", "−0.0") else text


def _share(row: Floats, view: View) -> Floats:
    """How the clusters compare in one feature, from 0 to 1."""
    low, high = row.min(), row.max()
    if low < 0:
        return (row - low) / (high - low) if high > low else np.full_like(row, 0.5)
    whole = row.sum() if view == "sum" else high
    return row / whole if whole else np.zeros_like(row)


def parallel(
    difference: pd.DataFrame,
    *,
    alt: str,
    labels: Names | None = None,
    names: Names | None = None,
    caption: str = "",
    source: str = "",
    height: int = 0,
) -> go.Figure:
    """Parallel coordinates of the centres: a line for each cluster through its standardised features.

    The axes lie one below the other, so that long names of features have room on a phone. `difference` is a profile's:
    standard deviations from the overall mean, which is the grey line at zero.
    """
    values = table(difference, "differences")
    rows = _rows(values, labels)
    figure = go.Figure()
    for found, line in zip(_looks(values, names), values.to_numpy(), strict=True):
        figure.add_scatter(
            x=line,
            y=list(rows),
            mode="lines+markers",
            name=found.name,
            line={"color": found.colour, "width": 2.5},
            marker={"symbol": found.symbol, "size": 9, "line": {"color": EDGE, "width": 0.6}},
            hovertemplate=f"<b>%{{y}}</b><br>{found.name}: %{{x:+.2f}} standard deviations<extra></extra>",
        )
    zero: Part = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    return furnish(
        figure,
        height=height or ROW * len(rows) + 150,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        showlegend=True,
        shapes=[{**zero, "line": {"color": NEUTRAL, "width": 1.5}}],
        xaxis=axis("standard deviations<br>from the overall mean", tickformat="~g"),
        yaxis=_feature_axis(rows),
    )
