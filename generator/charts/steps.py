"""Steps: Lloyd's algorithm as an animation, with a slider and a play button.

A trace holds the members of one cluster, whose colour and symbol then never change (plotly.js can't move a point from
one symbol to another), and ``ids`` let a member fade where it changes its cluster. A frame carries only what changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names, distinct, numbers
from generator.charts.furniture import (
    NOBODY,
    Part,
    axis,
    furnish,
    hover,
    label,
    legend,
    padded,
    player,
    short,
)
from generator.charts.marks import centre_marker, point_marker
from generator.charts.palette import NEUTRAL, Look, looks


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
    top = high + (high - low) * 0.16
    # A little inside the axes: plotly.js draws no text that rounding has put outside.
    corner = (left + (right - left) * 0.005, top - (top - low) * 0.005)
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
        yaxis=axis(label(labels, y), range=[low, top]),
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
    cost = float(((at - centres[owners]) ** 2).sum())
    return f"{cost:,.0f}" if 1000 <= cost < 1e9 else short(cost, 4)


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
