"""Inspection: what the charts in ``includes/`` lack or have too much of, told in every build at the chart's line.

What a source was warned of when it ran; a chart without alt text; a chart that weighs more than its budget, with the
trace that weighs most.
"""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from generator import fragment, maps
from generator.charts.contract import ChartSource
from generator.charts.manifest import Manifest
from generator.errors import Problem, warning
from generator.report import number, size

ALT = 'say what it shows to someone who can\'t see it: figure.update_layout(meta={"alt": "…"})'
REMEDY = "draw a sample, clusters.sample(rows=…), or a density binned in Spark, figures.density(…)"
MAP = "a map without that is a scatter of longitudes and latitudes, or outlines drawn as lines from data of your own"
_BYTES = {"1": 1, "2": 2, "4": 4, "8": 8}


def problems(includes: Path, sources: tuple[ChartSource, ...], manifest: Manifest, limit: int) -> tuple[Problem, ...]:
    """Warnings for `sources`: those of their last run, and fragments without alt text or of more than `limit` bytes."""
    found: list[Problem] = []
    for source in sources:
        entry = manifest.entries.get(source.path)
        if entry is None:
            continue
        found += entry.warnings
        for name in sorted(entry.fragments):
            found += _of_one(name, source, includes / f"{name}.html", limit)
    return tuple(found)


def _of_one(name: str, source: ChartSource, path: Path, limit: int) -> Iterator[Problem]:
    try:
        text = path.read_bytes()
        chart = fragment.parse(text.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return
    if chart is None:
        return
    if not chart.alt:
        yield warning(f"the chart '{name}' has no alt text", source.place(name), ALT)
    if len(text) > limit:
        message = f"the chart '{name}' weighs {size(len(text))}, more than the budget of {size(limit)}"
        # It may have been edited by hand into what is no figure any more; the plan tells that it was.
        with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
            message += f": {heaviest(chart.payload)}"
        yield warning(message, source.place(name), REMEDY)
    if asked := maps.hosts(chart.payload):
        hosts = ", ".join(host.removeprefix("https://") for host in asked)
        yield warning(f"to draw the chart '{name}' a reader's browser asks {hosts}", source.place(name), MAP)


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
