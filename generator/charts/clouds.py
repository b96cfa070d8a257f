"""Clouds: rows of a frame as points in three dimensions, by cluster, with hulls, alone and as small multiples."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from generator.charts.columns import Floats, Mask, Names, column, distinct, groups, numbers, plain, words
from generator.charts.furniture import Part, furnish, hover, label, legend, padded, wrapped
from generator.charts.marks import EDGE
from generator.charts.palette import NEUTRAL, Look

PANELS = 6
"""Small multiples at most: a browser keeps few 3-D scenes alive, and a reader compares few."""

HULL_OPACITY = 0.12


def scatter_3d(
    points: pd.DataFrame,
    x: str,
    y: str,
    z: str,
    *,
    alt: str,
    cluster: str = "cluster",
    hull: bool = True,
    text: str = "",
    labels: Names | None = None,
    names: Names | None = None,
    caption: str = "",
    source: str = "",
    height: int = 430,
) -> go.Figure:
    """Points in three dimensions by cluster, each cluster in a translucent convex `hull`.

    A hull needs four points that do not lie in one plane; a cluster without them has none.
    """
    data = pd.DataFrame({name: numbers(points, name) for name in (x, y, z)})
    said = words(points, text) if text else None
    figure = go.Figure(list(_cloud(data, groups(points, cluster, names), "scene", labels, said, hull=hull)))
    scene = _scene(data, labels)
    return furnish(figure, height=height, alt=alt, caption=caption, source=source, legend=legend(), scene=scene)


def scatter_3d_grid(
    points: pd.DataFrame,
    x: str,
    y: str,
    z: str,
    *,
    split: str,
    alt: str,
    cluster: str = "cluster",
    hull: bool = False,
    labels: Names | None = None,
    names: Names | None = None,
    split_names: Names | None = None,
    caption: str = "",
    source: str = "",
    row_height: int = 230,
) -> go.Figure:
    """Small multiples: one 3-D scatter for each group of the column `split`, in two columns, all on the same axes.

    The groups stand in sorted order, or in that of a categorical column; `split_names` are what a reader sees above
    each. Raises ValueError for more than six.
    """
    data = pd.DataFrame({name: numbers(points, name) for name in (x, y, z)})
    owner = column(points, split)
    panels = distinct(owner)
    if len(panels) > PANELS:
        raise ValueError(f"column '{split}' has {len(panels)} groups: small multiples show {PANELS} at most")
    here = owner.map(plain).to_numpy(dtype=object)
    parts = groups(points, cluster, names)
    rows = math.ceil(len(panels) / 2)
    figure, scenes, headings, seen = go.Figure(), {}, [], set[str]()
    for place, panel in enumerate(panels):
        scene = f"scene{place + 1}" if place else "scene"
        inside = here == panel
        own = [(look, mask & inside) for look, mask in parts if (mask & inside).any()]
        traces = list(_cloud(data, own, scene, labels, None, hull=hull, small=True))
        for trace in traces:
            trace.showlegend = trace.type == "scatter3d" and trace.name not in seen
            seen |= {trace.name} if trace.type == "scatter3d" else set()
        figure.add_traces(traces)
        box, heading = _panel(place, len(panels), rows, (split_names or {}).get(panel, str(panel)))
        scenes[scene] = _scene(data, labels, small=True) | {"domain": box}
        headings.append(heading)
    height = rows * row_height + 60
    return furnish(
        figure, height=height, alt=alt, caption=caption, source=source, legend=legend(), annotations=headings, **scenes
    )


def _panel(place: int, count: int, rows: int, title: str) -> tuple[Part, Part]:
    """The domain of the panel at `place`, and its title above it: two columns, an odd last panel over both."""
    row, col = divmod(place, 2)
    alone = count == 1 or (place == count - 1 and not col)
    top = 1 - row / rows
    box = {"x": [0, 1] if alone else [col * 0.51, col * 0.51 + 0.49], "y": [top - 0.98 / rows, top - 0.13 / rows]}
    heading = {
        "text": f"<b>{wrapped(title, 18)}</b>",
        "showarrow": False,
        "x": sum(box["x"]) / 2,
        "xref": "paper",
        "xanchor": "center",
        "y": top,
        "yref": "paper",
        "yanchor": "top",
    }
    return box, heading


def _cloud(
    data: pd.DataFrame,
    parts: Sequence[tuple[Look, Mask]],
    scene: str,
    labels: Names | None,
    said: Sequence[str] | None,
    *,
    hull: bool,
    small: bool = False,
) -> Iterator[go.Scatter3d | go.Mesh3d]:
    """The traces of one 3-D scene: for each group its hull, then its points."""
    values = data.to_numpy()
    titles = dict(zip((label(labels, name) for name in data.columns), _AXIS_VALUES, strict=True))
    for look, mask in parts:
        corners = _corners(values[mask]) if hull else None
        if corners is not None:
            yield go.Mesh3d(
                **dict(zip("xyz", corners.T, strict=True)),
                alphahull=0,
                color=look.colour,
                opacity=HULL_OPACITY,
                flatshading=True,
                legendgroup=look.name,
                showlegend=False,
                hoverinfo="skip",
                scene=scene,
            )
        yield go.Scatter3d(
            **dict(zip("xyz", values[mask].T, strict=True)),
            mode="markers",
            name=look.name,
            legendgroup=look.name,
            marker={
                "color": look.colour,
                "symbol": look.symbol,
                "size": (3 if small else 4) * _SIZES_3D.get(look.symbol, 1.0),
                "line": _line(look),
            },
            text=[word for word, own in zip(said, mask, strict=True) if own] if said else None,
            hovertemplate=hover(look, titles, title="%{text}" if said else ""),
            scene=scene,
        )


def _line(look: Look) -> Part:
    """A faint edge; for a shape of strokes, which would be as thin as a hair, a line of its own colour."""
    return {"color": look.colour, "width": 1.5} if look.symbol in _STROKES else {"color": EDGE, "width": 0.5}


def _corners(values: Floats) -> Floats | None:
    """The points that the convex hull of `values` (n × 3) needs, or None where they lie in one plane.

    A point of a hull is the furthest in some direction; these are the furthest in 2,000 directions, evenly spread by
    the Fibonacci lattice, so that a cloud of thousands sends the browser some dozens. What is missed is too flat a
    corner to be seen.
    """
    spread = values.std(axis=0)
    if len(values) < 4 or not spread.all():
        return None
    unit = (values - values.mean(axis=0)) / spread
    if np.linalg.matrix_rank(unit, tol=1e-6) < 3:
        return None
    if len(values) <= 60:
        return values
    steps = np.arange(2000) + 0.5
    polar, turn = np.arccos(1 - steps / 1000), np.pi * (1 + math.sqrt(5)) * steps
    directions = np.vstack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)])
    furthest: Floats = values[np.unique((unit @ directions).argmax(axis=0))]
    return furthest


def _scene(data: pd.DataFrame, labels: Names | None, *, small: bool = False) -> Part:
    """A box seen from a corner, a little from above; a small one has no numbers on its axes, which hovering tells."""
    axes = {
        f"{axis}axis": {
            "title": {"text": label(labels, name), "font": {"size": 10 if small else 12}},
            "range": list(padded(data[name].to_numpy())),
            "nticks": 5,
            "showticklabels": not small,
            "tickfont": {"size": 10},
            "showbackground": False,
            "showspikes": False,
            "showline": True,
            "linecolor": NEUTRAL,
            "zeroline": False,
        }
        for axis, name in zip("xyz", data.columns, strict=True)
    }
    # A scene is scaled to its height: this far away, it fits into a phone's width as well.
    if small:
        camera = {"eye": {"x": 1.85, "y": -1.95, "z": 0.95}, "center": {"x": 0, "y": 0, "z": -0.18}}
    else:
        camera = {"eye": {"x": 1.8, "y": -1.9, "z": 0.92}, "center": {"x": -0.05, "y": -0.05, "z": -0.1}}
    return {"aspectmode": "manual", "aspectratio": {"x": 1, "y": 1, "z": 1.2}, "camera": camera, **axes}


_AXIS_VALUES = ("%{x:,.4~r}", "%{y:,.4~r}", "%{z:,.4~r}")
_SIZES_3D = {"diamond": 0.8, "diamond-open": 0.8, "cross": 2.0, "x": 1.5}
"""In 3-D plotly.js draws a diamond larger than a circle of the same size, and a cross, from a character, smaller."""
_STROKES = frozenset({"cross", "x", "circle-open", "square-open", "diamond-open"})
