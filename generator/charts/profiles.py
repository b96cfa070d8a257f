"""Profiles: who is in each cluster, its features side by side as a heatmap or as lines.

They draw the small tables of a clustering's profile: a row for each cluster, a column for each feature.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, get_args

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, plain, table
from generator.charts.furniture import FAINT, Part, axis, buttons, furnish, label, legend
from generator.charts.palette import DIVERGING, NEUTRAL, SEQUENTIAL, Look, looks

View = Literal["sum", "mean", "difference"]
VIEWS: tuple[View, ...] = get_args(View)

_BUTTONS: Mapping[View, str] = {"sum": "Sum", "mean": "Mean", "difference": "Difference"}
_TITLES: Mapping[View, str] = {
    "sum": "colour: the cluster’s share of the feature’s total",
    "mean": "colour: share of the highest cluster’s mean",
    "difference": "standard deviations from the overall mean",
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
    look = _looks(first, names)
    tall = height or 34 * first.shape[1] + 150
    heads = {found.name: f"<span style='color:{found.colour}'>{found.glyph}</span> {found.name}" for found in look}
    if sizes is not None:
        for found, size in zip(look, sizes, strict=True):
            heads[found.name] += f"<br>{_short(float(size))} rows"
    figure = go.Figure([_cells(view, tables[view], look, labels, shown=view == views[0], tall=tall) for view in views])
    choices = [
        {
            "label": _BUTTONS[view],
            "method": "restyle",
            "args": [{"visible": [other == view for other in views]}],
        }
        for view in views
    ]
    return furnish(
        figure,
        height=tall,
        alt=alt,
        caption=caption,
        source=source,
        updatemenus=[buttons(choices, y=1, yanchor="bottom")] if len(views) > 1 else [],
        xaxis=axis(
            "", showgrid=False, tickvals=list(heads), ticktext=list(heads.values()), tickangle=0, fixedrange=True
        ),
        yaxis=axis("", showgrid=False, autorange="reversed", fixedrange=True, ticksuffix=" "),
    )


def _looks(values: pd.DataFrame, names: Names | None) -> tuple[Look, ...]:
    return tuple(looks((plain(value) for value in values.index), names).values())


def _cells(
    view: View, values: pd.DataFrame, look: Sequence[Look], labels: Names | None, *, shown: bool, tall: int
) -> go.Heatmap:
    """One view: features down, clusters across, coloured by what compares and labelled with the value."""
    cells = values.to_numpy().T
    difference = view == "difference"
    colour = cells if difference else np.array([_share(row, view) for row in cells])
    bound = max(float(np.abs(cells).max()), 1e-9) if difference else 1.0
    tail = "%{z:+.2f} standard deviations from the mean" if difference else f"{_BUTTONS[view].lower()} %{{text}}"
    return go.Heatmap(
        z=colour,
        x=[found.name for found in look],
        y=[label(labels, str(name)) for name in values.columns],
        text=None if difference else [[_short(float(value)) for value in row] for row in cells],
        texttemplate="%{z:+.1f}" if difference else "%{text}",
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
            "y": 0,
            "yanchor": "top",
            "ypad": 42,
            "xpad": 0,
            "title": {"text": _TITLES[view], "side": "top", "font": {"size": 12}},
            "tickformat": "+.1~f" if difference else ".0%",
            "nticks": 5,
            "outlinewidth": 0,
        },
    )


def _share(row: Floats, view: View) -> Floats:
    """How the clusters compare in one feature, from 0 to 1."""
    low, high = row.min(), row.max()
    if low < 0:
        return (row - low) / (high - low) if high > low else np.full_like(row, 0.5)
    whole = row.sum() if view == "sum" else high
    return row / whole if whole else np.zeros_like(row)


def _short(value: float) -> str:
    """Three significant digits and a letter for thousands, as a cell of a phone's width has room for: ``1.23M``."""
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(float(f"{value:.3g}"))))
    power = min(max(size // 3, 0), 4)
    text = f"{value / 1000**power:.{max(2 - size + 3 * power, 0) if size >= 0 else 2 - size if size > -4 else 6}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") + ("", "k", "M", "B", "T")[power]


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
    rows = [label(labels, str(name)) for name in values.columns]
    figure = go.Figure()
    for found, line in zip(_looks(values, names), values.to_numpy(), strict=True):
        figure.add_scatter(
            x=line,
            y=rows,
            mode="lines+markers",
            name=found.name,
            line={"color": found.colour, "width": 2.5},
            marker={"symbol": found.symbol, "size": 9, "line": {"color": FAINT, "width": 0.6}},
            hovertemplate=f"<b>%{{y}}</b><br>{found.name}: %{{x:+.2f}} standard deviations<extra></extra>",
        )
    zero: Part = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    return furnish(
        figure,
        height=height or 34 * len(rows) + 130,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        showlegend=True,
        shapes=[{**zero, "line": {"color": NEUTRAL, "width": 1.5}}],
        xaxis=axis("standard deviations from the overall mean", tickformat="+~g"),
        yaxis=axis("", autorange="reversed", ticksuffix=" "),
    )
