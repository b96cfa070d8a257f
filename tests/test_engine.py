"""The engine: what is saved while it builds is built next, a burst is one build, and nothing ends it."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import build, files
from generator.build import Options, Preview
from generator.report import Report
from generator.serving.engine import Engine
from generator.serving.state import Running, State
from tests import projects
from tests.test_lock import end, holder

A = "content/posts/a.md"
PATIENCE = 30.0


class Watched:
    """An engine whose builds can be held up, counted and made to fail."""

    def __init__(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project, self.output = projects.write(project, {A: projects.POST}), project / ".visualposts/serve"
        self.builds = self.done = 0
        self.failures: list[Exception] = []
        self.free = threading.Event()
        self.free.set()
        self.told: list[State] = []
        self._condition = threading.Condition()
        self._real = build.preview
        monkeypatch.setattr(build, "preview", self._preview)
        self.out = io.StringIO()
        self.engine = Engine(project, Options(output=self.output), Report(self.out, self.out), self._tell)
        self.engine.begin()
        self.engine.start()

    def save(self, text: str) -> None:
        projects.write(self.project, {A: projects.POST.replace("Hello.", text)})
        self.engine.changed([A])

    def until(self, true: Callable[[], bool]) -> None:
        with self._condition:
            assert self._condition.wait_for(true, PATIENCE), self.out.getvalue()

    def shows(self, text: str) -> None:
        """Wait until the page has it."""
        self.until(lambda: text in self.page)

    def says(self, text: str) -> None:
        """Wait until the author has read it."""
        for _ in range(600):
            if text in self.out.getvalue():
                return
            threading.Event().wait(PATIENCE / 600)
        raise AssertionError(f"{text!r} was not said: {self.out.getvalue()}")

    @property
    def page(self) -> str:
        return (self.output / "posts/a/index.html").read_text()

    def _preview(self, *given: Any) -> Preview:
        with self._condition:
            self.builds += 1
            self._condition.notify_all()
        self.free.wait(PATIENCE)
        if self.failures:
            raise self.failures.pop(0)
        made = self._real(*given)
        with self._condition:
            self.done += 1
            self._condition.notify_all()
        return made

    def _tell(self, state: State) -> None:
        with self._condition:
            self.told.append(state)
            self._condition.notify_all()


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watched = Watched(tmp_path, monkeypatch)
    watched.until(lambda: watched.done == 2)  # the second one takes up what was saved during the first
    yield watched
    watched.free.set()
    watched.engine.close()


def test_what_is_saved_while_it_builds_is_built_next_and_a_burst_at_once(watched: Watched) -> None:
    watched.free.clear()
    watched.save("One.")
    watched.until(lambda: watched.builds == 3)
    for number in range(50):
        watched.save(f"Number {number}.")
    watched.free.set()
    watched.shows("Number 49.")
    watched.until(lambda: watched.done == 4)
    assert watched.builds == 4


def test_what_is_none_of_the_sites_business_is_no_reason(watched: Watched) -> None:
    watched.engine.changed(["README.md", "src/x.py"])
    watched.save("One.")
    watched.shows("One.")
    assert watched.builds == 3
    watched.says(f"\n{A}: 4 files written")


def test_a_thread_that_is_held_up_tells_nothing_old(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    held, free = threading.Event(), threading.Event()

    class Bench:
        problems = ()

        @property
        def waiting(self) -> tuple[str, ...]:
            if held.is_set():
                return ("new.py",)
            held.set()
            free.wait(PATIENCE)
            return ("old.py",)

    with monkeypatch.context() as patch:
        patch.setattr(watched.engine, "_bench", Bench())
        late = threading.Thread(target=watched.engine.moved)
        late.start()
        assert held.wait(PATIENCE)
        watched.engine.moved()
        free.set()
        late.join(PATIENCE)
    assert watched.told[-1].running == (Running("new.py"),)


def test_a_mistake_of_ours_is_told_and_mended(watched: Watched) -> None:
    watched.failures.append(KeyError("oh"))
    watched.save("One.")
    watched.until(lambda: bool(watched.told[-1].problems))
    assert [problem.message for problem in watched.told[-1].problems] == ["KeyError: 'oh'"]
    watched.save("Two.")
    watched.until(lambda: watched.told[-1].problems == ())
    assert "Two." in watched.page


def test_another_process_that_builds_is_waited_for(watched: Watched) -> None:
    process = holder(watched.project)  # which gets the lock: nobody holds it while nothing is to do
    watched.save("One.")
    who = f"another build of this project runs (process {process.pid}): waiting until it has ended"
    watched.until(lambda: watched.told[-1].notice == who)
    watched.says(who)
    assert "One." not in watched.page
    end(process)
    watched.shows("One.")
    watched.until(lambda: watched.told[-1] == State())
    assert watched.out.getvalue().count("waiting") == 1


def test_the_end_waits_for_nobody(watched: Watched) -> None:
    process = holder(watched.project)
    watched.save("One.")
    watched.says("waiting until it has ended")
    watched.engine.close()
    assert not any(state.problems for state in watched.told)
    end(process)


def test_builds_beside_it_and_charts_that_come_meanwhile(watched: Watched) -> None:
    """Whatever two processes write in turn is what one would have written."""
    charts, beside = "content/posts/b/charts.py", []
    slow = projects.CHART.replace("    return", "    import time\n    time.sleep(0.2)\n    return")
    projects.write(watched.project, {"content/posts/b/index.md": projects.POST.replace("A post", "B")})
    for number in range(2):
        builder = threading.Thread(target=lambda: beside.append(projects.visualposts(watched.project, "build")))
        builder.start()
        for step in range(5):
            texts = {A: projects.POST + f"{number} {step}.\n", charts: slow.replace("line", f"line {number} {step}")}
            for path, text in texts.items():
                files.write(watched.project / path, text.encode())  # whole, since somebody may just be reading
            watched.engine.changed(texts)
            threading.Event().wait(0.2)
        builder.join()
    watched.shows("1 4.")
    watched.until(lambda: "line 1 4" in (watched.project / "includes/one.html").read_text())
    assert [build.returncode for build in beside] == [0, 0], beside
    assert "error" not in watched.out.getvalue()
    assert projects.visualposts(watched.project, "build", "--frozen").returncode == 0


def test_an_error_is_said_once(watched: Watched) -> None:
    watched.save("{% include x.html %}")
    watched.says("1 error; the last good site is shown")
    watched.save("{% include x.html %} More.")
    watched.until(lambda: watched.builds == 4)
    watched.save("Fine.")
    watched.says("mended")
    assert watched.out.getvalue().count("there is no include 'x.html'") == 1
    assert "Fine." in watched.page
