"""Every type of trace that plotly.js knows, drawn in a browser under the policy of our pages: which ones can't be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator import maps
from generator.charts import inspection
from generator.pages import policy
from tests.reading import chart, make_site, reading
from tests.served import serving

pytestmark = pytest.mark.browser

LINE = {"x": [1, 2, 3], "y": [2, 1, 3]}
GRID = {"z": [[1, 2, 3], [3, 4, 1], [1, 1, 2]]}
PARTS = {"labels": ["a", "b"], "values": [1, 2]}
TREE = {"labels": ["a", "b"], "parents": ["", "a"]}
DAYS = {"x": [1, 2], "open": [1, 2], "close": [2, 1], "high": [3, 3], "low": [0, 0]}
TURN = {"r": [1, 2], "theta": [10, 90], "mode": "markers"}
COLUMNS = {"dimensions": [{"label": "a", "values": [1, 2, 4]}, {"label": "b", "values": [2, 1, 3]}]}
CUBE = {"x": [0, 0, 0, 0, 1, 1, 1, 1], "y": [0, 0, 1, 1, 0, 0, 1, 1], "z": [0, 1, 0, 1, 0, 1, 0, 1]}
WIND = {"u": [1] * 8, "v": [0.5] * 8, "w": [0] * 8}
INSIDE = {"value": list(range(8)), "isomin": 2, "isomax": 6}
PLACE = {"lat": [50], "lon": [10], "z": [1], "mode": "markers"}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [20, 0], [20, 20], [0, 20], [0, 0]]]}
AREA = {"locations": ["a"], "z": [1], "geojson": {"type": "Feature", "id": "a", "geometry": SQUARE}}
CARPET = {
    "type": "carpet",
    "a": [0, 1, 2, 0, 1, 2, 0, 1, 2],
    "b": [0, 0, 0, 1, 1, 1, 2, 2, 2],
    "x": [0, 1, 2, 0.2, 1.2, 2.2, 0.4, 1.4, 2.4],
    "y": [0, 0.1, 0.2, 1, 1.1, 1.2, 2, 2.1, 2.2],
}
SAMPLES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(["bar", "box", "funnel", "histogram", "scatter", "scattergl", "violin", "waterfall"], LINE),
    **dict.fromkeys(["histogram2d", "histogram2dcontour"], LINE),
    **dict.fromkeys(["contour", "heatmap", "surface"], GRID),
    **dict.fromkeys(["funnelarea", "pie"], PARTS),
    **dict.fromkeys(["icicle", "sunburst", "treemap"], TREE),
    **dict.fromkeys(["candlestick", "ohlc"], DAYS),
    **dict.fromkeys(["barpolar", "scatterpolar", "scatterpolargl"], TURN),
    **dict.fromkeys(["parcats", "parcoords", "splom"], COLUMNS),
    **dict.fromkeys(["mesh3d", "scatter3d"], CUBE),
    **dict.fromkeys(["cone", "streamtube"], CUBE | WIND),
    **dict.fromkeys(["isosurface", "volume"], CUBE | INSIDE),
    **dict.fromkeys(["densitymap", "scattergeo", "scattermap"], PLACE),
    **dict.fromkeys(["choropleth", "choroplethmap"], AREA),
    "carpet": CARPET,
    "contourcarpet": {"a": CARPET["a"], "b": CARPET["b"], "z": CARPET["x"]},
    "image": {"z": [[[255, 0, 0], [0, 255, 0]]]},
    "indicator": {"mode": "number+gauge+delta", "value": 5},
    "quiver": LINE | {"u": [1, 1, 1], "v": [0, 1, 0]},
    "sankey": {"node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [1]}},
    "scattercarpet": {"a": [1, 2], "b": [1, 2]},
    "scattersmith": {"real": [1, 2], "imag": [1, 0]},
    "scatterternary": {"a": [1, 2], "b": [2, 1], "c": [1, 1], "mode": "markers"},
    "table": {"header": {"values": ["a"]}, "cells": {"values": [[1, 2]]}},
}
LAYERS = ("coastlines", "countries", "lakes", "land", "ocean", "rivers", "subunits")
OUTLINES = {
    "type": "Topology",
    "objects": {layer: {"type": "GeometryCollection", "geometries": []} for layer in LAYERS},
    "arcs": [],
}
"""An empty world, for what Plotly would ask its own host."""


def page_of(kind: str) -> str:
    below = [CARPET] if kind.endswith("carpet") and kind != "carpet" else []
    return chart(kind, [*below, {"type": kind, **SAMPLES[kind]}], {"map": {"style": "white-bg"}})


def test_all_types_are_drawn_but_those_that_a_build_warns_of(browser: Any, tmp_path: Path) -> None:
    make_site(tmp_path, {"/all/": "\n".join(map(page_of, SAMPLES))})
    page = tmp_path / "all" / "index.html"
    text = policy.guarded(page.read_text(encoding="utf-8"))[0]
    page.write_text(text, encoding="utf-8")
    failed = []
    with serving(tmp_path) as address, reading(browser) as reader:
        answer = {"json": OUTLINES, "headers": {"access-control-allow-origin": "*"}}
        reader.page.route(f"{maps.OUTLINES}/**", lambda route: route.fulfill(**answer))
        reader.page.goto(f"{address}/all/")
        for kind in SAMPLES:
            state = f"document.querySelector('#chart-{kind}').dataset.state"
            reader.page.evaluate(f"document.querySelector('#chart-{kind} [data-tool]').click()")
            reader.until(f"['drawn', 'failed'].includes({state})")
            failed += [kind] if reader.page.evaluate(state) == "failed" else []
        known = json.loads(reader.page.evaluate("JSON.stringify(Object.keys(Plotly.PlotSchema.get().traces))"))
    assert sorted(SAMPLES) == sorted(known)
    assert failed == sorted(inspection.COMPILED)
    assert len(reader.complaints) == len(failed)
