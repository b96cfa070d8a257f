"""The table of a chart: its numbers as text, bounded, for readers who can't or won't use the picture."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

ROWS = 20
COLUMNS = 16
MATRICES = frozenset({"heatmap", "contour", "surface", "histogram2d"})
KEYS = (
    "labels",
    "parents",
    "locations",
    "lat",
    "lon",
    "x",
    "y",
    "z",
    "r",
    "theta",
    "values",
    "value",
    "text",
    "hovertext",
)
"""Attributes that hold a trace's rows, in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its title, its column titles, the rows shown, and how many there are in all."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


def table(data: Sequence[Mapping[str, object]], layout: Mapping[str, object]) -> str:
    """The traces' rows as HTML tables, at most `ROWS` rows each; empty if there is nothing to tabulate.

    Traces without hover (outlines, hulls) are drawing, not data, and are left out.
    """
    shown = [trace for trace in data if trace.get("hoverinfo") != "skip"]
    matrices = [sheet for trace in shown if trace.get("type") in MATRICES and (sheet := _matrix(trace, layout))]
    series = [trace for trace in shown if trace.get("type") not in MATRICES]
    sheets = [*matrices, *_series(series, layout)]
    return "\n".join(_html(sheet, titled=len(sheets) > 1) for sheet in sheets)


def _matrix(trace: Mapping[str, object], layout: Mapping[str, object]) -> Sheet | None:
    # Where cells carry texts, those are what a reader reads; z may be no more than their colour.
    values = next((cells for key in ("text", "z") if _is_matrix(cells := _cells(trace.get(key)))), None)
    if values is None:
        return None
    x, y = _cells(trace.get("x")), _cells(trace.get("y"))
    width = max(len(_cells(row)) for row in values)
    if len(values) > ROWS and width > COLUMNS:
        return _peaks(trace, layout, values)
    width = min(width, COLUMNS)
    header = tuple(_text(x[n]) if n < len(x) else str(n) for n in range(width))
    rows = tuple(
        (_text(y[n]) if n < len(y) else str(n), *(_text(cell) for cell in _cells(row)[:width]))
        for n, row in enumerate(values[:ROWS])
    )
    return Sheet(_name(trace), ("", *header), rows, len(values))


def _peaks(trace: Mapping[str, object], layout: Mapping[str, object], values: Sequence[object]) -> Sheet:
    """The cells of a large matrix with the highest numbers: a corner of it would tell nothing."""
    x, y = _cells(trace.get("x")), _cells(trace.get("y"))
    cells = [
        (-value, n, m)
        for n, row in enumerate(values)
        for m, value in enumerate(_cells(row))
        if isinstance(value, int | float) and math.isfinite(value)
    ]
    rows = tuple(
        (_text(x[m]) if m < len(x) else str(m), _text(y[n]) if n < len(y) else str(n), _text(-value))
        for value, n, m in sorted(cells)[:ROWS]
    )
    titles = (_title("x", trace, layout), _title("y", trace, layout), _bar_title(trace))
    return Sheet(_name(trace), titles, rows, len(cells))


def _bar_title(trace: Mapping[str, object]) -> str:
    bar = trace.get("colorbar")
    title = bar.get("title") if isinstance(bar, Mapping) else None
    text = title.get("text") if isinstance(title, Mapping) else title
    return f"{text}, highest first" if isinstance(text, str) and text else "value, highest first"


def _is_matrix(cells: Sequence[object]) -> bool:
    return bool(cells) and isinstance(cells[0], list | tuple | np.ndarray)


def _series(traces: Sequence[Mapping[str, object]], layout: Mapping[str, object]) -> list[Sheet]:
    """Traces with the same columns share a table, told apart by a first column with their names."""
    groups: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for trace in traces:
        if keys := _keys(trace):
            titles = tuple(_title(key, trace, layout) for key in keys)
            groups.setdefault(titles, []).append(trace)
    return [_grouped(titles, group) for titles, group in groups.items()]


def _grouped(titles: tuple[str, ...], group: Sequence[Mapping[str, object]]) -> Sheet:
    named = len(group) > 1 and any(trace.get("name") for trace in group)
    share = max(1, math.ceil(ROWS / len(group)))
    rows: list[tuple[str, ...]] = []
    total = 0
    for trace in group:
        texts = (map(_text, _cells(trace[key])) for key in _keys(trace))
        # A point without numbers is a gap in a line, or a place kept for a frame.
        points = [cells for cells in zip_longest(*texts, fillvalue="") if any(cells)]
        total += len(points)
        rows += [(_name(trace), *cells) if named else cells for cells in points[:share]]
    title = _name(group[0]) if len(group) == 1 else ""
    return Sheet(title, ("Series", *titles) if named else titles, tuple(rows[:ROWS]), total)


def _keys(trace: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in KEYS if (cells := _cells(trace.get(key))) and not _is_matrix(cells))


def _title(key: str, trace: Mapping[str, object], layout: Mapping[str, object]) -> str:
    """The axis title for a coordinate, or the attribute's own name."""
    if key in ("x", "y", "z"):
        scene = trace.get("scene") or "scene"
        holder = layout.get(str(scene)) if "3d" in str(trace.get("type")) else layout
        axis = str(trace.get(f"{key}axis") or key) if holder is layout else key
        name = f"{key}axis{axis[1:]}"
        found = holder.get(name) if isinstance(holder, Mapping) else None
        title = found.get("title") if isinstance(found, Mapping) else None
        text = title.get("text") if isinstance(title, Mapping) else title
        if isinstance(text, str) and text:
            return text
    return {"text": "label", "hovertext": "label"}.get(key, key)


def _cells(value: object) -> Sequence[object]:
    if isinstance(value, np.ndarray):
        cells: list[object] = (np.datetime_as_string(value, unit="s") if value.dtype.kind == "M" else value).tolist()
        return cells
    return value if isinstance(value, list | tuple) else ()


def _name(trace: Mapping[str, object]) -> str:
    name = trace.get("name")
    return name if isinstance(name, str) else ""


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float):
        return _number(value).replace("-", "−")
    return str(value)


def _number(number: float) -> str:
    """Five digits, and no exponent where a reader would not write one; thousands are marked from 10,000 on.

    Four digits stand without a mark, as most of them are years.
    """
    mark = "," if abs(number) >= 10_000 else ""
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):{mark}}"
    if 1e-4 <= abs(number) < 1e15:
        places = max(0, 4 - math.floor(math.log10(abs(number))))
        return f"{number:{mark}.{places}f}".rstrip("0").rstrip(".") if places else f"{number:{mark}.0f}"
    return f"{number:.4g}"


def _html(sheet: Sheet, *, titled: bool) -> str:
    parts = [sheet.title] if titled and sheet.title else []
    if sheet.total > len(sheet.rows):
        parts.append(f"{len(sheet.rows)} of {sheet.total:,} rows")
    caption = f"<caption>{_escape(', '.join(parts))}</caption>" if parts else ""
    # The corner of a matrix names no column, and an empty header would be read out as one.
    head = "".join(f'<th scope="col">{_escape(title)}</th>' if title else "<td></td>" for title in sheet.columns)
    body = "\n".join(f"<tr>{''.join(f'<td>{_escape(cell)}</td>' for cell in row)}</tr>" for row in sheet.rows)
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _escape(text: str) -> str:
    return html.escape(text.replace("<br>", " "), quote=False)
