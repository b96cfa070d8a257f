"""Animations: how clusters come about and how their members move, with a slider and a play button.

One trace holds the members of one cluster, whose colour and symbol then never change; plotly.js can't move a point
from one symbol to another. `ids` let a member glide to its next place, and fade where it changes its cluster. A frame
carries only what changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, column, distinct, numbers, plain, words
from generator.charts.furniture import (
    Part,
    axis,
    furnish,
    hover,
    label,
    legend,
    log_axis,
    padded,
    player,
    short,
)
from generator.charts.marks import centre_marker, point_marker
from generator.charts.palette import NEUTRAL, Look, looks

LARGEST = 38
"""The diameter of the largest bubble in pixels: a tenth of a phone's screen."""

NOBODY: Part = {"x": [None], "y": [None], "ids": [-1]}
"""A trace without members still has a point, at no place: plotly.js drops empty traces and can't bring them back."""


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
    """What one frame of `lloyd` shows: centres (k × 2), each point's cluster (-1 for none), and a sentence."""

    name: str
    note: str
    centres: Floats
    owners: npt.NDArray[np.int64]


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
    figure.frames = list(_frames(at, moments, len(look)))
    menu, slider = player([moment.name for moment in moments], pause=1100)
    return furnish(
        figure,
        height=height,
        alt=alt,
        caption=caption,
        source=source,
        legend=legend(),
        xaxis=axis(label(labels, x), range=[left, right]),
        yaxis=axis(label(labels, y), range=[low, corner[1]]),
        updatemenus=[menu],
        sliders=[slider],
    )


def _moments(path: Sequence[Step], x: str, y: str, at: Floats) -> Iterator[_Moment]:
    """The frames: points without a cluster and the first centres, then by turns points joining and centres moving."""
    owners = np.full(len(at), -1, dtype=np.int64)
    for number, step in enumerate(path):
        centres = np.column_stack([numbers(step.centres, x), numbers(step.centres, y)])
        if number:
            note = f"<b>Centres move to the mean of their points</b><br>cost {_cost(at, centres, owners)}"
            yield _Moment(f"{number} move", note, centres, owners)
        else:
            yield _Moment("start", f"<b>{len(centres)} points are picked as centres</b>", centres, owners)
        owners = np.asarray(step.labels, dtype=np.int64)
        note = f"<b>Points join their nearest centre</b><br>cost {_cost(at, centres, owners)}"
        yield _Moment(f"{number + 1} join", note, centres, owners)


def _cost(at: Floats, centres: Floats, owners: npt.NDArray[np.int64]) -> str:
    return short(float(((at - centres[owners]) ** 2).sum()), 5)


def _stage(
    at: Floats, moments: Sequence[_Moment], look: Sequence[Look], corner: tuple[float, float], titles: dict[str, str]
) -> list[go.Scatter]:
    """The traces at the first moment: points by cluster (none first), the centres' trail, the sentence, the centres."""
    hidden: Part = {"showlegend": False, "hoverinfo": "skip"}
    trail, note, *centres = _movers(moments[:1], len(moments))
    sets = zip((None, *look), _members(at, moments[0].owners, len(look)), strict=True)
    points = [
        go.Scatter(
            **places,
            mode="markers",
            name=found.name if found else "no cluster yet",
            legendgroup=found.name if found else None,
            showlegend=False,
            marker=point_marker(found, len(at)),
            hovertemplate=hover(found, titles),
        )
        for found, places in sets
    ]
    # Unsimplified, a line keeps its corners from frame to frame, and so can grow smoothly.
    line = {"color": NEUTRAL, "width": 2, "simplify": False}
    middle = [
        go.Scatter(**trail, mode="lines", line=line, **hidden),
        go.Scatter(
            **note, x=[corner[0]], y=[corner[1]], mode="text", textposition="bottom right", cliponaxis=False, **hidden
        ),
    ]
    return (
        points
        + middle
        + [
            go.Scatter(
                **place,
                mode="markers",
                name=found.name,
                legendgroup=found.name,
                marker=centre_marker(found),
                hovertemplate=hover(None, titles, title=f"Centre of {found.name}"),
            )
            for found, place in zip(look, centres, strict=True)
        ]
    )


def _frames(at: Floats, moments: Sequence[_Moment], k: int) -> Iterator[go.Frame]:
    """A frame for each moment: what moves, and the members of the clusters that won or lost one.

    What a frame leaves out is as in the frame before, its ``baseframe``, from wherever a reader jumps to it.
    """
    before: list[Part] = []
    for number, moment in enumerate(moments):
        sets = _members(at, moment.owners, k)
        changed = [place for place in range(k + 1) if not before or sets[place]["ids"] != before[place]["ids"]]
        yield go.Frame(
            name=moment.name,
            baseframe=moments[number - 1].name if number else None,
            data=[sets[place] for place in changed] + _movers(moments[: number + 1], len(moments)),
            traces=[*changed, *range(k + 1, 2 * k + 3)],
        )
        before = sets


def _members(at: Floats, owners: npt.NDArray[np.int64], k: int) -> list[Part]:
    """The points without a cluster, and those of each of the k clusters, known by their numbers."""
    sets = [np.flatnonzero(owners == place) for place in range(-1, k)]
    return [{"x": at[own, 0], "y": at[own, 1], "ids": own.tolist()} if len(own) else NOBODY for own in sets]


def _movers(moments: Sequence[_Moment], count: int) -> list[Part]:
    """At the last of `moments`: the trail that the centres have left, the sentence, and the centres.

    The trail has as many corners in every frame; those to come lie on the centre.
    """
    now = moments[-1]
    track = np.stack([moment.centres for moment in moments if not moment.name.endswith("join")])
    rest = np.repeat(now.centres[None], count // 2 - len(track), axis=0)
    gap = np.full((1, *now.centres.shape), np.nan)
    trail = np.concatenate([track, rest, gap]).transpose(1, 0, 2).reshape(-1, 2)
    places: list[Part] = [{"x": centre[:1], "y": centre[1:]} for centre in now.centres]
    return [{"x": trail[:, 0], "y": trail[:, 1]}, {"text": [now.note]}, *places]


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
    columns = {
        "x": numbers(frame, x, positive=log_x),
        "y": numbers(frame, y),
        "size": sizes,
        "cluster": column(frame, cluster).map(plain).to_numpy(dtype=object),
        "name": words(frame, name),
        "time": column(frame, time).map(plain).to_numpy(dtype=object),
    }
    # The large come first, so that the small are drawn upon them.
    rows = pd.DataFrame(columns).sort_values(["size", "name"], ascending=[False, True], kind="stable")
    if len(twice := rows[rows.duplicated(["name", "time"])]):
        raise ValueError(f"'{twice['name'].iloc[0]}' has two rows at {time} {twice['time'].iloc[0]}")
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
