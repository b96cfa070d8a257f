"""Inspection: what the charts in ``includes/`` lack or have too much of, told in every build at the chart's line.

What a source was warned of when it ran; a chart without alt text; one that asks another host, or that a page's policy
keeps from being drawn; a chart that weighs more than its budget, with the trace that weighs most.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from generator import fragment, maps, traces
from generator.charts import drafts
from generator.charts.contract import ChartSource
from generator.charts.manifest import Manifest
from generator.errors import Problem, warning
from generator.fragment import Fragment
from generator.report import number, size

ALT = "say what it shows to someone who can't see it; a draft"
REMEDY = "draw a sample, clusters.sample(rows=…), or a density binned in Spark, figures.density(…)"
MAP = (
    "no one is asked by a choroplethmap of a geojson of yours on layout.map.style 'white-bg',"
    " nor by a scatter of longitudes and latitudes"
)
COMPILED = {
    "parcoords": "lines show the same: figures.parallel(…), or a go.Scatter for each row; for names a go.Parcats",
    "splom": "scatters in a grid show the same: plotly.subplots.make_subplots(…) and a go.Scatter for each two columns",
}
"""Types of traces for which plotly.js compiles code in the browser, and what shows the same without.

So it does for ``scattergl`` and ``scatterpolargl``, which the chart client draws as SVG (tests/test_drawable.py).
"""
_COMPILED = re.compile(rf'"type":"({"|".join(COMPILED)})"')


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
    # A chart of a notebook that has a name of its own is in two fragments.
    return tuple(dict.fromkeys(found))


def _of_one(name: str, source: ChartSource, path: Path, limit: int) -> Iterator[Problem]:
    """What is wrong with a fragment: a chart, or a notebook with charts in it."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for chart in fragment.charts(text):
        yield from _of_chart(chart, source)
    whole = fragment.parse(text)
    if whole and len(text.encode()) > limit:
        yield _too_large(whole, len(text.encode()), source, limit)


def _of_chart(chart: Fragment, source: ChartSource) -> Iterator[Problem]:
    place = source.place(chart.name)
    if not chart.alt:
        yield warning(f"the chart '{chart.name}' has no alt text", place, f"{ALT}: {_alt(chart.payload)}")
    if asked := maps.hosts(chart.payload):
        hosts = ", ".join(host.removeprefix("https://") for host in asked)
        yield warning(f"to draw the chart '{chart.name}' a reader's browser asks {hosts}", place, MAP)
    for kind in sorted(set(_COMPILED.findall(chart.payload))):
        why = f"Plotly compiles code for its {kind}, which the page's policy forbids"
        yield warning(f"the chart '{chart.name}' can't be drawn on a page: {why}", place, COMPILED[kind])


def _too_large(chart: Fragment, weight: int, source: ChartSource, limit: int) -> Problem:
    message = f"the chart '{chart.name}' weighs {size(weight)}, more than the budget of {size(limit)}"
    # It may have been edited by hand into what is no figure any more; the plan tells that it was.
    with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
        message += f": {heaviest(chart.payload)}"
    return warning(message, source.place(chart.name), REMEDY)


def _alt(payload: str) -> str:
    """The line of Python that gives a chart a drafted alt text."""
    text = ""
    # It may have been edited by hand into what is no figure any more; the plan tells that it was.
    with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):
        text = drafts.draft(payload)
    return f'figure.update_layout(meta={{"alt": {json.dumps(text or "…", ensure_ascii=False)}}})'


def heaviest(payload: str) -> str:
    """The heaviest trace of a figure in words: its number or name, its type, its rows and its bytes of JSON."""
    data = json.loads(payload)["data"]
    weights = [len(json.dumps(trace, separators=(",", ":"))) for trace in data]
    if not weights:
        return "it has no trace"
    place = max(range(len(weights)), key=lambda n: (weights[n], -n))
    trace = data[place]
    name = f"'{trace['name']}'" if trace.get("name") else f"{place + 1}"
    rows = max((len(traces.cells(value)) for value in trace.values()), default=0)
    return f"trace {name} ({trace.get('type', 'scatter')}) has {number(rows, 'row')} in {size(weights[place])}"
