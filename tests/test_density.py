"""Density: rows counted in cells by a real Spark."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from generator.charts import clusters, layout
from generator.charts.clusters import ClustersError, Density

pytestmark = pytest.mark.spark
Spark = Any


def points(rows: int = 2000) -> pd.DataFrame:
    chance = np.random.default_rng(4)
    frame = pd.DataFrame(chance.normal(0, 1, (rows, 2)), columns=["x", "y"])
    return frame.assign(y=frame["y"] * 1000, cluster=(np.arange(rows) % 3).astype("int32"))


def told(found: Density) -> str:
    return repr((found.x_edges, found.y_edges, found.cells.to_csv(), found.left_out))


def test_counts_are_numpys_own(spark: Spark) -> None:
    table = points()
    found = clusters.density(spark.createDataFrame(table), "x", "y", bins=(8, 5))
    counts = np.zeros((8, 5), dtype=int)
    counts[found.cells["x"], found.cells["y"]] = found.cells["rows"]
    expected, x_edges, y_edges = np.histogram2d(table["x"], table["y"], bins=(8, 5))
    assert (counts == expected).all()
    assert found.x_edges == pytest.approx(x_edges)
    assert found.y_edges == pytest.approx(y_edges)
    assert (found.x, found.y, found.left_out) == ("x", "y", 0)


def test_clusters_are_counted_apart_and_the_layout_does_not_matter(
    spark: Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, answers = points(), set()
    # With and without compiled code.
    for partitions, single in ((1, 10**6), (5, 10**6), (3, 10)):
        monkeypatch.setattr(layout, "SINGLE", single)
        frame = spark.createDataFrame(table.sample(frac=1, random_state=partitions)).repartition(partitions)
        found = clusters.density(frame, "x", "y", bins=12, cluster="cluster")
        answers.add(told(found))
    assert len(answers) == 1
    assert found.cells.groupby("cluster")["rows"].sum().tolist() == [667, 667, 666]


def test_what_is_outside_is_counted_and_not_drawn(spark: Spark) -> None:
    rows = [(0.0, 1), (1.0, 2), (9.0, 2), (None, 1), (math.nan, 1), (math.inf, 1), (1.0, None)]
    frame = spark.createDataFrame(rows, "x double, n int")
    found = clusters.density(frame, "x", "n", bins=2, x_range=(0, 1), y_range=(0, 4))
    assert found.cells.to_dict("list") == {"x": [0, 1], "y": [0, 1], "rows": [1, 1]}
    assert (found.x_edges, found.y_edges, found.left_out) == ((0.0, 0.5, 1.0), (0.0, 2.0, 4.0), 5)


def test_a_constant_column_and_the_widest_one(spark: Spark) -> None:
    frame = spark.createDataFrame([(5.0, -1.7e308), (5.0, 1.7e308)], ["x", "y"])
    found = clusters.density(frame, "x", "y", bins=2)
    assert found.x_edges == (0.0, 5.0, 10.0)
    assert found.y_edges == (-1.7e308, 0.0, 1.7e308)
    assert found.cells["y"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        (("x", "z"), {}, "there is no numeric column 'z' in the frame; there are x, n, none"),
        (("x", "name"), {}, "there is no numeric column 'name' in the frame; there are x, n, none"),
        (("x", "x"), {}, "column 'x' is named twice"),
        (("x", "none"), {}, "there is no row with numbers in both of x and none"),
        (("x", "n"), {"bins": 1}, "bins must be whole numbers from 2 to 400, not 1"),
        (("x", "n"), {"bins": (10, 401)}, "bins must be whole numbers from 2 to 400, not 401"),
        (("x", "n"), {"x_range": (2, 1)}, "the range of 'x' must go from a lower to a higher number, not (2, 1)"),
        (("x", "n"), {"cluster": "x"}, "column 'x' does not hold whole numbers, it is double"),
    ],
)
def test_what_has_no_density(spark: Spark, columns: tuple[str, str], options: dict[str, Any], message: str) -> None:
    frame = spark.createDataFrame([(1.0, 1, None, "a")], "x double, n int, none double, name string")
    with pytest.raises(ClustersError) as caught:
        clusters.density(frame, *columns, **options)
    assert str(caught.value) == message
