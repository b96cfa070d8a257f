"""The runner and its worker, with real processes and without Spark: what author code may do, and what comes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from generator import fragment
from generator.charts import contract, runner, survey
from generator.charts.protocol import Answer, Setup
from generator.charts.runner import Started
from tests import projects
from tests.projects import CHART

A, B = "content/posts/a/charts.py", "content/posts/b/charts.py"


def run(project: Path, settings: dict[str, Any] | None = None) -> dict[str, Answer]:
    """Run every source of the project; the answers by source."""
    sources = [contract.parse(path, (project / path).read_text())[0] for path in contract.find(project)]
    setup = Setup(str(project.resolve()), "local[1]", {}, None, str(project / "spark.log"))
    events = list(runner.run(sources, setup, settings or {}))
    assert [event.source for event in events if isinstance(event, Started)] == [source.path for source in sources]
    return {event.source: event for event in events if isinstance(event, Answer)}


def failure(project: Path) -> str:
    (answer,) = run(project).values()
    assert not answer.fragments
    return "\n".join(map(str, answer.problems))


def test_dates_of_the_settings_reach_a_source(tmp_path: Path) -> None:
    text = """\
from datetime import UTC, date, datetime, time
import plotly.graph_objects as go


def charts(settings):
    assert settings["since"] == date(2026, 1, 2)
    assert settings["deep"]["at"] == [datetime(2026, 1, 2, 3, tzinfo=UTC), datetime(2026, 1, 2), time(4, 5)]
    return {"one": go.Figure()}
"""
    table = "since = 2026-01-02\n[deep]\nat = [2026-01-02T03:00:00Z, 2026-01-02T00:00:00, 04:05:00]\n"
    assert run(projects.write(tmp_path, {A: text}), tomllib.loads(table))[A].problems == ()


def test_a_source_gives_fragments_and_says_what_it_read(tmp_path: Path) -> None:
    text = """\
import plotly.graph_objects as go
from _data import rows
from generator.charts import palette


def charts(settings):
    from pathlib import Path

    assert Path("beside.txt").exists() and __file__ == str(Path("charts.py").resolve())
    assert settings.get("absent", 7) == 7
    return {"one": go.Figure(go.Bar(y=rows[: settings["count"]]))}
"""
    helpers = {"_data.py": "from _deep import first\n\nrows = [first, 2, 3]\n", "_deep.py": "first = 1\n"}
    beside = {f"content/posts/a/{name}": body for name, body in {**helpers, "beside.txt": ""}.items()}
    answer = run(projects.write(tmp_path, {A: text, **beside}), {"count": 2, "other": 1})[A]
    assert answer.problems == ()
    chart = fragment.parse(answer.fragments["one"])
    assert chart is not None
    assert '"y":[1,2]' in chart.payload
    assert set(answer.files) == {"content/posts/a/_data.py", "content/posts/a/_deep.py", A}
    assert answer.folders == answer.patterns == {}
    assert answer.library == ("generator.charts.palette",)
    assert answer.settings == ("absent", "count")
    assert "plotly" in answer.versions
    assert "click" not in answer.versions


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    project = projects.write(tmp_path, {A: CHART})
    assert run(project)[A].fragments == run(project)[A].fragments


def test_nothing_reaches_the_next_source(tmp_path: Path) -> None:
    dirty = """\
import os, sys, warnings
import plotly.io as pio
import _helper


def charts():
    import locale, random
    import numpy as np
    import pandas as pd
    import plotly.express as px
    import plotly.graph_objects as go
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    random.seed(7), np.random.seed(7), np.seterr(divide="raise"), np.set_printoptions(precision=2)
    pd.options.display.max_rows = 7
    pd.options.mode.copy_on_write = True
    px.defaults.width = 7
    pio.templates["plotly"].layout.font.size = 77
    pio.templates["mine"] = pio.templates["plotly_dark"]
    _helper.value = 2
    os.environ["LEFT"] = "behind"
    os.chdir("/")
    sys.path.insert(0, "/nowhere")
    warnings.simplefilter("error")
    pio.templates.default = "plotly_dark"
    return {"dirty": go.Figure(go.Bar(y=[1]))}
"""
    clean = """\
import locale, os, random, sys, warnings
from pathlib import Path
import numpy as np
import pandas as pd
import plotly.express as px
import plotly.io as pio
import plotly.graph_objects as go
import _helper


def charts():
    assert _helper.value == 1
    assert "LEFT" not in os.environ
    assert Path.cwd() == Path(__file__).parent
    assert "/nowhere" not in sys.path
    assert not any(entry[0] == "error" and entry[2] is Warning for entry in warnings.filters)
    assert pio.templates.default == "plotly"
    assert pio.templates["plotly"].layout.font.size is None
    assert "mine" not in pio.templates
    assert px.defaults.width is None
    assert pd.options.display.max_rows == 60
    assert pd.options.mode.copy_on_write is False
    assert np.geterr()["divide"] == "warn"
    assert np.get_printoptions()["precision"] == 8
    assert locale.setlocale(locale.LC_TIME) == "C"
    rolls = [random.random(), np.random.random()]
    random.seed(0), np.random.seed(0)
    assert rolls == [random.random(), np.random.random()]
    return {"clean": go.Figure(go.Bar(y=[1]))}
"""
    files = {
        A: dirty,
        B: clean,
        "content/posts/a/_helper.py": "value = 1\n",
        "content/posts/b/_helper.py": "value = 1\n",
    }
    answers = run(projects.write(tmp_path, files))
    assert [str(problem) for answer in answers.values() for problem in answer.problems] == []


def test_what_a_helper_reads_natively_is_told_unless_it_is_declared(tmp_path: Path) -> None:
    chart = CHART.replace("import", "import _helper\nimport", 1)
    files = {
        A: chart,
        "content/posts/a/_helper.py": "import subprocess\n",
        B: f"INPUTS = []\n{chart}".replace('"one"', '"two"'),
        "content/posts/b/_helper.py": "import multiprocessing\n",
    }
    answers = run(projects.write(tmp_path, files))
    assert [str(problem) for answer in answers.values() for problem in answer.problems] == [
        "content/posts/a/_helper.py:1:1: warning: files that subprocess reads can't be observed\n"
        '  hint: declare them in the chart source, INPUTS = ["data/*.parquet"], or INPUTS = [] if it reads none'
    ]


def test_helpers_are_compiled_from_their_source(tmp_path: Path) -> None:
    project = projects.write(tmp_path, {A: CHART.replace("import", "import _helper\nimport", 1)})
    helper = project / "content/posts/a/_helper.py"
    helper.write_text("raise ValueError('old')\n")
    stamp = helper.stat()
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(helper.parent)], check=True)
    helper.write_text("fine = 'the new'  # 1\n".ljust(stamp.st_size)[: stamp.st_size])
    os.utime(helper, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert run(project)[A].problems == ()
    helper.unlink()
    assert "No module named '_helper'" in failure(project)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "return [1]",
            f"{A}:1:1: error: charts() returned a list, not a mapping of names to figures\n"
            '  hint: return a dictionary such as {"heatmap": figure}',
        ),
        (
            "pass",
            f"{A}:1:1: error: charts() returned None, not a mapping of names to figures\n"
            '  hint: return a dictionary such as {"heatmap": figure}',
        ),
        ("return {}", f"{A}:1:1: error: charts() returned no chart"),
        ('return {"one": 3}', f"{A}:2:13: error: the chart 'one' is an int, not a Plotly figure"),
        (
            'return {"Heat map": None}',
            f"{A}:2:13: error: 'Heat map' is not a name for a chart\n"
            "  hint: a name is made of a-z, 0-9 and '-', and begins with a letter or digit",
        ),
        ("return 1 / 0", f"{A}:2:12: error: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", f"{A}:2:5: error: the code ended itself with sys.exit(3)"),
        ("import _broken", "content/posts/a/_broken.py:1:8: error: this is not Python: invalid syntax"),
        (
            "import _deep; _deep.f()",
            "content/posts/a/_deep.py:2:5: error: KeyError: 'x'\n"
            "  content/posts/a/_deep.py:2 in f\n"
            "  content/posts/a/charts.py:2 in charts",
        ),
    ],
)
def test_breaches_are_told_at_the_authors_line(tmp_path: Path, body: str, expected: str) -> None:
    files = {A: f"def charts():\n    {body}\n", "content/posts/a/_broken.py": "import !\n"}
    files["content/posts/a/_deep.py"] = "def f():\n    {}['x']\n"
    assert failure(projects.write(tmp_path, files)) == expected


def test_a_chain_of_calls_without_end_is_folded(tmp_path: Path) -> None:
    text = "def again(n):\n    return again(n + 1)\n\n\ndef charts():\n    return again(0)\n"
    lines = failure(projects.write(tmp_path, {A: text})).splitlines()
    assert lines[0].startswith(f"{A}:2:12: error: RecursionError: maximum recursion depth exceeded")
    assert len(lines) == 12
    assert lines[-1] == f"  {A}:6 in charts"


def test_what_a_source_printed_comes_with_its_failure(tmp_path: Path) -> None:
    text = "import os\nprint('before')\nos.system('echo from below')\n\n\ndef charts():\n    raise ValueError('no')\n"
    (answer,) = run(projects.write(tmp_path, {A: text})).values()
    assert answer.output.splitlines() == ["before", "from below"]


def test_a_process_that_dies_takes_no_other_source_along(tmp_path: Path) -> None:
    files = {A: "def charts():\n    import os\n    os._exit(3)\n", B: CHART}
    answers = run(projects.write(tmp_path, files))
    assert str(answers[A].problems[0]).startswith(f"{A}:1:1: error: the process died while it ran this (exit code 3)")
    assert list(answers[B].fragments) == ["one"]


@pytest.mark.parametrize("hang", ["import time; time.sleep(60)", "while True: pass"])
def test_a_source_that_takes_too_long_is_ended(tmp_path: Path, hang: str) -> None:
    files = {A: f"TIMEOUT = 1.5\n\n\ndef charts():\n    {hang}\n", B: CHART}
    answers = run(projects.write(tmp_path, files))
    assert "\n".join(map(str, answers[A].problems)) == (
        f"{A}:4:1: error: this ran for more than 1.5 s and was ended\n"
        "  hint: raise the limit: TIMEOUT = 1200 in the source, or chart_timeout in [tool.visualposts]"
    )
    assert list(answers[B].fragments) == ["one"]


def test_nothing_is_left_in_the_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    text = CHART.replace("def charts():\n", "def charts():\n    import tempfile\n    tempfile.mkdtemp()\n")
    assert run(projects.write(tmp_path / "blog", {A: text}))[A].problems == ()
    assert list((tmp_path / "aside").iterdir()) == []


def test_the_worker_ends_with_its_parent(tmp_path: Path) -> None:
    """Killed outright, the parent can't tidy up: the worker sees its input close."""
    text = "import os, time\nfrom pathlib import Path\n\n\ndef charts():\n"
    text += "    Path('pid').write_text(str(os.getpid()))\n    time.sleep(60)\n"
    project = projects.write(tmp_path, {A: text})
    code = f"from pathlib import Path\nfrom tests.test_runner import run\nrun(Path({str(project)!r}))\n"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent.parent)
    pid_file = project / "content/posts/a/pid"
    deadline = time.monotonic() + 30
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker = int(pid_file.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", "# -*- coding: latin-1 -*-\n# caf\u00e9\n".encode("latin-1")])
def test_the_encoding_of_a_source_is_pythons_affair(tmp_path: Path, head: bytes) -> None:
    projects.write(tmp_path, {A: CHART})
    (tmp_path / A).write_bytes(head + CHART.encode())
    found = survey.survey(tmp_path, {})
    assert found.problems == ()
    setup = Setup(str(tmp_path.resolve()), "local[1]", {}, None, str(tmp_path / "spark.log"))
    (answer,) = (event for event in runner.run(found.sources, setup, {}) if isinstance(event, Answer))
    assert answer.problems == ()


def test_a_pattern_that_is_none_is_an_error(tmp_path: Path) -> None:
    text = failure(projects.write(tmp_path, {A: CHART + 'INPUTS = ["**.csv"]\n'}))
    assert text.startswith(f"{A}:6:1: error: INPUTS holds what is no pattern, '**.csv'")


def test_a_source_that_can_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(path)

    projects.write(tmp_path, {A: CHART})
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [str(problem) for problem in survey.survey(tmp_path, {}).problems] == [
        f"{A}:1:1: error: this file can't be read"
    ]


def test_half_a_character_is_no_text(tmp_path: Path) -> None:
    text = failure(projects.write(tmp_path, {A: CHART.replace("rising", "\\ud83d")}))
    assert text.startswith(f"{A}:5:13: error: the chart 'one' can't be exported: ")


def test_a_time_limit_beyond_all_clocks(tmp_path: Path) -> None:
    """A timer that doesn't start would be an error here, its exception being a warning of pytest's."""
    assert run(projects.write(tmp_path, {A: CHART + "TIMEOUT = 1e999\n"}))[A].problems == ()


def test_a_folder_of_one_post_does_not_hide_the_module_of_another(tmp_path: Path) -> None:
    files = {
        A: "from _lib.x import v\n" + CHART,
        "content/posts/a/_lib/x.py": "v = 1\n",
        B: "from _lib import v\n" + CHART,
        "content/posts/b/_lib.py": "v = 2\n",
    }
    answers = run(projects.write(tmp_path, files))
    assert [answers[path].problems for path in (A, B)] == [(), ()]
    assert sorted(answers[A].files) == ["content/posts/a/_lib/x.py", A]
