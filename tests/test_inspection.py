"""Inspection: a chart without alt text is told, and a heavy one, with its heaviest trace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import plotly.graph_objects as go

from generator import fragment
from generator.charts import inspection
from generator.charts.contract import ChartSource
from generator.charts.export import to_fragment
from generator.charts.manifest import Entry, Manifest
from generator.errors import warning

SOURCE = ChartSource("content/posts/a/charts.py", (), 3, (("big", 5, 13),))
MANIFEST = Manifest({SOURCE.path: Entry({"big": "1", "gone": "2"}, {})})


def test_a_heavy_fragment_names_its_heaviest_trace(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=30_000)
    figure = go.Figure([go.Scatter(x=[1], y=[2]), go.Scattergl(x=values, y=values, name="everybody")])
    figure.update_layout(meta={"alt": "A cloud."})
    (tmp_path / "big.html").write_text(to_fragment("big", figure).to_html())
    (problem,) = inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000)
    assert str(problem) == (
        "content/posts/a/charts.py:5:13: warning: the chart 'big' weighs 321.3 KB, more than the budget of 300.0 KB: "
        "trace 'everybody' (scattergl) has 30,000 rows in 320.1 KB\n"
        "  hint: draw a sample, clusters.sample(rows=…), or a density binned in Spark, figures.density(…)"
    )
    assert inspection.problems(tmp_path, (SOURCE,), MANIFEST, 330_000) == ()


def test_a_chart_without_alt_text(tmp_path: Path) -> None:
    (tmp_path / "big.html").write_text(to_fragment("big", go.Figure(go.Bar(y=[1]))).to_html())
    (problem,) = inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000)
    assert str(problem) == (
        "content/posts/a/charts.py:5:13: warning: the chart 'big' has no alt text\n"
        "  hint: say what it shows to someone who can't see it; a draft: "
        'figure.update_layout(meta={"alt": "Bars; highest 1."})'
    )


def test_a_chart_in_a_notebook_is_told_once_however_many_fragments_it_is_in(tmp_path: Path) -> None:
    bare = to_fragment("big", go.Figure(go.Bar(y=[1]))).to_html()
    (tmp_path / "big.html").write_text(bare)
    (tmp_path / "gone.html").write_text(fragment.notebook("gone", f"<p>Hi</p>\n{bare}"))
    assert [problem.message for problem in inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000)] == [
        "the chart 'big' has no alt text"
    ]


def test_rows_of_a_matrix_and_of_a_list() -> None:
    figure = go.Figure([go.Heatmap(z=np.arange(600.0).reshape(20, 30) / 7), go.Bar(y=[1, 2])])
    assert inspection.heaviest(to_fragment("a", figure).payload).startswith("trace 1 (heatmap) has 20 rows in")
    assert inspection.heaviest(to_fragment("a", go.Figure(go.Bar(y=[1, 2]))).payload).startswith(
        "trace 1 (bar) has 2 rows"
    )
    assert inspection.heaviest(to_fragment("a", go.Figure()).payload) == "it has no trace"


def test_what_a_run_was_warned_of_is_told_in_each_build(tmp_path: Path) -> None:
    told = warning("the picture of cell 3 has no alt text", SOURCE.place())
    known = Manifest({SOURCE.path: Entry({}, {}, warnings=(told,))})
    assert inspection.problems(tmp_path, (SOURCE,), known, 300_000) == (told,)


def test_a_map_asks_other_hosts_for_its_outlines(tmp_path: Path) -> None:
    figure = go.Figure(go.Choropleth(locations=["DEU"], z=[1]), {"meta": {"alt": "A map."}})
    (tmp_path / "big.html").write_text(to_fragment("big", figure).to_html())
    (problem,) = inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000)
    assert problem.message == "to draw the chart 'big' a reader's browser asks cdn.plot.ly"
    assert problem.severity == "warning"


def test_what_a_page_s_policy_keeps_from_being_drawn_is_told_with_a_way_out(tmp_path: Path) -> None:
    dimensions = [{"label": "a", "values": [1, 2]}, {"label": "b", "values": [2, 1]}]
    traces = [go.Splom(dimensions=dimensions), go.Parcoords(dimensions=dimensions)]
    figure = go.Figure(traces, {"meta": {"alt": "Two."}})
    (tmp_path / "big.html").write_text(to_fragment("big", figure).to_html())
    first, second = inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000)
    assert first.hint.startswith("lines show the same: figures.parallel(…)")
    assert str(second) == (
        "content/posts/a/charts.py:5:13: warning: the chart 'big' can't be drawn on a page: Plotly compiles code for "
        "its splom, which the page's policy forbids\n  hint: scatters in a grid show the same: "
        "plotly.subplots.make_subplots(…) and a go.Scatter for each two columns"
    )
    figure = go.Figure([go.Scattergl(x=[1], y=["splom"], name="type")], {"meta": {"alt": "One."}})
    (tmp_path / "big.html").write_text(to_fragment("big", figure).to_html())
    assert inspection.problems(tmp_path, (SOURCE,), MANIFEST, 300_000) == ()
