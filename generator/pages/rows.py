"""Rows: the data of a figure as a CSV file, all traces one below the other.

A column is headed by the title of its axis where it has one. What is drawn but is no data (outlines without hover, the
looks of a mark) is left out, and the cells of a matrix stand one a row.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import math
import re
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

LIMIT = 1_000_000
"""Cells of a file: more are a job for the figure's JSON."""

_TYPES = {"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}
_FIRST = ("labels", "parents", "ids", "locations", "lat", "lon", "x", "y", "z", "r", "theta", "values", "text")
_MORE = (
    *("hovertext", "customdata", "open", "high", "low", "close", "q1", "median", "q3", "lowerfence", "upperfence"),
    *("mean", "sd", "base", "width", "u", "v", "w", "a", "b", "c", "value", "intensity", "measure"),
)
_INNER = (
    *(("marker", "size"), ("marker", "color"), ("error_x", "array"), ("error_y", "array"), ("error_z", "array")),
    *(("node", "label"), ("link", "source"), ("link", "target"), ("link", "value"), ("link", "label")),
)
_MARKUP = re.compile(r"<[^<>]*>")

Column = tuple[str, Sequence[object]]


def is_tabular(payload: str) -> bool:
    """Whether the figure with this JSON has data, and no more of it than a CSV file should hold."""
    count = sum(max(map(len, cells)) * len(cells) for _, _, cells in _parts(payload) if cells)
    return 0 < count <= LIMIT


def to_csv(payload: str) -> str:
    """The CSV file (RFC 4180, lines end in LF) of the figure with this JSON."""
    blocks: list[tuple[str, str, list[Column]]] = []
    for trace, frame, layout in _traces(payload):
        if columns := _columns(trace, layout):
            blocks.append((_name(trace), frame, columns))
    titles = dict.fromkeys(title for _, _, columns in blocks for title, _ in columns)
    framed = any(frame for _, frame, _ in blocks)
    named = len({name for name, _, _ in blocks}) > 1 or any(name for name, _, _ in blocks)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*(["frame"] if framed else []), *(["series"] if named else []), *titles])
    for name, frame, columns in blocks:
        cells = {title: map(_cell, values) for title, values in columns}
        rows = zip_longest(*(cells.get(title, ()) for title in titles), fillvalue="")
        before = [*([frame] if framed else []), *([name] if named else [])]
        writer.writerows([*before, *row] for row in rows)
    return stream.getvalue()


def _parts(payload: str) -> Iterator[tuple[str, str, list[Sequence[object]]]]:
    for trace, frame, layout in _traces(payload):
        yield _name(trace), frame, [cells for _, cells in _columns(trace, layout)]


def _traces(payload: str) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any]]]:
    """Each trace with the name of its frame and the layout: an animation is its frames, any other figure has none."""
    figure = json.loads(payload)
    data, layout = figure.get("data") or [], figure.get("layout") or {}
    frames = figure.get("frames") or []
    if not any(frame.get("data") for frame in frames):
        yield from ((trace, "", layout) for trace in data)
        return
    # A frame names only what changes: its traces lie over those that the figure starts with.
    for number, frame in enumerate(frames):
        which = frame.get("traces") or range(len(frame.get("data") or []))
        for place, change in zip(which, frame.get("data") or [], strict=False):
            start = data[place] if isinstance(place, int) and place < len(data) else {}
            yield {**start, **change}, str(frame.get("name") or number + 1), layout


def _columns(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> list[Column]:
    if trace.get("hoverinfo") == "skip":
        return []
    matrix = _matrix(trace, layout)
    if matrix:
        return matrix
    found: dict[str, Sequence[object]] = {}
    for key, cells in chain(_own(trace), _inner(trace), _dimensions(trace)):
        title = _title(key, trace, layout)
        found[title if title not in found else f"{title} ({key})"] = cells
    return list(found.items())


def _own(trace: Mapping[str, Any]) -> Iterator[Column]:
    """The attributes that are lists of values; of rows of values (custom data), each place is a column."""
    for key in (*_FIRST, *_MORE):
        cells = _values(trace.get(key))
        if not cells:
            continue
        if isinstance(cells[0], list):
            width = max(len(row) for row in cells if isinstance(row, list))
            rows = [row if isinstance(row, list) else [row] for row in cells]
            yield from ((f"{key} {n + 1}", [row[n] if n < len(row) else None for row in rows]) for n in range(width))
        else:
            yield key, cells


def _inner(trace: Mapping[str, Any]) -> Iterator[Column]:
    for outer, key in _INNER:
        inner = trace.get(outer)
        if isinstance(inner, Mapping) and (cells := _values(inner.get(key))):
            yield f"{outer} {key}".replace(" array", ""), cells


def _dimensions(trace: Mapping[str, Any]) -> Iterator[Column]:
    """Parallel coordinates, a matrix of scatters, a table: columns that say their own titles."""
    for number, item in enumerate(trace.get("dimensions") or []):
        if isinstance(item, Mapping) and (cells := _values(item.get("values"))):
            yield str(item.get("label") or f"dimension {number + 1}"), cells
    header, body = trace.get("header"), trace.get("cells")
    if isinstance(header, Mapping) and isinstance(body, Mapping):
        titles = _values(header.get("values"))
        for number, cells in enumerate(map(_values, _values(body.get("values")))):
            if cells:
                yield str(titles[number]) if number < len(titles) else f"column {number + 1}", cells


def _matrix(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> list[Column]:
    """The cells of a heatmap, a contour or a surface, a row each: where it is, its number, its text."""
    rows = [_values(row) for row in _values(trace.get("z"))]
    if not rows or not any(rows):
        return []
    width = max(map(len, rows))
    x, y = _values(trace.get("x")), _values(trace.get("y"))
    texts = [_values(row) for row in _values(trace.get("text"))]
    where = [(n, m) for n, row in enumerate(rows) for m in range(len(row))]
    scale = trace.get("colorbar") or {}
    title = scale.get("title") if isinstance(scale, Mapping) else None
    columns: list[Column] = [
        (_title("x", trace, layout), [_at(x, m, width) for _, m in where]),
        (_title("y", trace, layout), [_at(y, n, len(rows)) for n, _ in where]),
        (_plain(title.get("text") if isinstance(title, Mapping) else title) or "z", [rows[n][m] for n, m in where]),
    ]
    if any(texts):
        shown = [texts[n][m] if n < len(texts) and m < len(texts[n]) else None for n, m in where]
        columns.append(("text", shown))
    return columns


def _at(values: Sequence[object], place: int, count: int) -> object:
    """The place of a cell on an axis, which may have its values, their edges (one more), rows of them, or none."""
    if place < len(values) and len(values) <= count + 1 and not isinstance(values[place], list):
        return values[place]
    return place


def _title(key: str, trace: Mapping[str, Any], layout: Mapping[str, Any]) -> str:
    """The title of the axis that a coordinate belongs to, or the attribute's own name."""
    if key not in ("x", "y", "z"):
        return _plain(key)
    name = str(trace.get(f"{key}axis") or key)
    holder = layout.get(str(trace.get("scene") or "scene")) if "3d" in str(trace.get("type")) else None
    if trace.get("type") == "surface":
        holder = layout.get(str(trace.get("scene") or "scene"))
    axis = holder.get(f"{key}axis") if isinstance(holder, Mapping) else layout.get(f"{key}axis{name[1:]}")
    title = axis.get("title") if isinstance(axis, Mapping) else None
    return _plain(title.get("text") if isinstance(title, Mapping) else title) or key


def _name(trace: Mapping[str, Any]) -> str:
    return _plain(trace.get("name"))


def _plain(text: object) -> str:
    """Words of a figure without its markup."""
    if not isinstance(text, str):
        return ""
    return " ".join(html.unescape(_MARKUP.sub("", text.replace("<br>", " "))).split())


def _values(value: object) -> Sequence[Any]:
    """A list, or one of Plotly's typed arrays as a list (of lists, where it has two dimensions)."""
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


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return int(value) if value == int(value) and abs(value) < 1e15 else value
    if isinstance(value, str):
        return _plain(value) if "<" in value or "&" in value else value
    return value if isinstance(value, bool | int) else json.dumps(value, ensure_ascii=False)
