"""Hashes: those of large inputs, remembered by what the file system says of the file, as git's index does.

A site may read gigabytes, and ``status`` shall answer at once. Small files are always read. The hashes are of this
checkout; nothing depends on them being there.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from generator import files
from generator.errors import VisualpostsError
from generator.stamps import settled, stamp

FILE = "hashes.json"
LARGE = 1_000_000
"""Bytes from which reading a file takes longer than looking it up."""


class Hashes:
    """The content hashes of a project's files."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._path = project / files.CACHE / FILE
        known = files.read_json(self._path)
        self._known: dict[str, object] = known if isinstance(known, dict) else {}
        self._seen: dict[str, object] = {}

    def of(self, path: str) -> str | None:
        """The content hash of the file with the project path `path`; None where there is no readable file."""
        place = self._project / path
        state = stamp(place)
        if state is None or state[0] < LARGE:
            return files.file_digest(place)
        known = self._known.get(path)
        if isinstance(known, list) and known[:-1] == [*state] and isinstance(known[-1], str):
            self._seen[path] = known
            return known[-1]
        began = time.time_ns()
        value = files.file_digest(place)
        if value is not None and state == stamp(place) and settled(state, began):
            self._seen[path] = [*state, value]
        return value

    def save(self) -> None:
        """Remember what was asked for, for the next time; a disk that refuses only makes that one slower."""
        if self._seen != self._known:
            with contextlib.suppress(VisualpostsError):
                files.write_json(self._path, self._seen)
