"""The runner: gives stale sources to worker processes and hands back what came of each, as it comes.

Two workers at the most: one owns Spark and runs the sources that ask for it, the other one runs the rest meanwhile.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.charts.child import Child
from generator.charts.contract import ChartSource
from generator.charts.protocol import Answer, Progress, Request, Setup
from generator.errors import Problem

LIMIT = 600.0
"""Seconds that a source may run, unless it or the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Started:
    """A source has been given to a worker."""

    source: str


Event = Started | Progress | Answer


def run(
    sources: Sequence[ChartSource], setup: Setup, settings: Mapping[str, object], limit: float = LIMIT
) -> Iterator[Event]:
    """Run `sources`, each for at most `limit` seconds, and yield what happens.

    Whatever ends the iteration, no worker outlives it.
    """
    events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
    groups = [group for group in (_group(sources, True), _group(sources, False)) if group]
    lines = [_Line(group, setup, settings, limit, events) for group in groups]
    for line in lines:
        line.start()
    try:
        running = len(lines)
        while running:
            event = events.get()
            if event is None:
                running -= 1
            elif isinstance(event, BaseException):
                raise event
            else:
                yield event
    finally:
        for line in lines:
            line.stop()
        for line in lines:
            line.join()


def _group(sources: Sequence[ChartSource], spark: bool) -> tuple[ChartSource, ...]:
    return tuple(source for source in sources if source.wants_spark == spark)


class _Line(threading.Thread):
    """One worker at a time and the sources that it is to run, in their order.

    After a death or a time-out the next source gets a new worker.
    """

    def __init__(
        self,
        sources: tuple[ChartSource, ...],
        setup: Setup,
        settings: Mapping[str, object],
        limit: float,
        events: queue.SimpleQueue[Event | BaseException | None],
    ) -> None:
        super().__init__(daemon=True)
        self._sources, self._setup, self._settings, self._limit = sources, setup, settings, limit
        self._events = events
        self._child: Child | None = None
        self._stopping = False
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            for source in self._sources:
                if self._stopping:
                    break
                self._events.put(Started(source.path))
                answer = self._answer(source)
                if answer is not None:
                    self._events.put(answer)
        except BaseException as error:
            self._events.put(error)
        finally:
            self.stop()
            self._events.put(None)

    def stop(self) -> None:
        """End the worker and, with it, its Java: at once, whatever it is doing."""
        with self._lock:
            self._stopping = True
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def _answer(self, source: ChartSource) -> Answer | None:
        with self._lock:
            if self._stopping:
                return None
            child = self._child = self._child or Child(self._setup)
        limit = source.timeout or self._limit
        answer = child.ask(Request(source, self._settings), limit, self._events.put)
        if answer is not None and not answer.last:
            return answer
        with self._lock:
            # Where the build is being stopped, the child is gone already.
            self._child = None
        if answer is None:
            return self._death(source, child, limit)
        child.end()
        return answer

    def _death(self, source: ChartSource, child: Child, limit: float) -> Answer:
        """The worker is gone without an answer."""
        how = child.end(grace=1.0)
        if child.expired:
            problem = Problem(
                f"this ran for more than {limit:g} s and was ended",
                source.place(),
                "raise the limit: TIMEOUT = 1200 in the source, or chart_timeout in [tool.visualposts]",
            )
        else:
            hint = "it ran out of memory, or the code ended the process itself"
            problem = Problem(f"the process died while it ran this ({how})", source.place(), hint)
        return Answer(source.path, seconds=limit if child.expired else 0.0, problems=(problem,))
