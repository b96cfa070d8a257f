"""The survey: reads from disk what the plan is made of: the sources, the manifest, and the facts as they are now."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import files
from generator.charts import contract, manifest, notebook
from generator.charts.contract import ChartSource
from generator.charts.hashes import Hashes
from generator.charts.inputs import matching, names_hash
from generator.charts.manifest import Manifest
from generator.charts.observing import listing
from generator.charts.plan import Facts
from generator.charts.protocol import dated
from generator.errors import Place, Problem

FAILED = "failed.json"


@dataclass(frozen=True, slots=True)
class Survey:
    """All that is known before anything runs. `skipped` are the sources beside drafts and posts of the future."""

    sources: tuple[ChartSource, ...]
    skipped: tuple[ChartSource, ...]
    manifest: Manifest
    facts: Facts
    problems: tuple[Problem, ...]


def survey(project: Path, settings: Mapping[str, object], skipped: Collection[str] = ()) -> Survey:
    """Look at the project; `skipped` are the folders of posts that are left out of this build."""
    includes = project / "includes"
    known = manifest.load(includes)
    texts = {path: _text(project / path) for path in contract.find(project)}
    read = [_unreadable(path) if text is None else parse(path, text) for path, text in texts.items()]
    everything = tuple(source for source, _ in read)
    left_out = tuple(source for source in everything if source.folder in skipped)
    sources = tuple(source for source in everything if source.folder not in skipped)
    problems = [problem for source, found in read if source in sources for problem in found]
    if os.path.lexists(includes) and not includes.is_dir():
        problems.append(Problem("this must be a folder", Place("includes"), "charts are kept in it"))
    return Survey(sources, left_out, known, _facts(project, settings, known, texts), tuple(problems))


def parse(path: str, text: str) -> tuple[ChartSource, tuple[Problem, ...]]:
    """The chart source in `text`, a module or a notebook, and every breach of the contract that can be seen in it."""
    return (notebook.source if path.endswith(contract.NOTEBOOK) else contract.parse)(path, text)


def _hashes(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """The content hash of each of the project paths that is a file."""
    known = Hashes(project)
    found = {path: value for path in sorted(paths) if (value := known.of(path)) is not None}
    known.save()
    return found


def library_hash(module: str) -> str | None:
    """The content hash of one of our own modules; found by name, without importing it."""
    place = Path(__file__).resolve().parent.joinpath(*module.split(".")[2:]).with_suffix(".py")
    return files.file_digest(place)


def setting_texts(settings: Mapping[str, object], keys: Iterable[str]) -> dict[str, str]:
    """The values of `keys` as JSON text; ``*`` stands for the whole table."""
    return {
        key: json.dumps(
            settings if key == "*" else settings.get(key), sort_keys=True, default=dated, ensure_ascii=False
        )
        for key in keys
    }


def failed(project: Path) -> frozenset[str]:
    """The sources whose last run in this checkout failed."""
    value = files.read_json(project / files.CACHE / FAILED)
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def remember_failed(project: Path, sources: frozenset[str]) -> None:
    """Keep the list of failed sources; it is of this checkout and never committed."""
    if sources != failed(project):
        files.write_json(project / files.CACHE / FAILED, sorted(sources))


def _unreadable(path: str) -> tuple[ChartSource, tuple[Problem, ...]]:
    return ChartSource(path), (Problem("this file can't be read", Place(path, 1, 1)),)


def _facts(project: Path, settings: Mapping[str, object], known: Manifest, texts: Mapping[str, str | None]) -> Facts:
    entries = known.entries.values()
    paths = {path for entry in entries for path in entry.files}
    notebooks = {path: text for path, text in texts.items() if text is not None and path.endswith(contract.NOTEBOOK)}
    folders = {path for entry in entries for path in entry.folders}
    patterns = {pattern for entry in entries for pattern in entry.patterns}
    modules = {module for entry in entries for module in entry.library}
    names = {name for entry in entries for name in entry.fragments}
    return Facts(
        hashes=_hashes(project, paths),
        notebooks={path: notebook.essence(path, text) for path, text in notebooks.items()},
        folders={path: listing(project / path) for path in folders},
        patterns={pattern: names_hash(tuple(matching(project, pattern))) for pattern in patterns},
        library={module: value for module in modules if (value := library_hash(module))},
        versions=_versions({name for entry in entries for name in entry.versions}),
        settings=setting_texts(settings, {key for entry in entries for key in entry.settings}),
        fragments={
            name: value for name in names if (value := files.file_digest(project / "includes" / f"{name}.html"))
        },
        failed=failed(project),
    )


def _versions(names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _text(path: Path) -> str | None:
    """The text of a source, None if it can't be read; what isn't UTF-8 is left to Python to judge."""
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return None
