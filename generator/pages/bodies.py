"""Bodies: the finished texts of documents, their includes put in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Place, Problem
from generator.pages.articles import Article, place_in_body
from generator.pages.includes import FOLDER, Includes, charts, contents, without_charts
from generator.pages.insertion import insert
from generator.pages.links import Anchor, Linker
from generator.pages.nearest import Nearest
from generator.pages.posters import Posters
from generator.pages.routes import Routes
from generator.pages.views import PageView, Picture, SiteView
from generator.prose import IncludeTag, word_count

_CHART = re.compile(r'<[a-zA-Z][^<>]*\sdata-chart="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Body:
    """A document's text in neutral form (see `links`), with the names of its charts in their order.

    `anchors` and `copied` are those of the links in its includes, `words` the words that these add to the author's.
    `picture` is the poster of its first chart.
    """

    text: str
    charts: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    words: int = 0
    picture: Picture | None = None


class Inserter:
    """Puts includes into articles, and gathers what is wrong with them."""

    def __init__(
        self,
        project: Path,
        site: SiteView,
        routes: Routes,
        nearest: Nearest,
        hidden: Collection[str],
        awaited: Collection[str],
        posters: Posters,
    ) -> None:
        self._includes = Includes(project / FOLDER, hidden=hidden)
        self._site, self._routes, self._nearest, self._awaited = site, routes, nearest, awaited
        self._posters = posters
        self.problems: list[Problem] = []

    def body(self, article: Article, view: PageView) -> Body:
        """The body of an article; `view` is what its hand-written includes see as ``page``."""
        tags = article.prose.includes
        if not tags:
            return Body(article.html, _charts(article.html), picture=self._picture(article.html))
        document = article.document
        found, problems = contents(
            tags,
            self._includes,
            view,
            self._site,
            lambda text, count: place_in_body(document, text, count),
            awaited=self._awaited,
        )
        self.problems += problems
        anchors: list[Anchor] = []
        copied: dict[str, str] = {}
        texts: list[str] = []
        for tag, content in zip(tags, found, strict=True):
            linker = self._linker(article, tag)
            texts.append(linker.neutral(content.html))
            self.problems += linker.problems
            anchors += linker.anchors
            copied |= linker.copied
        text = insert(article.html, texts)
        words = sum(word_count(without_charts(include)) for include in texts)
        return Body(text, _charts(text), tuple(anchors), copied, words, self._picture(text))

    def _picture(self, text: str) -> Picture | None:
        """The poster of the first chart in a text."""
        first = next(charts(text), None)
        return self._posters.picture(first) if first else None

    def _linker(self, article: Article, tag: IncludeTag) -> Linker:
        """For the links of an include: they are written as on the page, and complained of at the tag."""

        def place_of(written: str, count: int) -> Place:
            return place_in_body(article.document, tag.text)

        source, include = article.document.source, f"{FOLDER}/{tag.name}"
        return Linker(source, article.address, self._routes, self._nearest, place_of, include)


def _charts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CHART.findall(text))) if "data-chart=" in text else ()
