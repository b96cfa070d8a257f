"""The room between the wings, from this side: commits a source's fragments, removes what nobody gives any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator import files, fragment
from generator.charts import manifest, survey
from generator.charts.contract import NAME, ChartSource
from generator.charts.manifest import Entry, Manifest
from generator.charts.protocol import Answer
from generator.errors import Place, Problem
from generator.model import Origin


def conflicts(includes: Path, known: Manifest, source: ChartSource, answer: Answer) -> tuple[Problem, ...]:
    """Every name that `answer` gives and another source, or a hand-written include, has already."""
    problems = []
    for name in sorted(answer.fragments):
        owner = known.owner(name)
        if owner not in (None, source.path):
            problems.append(_two_owners(name, source, str(owner)))
        elif owner is None and name not in known.orphans and _is_handwritten(includes / f"{name}.html"):
            hint = f"rename the chart, or move includes/{name}.html away"
            problems.append(Problem(f"includes/{name}.html is written by hand", source.place(name), hint))
    return tuple(problems)


def _two_owners(name: str, source: ChartSource, owner: str) -> Problem:
    """The same words whichever of the two ran first."""
    first, second = sorted((source.path, owner))
    place = source.place(name) if source.path == second else Place(second, 1, 1)
    return Problem(f"the chart '{name}' is given by {first} too", place, "a chart's name is unique on the whole site")


def _is_handwritten(path: Path) -> bool:
    try:
        return not fragment.is_fragment(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True


def entry(settings: Mapping[str, object], answer: Answer) -> Entry:
    """What the manifest keeps of a successful run.

    Hashes are those of the moment at which the source read: a file that its author saved while it ran makes the
    source stale again.
    """
    return Entry(
        fragments={name: files.digest(text.encode()) for name, text in answer.fragments.items()},
        files=answer.files,
        folders=answer.folders,
        patterns=answer.patterns,
        outside=answer.outside,
        library={module: value for module in answer.library if (value := survey.library_hash(module))},
        versions=answer.versions,
        settings=survey.setting_texts(settings, answer.settings),
        warnings=answer.problems,
    )


def commit(includes: Path, known: Manifest, source: str, found: Entry, answer: Answer) -> Manifest:
    """Write a source's fragments, then the manifest that speaks of them; return the manifest.

    A build killed between the two leaves whole fragments whose hashes the old manifest doesn't know: the next build
    runs the source again. Fragments of new names are announced before.
    """
    expecting = known.expecting(source, found.fragments)
    if expecting is not known:
        manifest.save(includes, expecting)
    for name, text in sorted(answer.fragments.items()):
        files.put(includes.parent, f"{includes.name}/{name}.html", text.encode())
    updated = known.with_entry(source, found)
    manifest.save(includes, updated)
    return updated


def origins(sources: Iterable[ChartSource], known: Manifest) -> Iterator[Origin]:
    """Where the charts come from, for a site that shows it: each source that has run, and what it imported with it."""
    for source in sources:
        if entry := known.entries.get(source.path):
            modules = sorted(path for path in entry.files if path.endswith(".py") and entry.files[path])
            modules = [path for path in modules if path != source.path]
            yield Origin(source.path, tuple(modules), tuple(sorted(entry.fragments)))


def prune(includes: Path, known: Manifest) -> tuple[Manifest, tuple[str, ...], tuple[str, ...]]:
    """Remove the fragments that nobody gives any more. Returns the manifest, what went, and what stays as edited."""
    if not known.orphans:
        return known, (), ()
    removed, edited = [], []
    for name, value in sorted(known.orphans.items()):
        path = includes / f"{name}.html"
        now = files.file_digest(path) if NAME.fullmatch(name) else None
        if now == value:
            files.remove(path)
            removed.append(name)
        elif now is not None:
            edited.append(name)
    settled = known.settled()
    manifest.save(includes, settled)
    return settled, tuple(removed), tuple(edited)
