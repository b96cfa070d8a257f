"""The budget: a fragment that weighs too much is told, with the trace that weighs most and what would help."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from generator import fragment
from generator.charts.contract import ChartSource
from generator.charts.manifest import Manifest
from generator.errors import Problem, warning
from generator.report import number, size

REMEDY = "draw a sample, clusters.sample(rows=…), or a density binned in Spark, figures.density(…)"
_BYTES = {"1": 1, "2": 2, "4": 4, "8": 8}


def problems(includes: Path, sources: tuple[ChartSource, ...], manifest: Manifest, limit: int) -> tuple[Problem, ...]:
    """A warning for each fragment of `sources` of more than `limit` bytes."""
    found = []
    for source in sources:
        entry = manifest.entries.get(source.path)
        for name in sorted(entry.fragments) if entry else ():
            path = includes / f"{name}.html"
            if path.is_file() and path.stat().st_size > limit:
                found.append(_problem(name, source, path, limit))
    return tuple(found)


def _problem(name: str, source: ChartSource, path: Path, limit: int) -> Problem:
    message = f"the chart '{name}' weighs {size(path.stat().st_size)}, more than the budget of {size(limit)}"
    chart = fragment.parse(path.read_text(encoding="utf-8"))
    if chart is not None:
        message += f": {heaviest(chart.payload)}"
    return warning(message, source.place(name), REMEDY)


def heaviest(payload: str) -> str:
    """The heaviest trace of a figure in words: its number or name, its type, its rows and its bytes of JSON."""
    traces = json.loads(payload)["data"]
    weights = [len(json.dumps(trace, separators=(",", ":"))) for trace in traces]
    if not weights:
        return "it has no trace"
    place = max(range(len(weights)), key=lambda n: (weights[n], -n))
    trace = traces[place]
    name = f"'{trace['name']}'" if trace.get("name") else f"{place + 1}"
    rows = max((_rows(value) for value in trace.values()), default=0)
    return f"trace {name} ({trace.get('type', 'scatter')}) has {number(rows, 'row')} in {size(weights[place])}"


def _rows(value: object) -> int:
    """The length of a list or of one of Plotly's typed arrays."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, dict) and isinstance(value.get("bdata"), str):
        if "shape" in value:
            return int(str(value["shape"]).partition(",")[0])
        return len(base64.b64decode(value["bdata"])) // _BYTES.get(str(value.get("dtype"))[-1], 1)
    return 0
