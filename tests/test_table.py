"""The table of a chart: the rows a reader would want, no more than fit."""

from __future__ import annotations

import re

import numpy as np
import pytest

from generator.charts.table import table


def cells(text: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", text)]


def test_series_share_a_table() -> None:
    data = [
        {"type": "scatter", "name": "a", "x": [1, 2], "y": np.array([0.5, 1234.5])},
        {"type": "scatter", "name": "b<1", "x": [3], "y": [None]},
    ]
    layout = {"xaxis": {"title": {"text": "Age"}}, "yaxis": {"title": {"text": "Income"}}}
    assert cells(table(data, layout)) == [
        ["Series", "Age", "Income"],
        ["a", "1", "0.5"],
        ["a", "2", "1234.5"],
        ["b&lt;1", "3", ""],
    ]


def test_a_point_without_numbers_is_no_row() -> None:
    data = [
        {"type": "scatter", "x": [1, None, 3], "y": [0.5, np.nan, 1]},
        {"type": "scatter", "x": [None], "y": [None]},
    ]
    assert table(data, {}).count("<tr>") == 3


def test_three_dimensions_have_their_scene() -> None:
    data = [{"type": "scatter3d", "x": [1], "y": [2], "z": [3], "scene": "scene2"}]
    layout = {"scene2": {"xaxis": {"title": {"text": "X"}}, "zaxis": {"title": {"text": "Z"}}}}
    assert cells(table(data, layout)) == [["X", "y", "Z"], ["1", "2", "3"]]


def test_a_matrix_has_its_heads() -> None:
    data = [{"type": "heatmap", "z": np.array([[1, 2], [3, 4]]), "x": ["p", "q"], "y": ["r", "s"]}]
    assert cells(table(data, {})) == [["", "p", "q"], ["r", "1", "2"], ["s", "3", "4"]]
    assert "<thead><tr><td></td><th" in table(data, {})  # a header without words would be read out as one


def test_the_texts_of_a_matrix_are_its_cells() -> None:
    data = [{"type": "heatmap", "z": [[0.1, 0.9]], "text": [["1,200", "9,800"]], "x": ["p", "q"], "y": ["r"]}]
    assert cells(table(data, {})) == [["", "p", "q"], ["r", "1,200", "9,800"]]


def test_drawing_is_no_data() -> None:
    assert table([{"type": "mesh3d", "hoverinfo": "skip", "x": [1], "y": [2], "z": [3]}], {}) == ""


def test_long_tables_are_cut_and_say_so() -> None:
    data = [{"type": "scatter", "name": name, "x": list(range(100)), "y": list(range(100))} for name in "abc"]
    text = table(data, {})
    assert len(cells(text)) == 21
    assert "<caption>20 of 300 rows</caption>" in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234567.0, "1,234,567"),
        (0.000012346, "1.235e−05"),
        (12.34567, "12.346"),
        (-0.5, "−0.5"),
        (1957, "1957"),
        (float("nan"), ""),
    ],
)
def test_numbers_are_short(value: float, expected: str) -> None:
    assert cells(table([{"type": "bar", "x": ["a"], "y": [value]}], {}))[1] == ["a", expected]
