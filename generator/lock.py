"""The lock: one build of a project at a time, however many processes would.

It is the operating system's, on a file in ``.visualposts/``, and goes with the process that holds it, however that
ends: none is ever left behind.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from generator import files
from generator.errors import UsageError, VisualpostsError

FILE = "lock"
PATIENCE = 60.0
"""Seconds to wait for another build: most end sooner, and a person has read by then who is in the way."""
_PAUSE = 0.05
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_BYTE = 1 << 20
"""Which byte Windows locks: one that nobody reads."""


@contextlib.contextmanager
def held(
    project: Path, tell: Callable[[str], None], patience: float = PATIENCE, over: threading.Event | None = None
) -> Iterator[bool]:
    """Hold the lock of a project; wait at most `patience` seconds for another process that does, and tell that.

    Gives False, and the lock is not held, where `over` was set meanwhile. Raises UsageError if it takes longer,
    VisualpostsError where ``.visualposts`` can't be written. Processes that are forked meanwhile don't hold it; two
    threads of one process both would.
    """
    path = files.make_cache(project) / FILE
    pause = (over or threading.Event()).wait
    deadline, told = time.monotonic() + patience, False
    while (descriptor := _locked(path)) is None:
        who = f"another build of this project runs{_holder(path)}"
        if time.monotonic() >= deadline:
            raise UsageError(who, "wait until it has ended, or end it")
        if not told:
            tell(f"{who}: waiting until it has ended")
            told = True
        if pause(_PAUSE):
            break
        files.make_cache(project)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
            os.close(descriptor)


def _locked(path: Path) -> int | None:
    """The descriptor of the file at `path`, locked and holding our number; None if another process has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except FileNotFoundError:
        return None  # whoever had it removed the caches just now
    except OSError as error:
        raise VisualpostsError(f"{files.CACHE}/{FILE} can't be written: {error.strerror}") from error
    try:
        # The file may be another one by now: whoever had it may have removed the caches.
        if _lock(descriptor) and _same(descriptor, path):
            with contextlib.suppress(OSError):  # on a full disk the lock holds, without a name
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _lock(descriptor: int) -> bool:
    """Whether the lock is ours. A file system that has no locks gives it to everyone."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    """Who holds the lock, in words; nothing where that can't be read."""
    try:
        number = int(path.read_bytes())
    except (OSError, ValueError):
        return ""
    return f" (process {number})"
