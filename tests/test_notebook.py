"""Notebooks as files: read as values, and hashed by what counts in them."""

from __future__ import annotations

import json

import pytest

from generator.charts import notebook
from generator.charts.positions import source_lines
from tests import notebooks
from tests.notebooks import code, markdown

PATH = "content/posts/a/study.ipynb"


def parsed(*cells: dict[str, object], **metadata: object) -> notebook.Notebook:
    found, problems = notebook.parse(PATH, notebooks.text(*cells, **metadata))
    assert problems == ()
    return found


def test_cells_are_numbered_as_they_run() -> None:
    found = parsed(markdown("# T"), code("1"), code("  \n"), code("2", tags=["skip-execution"]), code("3"))
    assert [cell.number for cell in found.cells] == [0, 1, 0, 0, 2]
    assert (found.name, found.execute, found.language) == ("study", True, "python")


def test_lines_of_the_file_are_those_of_the_source() -> None:
    text = notebooks.text(markdown("# T"), code('a = "}"\n\nb = 2'), code("c"))
    found, _ = notebook.parse(PATH, text)
    lines = text.split("\n")
    for cell in found.cells:
        for number, line in enumerate(cell.source.split("\n"), 1):
            assert json.dumps(line)[:-1] in lines[cell.line(number) - 1]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"a\\nb"', ((1, 1),)),
        ('["a\\n",\n"b"]', ((1, 2),)),
        ('["a", "b\\n",\n"c"]', ((1, 2),)),
        ("[]", ()),
    ],
)
def test_sources_in_any_form(source: str, expected: tuple[tuple[int, ...], ...]) -> None:
    text = f'{{"cells": [{{"metadata": {{"source": ["x"]}}, "source": {source}, "outputs": [{{"text": "[{{"}}]}}]}}'
    assert source_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n "cells": [\n<<<<<<< HEAD\n', f"{PATH}:3:1: error: this is not a notebook: Expecting value"),
        ('{"worksheets": [], "nbformat": 3}', f"{PATH}:1:1: error: this is not a notebook of nbformat 4"),
        (
            notebooks.text(execute="no"),
            f"{PATH}:1:1: error: 'execute' in the notebook's metadata must be true or false",
        ),
        (
            notebooks.text(language_info={"name": "R"}),
            f"{PATH}:1:1: error: a notebook in r can't be run, only Python",
        ),
        (
            notebooks.text(code("1", tags=["chart:Heat map"])),
            f"{PATH}:10:1: error: 'Heat map' is not a name for a chart",
        ),
        (
            notebooks.text(code("1", tags=["chart:study"])),
            f"{PATH}:10:1: error: the name 'study' is that of the notebook itself already",
        ),
        (notebooks.text(code("TIMEOUT = 0")), f"{PATH}:10:1: error: TIMEOUT must be a number of seconds above 0"),
        (
            notebooks.text(code("x = 1\nimport polars")),
            f"{PATH}:11:1: warning: files that polars reads can't be observed",
        ),
    ],
)
def test_what_is_wrong_with_a_notebook(text: str, message: str) -> None:
    _, (problem,) = notebook.source(PATH, text)
    assert str(problem).startswith(message)


def test_a_name_must_be_one_for_an_include() -> None:
    _, (problem,) = notebook.source("content/posts/a/My Study.ipynb", notebooks.text())
    assert problem.message == "'My Study' is not a name for a fragment"


def test_the_source_says_what_it_declares() -> None:
    cells = (
        code("%pip install x\nINPUTS = ['*.csv']"),
        code("%%bash\nTIMEOUT=1"),
        code("TIMEOUT = 5"),
        code("def", tags=["raises-exception"]),
        code("fig", tags=["chart:bars"]),
    )
    found, problems = notebook.source(PATH, notebooks.text(*cells))
    assert problems == ()
    assert (found.timeout, found.inputs_line, found.wants_spark) == (5.0, 11, False)
    assert [name for name, _, _ in found.names] == ["study", "bars"]


def test_spark_is_wanted_by_code_that_mentions_it() -> None:
    mention = code("from pyspark.sql import SparkSession")
    assert notebook.source(PATH, notebooks.text(mention))[0].wants_spark
    assert not notebook.source(PATH, notebooks.text(markdown("pyspark"), code("1")))[0].wants_spark
    assert not notebook.source(PATH, notebooks.text(mention, execute=False))[0].wants_spark


SAVED = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
BASE = (markdown("# T"), code("1"))


@pytest.mark.parametrize(
    ("cells", "metadata", "same"),
    [
        (BASE, {}, True),
        ((markdown("# T"), code("1", outputs=SAVED, execution_count=7)), {}, True),
        ((markdown("# T", id="x"), code("1", collapsed=True, execution={"started": "now"})), {}, True),
        (BASE, {"kernelspec": {"name": "mine", "language": "python"}, "widgets": {}}, True),
        ((markdown("# U"), code("1")), {}, False),
        ((markdown("# T"), code("2")), {}, False),
        ((markdown("# T"), code("1", tags=["hide-input"])), {}, False),
        ((markdown("# T"), code("1", alt="A one.")), {}, False),
        (BASE, {"execute": False}, False),
    ],
)
def test_what_counts_in_a_notebook(
    cells: tuple[dict[str, object], ...], metadata: dict[str, object], same: bool
) -> None:
    before = notebook.essence(PATH, notebooks.text(*BASE))
    assert (notebook.essence(PATH, notebooks.text(*cells, **metadata)) == before) is same


def test_saved_outputs_count_where_they_are_shown() -> None:
    texts = [notebooks.text(code("1", outputs=outputs), execute=False) for outputs in ([], SAVED)]
    assert notebook.essence(PATH, texts[0]) != notebook.essence(PATH, texts[1])


@pytest.mark.parametrize("outputs", [[None], [1, "x"], [[]], {"a": 1}, None, "text"])
def test_outputs_that_are_none(outputs: object) -> None:
    (cell,) = parsed(code("1") | {"outputs": outputs}).cells
    assert all(not output.text and not output.data for output in cell.outputs)
