"""Drafts of alt texts: what can be read off a figure, in words."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from generator.charts.drafts import draft
from generator.charts.export import to_fragment


def of(*traces: object, **layout: object) -> str:
    return draft(to_fragment("a", go.Figure(list(traces), layout=layout)).payload)


CASES = {
    "bars, their highest and lowest, and the title": (
        of(go.Bar(x=["Köln", "Ulm", "Bonn"], y=[3, 1, 2.5]), title="Rain", xaxis_title="city", yaxis_title="litres"),
        "Rain. Bars of litres by city; highest 3 at Köln; lowest 1 at Ulm.",
    ),
    "bars that lie": (
        of(go.Bar(y=["a", "b"], x=[1, 2], orientation="h"), xaxis_title="share", yaxis_title="group"),
        "Bars of share by group; highest 2 at b; lowest 1 at a.",
    ),
    "lines with their series": (
        of(
            go.Scatter(name="Oslo", x=[2001, 2002], y=[1_234_567.0, -0.5]),
            go.Scatter(name="Rome", x=[2001, 2002], y=[7, 8]),
            yaxis_title="<b>people</b><br>in all",
        ),
        "Lines of people in all, in 2 series: Oslo and Rome; highest 1,234,567 at 2001, Oslo; "
        "lowest −0.5 at 2002, Oslo.",
    ),
    "a cloud from typed arrays, without outlines": (
        of(
            go.Scatter(x=np.arange(500) / 7, y=np.arange(500), mode="markers"),
            go.Scatter(x=[-900], y=[-900], hoverinfo="skip"),
            xaxis_title="age",
        ),
        "Points by age; age from 0 to 71.29; y from 0 to 499.",
    ),
    "a cloud in three dimensions": (
        of(go.Scatter3d(x=[1, 2], y=[3, 4], z=[5, 5], mode="markers"), scene={"zaxis": {"title": {"text": "depth"}}}),
        "Points in three dimensions by depth; x from 1 to 2; y from 3 to 4.",
    ),
    "a heatmap that is seen, not the hidden one": (
        of(go.Heatmap(z=[[1, 2], [None, 4]], x=["p", "q"], y=["r", "s"]), go.Heatmap(z=[[9, 9]], visible=False)),
        "Heatmap of 2 rows by 2 columns; highest 4 at s, q; lowest 1 at r, p.",
    ),
    "a pie": (
        of(go.Pie(labels=["a", "b"], values=[30, 70])),
        "Pie; highest 70 at b; lowest 30 at a.",
    ),
    "names with commas, and too many": (
        of(*(go.Scatter(name=name, y=[1], mode="markers") for name in ("a, b", "c"))),
        "Points, in 2 series: a, b and c.",
    ),
    "eight series are counted": (
        of(*(go.Scatter(name=f"s{n}", y=[1], mode="markers") for n in range(8))),
        "Points, in 8 series.",
    ),
    "a kind without words of its own": (of(go.Funnel(y=["a"], x=[1])), "Chart of the kind funnel; highest 1 at a."),
    "nothing": (of(), ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_draft(case: str) -> None:
    drafted, expected = CASES[case]
    assert drafted == expected


def test_an_animation_says_from_where_to_where_it_moves() -> None:
    figure = go.Figure(go.Scatter(y=[1, 2]), frames=[go.Frame(name="1952"), go.Frame(name="2007")])
    assert draft(to_fragment("a", figure).payload) == (
        "Lines; highest 2; lowest 1. It moves in 2 steps from 1952 to 2007."
    )
