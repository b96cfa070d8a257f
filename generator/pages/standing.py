"""The standing site: what the last build made, for one that finds everything as it was.

Everything is every file below ``content/`` and ``includes/``, the settings, the theme, the library and the clock's side
of each date. Nothing has to be known of what depends on what: another byte anywhere, and all is looked at in detail.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator import digests, values
from generator.config import FILE, Settings
from generator.digests import Digests
from generator.errors import Problem
from generator.memory import Memory
from generator.model import Output, Skipped
from generator.pages.assembly import Assembly, ChartedPage
from generator.pages.plotlyjs import find_plotly
from generator.pages.posts import Content
from generator.pages.tree import CONTENT, INCLUDES, TEMPLATES, THEME, Tree
from generator.shelf import Shelf
from generator.stamps import settled, stamp

_KIND = "standing"


@dataclass(frozen=True, slots=True)
class Standing:
    """A site that was built without an error. `key` stands for everything that it was made of, but for `charts`, which
    stands for what the other wing handed over.

    It is the same at any time from `since` on, and before `until`. `files` are the path, owner and digest of each.
    """

    key: str
    charts: str
    since: datetime
    until: datetime | None
    skipped: tuple[Skipped, ...]
    told: tuple[Problem, ...]
    files: tuple[tuple[str, str, str], ...]
    problems: tuple[Problem, ...]
    posts: int
    pages: int
    charted: tuple[ChartedPage, ...]
    notes: tuple[str, ...]

    def content(self, tree: Tree) -> Content:
        """What there is to tell of the content; its documents are not read."""
        return Content(skipped=self.skipped, problems=self.told, files=tree.files)

    def assembly(self, shelf: Shelf) -> Assembly | None:
        """The site, if all of its files stand on the shelf."""
        outputs = []
        for path, owner, digest in self.files:
            place = shelf.holds(path, digest)
            if place is None:
                return None
            outputs.append(Output(path, place, owner, digest))
        return Assembly(tuple(outputs), self.problems, self.posts, self.pages, self.charted, self.notes)


class Glance:
    """The files of a project as they stand now: what was in them can be told when a build has read them."""

    def __init__(self, project: Path, known: Digests) -> None:
        self._project, self._known = project, known
        now = time.time_ns()
        self._stamps = {path: stamp(project / path) for path in _paths(project)}
        # A change would not show in the stamps of these.
        fresh = (path for path, found in self._stamps.items() if found and not settled(found, now))
        self._digests = {path: known.of(path) for path in fresh}

    def digests(self) -> Iterator[tuple[str, str | None]]:
        """Each file with its digest; None for one that has changed meanwhile, or can't be read."""
        for path, then in self._stamps.items():
            digest = self._digests[path] if path in self._digests else self._known.of(path)
            same = path in self._digests or stamp(self._project / path) == then
            yield path, digest if same else None


def now(project: Path, known: Digests) -> Iterator[tuple[str, str | None]]:
    """The files of a project, each with its digest; None for one that can't be read."""
    return ((path, known.of(path)) for path in _paths(project))


def everything(
    found: Iterable[tuple[str, str | None]], settings: Settings, tree: Tree, memory: Memory, choices: tuple[bool, ...]
) -> str:
    """What stands for all that the site is made of, but for the charts' state; empty if a file can't be read.

    `found` are the project's files with their digests, `choices` are the options that choose among the posts.
    """
    found = list(found)
    if any(digest is None for _, digest in found):
        return ""
    plotly = find_plotly()
    library = Digests(plotly.parent, memory, "stamps of plotly").of(plotly.name) if plotly else ""
    theme = [(path, digests.of_bytes((THEME / path).read_bytes())) for path in _below(THEME, "")]
    # The settings of this build may differ from those of the file: an option says another address.
    whole = (replace(settings, charts={}), tree.skipped, tree.problems, choices, found, theme, str(plotly), library)
    return values.digest(whole)


def stands(memory: Memory, shelf: str) -> bool:
    """Whether any site is remembered that was built into the output `shelf`."""
    return memory.get(_KIND, shelf) is not None


def recall(memory: Memory, shelf: str, key: str, now: datetime) -> Standing | None:
    """The site that stands in the output `shelf`, if it was made of the same and `now` makes no difference."""
    text = memory.get(_KIND, shelf)
    if not key or not text or not text.startswith(f'["{key}"'):
        return None
    try:
        found = values.loads(Standing, text)
    except ValueError:
        return None
    return found if found.since <= now and (found.until is None or now < found.until) else None


def remember(memory: Memory, shelf: str, key: str, charts: str, content: Content, assembly: Assembly) -> None:
    """Remember a site that was built. One with a search is not: its index is made elsewhere."""
    if not key or assembly.search:
        return
    files = tuple((item.path, item.owner, item.digest or digests.of_bytes(item.read())) for item in assembly.outputs)
    standing = Standing(
        key,
        charts,
        content.since,
        content.until,
        content.skipped,
        content.problems,
        files,
        assembly.problems,
        assembly.posts,
        assembly.pages,
        assembly.charted,
        assembly.notes,
    )
    memory.put(_KIND, [(shelf, values.dumps(standing))])


def _paths(project: Path) -> Iterator[str]:
    """Whatever lies there, hidden files and all: parts of templates and modules of chart sources begin with "_"."""
    yield FILE
    for name in (CONTENT, TEMPLATES, INCLUDES):
        yield from _below(project, name)


def _below(folder: Path, name: str) -> Iterator[str]:
    """The paths of all files below a part of a folder, relative to it; links to folders are not followed."""
    root = f"{folder}{os.sep}"
    for place, folders, names in os.walk(root + name):
        folders.sort()
        prefix = place[len(root) :].replace(os.sep, "/")
        prefix += "/" if prefix else ""
        yield from (prefix + file for file in sorted(names))
