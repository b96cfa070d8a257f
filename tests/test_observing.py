"""Observing: every way in which Python code reads its data is seen, and what is not data is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.charts.observing import ABSENT
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
        ("import numpy as np", "np.memmap('data.csv', dtype='u1')", ["data.csv"], []),
        ("", "open('site/data.csv').read()", ["site/data.csv"], []),
        ("import importlib.resources as r, _lib", "r.files(_lib)", ["_lib/__init__.py"], []),
        (
            "import importlib.resources as r, _lib",
            "r.read_text('_lib', 'x.txt')",
            ["_lib/__init__.py", "_lib/x.txt"],
            [],
        ),
        ("import os", "open('t', 'w').close(); os.replace('t', 'made.txt'); open('made.txt').read()", [], []),
    ],
)
def test_what_is_read_is_noted(tmp_path: Path, imports: str, body: str, files: list[str], folders: list[str]) -> None:
    helper = "import csv\n\nrows = list(csv.reader(open('data.csv')))\n"
    more = {"_helper.py": helper, "site/data.csv": "1\n", "_lib/__init__.py": "", "_lib/x.txt": "x"}
    projects.write(tmp_path, {f"{FOLDER}/{name}": text for name, text in more.items()})
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
    package = tmp_path / "lib" / "site-packages" / "words" / "list.txt"
    package.parent.mkdir(parents=True)
    package.write_text("of an installed package, wherever that lies")
    found = answer(tmp_path / "blog", f"open({str(elsewhere)!r}).read(); open({str(package)!r}).read()")
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


def test_threads_are_observed_each(tmp_path: Path) -> None:
    names = [f"{number}.dat" for number in range(30)]
    projects.write(tmp_path, {f"{FOLDER}/{name}": "x" * 1_000_000 for name in names})
    imports = "from concurrent.futures import ThreadPoolExecutor\nfrom pathlib import Path"
    body = f"list(ThreadPoolExecutor(8).map(lambda name: Path(name).read_text(), {names}))"
    assert sorted(answer(tmp_path, body, imports).files) == sorted([A, *(f"{FOLDER}/{name}" for name in names)])


def test_a_file_that_was_looked_for_and_is_not_there_is_noted(tmp_path: Path) -> None:
    body = "with contextlib.suppress(OSError):\n        open('maybe.csv')"
    assert answer(tmp_path, body, "import contextlib").files[f"{FOLDER}/maybe.csv"] == ABSENT


def test_a_cache_that_the_source_makes_is_no_input(tmp_path: Path) -> None:
    body = "with contextlib.suppress(OSError):\n        open('cache')\n    open('cache', 'w').write('x'); open('cache')"
    assert sorted(answer(tmp_path, body, "import contextlib").files) == [A]


def test_an_address_is_noted_without_its_secrets(tmp_path: Path) -> None:
    imports = "import contextlib, socket, urllib.request"
    body = """\
with contextlib.suppress(OSError):
        urllib.request.urlopen("http://me:secret@127.0.0.1:9/data.csv?token=secret")
    with contextlib.suppress(OSError):
        socket.getaddrinfo("database.invalid", 5432)"""
    assert answer(tmp_path, body, imports).outside == ("database.invalid:5432", "http://127.0.0.1:9/data.csv")
