"""Scatters: rows of a frame as points in two dimensions, by cluster, with outlines and centres."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, groups, numbers, words
from generator.charts.furniture import Part, axis, furnish, hover, label, legend, log_axis, padded
from generator.charts.marks import centre_marker, point_marker
from generator.charts.palette import NEUTRAL, Look

COVERAGE = 0.95
"""The share of a normally distributed group that its ellipse encloses."""


def scatter_2d(
    points: pd.DataFrame,
    x: str,
    y: str,
    *,
    alt: str,
    cluster: str = "",
    outline: bool = False,
    centres: pd.DataFrame | None = None,
    text: str = "",
    labels: Names | None = None,
    names: Names | None = None,
    log_x: bool = False,
    equal: bool = False,
    caption: str = "",
    source: str = "",
    height: int = 450,
) -> go.Figure:
    """Points in two dimensions; without the column `cluster` they are all of one neutral colour.

    `outline` draws an ellipse around each group (of 95 % of a normal distribution with the group's mean and
    covariance). `centres` (a row for each cluster, columns `x` and `y`) are drawn as large symbols. `text` is a column
    that names the points on hover, `labels` are the axis titles by column (say the unit), `names` those of clusters.
    `equal` gives both axes one scale, where a distance on the page has to be one in the data.
    """
    xs, ys = numbers(points, x, positive=log_x), numbers(points, y)
    parts = groups(points, cluster, names) if cluster else [(None, np.ones(len(points), dtype=np.bool_))]
    titles = {label(labels, x): "%{x:,.4~r}", label(labels, y): "%{y:,.4~r}"}
    said = np.array(words(points, text), dtype=object) if text else None
    held: Part = {"constrain": "domain"} if equal else {}
    figure = go.Figure()
    if outline:
        figure.add_traces([_ellipse(look, xs[mask], ys[mask], log_x) for look, mask in parts if mask.sum() > 2])
    wide, tall = (np.concatenate([own, *(ring[axis] for ring in figure.data)]) for axis, own in (("x", xs), ("y", ys)))
    for look, mask in parts:
        figure.add_scatter(
            x=xs[mask],
            y=ys[mask],
            mode="markers",
            name=look.name if look else "",
            legendgroup=look.name if look else None,
            marker=point_marker(look, len(points)),
            text=None if said is None else said[mask],
            hovertemplate=hover(look, titles, title="%{text}" if text else ""),
        )
    if centres is not None:
        figure.add_traces(list(_centres(centres, x, y, [look for look, _ in parts if look], names, titles)))
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        showlegend=bool(cluster),
        xaxis=log_axis(label(labels, x), wide) if log_x else axis(label(labels, x), range=list(padded(wide)), **held),
        yaxis=axis(label(labels, y), range=list(padded(tall)), **held, **({"scaleanchor": "x"} if equal else {})),
    )


def _ellipse(look: Look | None, xs: Floats, ys: Floats, log_x: bool) -> go.Scatter:
    """The ellipse that holds `COVERAGE` of a bivariate normal distribution with the points' mean and covariance.

    Its half axes are the square roots of the covariance's eigenvalues times sqrt(-2 ln(1 - coverage)), the quantile of
    the chi-squared distribution with two degrees of freedom, which for two has this closed form.
    """
    flat = np.vstack([np.log10(xs) if log_x else xs, ys])
    values, vectors = np.linalg.eigh(np.cov(flat))
    half = np.sqrt(np.clip(values, 0, None) * -2 * math.log(1 - COVERAGE))
    angle = np.linspace(0, 2 * np.pi, 49)
    ring = vectors @ (half[:, None] * np.vstack([np.cos(angle), np.sin(angle)])) + flat.mean(axis=1)[:, None]
    return go.Scatter(
        x=10 ** ring[0] if log_x else ring[0],
        y=ring[1],
        mode="lines",
        line={"color": look.colour if look else NEUTRAL, "width": 2},
        fill="toself",
        fillcolor=look.veil(0.1) if look else "rgba(128,128,128,0.1)",
        legendgroup=look.name if look else None,
        showlegend=False,
        hoverinfo="skip",
    )


def _centres(
    centres: pd.DataFrame, x: str, y: str, drawn: Sequence[Look], names: Names | None, titles: dict[str, str]
) -> Iterator[go.Scatter]:
    """A trace for each centre, which the legend names only where none of its points is drawn."""
    place = pd.DataFrame({x: numbers(centres, x), y: numbers(centres, y), "cluster": centres.index})
    for look, mask in groups(place, "cluster", names):
        yield go.Scatter(
            x=place[x].to_numpy()[mask],
            y=place[y].to_numpy()[mask],
            mode="markers",
            name=f"Centre of {look.name}",
            legendgroup=look.name,
            showlegend=look not in drawn,
            marker=centre_marker(look),
            hovertemplate=hover(None, titles, title=f"Centre of {look.name}"),
        )
