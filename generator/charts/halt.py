"""The halt: stops author code that is no longer wanted, and never anything around it.

The clearing up between two sources, or the start of Spark, is not to be broken off half-way: a call that comes then is
heeded when author code next begins.
"""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Halt:
    """Raises KeyboardInterrupt in the main thread where author code runs there, as Ctrl-C does in a notebook.

    Spark's own handler of that signal cancels the jobs that are running.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heeding: int | None = None
        self._called = False
        # A process that a shell started in the background has been told to ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    @property
    def called(self) -> bool:
        """Whether the source that runs, or has just run, was to be stopped."""
        return self._called

    def call(self) -> None:
        """Stop the author code that runs, or is the next to run; from any thread."""
        with self._lock:
            self._called = True
            if self._heeding is None:
                return
            if hasattr(signal, "pthread_kill"):
                # It wakes a thread that waits for an answer, say of Spark's.
                signal.pthread_kill(self._heeding, signal.SIGINT)
            else:
                _thread.interrupt_main()

    def reset(self) -> None:
        """Forget a call: another source is to run."""
        with self._lock:
            self._called, self._heeding = False, None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """What runs in this context is author code. Raises KeyboardInterrupt if it is not wanted any more."""
        with self._lock:
            if self._called:
                raise KeyboardInterrupt
            self._heeding = threading.get_ident()
        try:
            yield
        finally:
            with self._lock:
                self._heeding = None
