"""The bench: workers that stay warm, sources that are saved while they run, failures that wait to be mended."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator import build, config
from generator.build import Options
from generator.charts import freeze, plan, runner, survey
from generator.charts.bench import Bench
from generator.charts.plan import Step
from generator.charts.protocol import Setup
from generator.config import Settings
from generator.report import Report
from generator.serving.turns import Turns
from tests import projects
from tests.test_runner import alive

A, B = "content/posts/a/charts.py", "content/posts/b/charts.py"
CHART = """\
import os
import plotly.graph_objects as go


def charts():
    {body}
    return {{"{name}": go.Figure(go.Scatter(y=[1, 2]), layout={{"meta": {{"alt": "pid %s" % os.getpid()}}}})}}
"""
PATIENCE = 60.0


def chart(body: str = "pass", name: str = "one") -> str:
    return CHART.format(body=body, name=name)


class Day:
    """An author's day: saves, and waits for what comes of it."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.out = io.StringIO()
        self._condition = threading.Condition()
        self._report = Report(self.out, self.out)
        self.turns = Turns(project, self._report.line)
        self.bench = Bench(project, self._report, self._setup, self._done, self.turns.turn)
        self.bench.start()

    def save(self, files: dict[str, str]) -> None:
        """Save and plan, as the engine does."""
        projects.write(self.project, files)
        self._plan(frozenset(files))

    def until(self, true: Callable[[], object]) -> None:
        """Wait until something holds, which may take several runs."""
        with self._condition:
            assert self._condition.wait_for(true, PATIENCE), self.out.getvalue()

    def idle(self) -> None:
        self.until(lambda: not self.bench.waiting)

    def pid(self, name: str = "one") -> int:
        """The process that made a chart."""
        text = (self.project / f"includes/{name}.html").read_text()
        return int(text.partition('class="chart-alt">pid ')[2].partition("<")[0])

    def _plan(self, changed: frozenset[str]) -> None:
        settings = config.load(self.project)
        found = survey.survey(self.project, settings.charts)
        self.bench.plan(settings, found, plan.plan(found.sources, freeze.alive(found), found.facts), changed)

    def _setup(self, settings: Settings, step: Step) -> Setup:
        setup = build.setup(self.project, settings, (step,), Options(spark_master="local[1]"), self._report)
        return replace(setup, archive=None)

    def _done(self) -> None:
        self._plan(frozenset())
        with self._condition:
            self._condition.notify_all()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    day = Day(tmp_path)
    yield day
    day.bench.close()


def test_a_worker_stays_warm_and_a_dead_one_is_replaced(day: Day) -> None:
    day.save({A: chart()})
    day.idle()
    first = day.pid()
    day.save({A: chart("print('again')"), B: chart(name="two")})
    day.idle()
    assert day.pid() == day.pid("two") == first
    day.save({A: chart("os._exit(3)")})
    day.idle()
    assert [problem.message for problem in day.bench.problems] == ["the process died while it ran this (exit code 3)"]
    assert day.pid() == first  # the last good chart
    day.save({A: chart("print('mended')")})
    day.idle()
    assert day.bench.problems == ()
    assert day.pid() != first
    assert not alive(first)


def test_a_source_that_is_saved_while_it_runs_runs_anew(day: Day) -> None:
    day.save({B: chart(name="two")})
    day.idle()
    day.save({A: chart("import time; open('begun', 'w').close(); time.sleep(600)")})
    while not (day.project / "content/posts/a/begun").exists():
        threading.Event().wait(0.02)
    day.save({A: chart()})
    day.idle()
    assert "stopped, it was saved again" in day.out.getvalue()
    assert day.bench.problems == ()
    assert day.pid() == day.pid("two")  # its worker stays


def test_a_source_that_does_not_let_go_is_ended(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "GRACE", 0.2)
    stubborn = "import signal, time; signal.signal(2, lambda *_: None); open('begun', 'w').close(); time.sleep(600)"
    day.save({B: chart(name="two")})
    day.idle()
    day.save({A: chart(stubborn)})
    while not (day.project / "content/posts/a/begun").exists():
        threading.Event().wait(0.02)
    day.save({A: chart()})
    day.idle()
    assert day.bench.problems == ()
    assert day.pid() != day.pid("two")


def test_a_failure_waits_for_a_reason_to_try_again(day: Day) -> None:
    day.save({A: chart("open('x.csv').close()")})
    day.idle()
    assert [str(problem.place) for problem in day.bench.problems] == [f"{A}:6:5"]
    assert survey.failed(day.project) == {A}
    day.save({"content/posts/a/index.md": projects.POST})
    assert day.bench.waiting == ()
    day.save({"content/posts/a/x.csv": "1"})
    day.idle()
    assert day.bench.problems == ()
    assert survey.failed(day.project) == frozenset()


def test_what_goes_takes_its_failure_along(day: Day) -> None:
    day.save({A: chart("1 / 0")})
    day.idle()
    assert day.bench.problems
    (day.project / A).unlink()
    day.save({})
    assert day.bench.problems == ()


def test_a_source_that_writes_what_it_reads_comes_to_rest(day: Day) -> None:
    body = "n = open('n').read(); open('n', 'w').write(n + 'x')"
    day.save({A: chart(body), "content/posts/a/n": "x"})
    day.until(lambda: day.bench.problems)
    assert [problem.message for problem in day.bench.problems] == [
        "n changed each time this runs: it is not run again before something is saved"
    ]
    assert len((day.project / "content/posts/a/n").read_text()) < 6


def test_two_sources_exchange_their_names(day: Day) -> None:
    day.save({A: chart(), B: chart(name="two")})
    day.idle()
    day.save({A: chart(name="two"), B: chart()})
    day.idle()
    assert day.bench.problems == ()
    found = survey.survey(day.project, {})
    assert {path: list(entry.fragments) for path, entry in found.manifest.entries.items()} == {A: ["two"], B: ["one"]}


@pytest.mark.spark
def test_spark_stays_where_a_source_is_stopped(day: Day) -> None:
    pytest.importorskip("pyspark", reason="NO SPARK TESTS: pyspark is not installed")
    source = chart("spark.range(3).count()").replace("charts()", "charts(spark)")
    day.save({A: source})
    day.idle()
    day.save(
        {A: source.replace("spark.range", "open('begun', 'w').close(); import time; time.sleep(600); spark.range")}
    )
    while not (day.project / "content/posts/a/begun").exists():
        threading.Event().wait(0.02)
    first = day.pid()
    day.save({A: source.replace("range(3)", "range(4)")})
    day.idle()
    assert "stopped, it was saved again" in day.out.getvalue()
    assert day.bench.problems == ()
    assert day.pid() == first


def test_the_end_of_the_day_is_no_failure(tmp_path: Path) -> None:
    day = Day(tmp_path)
    day.save({A: chart("import time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)")})
    place = tmp_path / "content/posts/a/pid"
    while not (place.exists() and place.read_text()):
        threading.Event().wait(0.02)
    day.bench.close()
    assert not alive(int(place.read_text()))
    assert survey.failed(tmp_path) == frozenset()
    assert day.bench.problems == ()


def test_nothing_begins_after_the_end_of_the_day(tmp_path: Path) -> None:
    day = Day(tmp_path)
    day.bench.close()
    day.save({A: chart()})  # by a build that was under way
    assert (day.bench.waiting, day.out.getvalue()) == ((), "")
