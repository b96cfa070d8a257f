"""Rows: the data of a figure as a CSV file, all traces one below the other.

A column is headed by the title of its axis where it has one. What is drawn but is no data (outlines without hover, the
looks of a mark) is left out, and the cells of a matrix stand one a row.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

from generator import traces

LIMIT = 1_000_000
"""Cells of a file: more are a job for the figure's JSON."""

_FIRST = ("labels", "parents", "ids", "locations", "lat", "lon", "x", "y", "z", "r", "theta", "values", "text")
_MORE = (
    *("hovertext", "customdata", "open", "high", "low", "close", "q1", "median", "q3", "lowerfence", "upperfence"),
    *("mean", "sd", "base", "width", "u", "v", "w", "a", "b", "c", "value", "intensity", "measure"),
)
_INNER = (
    *(("marker", "size"), ("marker", "color"), ("error_x", "array"), ("error_y", "array"), ("error_z", "array")),
    *(("node", "label"), ("link", "source"), ("link", "target"), ("link", "value"), ("link", "label")),
)

Column = tuple[str, Sequence[object]]


def is_tabular(payload: str) -> bool:
    """Whether the figure with this JSON has data, and no more of it than a CSV file should hold."""
    try:
        count = sum(max(map(len, cells)) * len(cells) for _, _, cells in _parts(payload) if cells)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False  # edited by hand into what is no figure any more
    return 0 < count <= LIMIT


def to_csv(payload: str) -> str:
    """The CSV file (RFC 4180, lines end in LF) of the figure with this JSON."""
    blocks: list[tuple[str, str, list[Column]]] = []
    for trace, frame, layout in _steps(payload):
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
    for trace, frame, layout in _steps(payload):
        yield _name(trace), frame, [cells for _, cells in _columns(trace, layout)]


def _steps(payload: str) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any]]]:
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
    if traces.is_drawing(trace):
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
        cells = traces.cells(trace.get(key))
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
        if isinstance(inner, Mapping) and (cells := traces.cells(inner.get(key))):
            yield f"{outer} {key}".replace(" array", ""), cells


def _dimensions(trace: Mapping[str, Any]) -> Iterator[Column]:
    """Parallel coordinates, a matrix of scatters, a table: columns that say their own titles."""
    for number, item in enumerate(trace.get("dimensions") or []):
        if isinstance(item, Mapping) and (cells := traces.cells(item.get("values"))):
            yield str(item.get("label") or f"dimension {number + 1}"), cells
    header, body = trace.get("header"), trace.get("cells")
    if isinstance(header, Mapping) and isinstance(body, Mapping):
        titles = traces.cells(header.get("values"))
        for number, cells in enumerate(map(traces.cells, traces.cells(body.get("values")))):
            if cells:
                yield str(titles[number]) if number < len(titles) else f"column {number + 1}", cells


def _matrix(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> list[Column]:
    """The cells of a heatmap, a contour or a surface, a row each: where it is, its number, its text."""
    rows = traces.matrix(trace.get("z"))
    if not rows:
        return []
    width = max(map(len, rows))
    x, y = traces.cells(trace.get("x")), traces.cells(trace.get("y"))
    texts = traces.matrix(trace.get("text"))
    where = [(n, m) for n, row in enumerate(rows) for m in range(len(row))]
    scale = trace.get("colorbar")
    title = traces.title(scale.get("title")) if isinstance(scale, Mapping) else ""
    columns: list[Column] = [
        (_title("x", trace, layout), [_at(x, m, width) for _, m in where]),
        (_title("y", trace, layout), [_at(y, n, len(rows)) for n, _ in where]),
        (title or "z", [rows[n][m] for n, m in where]),
    ]
    if texts:
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
    return (traces.axis_title(key, trace, layout) if key in ("x", "y", "z") else "") or traces.words(key)


def _name(trace: Mapping[str, Any]) -> str:
    return traces.words(trace.get("name"))


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return int(value) if value == int(value) and abs(value) < 1e15 else value
    if isinstance(value, str):
        return traces.words(value) if "<" in value or "&" in value else value
    return value if isinstance(value, bool | int) else json.dumps(value, ensure_ascii=False)
