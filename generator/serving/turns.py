"""Turns: the lock of the project as a long session takes it: for each of its writes, thread after thread."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator import lock


class Turns:
    """Takes the lock of `project` for one thread of this process at a time, and for no longer than a write takes.

    While another process builds, a thread waits for as long as that takes, or until `close`; `tell` is told for whom,
    and nothing ("") when that is over.
    """

    def __init__(self, project: Path, tell: Callable[[str], None]) -> None:
        self._project, self._tell = project, tell
        self._among_ours = threading.Lock()  # the system's lock is between processes, not between threads
        self._over = threading.Event()
        self._waited = False

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Hold the lock; False where it was not to be had before `close`. Raises VisualpostsError as `lock.held`."""
        with self._among_ours, lock.held(self._project, self._waits, math.inf, self._over) as mine:
            if self._waited:
                self._waited = False
                self._tell("")
            yield mine

    def close(self) -> None:
        """Let nobody wait any more."""
        self._over.set()

    def _waits(self, text: str) -> None:
        self._waited = True
        self._tell(text)
