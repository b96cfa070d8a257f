"""The bench: the charts of a long session, in which sources are saved while others run.

At most one source that asks for Spark runs at a time, and one that does not; their workers stay, and Spark with them.
What was saved last goes first. A source that is saved while it runs is stopped and runs anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from generator.charts import manifest, survey
from generator.charts.contract import ChartSource
from generator.charts.freeze import Outcome
from generator.charts.manifest import Manifest
from generator.charts.plan import Step
from generator.charts.protocol import Answer, Progress, Setup
from generator.charts.runner import Crew, Job, Started, Stopped
from generator.charts.survey import Survey
from generator.config import Settings
from generator.errors import Problem, UsageError, VisualpostsError
from generator.report import Report

AGAIN = 1.0
"""Seconds within which a source that is stale again, as soon as it has run, may itself be the reason."""
PATIENCE = 2
"""How often in a row such a source runs."""
_PROSE = (".md", ".markdown", ".html", ".css", ".js")


@dataclass(slots=True)
class _Last:
    """When a source last ended, and how often in a row it was stale again at once."""

    moment: float
    streak: int = 0


class Bench:
    """Runs what is stale, as `plan` says again and again, and calls `done` when something has come of it.

    `setup` says what a worker needs to know, for settings and a source that is to run; it may raise VisualpostsError.
    What has come of a source is written in a `turn`, in which no other process builds; one may give False at the end.
    """

    def __init__(
        self,
        project: Path,
        report: Report,
        setup: Callable[[Settings, Step], Setup],
        done: Callable[[], None],
        turn: Callable[[], AbstractContextManager[bool]],
    ) -> None:
        self._project, self._report, self._setup, self._done, self._turn = project, report, setup, done, turn
        self._lock = threading.RLock()
        self._crew = Crew()
        self._outcome = Outcome(project / "includes", {}, Manifest(), set(), set())
        self._alive: frozenset[str] = frozenset()
        self._settings: Settings | None = None
        self._due: dict[str, Step] = {}
        self._running: dict[str, ChartSource] = {}
        self._stopping: set[str] = set()
        self._sources: dict[str, ChartSource] = {}
        self._last: dict[str, _Last] = {}
        self._number = 0
        self._closed = False
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the sources whose last run failed."""
        with self._lock:
            return self._outcome.problems

    @property
    def waiting(self) -> tuple[str, ...]:
        """The sources that run, then those that wait."""
        with self._lock:
            return tuple(dict.fromkeys((*self._running, *self._due)))

    def plan(self, settings: Settings, found: Survey, steps: tuple[Step, ...], changed: Collection[str]) -> None:
        """Have the stale ones among `steps` run; `changed` are the project paths that were changed since last time.

        After `close` nothing is run any more.
        """
        with self._lock:
            if self._closed:
                return
            self._settings = settings
            self._learn(found, steps)
            for path, source in self._running.items():
                if path not in self._stopping and _touched(source, changed):
                    self._stopping.add(path)
                    self._crew.stop(path)
            due = [step for step in steps if step.reason and self._wanted(step, changed)]
            due.sort(key=lambda step: not _touched(step.source, changed))
            self._due = {step.source.path: step for step in due}
            self._outcome.unsettled = {*self._due, *self._running, *self._outcome.waiting}
            self._next()

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
        self._crew.close()
        self._thread.join()

    def _learn(self, found: Survey, steps: tuple[Step, ...]) -> None:
        """Take over how things stand in the checkout, which others may have changed too."""
        self._alive = frozenset(source.path for source in (*found.sources, *found.skipped))
        outcome = self._outcome
        outcome.settings = self._settings.charts if self._settings else {}
        outcome.failed = set(found.facts.failed & self._alive)
        for gone in outcome.failures.keys() - {step.source.path for step in steps}:
            del outcome.failures[gone]

    def _wanted(self, step: Step, changed: Collection[str]) -> bool:
        """Whether a stale source is to run: not if it has just failed, and all that it may depend on is as it was."""
        path = step.source.path
        if path in self._running:
            return path in self._stopping
        if _touched(step.source, changed):
            self._outcome.waiting.pop(path, None)
            return True
        if path in self._outcome.waiting:
            return False
        if path in self._outcome.failures and all(other.endswith(_PROSE) for other in changed):
            return False
        last = self._last.get(path)
        if last is not None and last.streak >= PATIENCE and time.monotonic() - last.moment < AGAIN:
            self._outcome.failures.setdefault(path, (_restless(step),))
            return False
        return True

    def _next(self) -> None:
        """Give the crew what may run now."""
        for path, step in list(self._due.items()):
            spark = step.source.wants_spark
            if any(source.wants_spark == spark for source in self._running.values()):
                continue
            del self._due[path]
            self._start(step)

    def _start(self, step: Step) -> None:
        settings, source = self._settings, step.source
        assert settings is not None
        try:
            job = Job(source, self._setup(settings, step), settings.charts, settings.chart_timeout)
        except VisualpostsError as error:
            hint = error.hint if isinstance(error, UsageError) else ""
            self._outcome.failures[source.path] = (Problem(str(error), source.place(), hint),)
            return
        self._number = self._number + 1 if self._running else 1
        self._running[source.path] = self._sources[source.path] = source
        self._report.started(source.path, self._number, self._number + len(self._due), step.reason)
        self._crew.give(job)

    def _listen(self) -> None:
        """What happens to the sources that run, in a thread of its own."""
        while True:
            try:
                event = self._crew.event()
            except EOFError:
                return
            if isinstance(event, Progress):
                self._report.progress(event.source, event.text)
            elif not isinstance(event, Started):
                self._came(event)
                self._done()

    def _came(self, event: Answer | Stopped) -> None:
        """See to the end of a source, in a turn if there is something to write."""
        mine, wrong = True, None
        with ExitStack() as stack:
            try:
                # Others wait for the lock of this object, and shall not wait for another process.
                mine = isinstance(event, Stopped) or stack.enter_context(self._turn())
            except VisualpostsError as error:  # caches that can't be written
                wrong = error
            with self._lock:
                # A source that this session's end broke off has not failed.
                if mine and not self._closed:
                    self._ended(event, wrong)

    def _ended(self, event: Answer | Stopped, wrong: VisualpostsError | None) -> None:
        """A source has run, and nothing can be written where something is `wrong`; or it was stopped: then it is due,
        as it is saved now.
        """
        source = self._running.pop(event.source)
        if isinstance(event, Answer) and event.source not in self._stopping:
            try:
                if wrong:
                    raise wrong
                good = self._take(source, event)
            except VisualpostsError as error:  # a disk that is full
                good = False
                self._outcome.failures[source.path] = (Problem(str(error), source.place()),)
            self._report.finished(event.source, event.seconds, tuple(sorted(event.fragments)) if good else ())
            if event.trace:
                self._report.line(event.trace)
        else:
            self._report.stopped(event.source)
        self._stopping.discard(event.source)
        if not self._running:
            self._report.close()
        self._next()

    def _take(self, source: ChartSource, answer: Answer) -> bool:
        now, last = time.monotonic(), self._last.get(source.path)
        soon = last is not None and now - answer.seconds - last.moment < AGAIN
        self._last[source.path] = _Last(now, last.streak + 1 if last and soon else 0)
        outcome = self._outcome
        # Another process, say a build, may have written there meanwhile.
        known = manifest.load(outcome.includes)
        outcome.manifest = known.without(frozenset(known.entries.keys() - self._alive))
        good = outcome.take(source, answer)
        if not self._running and not self._due:
            outcome.settle(self._sources)
        survey.remember_failed(self._project, frozenset(outcome.failed))
        return good


def _touched(source: ChartSource, changed: Collection[str]) -> bool:
    """Whether the source itself, or a module beside it, is among the changed paths.

    Data is not: a source that writes what it reads would stop itself.
    """
    folder = f"{source.folder}/"
    return any(path == source.path or (path.startswith(folder) and path.endswith(".py")) for path in changed)


def _restless(step: Step) -> Problem:
    message = f"{step.reason} each time this runs: it is not run again before something is saved"
    return Problem(message, step.source.place())
