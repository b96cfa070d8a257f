"""Sweeps: the number of clusters against how well they fit, for choosing k."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import numbers
from generator.charts.furniture import axis, furnish
from generator.charts.palette import COLOURS, NEUTRAL


def elbow(
    sweep: pd.DataFrame,
    chosen: int,
    *,
    alt: str,
    title: str = "sum of squared distances",
    caption: str = "",
    source: str = "",
    height: int = 380,
) -> go.Figure:
    """The cost over k (columns ``k`` and ``cost`` of `sweep`), with the `chosen` k marked: look for the bend.

    `title` is that of the vertical axis, which begins at zero, so that a fall by half looks like one.
    """
    figure = _curve(sweep, "cost", chosen)
    figure.update_yaxes(axis(title, rangemode="tozero", tickformat="~s"))
    return furnish(figure, height=height, alt=alt, caption=caption, source=source)


def silhouette(
    sweep: pd.DataFrame,
    chosen: int,
    *,
    alt: str,
    title: str = "mean silhouette",
    caption: str = "",
    source: str = "",
    height: int = 380,
) -> go.Figure:
    """The mean silhouette over k (columns ``k`` and ``silhouette``), with the `chosen` k marked: look for the top."""
    figure = _curve(sweep, "silhouette", chosen)
    lowest = float(sweep["silhouette"].min())
    figure.update_yaxes(axis(title, range=[min(0.0, lowest * 1.1), 1.0], tickformat=".1f"))
    return furnish(figure, height=height, alt=alt, caption=caption, source=source)


def _curve(sweep: pd.DataFrame, column: str, chosen: int) -> go.Figure:
    """`column` over k as a line, a large open ring at the chosen k and a line down to it."""
    order = np.argsort(numbers(sweep, "k"), kind="stable")
    ks, values = numbers(sweep, "k")[order].astype(np.int64), numbers(sweep, column)[order]
    if chosen not in ks:
        raise ValueError(f"k = {chosen} is not in the sweep, which has {', '.join(map(str, ks))}")
    at = float(values[ks == chosen][0])
    figure = go.Figure()
    figure.add_scatter(
        x=ks,
        y=values,
        mode="lines+markers",
        name=column,
        line={"color": COLOURS[0], "width": 2.5},
        marker={"size": 8},
        hovertemplate=f"k = %{{x}}<br>{column}: %{{y:,.4~r}}<extra></extra>",
    )
    figure.add_scatter(
        x=[chosen],
        y=[at],
        mode="markers",
        marker={"symbol": "circle-open", "size": 20, "color": COLOURS[1], "line": {"width": 3}},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=chosen,
        y=at,
        text=f"<b>k = {chosen}</b>",
        ax=34,
        ay=-34,
        arrowcolor=NEUTRAL,
        arrowwidth=1.5,
        arrowhead=0,
        standoff=11,
    )
    figure.update_xaxes(axis("k, the number of clusters", dtick=1, showgrid=False))
    return figure.update_layout(showlegend=False)
