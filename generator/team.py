"""The team: processes that share a long list of work.

Forked where that is safe: a fork has all that its parent knows at once, and starts in milliseconds. Elsewhere (Windows,
macOS, a process with threads) they are started anew, which takes each as long as importing what it needs, and the work
must then be a function of a module. What processes need is imported when they are: most builds need none.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


def size() -> int:
    """How many processes can work at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a fork is safe: on Linux, while nothing else runs in this process."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


class Team(Generic[T, R]):
    """Processes that do `work` on items, batch by batch, in the order that they are given; `gather` gives the results.

    A process that dies (the machine may be out of memory) costs nothing but time: its batches are done here.
    """

    def __init__(self, work: Callable[[T], R], members: int) -> None:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        self._work = work
        self._given: list[tuple[Sequence[T], Future[list[R]] | None]] = []
        context = multiprocessing.get_context("fork" if can_fork() else "spawn")
        self._pool = ProcessPoolExecutor(members, context, _enlist, (work,))

    def give(self, batch: Sequence[T]) -> None:
        """Let a member do `batch`."""
        from concurrent.futures.process import BrokenProcessPool

        try:
            self._given.append((batch, self._pool.submit(_do, batch)))
        except BrokenProcessPool:  # a member has died already
            self._given.append((batch, None))

    def gather(self) -> Iterator[R]:
        """The results, in the order of the items, each as soon as it is there; then the team is dismissed."""
        from concurrent.futures.process import BrokenProcessPool

        try:
            for batch, future in self._given:
                try:
                    done = future.result() if future else None
                except BrokenProcessPool:
                    done = None
                yield from map(self._work, batch) if done is None else done
        finally:
            self.dismiss()

    def dismiss(self) -> None:
        """End at once: what is not done by now is not wanted any more."""
        if not all(future.done() for _, future in self._given if future):
            import multiprocessing

            for member in multiprocessing.active_children():
                member.kill()
        self._pool.shutdown(cancel_futures=True)


_enlisted: list[Callable[[Any], Any]] = []  # in a member, and there alone


def _enlist(work: Callable[[Any], Any]) -> None:
    # Ctrl-C reaches the whole group: the parent decides what it means. SIGTERM is for the one that gets it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _enlisted.append(work)
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    """End with the parent, even if it is killed: its pipes stay open in our siblings, so that none would notice."""
    import multiprocessing

    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _do(batch: Sequence[Any]) -> list[Any]:
    return [_enlisted[0](item) for item in batch]
