"""The manifest: what each chart source depended on when it last succeeded, and the fragments that it gave.

``includes/manifest.json`` holds content hashes, versions and settings, sorted; nothing that differs between two equal
runs. It is committed with the fragments, so that a fresh clone knows that they are current.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator import files, fragment
from generator.errors import Place, Problem, warning

FILE = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What one successful run of a chart source read and gave.

    `files` maps project paths to content hashes (the source itself, helpers, data), `folders` those of listed folders
    to the hash of their names, `patterns` declared patterns to the hash of what they match; `library` maps our own
    modules to their hashes, `versions` distributions to their versions, `settings` the keys that it asked for to their
    values as JSON text (null for an absent one), `fragments` chart names to the hash of their fragment. `outside` are
    inputs beyond the project, which are noted and not hashed; `warnings` what its author is told of the run, each time.
    """

    fragments: Mapping[str, str]
    files: Mapping[str, str]
    folders: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    library: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    format: int = fragment.FORMAT


@dataclass(frozen=True, slots=True)
class Manifest:
    """Entries by source path. `orphans` are fragments (name to hash) that nobody gives any more, not yet removed."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    orphans: Mapping[str, str] = field(default_factory=dict)

    def owner(self, name: str) -> str | None:
        """The source that gave the chart `name`."""
        return next((source for source, entry in self.entries.items() if name in entry.fragments), None)

    def with_entry(self, source: str, entry: Entry) -> Manifest:
        """The manifest after a successful run: names that the source no longer gives become orphans."""
        before = self.entries.get(source)
        orphans = {**self.orphans, **(before.fragments if before else {})}
        return Manifest(
            {**self.entries, source: entry},
            {name: hash_ for name, hash_ in orphans.items() if name not in entry.fragments},
        )

    def without(self, sources: frozenset[str]) -> Manifest:
        """The manifest after `sources` are gone: all that they gave are orphans."""
        orphans = dict(self.orphans)
        for source in sources & self.entries.keys():
            orphans.update(self.entries[source].fragments)
        entries = {source: entry for source, entry in self.entries.items() if source not in sources}
        given = {name for entry in entries.values() for name in entry.fragments}
        return Manifest(entries, {name: hash_ for name, hash_ in orphans.items() if name not in given})

    def expecting(self, source: str, fragments: Mapping[str, str]) -> Manifest:
        """The manifest while `fragments` (name to hash) of `source` are written.

        Those that it did not give before are orphans as yet: should the build be killed and the source never give them
        again, they are removed.
        """
        before = self.entries.get(source)
        new = {name: hash_ for name, hash_ in fragments.items() if not before or name not in before.fragments}
        return replace(self, orphans={**self.orphans, **new}) if new else self

    def settled(self) -> Manifest:
        """The manifest once its orphans have been removed from ``includes/``."""
        return replace(self, orphans={})


def load(includes: Path) -> Manifest:
    """The manifest in the folder `includes`; an empty one if it is missing, broken or of another format."""
    value = files.read_json(includes / FILE)
    if not isinstance(value, dict) or value.get("format") != FORMAT or not isinstance(value.get("sources"), dict):
        return Manifest()
    entries = {source: entry for source, item in value["sources"].items() if (entry := _entry(item))}
    return Manifest(entries, _texts(value.get("orphans")))


def save(includes: Path, manifest: Manifest) -> None:
    """Write the manifest; equal manifests are equal bytes."""
    sources = {
        source: {"format": entry.format, "fragments": dict(entry.fragments), **dict(_present(entry))}
        for source, entry in manifest.entries.items()
    }
    value: dict[str, object] = {"format": FORMAT, "sources": sources}
    if manifest.orphans:
        value["orphans"] = dict(manifest.orphans)
    files.put(includes.parent, f"{includes.name}/{FILE}", files.json_text(value).encode())


_TABLES = ("files", "folders", "patterns", "library", "versions", "settings")


def _present(entry: Entry) -> Iterator[tuple[str, object]]:
    for key in _TABLES:
        if table := getattr(entry, key):
            yield key, dict(table)
    if entry.outside:
        yield "outside", list(entry.outside)
    if entry.warnings:
        yield "warnings", [_written(item) for item in entry.warnings]


def _written(item: Problem) -> dict[str, object]:
    place = item.place or Place("")
    return {"path": place.path, "line": place.line, "col": place.col, "message": item.message, "hint": item.hint}


def _warnings(value: object) -> Iterator[Problem]:
    """The warnings in a JSON list; what a merge gone wrong made of one is left out."""
    for item in value if isinstance(value, list) else ():
        match item:
            case {"path": str(path), "line": int(line), "col": int(col), "message": str(message), "hint": str(hint)}:
                yield warning(message, Place(path, line, col), hint)


def _entry(item: object) -> Entry | None:
    if not isinstance(item, dict) or not isinstance(item.get("format"), int):
        return None
    fragments, outside = _texts(item.get("fragments")), item.get("outside")
    tables = {key: _texts(item.get(key, {}), any_key=key == "settings") for key in _TABLES}
    if any(tables[key] != item.get(key, {}) for key in _TABLES):
        # What it depended on is not known any more; that its fragments are not written by hand still is.
        return Entry(fragments, {}, format=item["format"])
    return Entry(
        fragments,
        outside=tuple(map(str, outside)) if isinstance(outside, list) else (),
        warnings=tuple(_warnings(item.get("warnings"))),
        format=item["format"],
        **tables,
    )


def _texts(value: object, *, any_key: bool = False) -> dict[str, str]:
    """The string entries of a JSON object; a merge gone wrong leaves others, which are left out."""
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in value.items() if isinstance(item, str) and (any_key or _is_name(key))}


def _is_name(key: str) -> bool:
    """Whether `key` can name a file of the project, a chart, or a distribution, and be asked for as one."""
    try:
        os.fsencode(key)
    except UnicodeEncodeError:
        return False
    return bool(key) and "\0" not in key and not key.startswith("/")
