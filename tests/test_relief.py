"""Relief: the density of rows as a figure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from generator.charts import export, figures


def grid(cells: list[tuple[int, ...]], columns: str) -> Any:
    frame = pd.DataFrame(cells, columns=columns.split())
    return SimpleNamespace(x="age", y="income", x_edges=(0, 10, 20, 30), y_edges=(0.0, 1.0, 2.0), cells=frame)


def test_a_cell_is_as_strong_as_it_is_full() -> None:
    figure = figures.density(grid([(0, 0, 4), (2, 1, 100)], "x y rows"), alt="Two cells.", labels={"age": "Age"})
    (cells,) = figure.data
    assert np.array_equal(cells.z, [[4, np.nan, np.nan], [np.nan, np.nan, 100]], equal_nan=True)
    assert (list(cells.x), list(cells.y)) == ([5, 15, 25], [0.5, 1.5])
    assert (cells.zmin, cells.zmax, cells.showscale) == (0, 100, True)
    assert figure.layout.xaxis.title.text == "Age"
    assert "Age: %{x" in cells.hovertemplate


def test_powers_of_ten() -> None:
    (cells,) = figures.density(grid([(0, 0, 1), (2, 1, 1000)], "x y rows"), alt="Two cells.", log=True).data
    assert (cells.z[0][0], cells.z[1][2], cells.zmax) == (0, 3, 3)
    assert list(cells.colorbar.ticktext) == ["1", "10", "100", "1k"]
    assert cells.text[1][2] == 1000


def test_a_cell_belongs_to_the_cluster_with_most_rows_in_it() -> None:
    rows = [(0, 0, 0, 5), (1, 0, 0, 5), (1, 2, 1, 9), (2, 2, 1, 8), (0, 1, 1, 1)]
    figure = figures.density(grid(rows, "cluster x y rows"), alt="Cells.", names={1: "Old"})
    first, second = figure.data
    assert (first.name, second.name) == ("Cluster 0", "Old")
    # Each is no larger than the box of its own cells; the third cluster leads nowhere.
    assert np.array_equal(first.z, [[5, np.nan], [np.nan, 1]], equal_nan=True)
    assert (list(second.x), list(second.y), second.z.tolist()) == ([25], [1.5], [[9]])
    assert first.zmax == second.zmax == 9
    assert figure.layout.showlegend


def test_the_table_tells_of_the_fullest_cells() -> None:
    cells = pd.DataFrame({"x": np.repeat(range(30), 30), "y": np.tile(range(30), 30), "rows": range(1, 901)})
    wide = SimpleNamespace(x="age", y="income", x_edges=range(31), y_edges=range(31), cells=cells)
    table = export.to_fragment("d", figures.density(wide, alt="Cells.")).table
    assert "<caption>20 of 900 rows</caption>" in table
    assert table.count("<tr>") == 21
    assert '<th scope="col">age</th><th scope="col">income</th><th scope="col">rows in a cell, highest first' in table
    assert "<tr><td>29.5</td><td>29.5</td><td>900</td></tr>\n<tr><td>29.5</td><td>28.5</td><td>899</td></tr>" in table


def test_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="there are no rows to draw in the density"):
        figures.density(grid([], "x y rows"), alt="Nothing.")
