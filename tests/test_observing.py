"""Observing: every way in which Python code reads its data is seen, and what is not data is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import projects
from tests.test_runner import A, run

FOLDER = "content/posts/a"
SOURCE = """\
import plotly.graph_objects as go
{imports}


def charts():
    {body}
    return {{"one": go.Figure(go.Bar(y=[1]))}}
"""


def answer(project: Path, body: str, imports: str = ""):  # type: ignore[no-untyped-def]
    files = {
        A: SOURCE.format(imports=imports, body=body),
        f"{FOLDER}/data.csv": "a,b\n1,2\n",
        f"{FOLDER}/data.json": "[1]",
        f"{FOLDER}/more/x.csv": "a\n1\n",
        f"{FOLDER}/more/y.csv": "a\n2\n",
        f"{FOLDER}/unread.csv": "a\n",
    }
    found = run(projects.write(project, files))[A]
    assert [str(problem) for problem in found.problems] == []
    return found


@pytest.mark.parametrize(
    ("imports", "body", "files", "folders"),
    [
        ("import pandas as pd", "pd.read_csv('data.csv')", ["data.csv"], []),
        ("import pandas as pd", "pd.read_csv('data.csv', engine='python')", ["data.csv"], []),
        ("import pandas as pd", "pd.read_csv('data.csv', engine='pyarrow')", ["data.csv"], []),
        ("import numpy as np", "np.loadtxt('data.csv', delimiter=',', skiprows=1)", ["data.csv"], []),
        ("import json", "json.load(open('data.json'))", ["data.json"], []),
        ("from pathlib import Path", "Path(__file__).with_name('data.json').read_text()", ["data.json"], []),
        ("import os", "os.close(os.open('data.json', os.O_RDONLY))", ["data.json"], []),
        ("import glob", "[open(p).read() for p in glob.glob('more/*.csv')]", ["more/x.csv", "more/y.csv"], ["more"]),
        ("from pathlib import Path", "list(Path('more').glob('*.csv'))", [], ["more"]),
        ("import os", "os.listdir('more')", [], ["more"]),
        ("import os", "os.listdir()", [], [""]),
        ("import _helper", "_helper.rows", ["_helper.py", "data.csv"], []),
        ("", "open('made.txt', 'w').write('x'); open('made.txt').read()", [], []),
        ("", "open('unread.csv', 'a').close()", [], []),
    ],
)
def test_what_is_read_is_noted(tmp_path: Path, imports: str, body: str, files: list[str], folders: list[str]) -> None:
    projects.write(tmp_path, {f"{FOLDER}/_helper.py": "import csv\n\nrows = list(csv.reader(open('data.csv')))\n"})
    found = answer(tmp_path, body, imports)
    assert sorted(found.files) == sorted([A, *(f"{FOLDER}/{name}" for name in files)])
    assert sorted(found.folders) == [f"{FOLDER}/{name}".rstrip("/") for name in folders]
    assert found.outside == ()


def test_the_hash_is_that_of_the_first_reading(tmp_path: Path) -> None:
    body = "open('data.csv').read(); open('data.csv', 'w').write('changed'); open('data.csv').read()"
    before = answer(tmp_path / "before", "open('data.csv').read()").files[f"{FOLDER}/data.csv"]
    assert answer(tmp_path / "after", body).files[f"{FOLDER}/data.csv"] == before


def test_a_file_outside_the_project_is_noted_and_not_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere" / "big.csv"
    elsewhere.parent.mkdir()
    elsewhere.write_text("a\n")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    found = answer(tmp_path / "blog", f"open({str(elsewhere)!r}).read()")
    assert found.outside == (elsewhere.as_posix(),)
    assert sorted(found.files) == [A]


def test_declared_inputs(tmp_path: Path) -> None:
    found = answer(tmp_path, "pass", "INPUTS = ['more/*.csv', 'data.json', 'none/*']")
    assert sorted(found.files) == [A, f"{FOLDER}/data.json", f"{FOLDER}/more/x.csv", f"{FOLDER}/more/y.csv"]
    assert sorted(found.patterns) == [f"{FOLDER}/data.json", f"{FOLDER}/more/*.csv", f"{FOLDER}/none/*"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("'data.csv'", "INPUTS must be a list of file names or patterns"),
        ("[1]", "INPUTS must be a list of file names or patterns"),
        ("['/etc/*']", "INPUTS names files beside the post, not '/etc/*'"),
        ("['../b/*.csv']", "INPUTS names files beside the post, not '../b/*.csv'"),
    ],
)
def test_declared_inputs_that_are_wrong(tmp_path: Path, value: str, message: str) -> None:
    project = projects.write(tmp_path, {A: SOURCE.format(imports=f"INPUTS = {value}", body="pass")})
    (problem,) = run(project)[A].problems
    assert str(problem) == f'{A}:2:1: error: {message}\n  hint: for example INPUTS = ["data/*.parquet"]'
