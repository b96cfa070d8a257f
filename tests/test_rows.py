"""Rows: a figure's data as CSV: typed arrays decoded, columns headed by axes, a cell a row, frame by frame."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import plotly.graph_objects as go

from generator.charts.export import to_fragment
from generator.pages import rows


def table(figure: go.Figure) -> list[list[str]]:
    """The CSV of a figure as it is exported, read by Python's own reader."""
    payload = to_fragment("a", figure).payload
    assert rows.is_tabular(payload)
    return list(csv.reader(io.StringIO(rows.to_csv(payload))))


def test_typed_arrays_are_numbers_again_and_axes_name_the_columns() -> None:
    x = np.linspace(0, 1, 500)
    figure = go.Figure(go.Scatter(x=x, y=np.arange(500)))
    figure.update_layout(xaxis_title="time, <b>s</b>", yaxis_title="height<br>above ground")
    assert '"bdata"' in to_fragment("a", figure).payload
    header, *lines = table(figure)
    assert header == ["time, s", "height above ground"]
    assert [int(height) for _, height in lines] == list(range(500))
    assert np.allclose([float(time) for time, _ in lines], x, atol=1e-6)


def test_traces_stand_one_below_the_other_under_the_union_of_their_columns() -> None:
    figure = go.Figure(
        [
            go.Bar(name="a", x=["Köln", 'say "hi", x'], y=[1, 2.5]),
            go.Scatter(name="b", y=[3, None], text=["one", "two"], marker={"size": [5, 6]}),
            go.Scatter(name="outline", x=[0, 1], y=[0, 1], hoverinfo="skip"),
        ]
    )
    assert table(figure) == [
        ["series", "x", "y", "text", "marker size"],
        ["a", "Köln", "1", "", ""],
        ["a", 'say "hi", x', "2.5", "", ""],
        ["b", "", "3", "one", "5"],
        ["b", "", "", "two", "6"],
    ]


def test_the_cells_of_a_matrix_have_a_row_each() -> None:
    z = [[1.5, None], [3, 4]]
    figure = go.Figure(
        go.Heatmap(x=["a", "b"], y=["c", "d"], z=z, colorbar_title="share", text=[["p", "q"], ["r", "s"]])
    )
    assert table(figure) == [
        ["x", "y", "share", "text"],
        ["a", "c", "1.5", "p"],
        ["b", "c", "", "q"],
        ["a", "d", "3", "r"],
        ["b", "d", "4", "s"],
    ]
    shaped = table(go.Figure(go.Surface(z=np.arange(600.0).reshape(20, 30) / 7)))
    assert (len(shaped), shaped[0], shaped[-1][:2]) == (601, ["x", "y", "z"], ["29", "19"])


def test_an_animation_is_its_frames_over_what_it_starts_with() -> None:
    figure = go.Figure(go.Scatter(name="s", ids=["i", "j"], x=[1, 2], y=[1, 2]))
    figure.frames = [go.Frame(name="2001", data=[{"x": [1, 2]}]), go.Frame(name="2002", data=[{"x": [5, 6]}])]
    assert table(figure) == [
        ["frame", "series", "ids", "x", "y"],
        *(["2001", "s", "i", "1", "1"], ["2001", "s", "j", "2", "2"]),
        *(["2002", "s", "i", "5", "1"], ["2002", "s", "j", "6", "2"]),
    ]


def test_scenes_dimensions_tables_and_rows_of_custom_data() -> None:
    cloud = go.Figure(go.Scatter3d(x=[1], y=[2], z=[3]), layout={"scene": {"zaxis": {"title": {"text": "depth"}}}})
    assert table(cloud) == [["x", "y", "depth"], ["1", "2", "3"]]
    parallel = go.Figure(go.Parcoords(dimensions=[{"label": "age", "values": [1, 2]}, {"values": [3, 4]}]))
    assert table(parallel) == [["age", "dimension 2"], ["1", "3"], ["2", "4"]]
    sheet = go.Figure(go.Table(header={"values": ["who", "what"]}, cells={"values": [["a", "b"], ["c", "d"]]}))
    assert table(sheet) == [["who", "what"], ["a", "c"], ["b", "d"]]
    custom = go.Figure(go.Scatter(y=[1, 2], customdata=[["p", 1], ["q", 2]]))
    assert table(custom) == [["y", "customdata 1", "customdata 2"], ["1", "p", "1"], ["2", "q", "2"]]


def test_two_columns_of_one_title_are_told_apart() -> None:
    figure = go.Figure(go.Scatter(x=[1], y=[2]), layout={"xaxis": {"title": "size"}, "yaxis": {"title": "size"}})
    assert table(figure) == [["size", "size (y)"], ["1", "2"]]


def test_nothing_and_too_much_is_no_table() -> None:
    assert not rows.is_tabular(to_fragment("a", go.Figure()).payload)
    assert not rows.is_tabular(to_fragment("a", go.Figure(go.Scatter(x=[1], hoverinfo="skip"))).payload)
    assert not any(
        map(rows.is_tabular, ('{"data":[', "[]", '{"data":[{"x":{"bdata":"*","dtype":"f8"}}]}', '{"data":7}'))
    )
    large = json.dumps({"data": [{"y": [0] * (rows.LIMIT + 1)}], "layout": {}})
    assert not rows.is_tabular(large)
