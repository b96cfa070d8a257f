"""Nearest: what a dead link may have meant, spelled as its author would write it there."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterable, Iterator

from generator.pages.routes import Routes
from generator.pages.tree import CONTENT

_LIKE = 0.75  # endings make two names alike that are not: .png, .html


class Nearest:
    """Guesses for the dead links of one build.

    Only the first of them get one: a guess looks at every name of the site, and of a thousand dead links (a blog just
    moved here) the author mends the first few and builds again.
    """

    def __init__(self, routes: Routes, limit: int = 25) -> None:
        self._routes, self._left = routes, limit

    def link(self, path: str, source: str) -> str:
        """``did you mean '../other/index.md'?`` for a `path` written in the file `source`, or an empty string.

        Names count more than folders: a file in the wrong folder is a likelier slip than another file in the right one.
        """
        name = _name(path)
        if not name or not self._left:
            return ""
        self._left -= 1
        spellings: dict[str, list[str]] = {}
        for spelling in self._routes.targets if path.startswith("/") else _relative(source, self._routes):
            if abs(len(last := _name(spelling)) - len(name)) <= max(2, len(name) // 2):
                spellings.setdefault(last, []).append(spelling)
        if near := difflib.get_close_matches(name, sorted(spellings), n=1, cutoff=_LIKE):
            return f"did you mean '{_likest(path, spellings[near[0]])}'?"
        return ""


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The hint for an anchor or a template; unlike a setting's, a short list is shown whole where none is near."""
    names = sorted(set(known))
    if near := difflib.get_close_matches(name, names, n=1, cutoff=0.6):
        return f"did you mean '{near[0]}'?"
    return f"there are: {', '.join(names)}" if 0 < len(names) <= 12 else ""


def _relative(source: str, routes: Routes) -> Iterator[str]:
    folder = posixpath.dirname(source)
    for file in sorted(routes.documents.keys() | routes.files):
        if file == source or file.startswith(f"{CONTENT}/templates/"):
            continue
        if file in routes.documents or not file.endswith((".md", ".markdown")):
            yield posixpath.relpath(file, folder)
    yield from routes.targets


def _name(path: str) -> str:
    """The part of a path that one remembers: the file's name, or the folder's where the file is ``index.…``."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    if len(parts) > 1 and parts[-1].startswith("index."):
        parts.pop()
    return parts[-1].casefold() if parts else ""


def _likest(path: str, spellings: list[str]) -> str:
    matcher = difflib.SequenceMatcher(b=path)

    def likeness(spelling: str) -> tuple[float, int]:
        matcher.set_seq1(spelling)
        return matcher.ratio(), -len(spelling)

    return max(spellings[:100], key=likeness)
