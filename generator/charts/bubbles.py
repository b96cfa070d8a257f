"""Bubbles: a scatter that moves through time, with a slider and a play button.

A trace holds the members of one cluster, whose colour and symbol then never change (plotly.js can't move a point from
one symbol to another), and ``ids`` let a member glide to its next place, and fade where it changes its cluster.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, column, distinct, numbers, plain, words
from generator.charts.furniture import NOBODY, Part, axis, furnish, hover, label, legend, log_axis, padded, player
from generator.charts.marks import point_marker
from generator.charts.palette import Look, looks

LARGEST = 38
"""The diameter of the largest bubble in pixels: a tenth of a phone's screen."""


def animated_scatter(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    time: str,
    name: str,
    alt: str,
    cluster: str = "cluster",
    size: str = "",
    labels: Names | None = None,
    names: Names | None = None,
    log_x: bool = False,
    caption: str = "",
    source: str = "",
    height: int = 600,
) -> go.Figure:
    """Bubbles that move through `time`, one for each `name`, in the colour of their `cluster` of that time.

    The area of a bubble is in proportion to `size`. Axes and areas are the same in all frames. A name without a row
    at some time is not drawn then. Raises ValueError for two rows of one name and time.
    """
    look = looks(distinct(column(frame, cluster)), names)
    sizes = numbers(frame, size) if size else np.ones(len(frame))
    if (sizes < 0).any():
        raise ValueError(f"column '{size}' has negative values, which have no area")
    columns = {"x": numbers(frame, x, positive=log_x), "y": numbers(frame, y), "size": sizes}
    rows = _rows(frame, columns, time=time, name=name, cluster=cluster)
    times = distinct(column(frame, time))
    states = [_state(rows[rows["time"] == moment], look, sized=bool(size)) for moment in times]
    titles = {label(labels, x): "%{x:,.4~r}", label(labels, y): "%{y:,.4~r}"}
    if size:
        titles[label(labels, size)] = "%{marker.size:,.4~r}"
    figure = go.Figure(
        [
            _bubbles(found, state, titles, float(rows["size"].max()) if size else 0.0)
            for found, state in zip(look.values(), states[0], strict=True)
        ]
    )
    figure.frames = [
        go.Frame(name=str(moment), data=state, traces=list(range(len(look))))
        for moment, state in zip(times, states, strict=True)
    ]
    menu, slider = player([str(moment) for moment in times], prefix=f"{label(labels, time)} ")
    wide, tall = rows["x"].to_numpy(), rows["y"].to_numpy()
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        showlegend=True,
        xaxis=log_axis(label(labels, x), wide) if log_x else axis(label(labels, x), range=list(padded(wide))),
        yaxis=axis(label(labels, y), range=list(padded(tall))),
        updatemenus=[menu],
        sliders=[slider],
    )


def _rows(frame: pd.DataFrame, columns: Mapping[str, Floats], *, time: str, name: str, cluster: str) -> pd.DataFrame:
    """`columns` with the cluster, name and time of each row. The large come first: the small are drawn upon them."""
    known = {
        "cluster": column(frame, cluster).map(plain).to_numpy(dtype=object),
        "name": words(frame, name),
        "time": column(frame, time).map(plain).to_numpy(dtype=object),
    }
    rows = pd.DataFrame({**columns, **known}).sort_values(["size", "name"], ascending=[False, True], kind="stable")
    if len(twice := rows[rows.duplicated(["name", "time"])]):
        raise ValueError(f"'{twice['name'].iloc[0]}' has two rows at {time} {twice['time'].iloc[0]}")
    return rows


def _state(rows: pd.DataFrame, look: Mapping[object, Look], *, sized: bool) -> list[Part]:
    """Where the members of each cluster are at one time."""
    state = []
    for group in look:
        own = rows[rows["cluster"] == group]
        places: Part = {"x": own["x"].to_numpy(), "y": own["y"].to_numpy(), "ids": list(own["name"])}
        if sized:
            places["marker"] = {"size": own["size"].to_numpy()}
        state.append(places if len(own) else NOBODY)
    return state


def _bubbles(look: Look, state: Part, titles: dict[str, str], largest: float) -> go.Scatter:
    """The members of one cluster at the first time, with areas on the scale of the `largest`, or all of one size."""
    marker = {**point_marker(look, 0), "opacity": 0.8}
    if largest:
        marker |= {"sizemode": "area", "sizeref": 2 * largest / LARGEST**2, "sizemin": 3}
    marker |= state.get("marker", {})
    return go.Scatter(
        **{**state, "marker": marker},
        mode="markers",
        name=look.name,
        text=state["ids"],
        hovertemplate=hover(look, titles, title="%{id}"),
    )
