"""The plan: which chart sources are stale, and for what reason. Facts in, steps out; nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator import fragment
from generator.charts.contract import ChartSource
from generator.charts.manifest import Entry, Manifest


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true now, for the comparison with what was true at the last successful run.

    `hashes` maps project paths to content hashes (absent: no such file), `notebooks` those of notebooks that are chart
    sources to the hash of what counts in them, `folders` listed folders to the hash of their names, `patterns` declared
    patterns to the hash of what they match, `library` our modules to their hashes, `versions` the installed
    distributions to their versions (absent: not installed), `settings` keys to JSON text, `fragments` chart names to
    the hash of their file. `failed` are the sources whose last run here failed.
    """

    hashes: Mapping[str, str] = field(default_factory=dict)
    notebooks: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    library: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    fragments: Mapping[str, str] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One chart source and why it is stale; an empty `reason` means that it is current."""

    source: ChartSource
    reason: str = ""


def plan(
    sources: tuple[ChartSource, ...], manifest: Manifest, facts: Facts, *, frozen: bool = False
) -> tuple[Step, ...]:
    """A step for each source. With `frozen`, only what is in the checkout counts, not the installed libraries."""
    return tuple(Step(source, reason(source, manifest.entries.get(source.path), facts, frozen)) for source in sources)


def forced(steps: tuple[Step, ...], only: frozenset[str], manifest: Manifest, *, rerun: bool) -> tuple[Step, ...]:
    """The steps narrowed by ``--only`` (chart names or source paths) and forced by ``--rerun``.

    A step that ``--only`` leaves out counts as current.
    """
    chosen = []
    for step in steps:
        if only and not only & names(step.source, manifest):
            chosen.append(Step(step.source))
        elif rerun and not step.reason:
            chosen.append(Step(step.source, "forced by --rerun"))
        else:
            chosen.append(step)
    return tuple(chosen)


def names(source: ChartSource, manifest: Manifest) -> frozenset[str]:
    """All that an author may call this source by: its path, its folder, its post's name, and its charts' names."""
    entry = manifest.entries.get(source.path)
    written = {name for name, _, _ in source.names}
    folder = source.folder
    given = entry.fragments if entry else ()
    return frozenset({source.path, folder, folder.rpartition("/")[2], *written, *given})


def reason(source: ChartSource, entry: Entry | None, facts: Facts, frozen: bool = False) -> str:
    """Why `source` must run, in the words that ``status`` prints; empty if its fragments are current."""
    if entry is None or source.path not in entry.files:
        return "its last run failed" if source.path in facts.failed else "never run"
    if source.path in facts.failed and not frozen:
        return "its last run failed"
    changed = _files(source, entry, facts) or _settings(entry, facts)
    if not changed and not frozen:
        changed = _libraries(entry, facts)
    return changed or _fragments(entry, facts)


def _files(source: ChartSource, entry: Entry, facts: Facts) -> str:
    folder = f"{source.folder}/"
    # The source itself first: where it changed, that is the reason an author expects to read.
    for path, before in sorted(entry.files.items(), key=lambda item: (item[0] != source.path, item)):
        own = source.is_notebook and path == source.path
        now = (facts.notebooks if own else facts.hashes).get(path)
        # An empty hash is that of a file which was looked for and was not there.
        if (now or "") != before:
            how = "is gone" if now is None else "changed" if before else "appeared"
            return f"{path.removeprefix(folder)} {how}"
    for path, before in sorted(entry.folders.items()):
        if facts.folders.get(path) != before:
            return f"the files in {path.removeprefix(folder)}/ are others"
    for pattern, before in sorted(entry.patterns.items()):
        if facts.patterns.get(pattern) != before:
            return f"the files that match {pattern.removeprefix(folder)} are others"
    return ""


def _settings(entry: Entry, facts: Facts) -> str:
    for key, value in sorted(entry.settings.items()):
        if facts.settings.get(key, "null") != value:
            return f"the setting '{key}' changed"
    return ""


def _libraries(entry: Entry, facts: Facts) -> str:
    if entry.format != fragment.FORMAT:
        return "the fragment format changed"
    for module, before in sorted(entry.library.items()):
        if facts.library.get(module) != before:
            return f"{module} changed"
    for name, version in sorted(entry.versions.items()):
        # A library that isn't installed can't run the source either, so it is no reason to run it.
        if (now := facts.versions.get(name)) and now != version:
            return f"{name} {version} became {now}"
    return ""


def _fragments(entry: Entry, facts: Facts) -> str:
    for name, before in sorted(entry.fragments.items()):
        now = facts.fragments.get(name)
        if now != before:
            return f"includes/{name}.html {'is missing' if now is None else 'was edited'}"
    return ""
