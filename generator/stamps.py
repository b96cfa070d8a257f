"""Stamps: what the file system says of a file, by which one that nobody touched is known without reading it.

As git's index does it: a stamp counts only once its times are so far back that a later change must show in them.
"""

from __future__ import annotations

import contextlib
import os

_TICK = 50_000_000
"""Nanoseconds, some ticks of a kernel's clock: two changes within one get the same time."""
_COARSE = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use counts every second second."""

Stamp = tuple[int, int, int, int, int]


def stamp(path: str | os.PathLike[str]) -> Stamp | None:
    """Size, time of modification, time of change, inode and device of a file; None where there is none.

    The time of change stands beside that of modification, which whoever copies a file may set as he likes.
    """
    with contextlib.suppress(OSError, ValueError):
        found = os.stat(path)
        return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
    return None


def settled(found: Stamp, now: int) -> bool:
    """Whether a change after `now` (nanoseconds since 1970) would give the file another stamp.

    A time between the hundredths of a second shows that the file system keeps such times.
    """
    fine = found[1] % 10_000_000 and found[2] % 10_000_000
    return max(found[1], found[2]) < now - (_TICK if fine else _COARSE)
