"""Drafts: a first alt text for a chart that has none, from its title, its axes, its traces and their extremes.

It says what can be read off the figure; what the figure shows is the author's to say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import traces

NAMES = 6
"""Names of series that are listed one by one."""
_KINDS = {
    "bar": "Bars",
    "box": "Boxes",
    "violin": "Violins",
    "histogram": "Histogram",
    "heatmap": "Heatmap",
    "contour": "Contours",
    "histogram2d": "Heatmap of counts",
    "surface": "Surface",
    "scatter3d": "Points in three dimensions",
    "pie": "Pie",
    "parcoords": "Parallel coordinates",
    "splom": "Matrix of scatters",
    "sankey": "Flows",
    "table": "Table",
    "treemap": "Treemap",
    "sunburst": "Sunburst",
    "choropleth": "Map",
    "scattergeo": "Map",
}
_SPREAD = frozenset({"Points", "Points in three dimensions", "Boxes", "Violins"})
"""What is read as a cloud: where it lies says more than its highest point."""

Trace = Mapping[str, Any]


def draft(payload: str) -> str:
    """A draft of the alt text of the figure whose JSON is `payload`; empty if there is nothing to say."""
    figure = json.loads(payload)
    layout = figure.get("layout") or {}
    data = figure.get("data") or []
    shown = [trace for trace in data if not traces.is_drawing(trace) and trace.get("visible") is not False]
    if not shown:
        return ""
    main = max(shown, key=_size)
    kind = _kind(main)
    alike = [trace for trace in shown if _kind(trace) == kind]
    sentence = "".join(
        (kind, _axes(main, layout), _series(alike), *(f"; {part}" for part in _extent(kind, alike, layout)))
    )
    title = traces.title(layout.get("title"))
    parts = [f"{title}." if title and not title.endswith((".", "?", "!")) else title, f"{sentence}."]
    return " ".join([*filter(None, parts), *_steps(figure.get("frames") or [])])


def _kind(trace: Trace) -> str:
    name = str(trace.get("type") or "scatter")
    if name in ("scatter", "scattergl"):
        # Without a mode Plotly draws lines where there are twenty points and more, and marks too where there are fewer.
        return "Lines" if "lines" in str(trace.get("mode") or "lines") else "Points"
    return _KINDS.get(name, f"Chart of the kind {name}")


def _size(trace: Trace) -> int:
    return max((len(traces.cells(trace.get(key))) for key in ("x", "y", "z", "values", "r", "lat")), default=0)


def _axes(trace: Trace, layout: Mapping[str, Any]) -> str:
    """`` of SHARE by CLUSTER``, as far as the axes have titles."""
    if _kind(trace) in ("Heatmap", "Contours") and (rows := traces.matrix(trace.get("z"))):
        return f" of {len(rows)} rows by {max(map(len, rows))} columns"
    x, y, z = (traces.axis_title(key, trace, layout) for key in "xyz")
    if trace.get("type") in ("scatter3d", "surface"):
        named = [name for name in (x, y, z) if name]
        return f" by {_listed(named)}" if named else ""
    if trace.get("orientation") == "h":
        x, y = y, x
    return (f" of {y}" if y else "") + (f" by {x}" if x else "")


def _series(alike: Sequence[Trace]) -> str:
    names = _names(alike)
    if len(names) < 2:
        return ""
    return f", in {len(names)} series" + (f": {_listed(names)}" if len(names) <= NAMES else "")


def _names(alike: Sequence[Trace]) -> list[str]:
    return list(dict.fromkeys(name for trace in alike if (name := traces.words(trace.get("name")))))


def _extent(kind: str, alike: Sequence[Trace], layout: Mapping[str, Any]) -> Iterator[str]:
    """From where to where a cloud goes; of anything else the highest and the lowest value, and where they are."""
    if kind in _SPREAD:
        for key in "xyz":
            found = [value for trace in alike for value in traces.cells(trace.get(key)) if _is_number(value)]
            if found and min(found) < max(found):
                name = traces.axis_title(key, alike[0], layout) or key
                yield f"{name} from {_number(min(found))} to {_number(max(found))}"
        return
    several = len(_names(alike)) > 1
    values = [found for trace in alike for found in _values(trace, several)]
    if values:
        high, low = max(values, key=lambda item: item[0]), min(values, key=lambda item: item[0])
        yield f"highest {_number(high[0])}{high[1]}"
        if low[0] < high[0]:
            yield f"lowest {_number(low[0])}{low[1]}"


def _values(trace: Trace, several: bool) -> Iterator[tuple[float, str]]:
    """Each value of a trace with words for where it is, its series too where there are `several`."""
    series = traces.words(trace.get("name")) if several else ""
    x, y = traces.cells(trace.get("x")), traces.cells(trace.get("y"))
    if rows := traces.matrix(trace.get("z")):
        for n, row in enumerate(rows):
            for m, value in enumerate(row):
                if _is_number(value):
                    row_name = y[n] if n < len(y) else f"row {n + 1}"
                    yield value, _where(row_name, x[m] if m < len(x) else f"column {m + 1}")
        return
    if trace.get("orientation") == "h" or not any(map(_is_number, y)):
        x, y = y, x
    where, values = (x, y) if y else (traces.cells(trace.get("labels")), traces.cells(trace.get("values")))
    for n, value in enumerate(values):
        if _is_number(value):
            yield value, _where(where[n] if n < len(where) else "", series)


def _where(*parts: object) -> str:
    said = [_number(part) if _is_number(part) else traces.words(part).removesuffix("T00:00:00") for part in parts]
    said = [part for part in said if part]
    return f" at {', '.join(said)}" if said else ""


def _steps(frames: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = [name for frame in frames if (name := str(frame.get("name") or ""))]
    if len(names) > 1:
        yield f"It moves in {len(names)} steps from {names[0]} to {names[-1]}."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: Any) -> str:
    """A number as one writes it in a sentence: four digits that count, or all of a large one; years as they are."""
    if value == int(value) and abs(value) < 10_000:
        text = str(int(value))
    elif abs(value) >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.4g}"
    return text.replace("-", "−")


def _listed(names: Sequence[str]) -> str:
    comma = "; " if any("," in name for name in names) else ", "
    return names[0] if len(names) == 1 else f"{comma.join(names[:-1])} and {names[-1]}"
