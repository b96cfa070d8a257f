"""Readings: the author's files as they were read, each remembered as long as its bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator import values
from generator.config import Settings
from generator.digests import Digests
from generator.memory import Memory
from generator.pages import posts
from generator.pages.briefs import Brief
from generator.pages.posts import Parsed

KIND = "readings"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is remembered of a file: all but the body of its document. `key` stands for what it was read from."""

    key: str
    parsed: Parsed


class Readings:
    """The readings of a project's files; `settings` say what a date without a zone means, `known` are the digests."""

    def __init__(self, project: Path, settings: Settings, memory: Memory, known: Digests) -> None:
        self._project, self._settings, self._memory = project, settings, memory
        self._digests = known
        self._keys: dict[str, str] = {}
        self._fresh: dict[str, _Reading] = {}
        self._rows: list[tuple[str, str]] = []

    def all(self, paths: Sequence[str]) -> Iterator[Parsed]:
        """What is in each of the files at `paths` relative to the project; a remembered document has no body."""
        texts = self._memory.all(KIND)
        self._keys = {path: self._key(digest) for path in paths if path in texts and (digest := self._digests.of(path))}
        likely = [path for path, key in self._keys.items() if texts[path].startswith(f'["{key}"')]
        readings = values.loads_all(_Reading, [texts[path] for path in likely])
        known = {path: reading.parsed for path, reading in zip(likely, readings, strict=True) if reading}
        for path in paths:
            yield known.get(path) or self.anew(path)

    def key(self, path: str) -> str:
        """What stands for all that was read from a file."""
        return f"{path} {self._keys[path]}"

    def anew(self, path: str) -> Parsed:
        """What is in the file, read once more if need be."""
        if found := self._digests.read(path):
            data, digest = found
            parsed = posts.decoded(path, data, self._settings)
            self._keys[path] = self._key(digest)
            self._fresh[path] = _Reading(self._keys[path], parsed)
            return parsed
        return posts.parse_file(self._project, path, self._settings)

    def typeset(self, path: str, brief: Brief) -> None:
        """Note the brief of a file that was read anew."""
        if reading := self._fresh.pop(path, None):
            self._note(path, replace(reading, parsed=replace(reading.parsed, brief=brief)))

    def put(self) -> None:
        """Remember what was noted so far."""
        self._memory.put(KIND, self._rows)
        self._rows = []

    def save(self) -> None:
        """Remember what was read."""
        for path, reading in self._fresh.items():
            self._note(path, reading)
        self.put()
        self._memory.keep(KIND, self._keys)

    def _key(self, digest: str) -> str:
        return f"{digest} {self._settings.timezone}"

    def _note(self, path: str, reading: _Reading) -> None:
        document = reading.parsed.document
        bare = replace(document, body="") if document else None
        try:
            text = values.dumps(replace(reading, parsed=replace(reading.parsed, document=bare)))
        except TypeError:
            return
        # What JSON has no exact word for, a set or a tuple of the author's, is read each time.
        if not bare or not bare.extra or values.loads(_Reading, text).parsed.document == bare:
            self._rows.append((path, text))
