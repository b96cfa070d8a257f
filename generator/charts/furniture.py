"""Furniture: what stands around the data in every figure, axes, legend, buttons, slider, alt text and caption.

No colours of text, paper, plot or grid, and no width: the page's light or dark template and the reader's screen give
those. Lines that must show on either are of the palette's neutral grey.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from generator.charts.columns import Floats, Names
from generator.charts.palette import NEUTRAL, Look

Part = dict[str, Any]
"""A piece of a Plotly figure, as its constructors take it."""

MARGIN: Part = {"l": 8, "r": 8, "t": 8, "b": 8}

NOBODY: Part = {"x": [None], "y": [None], "ids": [-1]}
"""A trace without members still has a point, at no place: plotly.js drops empty traces and can't bring them back."""


def furnish(figure: go.Figure, *, height: int, alt: str, caption: str, source: str, **layout: object) -> go.Figure:
    """`figure` with its height, its words, a compact margin and the rest of `layout`."""
    if not alt.strip():
        raise ValueError("a figure needs alt: one or two sentences that say what it shows")
    words = {"alt": alt, "caption": caption, "source": source}
    meta = {key: text.strip() for key, text in words.items() if text.strip()}
    return figure.update_layout({"height": height, "margin": MARGIN, "meta": meta, **layout})


def legend(*, fixed: bool = False) -> Part:
    """A legend in rows above the plot, which on a phone grows upwards; `fixed` where its items can't be switched."""
    found: Part = {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "itemsizing": "constant",
    }
    return {**found, "itemclick": False, "itemdoubleclick": False} if fixed else found


def axis(title: str, **more: object) -> Part:
    """A 2-D axis: its title at a small distance, ticks that find their own room."""
    return {"title": {"text": wrapped(title, 38), "standoff": 8}, "automargin": True, "zeroline": False, **more}


def log_axis(title: str, values: Floats, **more: object) -> Part:
    """A logarithmic axis that shows `values` throughout, with more ticks where there are few decades."""
    low, high = padded(np.log10(values))
    digits = (1, 2, 5) if high - low < 1.5 else (1, 3) if high - low < 3.5 else (1,)
    ticks = [digit * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for digit in digits]
    shown = [tick for tick in ticks if low <= math.log10(tick) <= high]
    marks = {"tickvals": shown, "ticktext": [short(tick) for tick in shown]}
    return axis(title, type="log", range=[low, high], minor={"showgrid": False}, **marks, **more)


def padded(values: Floats, share: float = 0.06) -> tuple[float, float]:
    """The range of `values`, wider by `share` of its length on either side."""
    low, high = float(values.min()), float(values.max())
    pad = (high - low) * share or abs(high) * share or 1.0
    # Six significant digits: more would only make the fragment longer.
    return float(f"{low - pad:.6g}"), float(f"{high + pad:.6g}")


def short(value: float, digits: int = 3) -> str:
    """`digits` significant digits and a letter for thousands, as a phone has room for: ``1.23M``."""
    value = float(f"{value:.{digits}g}")
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    power = min(max(size // 3, 0), 4)
    text = f"{value / 1000**power:.{max(digits - 1 - (size - 3 * power), 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") + ("", "k", "M", "B", "T")[power]


def wrapped(name: str, width: int = 16) -> str:
    """`name` broken into lines of about `width` characters: a phone has no room for long labels."""
    if "<br>" in name:
        return name
    return "<br>".join(textwrap.wrap(name, width, break_long_words=False)) or name


def hover(look: Look | None, fields: Mapping[str, str], *, title: str = "") -> str:
    """A hover template: a bold `title` (such as ``%{text}``), the group's name, and ``label: value`` lines."""
    head = [f"<b>{title}</b>"] if title else []
    group = [f"{look.name}" if title else f"<b>{look.name}</b>"] if look else []
    return "<br>".join([*head, *group, *(f"{name}: {value}" for name, value in fields.items())]) + "<extra></extra>"


def label(labels: Names | None, name: str) -> str:
    """What a reader sees for the column `name`: ``labels[name]``, with its unit, or the name itself."""
    return (labels or {}).get(name, name)


def buttons(choices: Sequence[Part], **place: object) -> Part:
    """A row of buttons."""
    return {
        "type": "buttons",
        "direction": "right",
        "buttons": list(choices),
        "x": 0,
        "xanchor": "left",
        "bordercolor": NEUTRAL,
        "pad": {"t": 0, "r": 0, "b": 8, "l": 0},
        **place,
    }


def player(names: Sequence[str], *, prefix: str = "", pause: int = 700) -> tuple[Part, Part]:
    """The play and pause buttons and the slider of an animation through the frames `names`, below the plot.

    `pause` is how long a frame stays, in milliseconds; most of it is spent moving.
    """
    move = {"duration": pause, "redraw": False}
    glide = {"duration": round(pause * 0.7), "easing": "cubic-in-out"}
    play = {"frame": move, "transition": glide, "fromcurrent": True, "mode": "immediate"}
    still = {"frame": {**move, "duration": 0}, "transition": {"duration": 0}, "mode": "immediate"}
    menu = buttons(
        [
            {"label": "▶", "method": "animate", "args": [None, play], "name": "play"},
            {"label": "❚❚", "method": "animate", "args": [[None], still], "name": "pause"},
        ],
        y=0,
        yanchor="top",
        pad={"t": 62, "r": 0, "b": 0, "l": 0},
        showactive=False,
    )
    slider: Part = {
        "steps": [{"label": name, "method": "animate", "args": [[name], still]} for name in names],
        "x": 0,
        "len": 1,
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 50, "r": 8, "b": 8, "l": 104},
        "currentvalue": {"prefix": prefix, "xanchor": "left", "visible": bool(prefix)},
        "bgcolor": NEUTRAL,
        "activebgcolor": NEUTRAL,
        "bordercolor": NEUTRAL,
        "tickcolor": NEUTRAL,
        "ticklen": 4,
        "minorticklen": 2,
        "transition": {"duration": 0},
    }
    return menu, slider
