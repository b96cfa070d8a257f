"""Traces: the arrays, the words and the axes that a figure's JSON holds, in plain Python."""

from __future__ import annotations

import base64
import html
import re
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

_TYPES = {"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}
_MARKUP = re.compile(r"<[^<>]*>")


def cells(value: object) -> Sequence[Any]:
    """A list, or one of Plotly's typed arrays as a list (of lists, where it has two dimensions); else nothing."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("bdata"), str):
        return ()
    kind = str(value.get("dtype"))
    if kind not in _TYPES:
        return ()
    numbers = array(_TYPES[kind])
    numbers.frombytes(base64.b64decode(value["bdata"]))
    if sys.byteorder == "big":
        numbers.byteswap()
    # What was rounded to seven digits has no more of them.
    flat: list[Any] = [float(f"{number:.7g}") for number in numbers] if kind == "f4" else numbers.tolist()
    if "shape" not in value:
        return flat
    sizes = [int(size) for size in str(value["shape"]).split(",")]
    if len(sizes) == 1:
        return flat
    return [flat[start : start + sizes[1]] for start in range(0, len(flat), sizes[1] or 1)]


def matrix(value: object) -> list[Sequence[Any]]:
    """An array of two dimensions as its rows; nothing for anything else."""
    rows = [cells(row) for row in cells(value)]
    return rows if any(rows) else []


def words(text: object) -> str:
    """A text of a figure without its markup."""
    if not isinstance(text, str):
        return ""
    return " ".join(html.unescape(_MARKUP.sub("", text.replace("<br>", " "))).split())


def title(value: object) -> str:
    """The text of a title, which Plotly has as a string or in an object."""
    return words(value.get("text") if isinstance(value, Mapping) else value)


def axis_title(key: str, trace: Mapping[str, Any], layout: Mapping[str, Any]) -> str:
    """The title of the axis on which the trace's ``x``, ``y`` or ``z`` stand, empty where it has none."""
    if "3d" in str(trace.get("type")) or trace.get("type") == "surface":
        scene = layout.get(str(trace.get("scene") or "scene"))
        axis = scene.get(f"{key}axis") if isinstance(scene, Mapping) else None
    else:
        axis = layout.get(f"{key}axis{str(trace.get(f'{key}axis') or key)[1:]}")
    return title(axis.get("title")) if isinstance(axis, Mapping) else ""


def is_drawing(trace: Mapping[str, Any]) -> bool:
    """Whether a trace is an outline, say, which is no data: nothing is told of it under the pointer."""
    return trace.get("hoverinfo") == "skip"
