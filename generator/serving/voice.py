"""Voice: the report of a session: two threads speak by it, and what is said at each build is said but once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from generator.errors import Problem
from generator.report import Report


class Voice(Report):
    """Says by `inner` what it is told, and calls `moved` whenever a chart source has come further.

    Warnings of a build are kept (`hear`), to be said with its errors where they are new.
    """

    def __init__(self, inner: Report, moved: Callable[[], None]) -> None:
        self._inner, self._moved = inner, moved
        self._lock = threading.RLock()
        self._heard: list[Problem] = []
        self._said: frozenset[Problem] = frozenset()
        self.stages: dict[str, str] = {}
        """How far each source that runs is, in words."""

    @property
    def exit_code(self) -> int:
        return 0

    def problem(self, problem: Problem) -> None:
        with self._lock:
            self._heard.append(problem)

    def heard(self) -> tuple[Problem, ...]:
        """The problems since the last call."""
        with self._lock:
            heard, self._heard = self._heard, []
            return tuple(heard)

    def tell(self, problems: Iterable[Problem]) -> bool:
        """Say those of the problems that there are now which were not there the last time; whether there are such."""
        found = dict.fromkeys(problems)
        with self._lock:
            new = [problem for problem in found if problem not in self._said]
            self._said = frozenset(found)
            for problem in new:
                self._inner.problem(problem)
        return bool(new)

    def line(self, text: str = "") -> None:
        with self._lock:
            self._inner.line(text)

    def detail(self, text: str) -> None:
        with self._lock:
            self._inner.detail(text)

    def started(self, source: str, number: int, total: int, reason: str) -> None:
        with self._lock:
            self.stages[source] = ""
            self._inner.started(source, number, total, reason)
        self._moved()

    def progress(self, source: str, text: str) -> None:
        with self._lock:
            self.stages[source] = text
            self._inner.progress(source, text)
        self._moved()

    def finished(self, source: str, seconds: float, charts: tuple[str, ...]) -> None:
        with self._lock:
            self.stages.pop(source, None)
            self._inner.finished(source, seconds, charts)

    def stopped(self, source: str) -> None:
        with self._lock:
            self.stages.pop(source, None)
            self._inner.stopped(source)

    def close(self) -> None:
        with self._lock:
            self._inner.close()
