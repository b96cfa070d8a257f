"""Bodies: the finished texts of documents, their includes put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generator.errors import Place, Problem
from generator.pages import pictures
from generator.pages.articles import Article, place_in_body
from generator.pages.exhibits import Exhibit, exhibits
from generator.pages.includes import FOLDER, contents, without_charts
from generator.pages.insertion import insert
from generator.pages.links import Anchor, Linker
from generator.pages.references import References
from generator.pages.views import PageView, SiteView
from generator.prose import IncludeTag, word_count

_CHART = re.compile(r'<[a-zA-Z][^<>]*\sdata-chart="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Body:
    """A document's text in neutral form (see `links`), with the names of its charts in their order.

    `anchors` and `copied` are those of the links in its includes, `words` the words that these add to the author's.
    `exhibits` are its charts as the page shows them, where that was asked (`exhibited`); in `text` they are bare.
    """

    text: str
    charts: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    words: int = 0
    exhibits: tuple[Exhibit, ...] = ()
    problems: tuple[Problem, ...] = ()


def body(article: Article, view: PageView, site: SiteView, references: References) -> Body:
    """The body of an article; `view` is what its hand-written includes see as ``page``."""
    tags = article.prose.includes
    if not tags:
        text = _framed(article.html, article.copied, references)
        return Body(text, _charts(text))
    document = article.document
    found, problems = contents(
        tags,
        references.includes,
        view,
        site,
        lambda text, count: place_in_body(document, text, count),
        awaited=references.awaited,
    )
    anchors: list[Anchor] = []
    copied: dict[str, str] = {}
    texts: list[str] = []
    gathered = list(problems)
    for tag, content in zip(tags, found, strict=True):
        linker = _linker(article, tag, references)
        texts.append(linker.neutral(content.html))
        gathered += linker.problems
        anchors += linker.anchors
        copied |= linker.copied
    text = _framed(insert(article.html, texts), {**article.copied, **copied}, references)
    words = sum(word_count(without_charts(include)) for include in texts)
    return Body(text, _charts(text), tuple(anchors), copied, words, problems=tuple(gathered))


def exhibited(made: Body, address: str, references: References) -> Body:
    """The body of the page at `address` with its exhibits, which feeds and the search have no need of."""
    return replace(made, exhibits=exhibits(made.text, references, address))


def _framed(text: str, copied: Mapping[str, str], references: References) -> str:
    return pictures.framed(text, pictures.files(copied, references.routes.files), references.sizes)


def _linker(article: Article, tag: IncludeTag, references: References) -> Linker:
    """For the links of an include: they are written as on the page, and complained of at the tag."""

    def place_of(written: str, count: int) -> Place:
        return place_in_body(article.document, tag.text)

    include = f"{FOLDER}/{tag.name}"
    source = article.document.source
    return Linker(source, article.address, references.routes, references.nearest, place_of, include)


def _charts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CHART.findall(text))) if "data-chart=" in text else ()
