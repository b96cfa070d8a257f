"""The runner: gives stale sources to worker processes and hands back what came of each, as it comes.

Two workers at the most: one owns Spark and runs the sources that ask for it, the other one runs the rest meanwhile.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.charts import imports
from generator.charts.child import Child
from generator.charts.contract import ChartSource
from generator.charts.protocol import Answer, Progress, Request, Setup
from generator.errors import Problem

LIMIT = 600.0
"""Seconds that a source may run, unless it or the settings say otherwise."""
GRACE = 3.0
"""Seconds that a source has to stop when it is no longer wanted, before its worker is ended and Spark with it."""


@dataclass(frozen=True, slots=True)
class Started:
    """A source has been given to a worker."""

    source: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A source was stopped before its end, and gives nothing."""

    source: str


Event = Started | Progress | Answer | Stopped


@dataclass(frozen=True, slots=True)
class Job:
    """A source that is to run, for at most `limit` seconds; `settings` is the author's table."""

    source: ChartSource
    setup: Setup
    settings: Mapping[str, object]
    limit: float = LIMIT


def run(
    sources: Sequence[ChartSource], setup: Setup, settings: Mapping[str, object], limit: float = LIMIT
) -> Iterator[Event]:
    """Run `sources`, each for at most `limit` seconds, and yield what happens.

    Whatever ends the iteration, no worker outlives it.
    """
    with Crew() as crew:
        for source in sources:
            crew.give(Job(source, setup, settings, limit))
        awaited = len(sources)
        while awaited:
            event = crew.event()
            awaited -= isinstance(event, Answer)
            yield event


class Crew:
    """Workers that stay between the sources, and take them in the order in which they are given."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
        self._lines: dict[bool, _Line] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def give(self, job: Job) -> None:
        """Have a source run when those before it have; such as ask for Spark wait for each other only."""
        spark = job.source.wants_spark
        if spark not in self._lines:
            self._lines[spark] = _Line(self._events)
            self._lines[spark].start()
        self._lines[spark].give(job)

    def stop(self, source: str) -> None:
        """Stop the source if it runs: its worker stays, unless it won't let go."""
        for line in self._lines.values():
            line.stop(source)

    def event(self) -> Event:
        """Wait for what happens next. Raises EOFError after `close`, and whatever went wrong in a line."""
        event = self._events.get()
        if event is None:
            raise EOFError
        if isinstance(event, BaseException):
            raise event
        return event

    def close(self) -> None:
        """End all workers, whatever they are doing, and their Java with them."""
        for line in self._lines.values():
            line.close()
        for line in self._lines.values():
            line.join()
        self._events.put(None)


class _Line(threading.Thread):
    """One worker at a time and the jobs that wait for it.

    After a death or a time-out, or for a job with another setup, the next one gets a new worker.
    """

    def __init__(self, events: queue.SimpleQueue[Event | BaseException | None]) -> None:
        super().__init__(daemon=True)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._events = events
        self._child: Child | None = None
        self._hired: tuple[Setup, tuple[int, ...]] | None = None
        self._running = ""
        self._unwanted = self._closing = False
        self._lock = threading.Lock()

    def give(self, job: Job) -> None:
        self._jobs.put(job)

    def run(self) -> None:
        try:
            while (job := self._jobs.get()) and not self._closing:
                self._events.put(Started(job.source.path))
                event = self._done(job)
                if event is not None:
                    self._events.put(event)
        except BaseException as error:
            self._events.put(error)
        finally:
            self.close()

    def stop(self, source: str) -> None:
        """Interrupt the source if it is the one that runs."""
        with self._lock:
            child = self._child if self._running == source else None
            if child is None or self._unwanted:
                return
            self._unwanted = True
        child.stop()
        # A thread of its own, since whoever asks doesn't wait. It has nothing to do if the source lets go in time.
        timer = threading.Timer(GRACE, self._insist, (child,))
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """End the worker and, with it, its Java: at once, whatever it is doing."""
        with self._lock:
            self._closing = True
            child, self._child = self._child, None
        self._jobs.put(None)
        if child is not None:
            child.end()

    def _insist(self, child: Child) -> None:
        with self._lock:
            wanted = self._child is not child or not self._unwanted
        if not wanted:
            child.end()

    def _done(self, job: Job) -> Event | None:
        """Run a job; None where the line is being closed."""
        with self._lock:
            if self._closing:
                return None
            child = self._hire(job.setup)
            self._running, self._unwanted = job.source.path, False
        limit = job.source.timeout or job.limit
        answer = child.ask(Request(job.source, job.settings), limit, self._events.put)
        with self._lock:
            stopped, self._running, self._unwanted = self._unwanted, "", False
            gone = self._closing
            # Those that wait already are told alike; whoever comes later may find Spark's master up again.
            last = answer is None or answer.last or (answer.stranded and self._jobs.empty())
            if last:
                self._child = None
        if answer is None:
            answer = self._death(job, child, limit)
        elif last:
            child.end()
        if stopped and not gone:
            return Stopped(job.source.path)
        return answer

    def _hire(self, setup: Setup) -> Child:
        """The worker for a job: the one that is there, unless it was made for other circumstances."""
        # An archive of classes makes no other Spark, and one that is being made will be there for the next one.
        hired = (replace(setup, archive=None), imports.installed())
        if self._child is not None and self._hired != hired:
            self._child.end()
            self._child = None
        self._hired = hired
        self._child = self._child or Child(setup)
        return self._child

    def _death(self, job: Job, child: Child, limit: float) -> Answer:
        """The worker is gone without an answer."""
        source = job.source
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
