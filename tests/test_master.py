"""The master: who says where Spark runs."""

from __future__ import annotations

import pytest

from generator.charts import master
from generator.config import SparkSettings

ENVIRON = {"SPARK_MASTER": "spark://b:7077", "SPARK_REMOTE": "sc://c"}


@pytest.mark.parametrize(
    ("option", "environ", "setting", "chosen"),
    [
        ("yarn", ENVIRON, "k8s://d", ("yarn", "--spark-master")),
        (None, ENVIRON, "k8s://d", ("spark://b:7077", "SPARK_MASTER")),
        (None, {**ENVIRON, "SPARK_MASTER": ""}, "k8s://d", ("sc://c", "SPARK_REMOTE")),
        (None, {}, "k8s://d", ("k8s://d", "pyproject.toml")),
        (None, {}, "local[*]", ("local[*]", "the default")),
    ],
)
def test_the_nearest_word_counts(
    option: str | None, environ: dict[str, str], setting: str, chosen: tuple[str, str]
) -> None:
    assert master.choose(option, environ, SparkSettings(setting)) == chosen


@pytest.mark.parametrize(
    ("name", "local", "remote"),
    [
        ("local", True, False),
        ("local[*]", True, False),
        ("local[2,3]", True, False),
        ("local-cluster[1,1,1024]", False, False),
        ("spark://host:7077", False, False),
        ("k8s://https://host", False, False),
        ("yarn", False, False),
        ("sc://host", False, True),
    ],
)
def test_kinds(name: str, local: bool, remote: bool) -> None:
    assert (master.is_local(name), master.is_remote(name)) == (local, remote)
