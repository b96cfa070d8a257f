"""The contract, as far as it is read without running: parameters, names, and what is missing."""

from __future__ import annotations

import pytest

from generator.charts import contract
from generator.charts.contract import ChartSource

PATH = "content/posts/a/charts.py"


def test_parameters_and_names() -> None:
    text = "import x\n\n\ndef charts(settings, *, spark):\n"
    text += '    a = 1\n    return {\n        "one": a,\n        n: a,\n    }\n'
    source, problems = contract.parse(PATH, text)
    assert source == ChartSource(PATH, ("settings", "spark"), 4, (("one", 7, 9),))
    assert not problems
    assert source.wants_spark
    assert str(source.place("one")) == f"{PATH}:7:9"
    assert str(source.place("other")) == f"{PATH}:4:1"
    assert source.folder == "content/posts/a"


def test_what_python_warns_of_is_said_where_it_runs() -> None:
    # In the tests a warning is raised.
    _, problems = contract.parse(PATH, 'import re\n\nre.compile("\\d")\n\n\ndef charts():\n    return {}\n')
    assert not problems


def test_no_parameters() -> None:
    source, problems = contract.parse(PATH, "def charts():\n    return made()\n")
    assert not source.wants_spark
    assert not problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def charts(:\n", f"{PATH}:1:12: error: this is not Python: invalid syntax"),
        ("x = 1\0\n", f"{PATH}:1:1: error: this is not Python: source code string cannot contain null bytes"),
        (
            "x = 1\n",
            f"{PATH}:1:1: error: there is no function 'charts'\n"
            "  hint: define charts(), returning a mapping of names to Plotly figures",
        ),
        (
            "def chart():\n    pass\n",
            f"{PATH}:1:1: error: there is no function 'charts'\n"
            "  hint: define charts(), returning a mapping of names to Plotly figures; did you mean 'chart'?",
        ),
        (
            "async def charts():\n    pass\n",
            f"{PATH}:1:1: error: charts() must be an ordinary function, not 'async def'",
        ),
        (
            "TIMEOUT = '3'\n\n\ndef charts():\n    pass\n",
            f"{PATH}:1:1: error: TIMEOUT must be a number of seconds above 0\n  hint: for example TIMEOUT = 1200",
        ),
        (
            "import os\nimport polars.io, json\n\n\ndef charts():\n    from subprocess import run\n",
            f"{PATH}:2:1: warning: files that polars.io reads can't be observed\n"
            '  hint: declare them in the chart source, INPUTS = ["data/*.parquet"], or INPUTS = [] if it reads none\n'
            f"{PATH}:6:5: warning: files that subprocess reads can't be observed\n"
            '  hint: declare them in the chart source, INPUTS = ["data/*.parquet"], or INPUTS = [] if it reads none',
        ),
        ("INPUTS = []\nimport polars\n\n\ndef charts():\n    pass\n", ""),
        (
            "def charts(spork):\n    pass\n",
            f"{PATH}:1:12: error: charts() asks for 'spork', which is not on offer\n  hint: did you mean 'spark'?",
        ),
    ],
)
def test_breaches(text: str, expected: str) -> None:
    _, problems = contract.parse(PATH, text)
    assert "\n".join(map(str, problems)) == expected
