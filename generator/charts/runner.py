"""The runner: gives stale sources to worker processes and hands back what came of each, as it comes.

Two workers at the most: one owns Spark and runs the sources that ask for it, the other one runs the rest meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.charts import protocol
from generator.charts.contract import ChartSource
from generator.charts.protocol import Answer, Request, Setup
from generator.errors import Problem

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Started:
    """A source has been given to a worker."""

    source: str


Event = Started | Answer


def run(sources: Sequence[ChartSource], setup: Setup, settings: Mapping[str, object]) -> Iterator[Event]:
    """Run `sources` and yield what happens. Whatever ends the iteration, no worker outlives it.

    `setup` is the one for the worker with Spark; the other one gets the same without Spark.
    """
    events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
    groups = [group for group in (_group(sources, True), _group(sources, False)) if group]
    lines = [_Line(group, setup, settings, events) for group in groups]
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
    """One worker and the sources that it is to run, in their order."""

    def __init__(
        self,
        sources: tuple[ChartSource, ...],
        setup: Setup,
        settings: Mapping[str, object],
        events: queue.SimpleQueue[Event | BaseException | None],
    ) -> None:
        super().__init__(daemon=True)
        self._sources, self._setup, self._settings, self._events = sources, setup, settings, events
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            for source in self._sources:
                if self._stopping:
                    break
                self._events.put(Started(source.path))
                self._events.put(self._answer(source))
        except BaseException as error:
            self._events.put(error)
        finally:
            self.stop()
            self._events.put(None)

    def stop(self) -> None:
        """End the worker and, with it, its Java: at once, whatever it is doing."""
        with self._lock:
            self._stopping = True
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _answer(self, source: ChartSource) -> Answer:
        process = self._worker()
        if process is None:
            return Answer(source.path)
        assert process.stdin is not None
        assert process.stdout is not None
        request = Request(source, self._settings)
        line = b""
        with contextlib.suppress(OSError, ValueError):
            protocol.send(process.stdin, request)  # type: ignore[arg-type]
            line = process.stdout.readline()
        if line.endswith(b"\n"):
            return protocol.receive_answer(line)
        return self._death(source, process)

    def _death(self, source: ChartSource, process: subprocess.Popen[bytes]) -> Answer:
        """The worker is gone without an answer; the next source gets a new one."""
        with self._lock:
            if self._process is process:
                self._process = None
        _end(process)
        code = process.returncode
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        hint = "it ran out of memory, or the code ended the process itself"
        return Answer(
            source.path, problems=(Problem(f"the process died while it ran this ({how})", source.place(), hint),)
        )

    def _worker(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._process is None and not self._stopping:
                self._process = _start(self._setup)
            return self._process


def _start(setup: Setup) -> subprocess.Popen[bytes]:
    # Where the package is run from a checkout, the child finds it as the parent did; -P keeps a module of the
    # author's, say queue.py in the project, from standing in for one of Python's.
    places = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "generator.charts.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        # Ctrl-C reaches the build alone, which then ends its workers.
        **_own_group(),  # type: ignore[call-overload]
    )
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        protocol.send(process.stdin, setup)  # type: ignore[arg-type]
    return process


def _own_group() -> dict[str, object]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
