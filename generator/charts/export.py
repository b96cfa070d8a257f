"""Export: a Plotly figure becomes a fragment. Runs in the worker, where Plotly and numpy are at hand.

What the page can supply is stripped: the library, Plotly's built-in templates, the width. Numbers get the shortest
form that looks the same: base64 typed arrays as Plotly's own JSON has them (``{"dtype", "bdata", "shape"}``, plotly.js
2.35 and later), small integers, float32 where seven digits suffice, or plain digits where those are shorter.
"""

from __future__ import annotations

import base64
import html
import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

import numpy as np
import plotly.io as pio
from plotly.basedatatypes import BaseFigure

from generator import fragment
from generator.charts.table import table
from generator.fragment import DEFAULT_HEIGHT, Fragment

COORDINATES = frozenset(
    name
    for group in (
        "x y z i j k a b c u v w r theta lat lon",
        "value values intensity open high low close lower upper q1 median q3 mean sd lowerfence upperfence",
    )
    for name in group.split()
)
"""Attributes of a trace whose numbers are shown as places or formatted by an axis, so that float32 can't be seen."""
INTEGERS = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32)


def to_fragment(name: str, figure: BaseFigure) -> Fragment:
    """The chart `name` for `figure`, with alt text, caption and source from ``layout.meta``.

    Raises ValueError where the figure holds what JSON can't.
    """
    return from_json(name, figure.to_plotly_json())


def from_json(name: str, figure: Mapping[str, object]) -> Fragment:
    """The chart `name` for a figure as Plotly's JSON has it: ``data``, ``layout`` and ``frames``.

    Raises ValueError or TypeError where it holds what JSON can't, or is no figure.
    """
    raw = _decoded(figure)
    assert isinstance(raw, dict)
    layout = dict(raw.get("layout") or {})
    words = _words(layout)
    height = layout.pop("height", None)
    layout.pop("width", None)
    if _is_builtin(layout.get("template")):
        del layout["template"]
    data = [dict(trace) for trace in raw.get("data") or ()]
    frames = [dict(frame) for frame in raw.get("frames") or ()]
    rows = table(data, layout)
    return Fragment(
        name=name,
        payload=fragment.payload(
            [_trace(trace) for trace in data],
            _object(layout),
            [_object({**frame, "data": [_trace(trace) for trace in frame.get("data") or ()]}) for frame in frames],
        ),
        alt=words.get("alt", ""),
        caption=_caption(words),
        table=rows,
        height=round(height) if isinstance(height, int | float) and height > 0 else DEFAULT_HEIGHT,
    )


def _decoded(value: object) -> object:
    """`value` with Plotly's typed arrays as numpy arrays again: one form to choose the shortest from."""
    if isinstance(value, Mapping):
        if "bdata" in value and "dtype" in value:
            array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]).newbyteorder("<"))
            shape = str(value.get("shape") or array.size)
            return array.reshape([int(size) for size in shape.split(",")])
        return {key: _decoded(item) for key, item in value.items()}
    return [_decoded(item) for item in value] if isinstance(value, list | tuple) else value


def _words(layout: dict[str, object]) -> dict[str, str]:
    """Take alt, caption and source out of ``layout.meta``; what else stands there stays, as templates may use it."""
    meta = layout.get("meta")
    if not isinstance(meta, Mapping):
        return {}
    words = {key: " ".join(str(meta[key]).split()) for key in ("alt", "caption", "source") if meta.get(key)}
    rest = {key: value for key, value in meta.items() if key not in ("alt", "caption", "source")}
    if rest:
        layout["meta"] = rest
    else:
        del layout["meta"]
    return words


def _caption(words: Mapping[str, str]) -> str:
    parts = [html.escape(words["caption"], quote=False)] if "caption" in words else []
    if source := words.get("source"):
        text = html.escape(source)
        link = f'<a href="{text}">{text}</a>' if source.startswith(("https://", "http://")) else text
        parts.append(f'<span class="chart-source">Source: {link}</span>')
    return " ".join(parts)


def _is_builtin(template: object) -> bool:
    """Whether `template` is one of Plotly's own, which the page replaces by its light or dark one."""
    if template is None:
        return False
    text = _canonical(template)
    # The default first: comparing with the others loads each of them from its file.
    names = sorted(_PLOTLYS_OWN, key=lambda name: (name != pio.templates.default, name != "plotly", name))
    return any(text == _builtin(name) for name in names) or text in ("{}", "null")


@cache
def _builtin(name: str) -> str:
    return _canonical(_PLOTLYS_OWN[name].to_plotly_json())


_PLOTLYS_OWN = type(pio.templates)()  # those in use may have been changed by an author


def _canonical(value: object) -> str:
    return json.dumps(_plain(value), sort_keys=True)


def _trace(trace: Mapping[str, object]) -> dict[str, object]:
    return {key: _coordinate(value) if key in COORDINATES else _plain(value) for key, value in trace.items()}


def _object(value: Mapping[str, object]) -> dict[str, object]:
    return {str(key): _plain(item) for key, item in value.items()}


def _coordinate(value: object) -> object:
    """An array of numbers as a typed array or as digits, whichever is shorter; anything else as it is."""
    if not isinstance(value, np.ndarray | list | tuple) or len(value) == 0:
        return _plain(value)
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        return _plain(value)
    if array.dtype.kind not in "iuf" or array.ndim not in (1, 2):
        return _numbers(value) if array.dtype == object and array.ndim in (1, 2) else _plain(value)
    return _compact(array)


def _numbers(value: object) -> object:
    """A list of numbers with gaps (None) as an array with NaN; a list of anything else unchanged."""
    cells = np.asarray(value, dtype=object)
    if all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells.flat):
        return _compact(cells.astype(float))
    return _plain(value)


def _compact(array: np.ndarray) -> object:
    small = _smallest(array)
    shape = {"shape": ", ".join(map(str, small.shape))} if small.ndim == 2 else {}
    little = small.astype(small.dtype.newbyteorder("<"))
    typed = {"dtype": little.dtype.str[1:], "bdata": base64.b64encode(little.tobytes()).decode(), **shape}
    digits = _digits(small)
    return min(digits, typed, key=lambda form: len(json.dumps(form, separators=(",", ":"))))


def _smallest(array: np.ndarray) -> np.ndarray:
    """The same numbers in the smallest type in which no reader sees a difference."""
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    whole = array.dtype.kind in "iu" or (finite.size == array.size and bool(np.all(finite == np.round(finite))))
    if whole and array.size:
        low, high = array.min(), array.max()
        for kind in INTEGERS:
            if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
                return array.astype(kind)
    array = array.astype(np.float64)
    with np.errstate(over="ignore"):
        short = array.astype(np.float32)
    if finite.size == 0:
        return short
    span = float(finite.max()) - float(finite.min())
    error = float(np.max(np.abs(short[np.isfinite(array)].astype(np.float64) - finite)))
    # A screen shows a thousandth of an axis, a reader zooms in a thousand times.
    return short if error <= (span * 1e-6 or abs(float(finite.flat[0])) * 1e-7) else array


def _digits(array: np.ndarray) -> list[object]:
    if array.ndim == 2:
        return [_digits(row) for row in array]
    if array.dtype.kind in "iu":
        return [int(number) for number in array]
    places = 7 if array.dtype == np.float32 else 17
    return [_number(float(f"{number:.{places}g}")) for number in array]


def _number(number: float) -> float | int | None:
    if not math.isfinite(number):
        return None
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _plain(value: object) -> object:
    """`value` as JSON has it: numpy and dates become numbers and text, NaN and infinity null."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return _plain(_converted(value))


def _converted(value: object) -> object:
    """What a library's own value says that it is, in plain terms."""
    if isinstance(value, np.datetime64):
        return str(np.datetime_as_string(value))
    if isinstance(value, set | frozenset):
        return sorted(value)
    for method in ("to_plotly_json", "tolist"):
        if hasattr(value, method):
            return getattr(value, method)()
    raise ValueError(f"a {type(value).__name__} can't stand in a chart")


def _array(array: np.ndarray) -> object:
    if array.dtype.kind == "M":
        return np.datetime_as_string(array.astype("datetime64[ms]")).tolist() if array.size else []
    if array.dtype.kind == "f":
        # Hover texts show such numbers as they are: ten digits, not the sixteen of a computation.
        return [_plain(row) if array.ndim > 1 else _ten(float(row)) for row in array]
    return [_plain(item) for item in array.tolist()]


def _ten(number: float) -> float | int | None:
    return _number(float(f"{number:.10g}")) if math.isfinite(number) else None
