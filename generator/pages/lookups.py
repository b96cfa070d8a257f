"""Lookups: what a page looked up while it was made, and the answers, so that a later build can ask again.

A page sees the site and the references through watchers, which note each question. As long as every answer is what it
was, the page is what it was; nobody has to list what it depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any, cast

from generator import digests, values
from generator.pages.handwritten import IncludeError
from generator.pages.includes import Includes
from generator.pages.pictures import Size, Sizes
from generator.pages.posters import Posters
from generator.pages.references import References
from generator.pages.views import SiteView

Asked = dict[str, str]
"""Questions, each a kind, a space, and what of it is asked, with their answers."""
_LONG = 100


class Lookups:
    """The references and the site view of one build, as things that can be asked by a question's text."""

    def __init__(self, references: References, site: SiteView) -> None:
        self._references, self._site = references, site
        self._answers: dict[str, str] = {}
        routes = references.routes
        self._kinds: dict[str, Callable[[str], object]] = {
            "document": routes.documents.get,
            "folder": routes.folders.get,
            "target": routes.targets.get,
            "file": routes.files.__contains__,
            "include": lambda name: _readable(references.includes, name),
            "size": references.sizes.of,
            "poster": lambda key: references.posters.variants(*key.split(" ")),
            "awaited": references.awaited.__contains__,
            "code": references.code.get,
            "site": lambda name: getattr(site, name),
        }

    def hold(self, asked: Mapping[str, str]) -> bool:
        """Whether every answer is what it was."""
        # Most pages ask what others have asked before.
        return asked.items() <= self._answers.items() or all(
            self.answer(question) == answer for question, answer in asked.items()
        )

    def answer(self, question: str) -> str:
        """The answer as text; of a long one, the digest."""
        known = self._answers.get(question)
        if known is None:
            kind, _, key = question.partition(" ")
            ask = self._kinds.get(kind)
            text = values.dumps(ask(key)) if ask else "unknown"
            known = self._answers[question] = text if len(text) <= _LONG else digests.of_bytes(text.encode())
        return known

    def watched(self) -> tuple[References, SiteView, Asked]:
        """The references and the site for one page, and what it asks of them, which grows as it does."""
        asked: Asked = {}

        def note(kind: str, key: str) -> None:
            question = f"{kind} {key}"
            asked[question] = self.answer(question)

        references = self._references
        routes = replace(
            references.routes,
            documents=_Map("document", references.routes.documents, note),
            folders=_Map("folder", references.routes.folders, note),
            targets=_Map("target", references.routes.targets, note),
            files=cast("frozenset[str]", _Set("file", references.routes.files, note)),
        )
        watched = replace(
            references,
            routes=routes,
            includes=references.includes.watched(lambda name: note("include", name)),
            sizes=_Sizes(references.sizes, note),
            posters=_Posters(references.posters, note),
            awaited=cast("frozenset[str]", _Set("awaited", references.awaited, note)),
            code=_Map("code", references.code, note),
        )
        return watched, cast("SiteView", _Site(self._site, note)), asked


Note = Callable[[str, str], None]


class _Map(Mapping[str, str]):
    """A mapping that is asked by key only: whoever went through all of it would depend on all of it."""

    def __init__(self, kind: str, real: Mapping[str, str], note: Note) -> None:
        self._kind, self._real, self._note = kind, real, note

    def __getitem__(self, key: str) -> str:
        self._note(self._kind, key)
        return self._real[key]

    def __contains__(self, key: object) -> bool:
        self._note(self._kind, str(key))
        return key in self._real

    def get(self, key: str, default: Any = None) -> Any:
        self._note(self._kind, key)
        return self._real.get(key, default)

    def __iter__(self) -> Iterator[str]:
        raise TypeError(f"a page can't go through every {self._kind}")

    def __len__(self) -> int:
        raise TypeError(f"a page can't count every {self._kind}")


class _Set(Set[str]):
    """A set that is asked for single members only."""

    def __init__(self, kind: str, real: Collection[str], note: Note) -> None:
        self._kind, self._real, self._note = kind, real, note

    def __contains__(self, key: object) -> bool:
        self._note(self._kind, str(key))
        return key in self._real

    def __iter__(self) -> Iterator[str]:
        raise TypeError(f"a page can't go through every {self._kind}")

    def __len__(self) -> int:
        raise TypeError(f"a page can't count every {self._kind}")


def _readable(includes: Includes, name: str) -> str | None:
    try:
        return includes.get(name)
    except IncludeError:
        return None  # the page that asks is told


class _Sizes(Sizes):
    def __init__(self, real: Sizes, note: Note) -> None:
        self._real, self._note = real, note

    def of(self, file: str) -> Size | None:
        self._note("size", file)
        return self._real.of(file)


class _Posters(Posters):
    def __init__(self, real: Posters, note: Note) -> None:
        self._real, self._note = real, note

    def variants(self, name: str, key: str) -> Any:
        self._note("poster", f"{name} {key}")
        return self._real.variants(name, key)


class _Site:
    """The site as a template sees it, field by field."""

    __slots__ = ("_note", "_real")

    def __init__(self, real: SiteView, note: Note) -> None:
        self._real, self._note = real, note

    def __getattr__(self, name: str) -> object:
        found = getattr(self._real, name)
        self._note("site", name)
        return found


_Site.__module__, _Site.__qualname__, _Site.__name__ = SiteView.__module__, SiteView.__qualname__, SiteView.__name__
