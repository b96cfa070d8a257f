"""Digests: of the bytes of a folder's files, remembered by their stamps."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

from generator.memory import Memory
from generator.stamps import Stamp, settled, stamp


def of_bytes(data: bytes) -> str:
    """The digest of `data` as it is: 32 hex digits of BLAKE2b."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Digests:
    """The digests of the files below `root`. What `memory` knows of them has keys that begin with `prefix`."""

    def __init__(self, root: Path, memory: Memory, kind: str) -> None:
        self._root, self._memory, self._kind = f"{root}/", memory, kind
        self._known = memory.all(kind)
        self._seen: dict[str, str] = {}

    def of(self, path: str) -> str | None:
        """The digest of the file at `path` below the root; None where there is no readable file."""
        place = self._root + path
        now = stamp(place)
        if now is None:
            return None
        known = self._seen.get(path) or self._known.get(path, "")
        if known.startswith(_text(now)):
            self._seen[path] = known
            return known[-32:]
        found = self.read(path)
        return found[1] if found else None

    def read(self, path: str) -> tuple[bytes, str] | None:
        """The bytes of a file and their digest; None where there is no readable file."""
        place = self._root + path
        began = time.time_ns()
        before = stamp(place)
        try:
            with open(place, "rb") as file:
                data = file.read()
        except OSError:
            return None
        digest = of_bytes(data)
        if before and before == stamp(place) and settled(before, began):
            self._seen[path] = _text(before) + digest
        return data, digest

    def learn(self, path: str, digest: str) -> None:
        """Note the digest of a file that was just written."""
        now = stamp(self._root + path)
        if now:
            self._seen[path] = _text(now) + digest

    def save(self) -> None:
        """Remember what was seen, but for files of this moment, which may change once more and look the same."""
        self._memory.put(self._kind, list(self._news()))
        self._memory.keep(self._kind, self._seen)

    def _news(self) -> Iterator[tuple[str, str]]:
        now = time.time_ns()
        for path, text in self._seen.items():
            if self._known.get(path) != text:
                size, modified, changed, inode, device = map(int, text[:-33].split(" "))
                if settled((size, modified, changed, inode, device), now):
                    yield path, text


def _text(found: Stamp) -> str:
    return f"{found[0]} {found[1]} {found[2]} {found[3]} {found[4]} "
