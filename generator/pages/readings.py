"""Readings: the author's files as they were read, each remembered as long as its bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator
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
    """The readings of a project's files; `settings` say what a date without a zone means."""

    def __init__(self, project: Path, settings: Settings, memory: Memory) -> None:
        self._project, self._settings, self._memory = project, settings, memory
        self._digests = Digests(project, memory, "stamps of sources")
        self._known = memory.all(KIND)
        self._seen: set[str] = set()
        self._fresh: dict[str, _Reading] = {}

    def of(self, path: str) -> Parsed:
        """What is in the file at `path` relative to the project; a remembered document has no body."""
        self._seen.add(path)
        digest = self._digests.of(path)
        known = self._remembered(path, digest) if digest else None
        return known or self.anew(path)

    def anew(self, path: str) -> Parsed:
        """What is in the file, read once more if need be."""
        if found := self._digests.read(path):
            data, digest = found
            parsed = posts.decoded(path, data, self._settings)
            self._fresh[path] = _Reading(self._key(digest), parsed)
            return parsed
        return posts.parse_file(self._project, path, self._settings)

    def typeset(self, path: str, brief: Brief) -> None:
        """Note the brief of a file that was read anew."""
        if reading := self._fresh.get(path):
            self._fresh[path] = replace(reading, parsed=replace(reading.parsed, brief=brief))

    def save(self) -> None:
        """Remember what was read."""
        self._memory.put(KIND, list(self._news()))
        self._memory.keep(KIND, self._seen)
        self._digests.save()

    def _key(self, digest: str) -> str:
        return f"{digest} {self._settings.timezone}"

    def _remembered(self, path: str, digest: str) -> Parsed | None:
        text = self._known.get(path, "")
        key = self._key(digest)
        if not text.startswith(f'["{key}"'):
            return None
        try:
            return values.loads(_Reading, text).parsed
        except ValueError:
            return None

    def _news(self) -> Iterator[tuple[str, str]]:
        for path, reading in self._fresh.items():
            document = reading.parsed.document
            bare = replace(document, body="") if document else None
            try:
                text = values.dumps(replace(reading, parsed=replace(reading.parsed, document=bare)))
                # What JSON has no exact word for, a set or a tuple of the author's, is read each time.
                if not bare or not bare.extra or values.loads(_Reading, text).parsed.document == bare:
                    yield path, text
            except TypeError:
                continue
