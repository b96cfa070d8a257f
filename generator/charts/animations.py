"""Animations: how clusters come about and how their members move, with a slider and a play button.

One trace holds all points, with a colour and a symbol for each, so that a point that changes its cluster glides on
instead of vanishing from one trace and appearing in another. A frame carries only what changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, column, distinct, numbers, plain, words
from generator.charts.furniture import FAINT, Part, axis, furnish, hover, label, legend, log_axis, padded, player, short
from generator.charts.palette import NEUTRAL, SYMBOLS, Look, looks, steps

LARGEST = 38
"""The diameter of the largest bubble in pixels: a tenth of a phone's screen."""

Places = npt.NDArray[np.int8]
"""For each point the place of its cluster in the palette, -1 for none."""


class Step(Protocol):
    """A step of Lloyd's algorithm; those of ``clusters.lloyd`` are such."""

    @property
    def points(self) -> pd.DataFrame: ...
    @property
    def centres(self) -> pd.DataFrame: ...
    @property
    def labels(self) -> pd.Series[int]: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """What one frame of `lloyd` shows: centres (k × 2), each point's cluster, and a sentence."""

    name: str
    note: str
    centres: Floats
    owners: Places


def lloyd(
    path: Sequence[Step],
    x: str,
    y: str,
    *,
    alt: str,
    labels: Names | None = None,
    names: Names | None = None,
    caption: str = "",
    source: str = "",
    height: int = 560,
) -> go.Figure:
    """The steps of Lloyd's algorithm in two dimensions: points join their nearest centre, centres move to their mean.

    Each step has two frames, one for either half; a line above the points says which, and the cost that it leaves (the
    sum of squared distances of the points to their own centres).
    """
    if not path:
        raise ValueError("there are no steps to draw")
    at = np.column_stack([numbers(path[0].points, x), numbers(path[0].points, y)])
    look = tuple(looks(distinct(path[0].centres.index.to_series(name="cluster")), names).values())
    moments = tuple(_moments(path, x, y, at))
    everything = np.vstack([at, *(moment.centres for moment in moments)])
    (left, right), (low, high) = padded(everything[:, 0]), padded(everything[:, 1])
    corner = (left, high + (high - low) * 0.16)
    titles = {label(labels, x): "%{x:,.4~r}", label(labels, y): "%{y:,.4~r}"}
    figure = go.Figure(_stage(at, moments, look, corner, titles))
    count = len(figure.data)
    figure.frames = [
        go.Frame(name=moment.name, data=_changes(moments[: place + 1], len(moments)), traces=list(range(count)))
        for place, moment in enumerate(moments)
    ]
    menu, slider = player([moment.name for moment in moments], [moment.name for moment in moments], pause=1100)
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(fixed=True),
        xaxis=axis(label(labels, x), range=[left, right]),
        yaxis=axis(label(labels, y), range=[low, corner[1]]),
        updatemenus=[menu],
        sliders=[slider],
    )


def _moments(path: Sequence[Step], x: str, y: str, at: Floats) -> Iterator[_Moment]:
    """The frames: points without a cluster and the first centres, then by turns points joining and centres moving."""
    owners: Places = np.full(len(at), -1, dtype=np.int8)
    for number, step in enumerate(path):
        centres = np.column_stack([numbers(step.centres, x), numbers(step.centres, y)])
        if number:
            note = f"<b>Centres move to the mean of their points</b><br>cost {_cost(at, centres, owners)}"
            yield _Moment(f"{number} move", note, centres, owners)
        else:
            yield _Moment("start", f"<b>{len(centres)} points are picked as centres</b>", centres, owners)
        owners = np.asarray(step.labels, dtype=np.int8)
        note = f"<b>Points join their nearest centre</b><br>cost {_cost(at, centres, owners)}"
        yield _Moment(f"{number + 1} join", note, centres, owners)


def _cost(at: Floats, centres: Floats, owners: Places) -> str:
    return short(float(((at - centres[owners]) ** 2).sum()), 5)


def _stage(
    at: Floats, moments: Sequence[_Moment], look: Sequence[Look], corner: tuple[float, float], titles: dict[str, str]
) -> list[go.Scatter]:
    """The traces at the first moment: points, the centres' trail, the sentence, and each centre with its legend."""
    points, trail, note, *centres = _changes(moments[:1], len(moments))
    plain_marker = {"size": 7, "opacity": 0.85, "line": {"color": FAINT, "width": 0.6}}
    hidden: Part = {"showlegend": False, "hoverinfo": "skip"}
    return [
        go.Scatter(
            x=at[:, 0],
            y=at[:, 1],
            mode="markers",
            name="points",
            showlegend=False,
            marker={**_scale(len(look)), **plain_marker, **points["marker"]},
            hovertemplate=hover(None, titles),
        ),
        go.Scatter(**trail, mode="lines", line={"color": NEUTRAL, "width": 2, "simplify": False}, **hidden),
        go.Scatter(
            **note, x=[corner[0]], y=[corner[1]], mode="text", textposition="bottom right", cliponaxis=False, **hidden
        ),
        *(
            go.Scatter(
                **place,
                mode="markers",
                name=found.name,
                marker={
                    "color": found.colour,
                    "symbol": found.symbol.removesuffix("-open"),
                    "size": 18,
                    "line": {"color": "#FFFFFF", "width": 2.5},
                },
                hovertemplate=hover(None, titles, title=f"Centre of {found.name}"),
            )
            for found, place in zip(look, centres, strict=True)
        ),
    ]


def _changes(moments: Sequence[_Moment], count: int) -> list[Part]:
    """What the last of `moments` changes, trace by trace.

    The trail has as many points in every frame (those to come lie on the centre), which lets a line grow smoothly.
    """
    now = moments[-1]
    track = np.stack([moment.centres for moment in moments] + [now.centres] * (count - len(moments)))
    gap = np.full((1, *track.shape[1:]), np.nan)
    trail = np.concatenate([track, gap]).transpose(1, 0, 2).reshape(-1, 2)
    return [
        {"marker": {"color": now.owners, "symbol": _symbols(now.owners)}},
        {"x": trail[:, 0], "y": trail[:, 1]},
        {"text": [now.note]},
        *({"x": centre[:1], "y": centre[1:]} for centre in now.centres),
    ]


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
    """Bubbles that move through `time`, one for each `name`, coloured by their `cluster` of that time.

    The area of a bubble is in proportion to `size`. Axes and areas are the same in all frames. A name without a row
    at some time is not drawn then. Raises ValueError for two rows of one name and time.
    """
    look = looks(distinct(column(frame, cluster)), names)
    shown = pd.DataFrame(
        {
            "x": numbers(frame, x, positive=log_x),
            "y": numbers(frame, y),
            "size": numbers(frame, size) if size else 0.0,
            "place": [look[plain(value)].index for value in frame[cluster]],
            "name": words(frame, name),
            "time": column(frame, time).map(plain).to_numpy(dtype=object),
        }
    )
    twice = shown[shown.duplicated(["name", "time"])]
    if len(twice):
        raise ValueError(f"{twice['name'].iloc[0]} has two rows at {time} {twice['time'].iloc[0]}")
    if size and (shown["size"] < 0).any():
        raise ValueError(f"column '{size}' has negative values, which have no area")
    order = shown.groupby("name")["size"].max().sort_values(ascending=False, kind="stable").index
    times = distinct(column(frame, time))
    states = [_state(shown[shown["time"] == moment].set_index("name").reindex(order), bool(size)) for moment in times]
    figure = go.Figure([_bubbles(order, states[0], shown, max(found.index for found in look.values()) + 1)])
    figure.update_traces(hovertemplate=_bubble_hover(labels, x, y, size))
    figure.add_traces([_legend_item(found) for found in look.values()])
    figure.frames = [
        go.Frame(name=str(moment), data=[state], traces=[0]) for moment, state in zip(times, states, strict=True)
    ]
    menu, slider = player(
        [str(moment) for moment in times], [str(moment) for moment in times], prefix=f"{label(labels, time)} "
    )
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(fixed=True),
        xaxis=log_axis(label(labels, x), shown["x"].to_numpy())
        if log_x
        else axis(label(labels, x), range=list(padded(shown["x"].to_numpy()))),
        yaxis=axis(label(labels, y), range=list(padded(shown["y"].to_numpy()))),
        updatemenus=[menu],
        sliders=[slider],
    )


def _state(rows: pd.DataFrame, sized: bool) -> Part:
    """The changing part of the bubbles' trace at one time; `rows` are in the order of all names."""
    places = rows["place"].fillna(-1).to_numpy(dtype=np.int8)
    marker: Part = {"color": places, "symbol": _symbols(places)}
    if sized:
        marker["size"] = rows["size"].to_numpy()
    return {"x": rows["x"].to_numpy(), "y": rows["y"].to_numpy(), "marker": marker}


def _bubbles(order: pd.Index[str], state: Part, shown: pd.DataFrame, colours: int) -> go.Scatter:
    biggest = float(shown["size"].max())
    marker: Part = {**_scale(colours), "opacity": 0.8, "line": {"color": FAINT, "width": 0.8}, "size": 9}
    if biggest:
        marker |= {"sizemode": "area", "sizeref": 2 * biggest / LARGEST**2, "sizemin": 3}
    return go.Scatter(
        **{**state, "marker": {**marker, **state["marker"]}}, mode="markers", text=list(order), showlegend=False
    )


def _bubble_hover(labels: Names | None, x: str, y: str, size: str) -> str:
    fields = {label(labels, x): "%{x:,.4~r}", label(labels, y): "%{y:,.4~r}"}
    return hover(None, fields | ({label(labels, size): "%{marker.size:,.4~r}"} if size else {}), title="%{text}")


def _legend_item(look: Look) -> go.Scatter:
    """An empty trace that stands in the legend for a cluster, whose points are in the one trace of all points."""
    marker = {"color": look.colour, "symbol": look.symbol, "size": 9}
    return go.Scatter(x=[None], y=[None], mode="markers", name=look.name, marker=marker, hoverinfo="skip")


def _scale(colours: int) -> Part:
    """Marker colours by place in the palette, with grey for -1."""
    return {
        "colorscale": [list(stop) for stop in steps(colours)],
        "cmin": -1,
        "cmax": colours - 1,
        "showscale": False,
    }


def _symbols(places: Places) -> npt.NDArray[np.int8]:
    """plotly.js's numbers of the symbols: small integers weigh less than names."""
    numbered = np.array([_SYMBOL_NUMBERS[symbol] for symbol in SYMBOLS] + [0], dtype=np.int8)
    return numbered[places]


_SYMBOL_NUMBERS = {
    "circle": 0,
    "square": 1,
    "diamond": 2,
    "cross": 3,
    "x": 4,
    "circle-open": 100,
    "square-open": 101,
    "diamond-open": 102,
}
