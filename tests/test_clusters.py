"""K-Means on a real Spark."""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, silhouette_score

from generator.charts import clusters, layout, moments
from generator.charts.clusters import ClustersError

pytestmark = pytest.mark.spark
Spark = Any


def blobs(rows: int = 300, seed: int = 7) -> pd.DataFrame:
    """Three blobs of different size in two columns of unequal scale, with a column that isn't clustered and a name."""
    points, _ = make_blobs([rows // 2, rows // 3, rows - rows // 2 - rows // 3], 2, random_state=seed)
    return pd.DataFrame(
        {
            "x": points[:, 0],
            "y": points[:, 1] * 1000,
            "amount": np.arange(rows, dtype=np.int64) ** 2,
            "name": [f"row {i}" for i in range(rows)],
        }
    )


def told(found: clusters.Clusters) -> str:
    """All that a clustering says, as text: equal to the byte or not equal."""
    return json.dumps(
        [
            found.centres.to_csv(),
            found.sizes,
            found.cost,
            found.silhouette,
            *(found.aggregate(how).to_csv() for how in ("sum", "mean", "median")),
            *(found.overall(how).to_csv() for how in ("sum", "mean", "median")),
            found.spread().to_csv(),
            found.profile().difference.to_csv(),
            found.sample(40).to_csv(),
            found.sample(10**6).to_csv(),
        ]
    )


def test_partitions_and_order_do_not_matter(spark: Spark, monkeypatch: pytest.MonkeyPatch) -> None:
    table = blobs()
    for single in (layout.SINGLE, 100):
        monkeypatch.setattr(layout, "SINGLE", single)
        answers = set()
        for partitions, seed in ((1, 1), (2, 2), (7, 3)):
            frame = spark.createDataFrame(table.sample(frac=1, random_state=seed)).repartition(partitions)
            answers.add(told(clusters.fit(frame, ["x", "y"], k=3, scale="standard", seed=5)))
        assert len(answers) == 1


def test_cores_and_hash_seeds_do_not_matter(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(
        f"import os, sys; from pathlib import Path; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_clusters as t\n"
        "from generator.charts import clusters, java, spark; from generator.config import SparkSettings\n"
        "session = spark.start(SparkSettings(sys.argv[1]), java.choose(os.environ), Path(sys.argv[2]))\n"
        "found = clusters.fit(session.createDataFrame(t.blobs()), ['x', 'y'], k=4, scale='standard')\n"
        "print(t.told(found)); spark.stop(session)\n"
    )
    answers = set()
    for cores in (1, 2):
        command = [sys.executable, str(script), f"local[{cores}]", str(tmp_path / "log")]
        run = subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": str(cores)}
        )
        answers.add(run.stdout)
    assert len(answers) == 1


def test_labels_agree_with_an_independent_k_means(spark: Spark) -> None:
    table = blobs(600)
    found = clusters.fit(spark.createDataFrame(table), ["x", "y"], k=3, scale="standard")
    rows = found.sample(600)
    scaled = (rows[["x", "y"]] - rows[["x", "y"]].mean()) / rows[["x", "y"]].std(ddof=0)
    other = KMeans(3, n_init=10, random_state=0).fit(scaled)
    assert adjusted_rand_score(other.labels_, rows["cluster"]) >= 0.95
    assert found.cost == pytest.approx(other.inertia_, rel=1e-3)
    assert found.silhouette == pytest.approx(silhouette_score(scaled, rows["cluster"], metric="sqeuclidean"))


def test_the_largest_cluster_is_the_first(spark: Spark) -> None:
    found = clusters.fit(spark.createDataFrame(blobs()), ["x", "y"], k=3, scale="standard")
    assert found.sizes == (150, 100, 50)
    assert dict(found.frame.groupBy("cluster").count().collect()) == dict(enumerate(found.sizes))
    assert found.frame.columns == ["x", "y", "amount", "name", "cluster"]
    assert dict(found.frame.dtypes)["cluster"] == "int"


def test_aggregates_are_those_of_pandas(spark: Spark) -> None:
    found = clusters.fit(spark.createDataFrame(blobs()), ["x", "y"], k=3, scale="standard")
    rows = found.sample(300).drop(columns="name")
    for how in ("sum", "mean", "median"):
        expected = rows.groupby("cluster").agg(how).astype(float)
        pd.testing.assert_frame_equal(found.aggregate(how), expected, check_index_type=False, rtol=1e-9)
        pd.testing.assert_series_equal(
            found.overall(how, ["amount"]), rows[["amount"]].agg(how).astype(float), rtol=1e-9
        )
    pd.testing.assert_frame_equal(found.centres, found.aggregate("mean", ["x", "y"]))
    assert found.spread()["y"] == pytest.approx(rows["y"].std(ddof=0))
    difference = (found.aggregate("mean") - rows[["x", "y", "amount"]].mean()) / rows[["x", "y", "amount"]].std(ddof=0)
    pd.testing.assert_frame_equal(found.profile().difference, difference, atol=1e-6, check_index_type=False)


def test_raw_and_standard_scales_differ_as_they_should(spark: Spark) -> None:
    frame = spark.createDataFrame(
        [(a, b * 1000.0) for a in (0.0, 10.0) for b in (0.0, 1.0) for _ in range(5)], "a double, b double"
    )
    by_unit = clusters.fit(frame, ["a", "b"], k=2, scale="raw")
    assert sorted(by_unit.centres["b"]) == [0.0, 1000.0]
    assert by_unit.cost == 20 * 5.0**2  # squared units of the input
    constant = clusters.fit(frame.selectExpr("a", "1 as one"), ["a", "one"], k=2, scale="standard")
    assert (constant.cost, constant.silhouette) == (0.0, 1.0)
    assert constant.profile().difference["one"].tolist() == [0.0, 0.0]


def test_absent_values_of_other_columns_are_left_out(spark: Spark) -> None:
    rows = [(0.0, 1.0), (0.1, None), (9.0, math.nan), (9.1, 5.0), (9.2, None)]
    found = clusters.fit(spark.createDataFrame(rows, "x double, extra double"), ["x"], k=2, scale="raw")
    assert found.sizes == (3, 2)
    assert found.aggregate("mean", ["extra"])["extra"].tolist() == [5.0, 1.0]
    assert found.overall("median", ["extra"])["extra"] == 3.0


def test_a_sample_is_bounded_stratified_and_sorted(spark: Spark) -> None:
    found = clusters.fit(spark.createDataFrame(blobs()), ["x", "y"], k=3, scale="standard")
    rows = found.sample(60)
    assert rows["cluster"].value_counts().to_dict() == {0: 30, 1: 20, 2: 10}
    assert rows.equals(rows.sort_values(["cluster", "x", "y"], ignore_index=True))
    assert found.sample(60, ["name"]).columns.tolist() == ["name", "cluster"]
    # One row less in the data changes no more than one row of the sample.
    gone = rows["name"][0]
    fewer = clusters.fit(found.frame.drop("cluster").where(f"name != '{gone}'"), ["x", "y"], k=3, scale="standard")
    assert len(set(rows["name"]) ^ set(fewer.sample(60)["name"])) <= 2


@pytest.mark.parametrize(
    ("sizes", "rows", "expected"),
    [
        ([50, 30, 20], 10, [5, 3, 2]),
        ([900, 90, 10], 100, [86, 9, 5]),
        ([900, 98, 2], 100, [89, 9, 2]),
        ([3, 2], 4, [2, 2]),
        ([5, 5, 5], 7, [3, 2, 2]),
    ],
)
def test_shares(sizes: list[int], rows: int, expected: list[int]) -> None:
    found = clusters.shares(sizes, rows)
    assert sum(found) == rows
    assert all(share <= size for share, size in zip(found, sizes, strict=True))
    assert found == expected


def test_sweep_gives_what_fit_gives(spark: Spark) -> None:
    frame = spark.createDataFrame(blobs())
    found = clusters.sweep(frame, ["x", "y"], range(2, 5), scale="standard")
    one = clusters.fit(frame, ["x", "y"], k=3, scale="standard")
    assert found.columns.tolist() == ["k", "cost", "silhouette"]
    assert found.iloc[1].tolist() == [3, one.cost, one.silhouette]
    assert found["cost"].is_monotonic_decreasing


def test_lloyd_ends_where_k_means_does(spark: Spark) -> None:
    steps = clusters.lloyd(spark.createDataFrame(blobs()), ["x", "y"], k=3, seed=1)
    assert [step.number for step in steps] == list(range(len(steps)))
    assert all(a.cost >= b.cost for a, b in itertools.pairwise(steps))
    last = steps[-1]
    assert len(last.points) == len(last.labels) == 300
    assert last.labels.value_counts().sort_index().is_monotonic_decreasing
    means = last.points.groupby(last.labels).mean()
    pd.testing.assert_frame_equal(last.centres, means, check_names=False, check_index_type=False, rtol=1e-9)
    fewer = clusters.lloyd(spark.createDataFrame(blobs()).repartition(5), ["x", "y"], k=3, seed=1, rows=50, steps=1)
    assert (len(fewer), len(fewer[0].points)) == (2, 50)


BAD = "x double, y double, word string, gap double, hole double"


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        (["x", "yy"], {}, "there is no column 'yy' in the frame; did you mean 'y'?"),
        (["x", "qqq"], {}, "there is no column 'qqq' in the frame; there are x, y, word, gap, hole"),
        (["x", "x"], {}, "column 'x' is named twice"),
        ("x", {}, "columns must be a list of names, not the text 'x'"),
        ([], {}, "no columns are named"),
        (["word"], {}, "column 'word' is not numeric, it is string"),
        (["x", "gap"], {}, "column 'gap' is null in 2 of 4 rows; drop or fill them first"),
        (["x", "hole"], {}, "column 'hole' is NaN or infinite in 1 of 4 rows; drop or fill them first"),
        (["x"], {"k": 1}, "k must be a whole number of at least 2, not 1"),
        (["x"], {"k": 2.5}, "k must be a whole number of at least 2, not 2.5"),
        (["x", "y"], {"k": 4}, "k is 4, but only 3 rows differ in x, y"),
        (["x"], {"scale": "std"}, "scale must be 'standard' or 'raw', not 'std'"),
    ],
)
def test_what_cannot_be_clustered(spark: Spark, columns: Any, options: dict[str, Any], message: str) -> None:
    rows = [
        (0.0, 0.0, "a", None, 1.0),
        (0.0, 0.0, "b", 1.0, math.nan),
        (1.0, 0.0, "c", None, 1.0),
        (1.0, 2.0, "d", 1.0, 1.0),
    ]
    with pytest.raises(ClustersError) as caught:
        clusters.fit(spark.createDataFrame(rows, BAD), columns, **{"k": 2, "scale": "raw", **options})
    assert str(caught.value) == message


def test_what_cannot_be_asked_of_clusters(spark: Spark) -> None:
    found = clusters.fit(spark.createDataFrame(blobs()), ["x", "y"], k=3, scale="standard")
    with pytest.raises(ClustersError, match="there is no numeric column 'name' in the frame"):
        found.aggregate("sum", ["name"])
    with pytest.raises(ClustersError, match="how must be 'sum', 'mean' or 'median', not 'avg'"):
        found.aggregate("avg")  # type: ignore[arg-type]
    with pytest.raises(ClustersError, match="the frame has a column 'cluster' already"):
        clusters.fit(found.frame, ["x"], k=2, scale="raw")
    with pytest.raises(ClustersError, match="a sample needs at least 1 row"):
        found.sample(0)


def test_the_best_of_several_attempts_is_kept(spark: Spark) -> None:
    frame = spark.createDataFrame(blobs())
    each = [clusters.fit(frame, ["x", "y"], k=6, scale="raw", seed=seed) for seed in (3, 4, 5)]
    best = clusters.fit(frame, ["x", "y"], k=6, scale="raw", seed=3, attempts=3)
    assert len({found.cost for found in each}) > 1
    assert best.cost == min(found.cost for found in each)
    with pytest.raises(clusters.ClustersError, match="attempts must be a whole number of at least 1, not 0"):
        clusters.fit(frame, ["x", "y"], k=6, scale="raw", attempts=0)


def test_as_many_clusters_as_distinct_rows(spark: Spark) -> None:
    frame = spark.range(12).selectExpr("id % 9 as `an odd.name`")
    found = clusters.fit(frame, ["an odd.name"], k=9, scale="raw")
    assert (found.sizes, found.cost) == ((2, 2, 2, 1, 1, 1, 1, 1, 1), 0.0)
    assert found.centres["an odd.name"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_moments_merge_without_cancellation() -> None:
    values = np.array([1e9 + i % 7 for i in range(100)])
    parts = [
        moments.Moment(len(part), math.fsum(part), float(part.var() * len(part))) for part in np.array_split(values, 9)
    ]
    whole, back = moments.merge(parts), moments.merge(parts[::-1])
    assert whole == back
    assert whole.variance == pytest.approx(float(values.var()), rel=1e-7)
    assert moments.rounded(-0.0) == 0.0
    assert moments.rounded(1 / 3) == 0.3333333333
