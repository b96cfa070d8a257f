"""What a command costs: seconds, processor and memory of the process and all that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, seconds of the processor, and bytes at the peak, 0 where they were not looked at."""

    wall: float
    processor: float
    memory: int = 0


def run(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str], *, memory: bool = False) -> Cost:
    """Run a command to its end, from a new process to its exit; leave with what it said if it failed.

    What was written before is on the disk by then, so that nobody pays for another's files. Looking at the `memory` of
    large processes costs time: it is for a run of its own.
    """
    os.sync()
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
        watch = Watch(process.pid) if memory else None
        try:
            _, status, used = os.wait4(process.pid, 0)
        except KeyboardInterrupt:  # which does not reach a session of its own
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = watch.stop() if watch else 0
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} in {folder}:\n{said.read().decode(errors='replace')}")
    return Cost(wall, used.ru_utime + used.ru_stime, peak)


class Watch:
    """Looks at the memory of a session of processes now and then.

    A page that n processes share counts as 1/n in each (Linux's PSS), so the sum is what they take from the machine.
    """

    def __init__(self, session: int) -> None:
        self._session = session
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The largest sum that was seen, in bytes."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._over.wait(PAUSE):
            self._peak = max(self._peak, sum(map(memory, members(self._session))))


def members(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                found.append(int(entry))
    return found


def memory(process: int) -> int:
    """Bytes of a process (PSS), 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
