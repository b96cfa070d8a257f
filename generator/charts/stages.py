"""Stages: how far Spark is with the source that runs, folded into a few words."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PERIOD = 0.5
"""Seconds between two looks."""
REST = 2.0
"""Seconds that tasks have to notice that their job is cancelled; many never look."""


@contextmanager
def watched(session: Any, tell: Callable[[str], None]) -> Iterator[None]:
    """Call `tell` with ``Spark stage 7: 3 of 8 tasks`` whenever that changes; Spark Connect tells nothing of it."""
    context = getattr(session, "_sc", None)
    if context is None:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_look, args=(context, tell, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def alive(session: Any) -> bool:
    """Whether the JVM behind `session` still runs; a server of Spark Connect is not ours to judge."""
    context = getattr(session, "_sc", None)
    process = getattr(getattr(context, "_gateway", None), "proc", None)
    return process is None or process.poll() is None


def at_rest(session: Any, patience: float = REST) -> bool:
    """Whether all executors are idle, or become so within `patience` seconds: a cancelled job's tasks may run on.

    Spark Connect tells nothing of it.
    """
    context = getattr(session, "_sc", None)
    if context is None:
        return True
    deadline = time.monotonic() + patience
    while any(info.numRunningTasks() for info in context._jsc.sc().statusTracker().getExecutorInfos()):
        if time.monotonic() > deadline:
            return False
        time.sleep(PERIOD / 10)
    return True


def _look(context: Any, tell: Callable[[str], None], over: threading.Event) -> None:
    # The JVM may die at any moment; whoever waits for its answer will say so.
    with contextlib.suppress(Exception):
        tracker, said = context.statusTracker(), ""
        while not over.wait(PERIOD):
            stages = tracker.getActiveStageIds()
            info = tracker.getStageInfo(stages[-1]) if stages else None
            text = f"Spark stage {info.stageId}: {info.numCompletedTasks} of {info.numTasks} tasks" if info else ""
            if text and text != said:
                tell(text)
                said = text
