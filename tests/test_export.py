"""Export: figures become the shortest JSON that looks the same."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from generator.charts.export import to_fragment


def payload(figure: go.Figure) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(to_fragment("a", figure).payload)
    return value


def trace(**values: Any) -> dict[str, Any]:
    value: dict[str, Any] = payload(go.Figure(go.Scatter(**values)))["data"][0]
    return value


def numbers(form: dict[str, str]) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(form["bdata"]), dtype=form["dtype"])


def test_alt_caption_and_source_leave_the_payload() -> None:
    meta = {"alt": " A \n rising line ", "caption": "Up & up", "source": "https://example.org/?a=1&b=2", "mine": 1}
    chart = to_fragment("a", go.Figure(layout={"meta": meta, "height": 512.4, "width": 900}))
    assert chart.alt == "A rising line"
    assert chart.caption == (
        'Up &amp; up <span class="chart-source">Source: '
        '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a></span>'
    )
    assert chart.height == 512
    assert json.loads(chart.payload)["layout"] == {"meta": {"mine": 1}}


@pytest.mark.parametrize("name", [None, *sorted(pio.templates)])
def test_plotlys_templates_are_stripped(name: str | None) -> None:
    figure = go.Figure(layout={"template": name} if name else {})
    assert payload(figure)["layout"] == {}


def test_an_authors_template_stays() -> None:
    template = go.layout.Template(layout={"colorway": ["#123456"]})
    assert payload(go.Figure(layout={"template": template}))["layout"]["template"]["layout"] == {
        "colorway": ["#123456"]
    }


def test_many_floats_become_float32() -> None:
    values = np.random.default_rng(1).normal(size=200)
    form = trace(x=values)["x"]
    assert form["dtype"] == "f4"
    assert np.allclose(numbers(form), values, rtol=1e-7)


def test_floats_that_need_more_digits_keep_them() -> None:
    values = 1e9 + np.random.default_rng(1).normal(size=50)
    form = trace(x=values)["x"]
    assert form["dtype"] == "f8"
    assert np.array_equal(numbers(form), values)


@pytest.mark.parametrize(("top", "dtype"), [(120, "i1"), (250, "u1"), (30_000, "i2"), (60_000, "u2"), (70_000, "i4")])
def test_integers_become_small(top: int, dtype: str) -> None:
    values = np.linspace(0, top, 300).astype(int)
    form = trace(x=values)["x"]
    assert form["dtype"] == dtype
    assert np.array_equal(numbers(form), values)


def test_short_lists_stay_readable() -> None:
    found = trace(x=[1, 2, 3], y=np.array([0.5, 1.25, np.nan]), text=["a", "b", None])
    assert (found["x"], found["y"], found["text"]) == ([1, 2, 3], [0.5, 1.25, None], ["a", "b", None])


def test_matrices_keep_their_shape() -> None:
    values = np.random.default_rng(1).normal(size=(7, 9))
    form = payload(go.Figure(go.Heatmap(z=values)))["data"][0]["z"]
    assert form["shape"] == "7, 9"
    assert np.allclose(numbers(form).reshape(7, 9), values)


def test_hover_data_is_shown_as_it_is() -> None:
    found = trace(x=[1], customdata=np.array([[0.1 + 0.2, 1e-20]]))
    assert found["customdata"] == [[0.3, 1e-20]]


def test_dates_and_other_values() -> None:
    days = pd.date_range("2026-01-30", periods=2)
    assert trace(x=days)["x"] == ["2026-01-30T00:00:00.000", "2026-01-31T00:00:00.000"]
    found = trace(x=[date(2026, 1, 2), datetime(2026, 1, 2, 3)], y=[Decimal("1.5"), 2])
    assert found["x"] == ["2026-01-02", "2026-01-02T03:00:00"]
    assert found["y"] == [1.5, 2.0]


def test_frames_are_compact_too() -> None:
    values = np.arange(100.0)
    figure = go.Figure(go.Scatter(x=values), frames=[go.Frame(name="1", data=[go.Scatter(x=values)])])
    frame = payload(figure)["frames"][0]
    assert frame["name"] == "1"
    assert frame["data"][0]["x"]["dtype"] == "i1"


def test_a_domain_is_not_an_array_of_coordinates() -> None:
    figure = go.Figure(go.Pie(values=[1, 2], domain={"x": [0, 0.5]}))
    assert payload(figure)["data"][0]["domain"] == {"x": [0, 0.5]}


def test_equal_figures_are_equal_bytes() -> None:
    def figure() -> go.Figure:
        return go.Figure(go.Scatter3d(x=np.random.default_rng(3).normal(size=40), name="x"), layout={"title": "t"})

    assert to_fragment("a", figure()).to_html() == to_fragment("a", figure()).to_html()
