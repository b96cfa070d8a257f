"""The child: one worker process, from its start to its end, with nothing of it left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.charts import protocol
from generator.charts.protocol import Answer, PosterRequest, PosterSetup, Progress, Request, Setup

PACKAGE = Path(__file__).resolve().parent.parent
LONGEST = 1e6
"""Seconds, twelve days: a timer doesn't take any number."""


class Child:
    """A worker process in a session of its own, with a folder of its own for whatever it puts aside.

    Ctrl-C reaches the build alone, which then ends its children.
    """

    def __init__(
        self, setup: Setup | PosterSetup, module: str = "worker", log: int | None = None, farewell: float = 0.0
    ) -> None:
        """Start `module` of this package and tell it `setup`; its standard error goes to the file `log`, or to ours.

        Whenever it is to end it is asked to, by SIGTERM, and gets `farewell` seconds to clear up.
        """
        self._folder = tempfile.mkdtemp(prefix="visualposts-")
        self._expired = False
        self._farewell = farewell
        # Where the package is run from a checkout, the child finds it as the parent did; -P keeps a module of the
        # author's, say queue.py in the project, from standing in for one of Python's.
        places = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        aside = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            # -u: what author code prints stands in the order in which it and its children printed it.
            [sys.executable, "-P", "-u", "-X", "utf8", "-m", f"generator.charts.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **aside, "PYTHONPATH": places},
            **_apart(),  # type: ignore[call-overload]
        )
        self._send(setup)

    def ask(self, request: Request, limit: float, tell: Callable[[Progress], None]) -> Answer | None:
        """The answer to `request`, or None if the child ended, or was ended after `limit` seconds, without one."""
        for line in self.lines(request, limit):
            message = protocol.receive(line)
            if isinstance(message, Answer):
                return message
            tell(message)
        return None

    def lines(self, request: Request | PosterRequest, limit: float) -> Iterator[bytes]:
        """The lines that the child says to `request`, until it ends or, after `limit` seconds, is ended."""
        watchdog = threading.Timer(min(limit, LONGEST), self._expire)
        watchdog.daemon = True
        watchdog.start()
        try:
            self._send(request)
            while (line := self._line()).endswith(b"\n"):
                yield line
        finally:
            watchdog.cancel()

    def stop(self) -> None:
        """Ask it to leave off the request that it is at; the answer comes all the sooner."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(protocol.STOP)
            self._process.stdin.flush()

    def end(self, grace: float = 0.0) -> str:
        """End the process, whatever it is doing, and say how it ended; one that ends by itself has `grace` seconds."""
        process = self._process
        if self._farewell:
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(grace, self._farewell))
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            else:
                # Its children too; a JVM or a Chromium, in a session of its own, sees its input close and ends.
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    @property
    def expired(self) -> bool:
        """Whether the time limit is why it ended."""
        return self._expired

    def _expire(self) -> None:
        self._expired = True
        self.end()

    def _send(self, message: Setup | Request | PosterSetup | PosterRequest) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            protocol.send(self._process.stdin, message)  # type: ignore[arg-type]

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        try:
            return self._process.stdout.readline()
        except (OSError, ValueError):
            return b""


def _apart() -> dict[str, object]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
