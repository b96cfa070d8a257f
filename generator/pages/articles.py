"""Articles: documents whose Markdown is rendered and whose links are neutral; their includes are still to come."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator import prose
from generator.errors import Place, Problem
from generator.model import Document
from generator.pages.fields import place_of
from generator.pages.headings import below
from generator.pages.links import Anchor, Dead, Link, Linker, resolve
from generator.pages.nearest import Nearest
from generator.pages.routes import Routes
from generator.pages.tree import STATIC
from generator.prose import Heading

# What stands before and after a URL in Markdown or HTML: a text often names the file of its link, and is no link.
_BEFORE = re.compile(r"""(?:\]\(\s*<?|^\s{0,3}\[[^\]]+\]:\s*<?|=\s*["']?|[wx],\s*)\Z""")
_AFTER = re.compile(r"""[)>"'\s]|\Z""")


@dataclass(frozen=True, slots=True)
class Article:
    """A document on its way to a page.

    `html` is neutral (see `links`); includes stand in it as ``<vp-include>`` elements. `copied` maps the files that its
    links name to their addresses. `image` is an address, a full URL or empty, `image_file` the file that it shows.
    """

    document: Document
    address: str
    prose: prose.Prose
    html: str
    headings: tuple[Heading, ...]
    image: str
    image_file: str
    anchors: tuple[Anchor, ...]
    copied: Mapping[str, str]
    problems: tuple[Problem, ...]


def article(document: Document, rendered: prose.Prose, routes: Routes, nearest: Nearest) -> Article:
    """The article of a document whose Markdown is `rendered`, with everything that is wrong in its text."""
    address = routes.documents[document.source]
    linker = Linker(
        document.source, address, routes, nearest, lambda written, count: place_of_link(document, written, count)
    )
    text, headings = below(document.title, linker.neutral(rendered.html), rendered.headings)
    problems = [*_troubles(document, rendered.troubles), *linker.problems]
    copied = dict(linker.copied)
    image = resolve(document.image, document.source, address, routes) if document.image else None
    if document.image and _is_no_picture(document.image, image):
        place = place_of(document.source, document.places, "image")
        hint = "name a file beside the post, /file.png of content/static, or an address with https://"
        problems.append(Problem(f"'{document.image}' is no picture", place, hint))
    elif isinstance(image, Dead):
        place = place_of(document.source, document.places, "image")
        hint = image.advice(nearest, document.source)
        problems.append(Problem(f"the picture '{document.image}' is missing", place, hint))
    elif isinstance(image, Link) and image.copied:
        copied[image.copied] = image.address
    return Article(
        document,
        address,
        rendered,
        text,
        headings,
        image.address if isinstance(image, Link) else document.image,
        _file(image, routes),
        tuple(linker.anchors),
        copied,
        tuple(problems),
    )


def _is_no_picture(written: str, image: Link | Dead | None) -> bool:
    """Whether what front matter names leads to a page, or nowhere that a reader's browser would fetch from."""
    if isinstance(image, Link):
        return image.address.endswith(("/", ".html", ".htm"))
    return image is None and not re.match(r"https?://|//", written, re.IGNORECASE)


def _file(image: Link | Dead | None, routes: Routes) -> str:
    """The file of the project that a picture's address shows, or an empty string."""
    if not isinstance(image, Link):
        return ""
    static = STATIC + image.address[1:]
    return image.copied or (static if static in routes.files else "")


def _troubles(document: Document, troubles: Iterable[prose.Trouble]) -> Iterator[Problem]:
    """The troubles of a text at their places: the same slip, made twice, has two."""
    before: dict[str, int] = {}
    for trouble in troubles:
        count = before.get(trouble.needle, 0)
        before[trouble.needle] = count + 1
        yield Problem(trouble.message, place_in_body(document, trouble.needle, count), trouble.hint)


def place_in_body(document: Document, needle: str, count: int = 0) -> Place:
    """The place in the document's file of an appearance of `needle` in its body."""
    line, col = prose.locate(document.body, needle, count)
    return Place(document.source, document.body_line + line - 1, col) if line else Place(document.source)


def place_of_link(document: Document, written: str, count: int) -> Place:
    """The place of appearance `count` (from 0) of a URL; the last one, where a reference serves several links."""
    lines = document.body.split("\n")
    if not written.strip():
        return place_in_body(document, "]()", count)
    spellings = dict.fromkeys((written, html.escape(written), html.escape(written, quote=False)))
    found = Place(document.source)
    for spelling in spellings:
        nth, matched = 0, 0
        while True:
            line, col = prose.locate(document.body, spelling, nth)
            if not line:
                break
            nth += 1
            before, after = lines[line - 1][: col - 1], lines[line - 1][col - 1 + len(spelling) :]
            if not _BEFORE.search(before) or not _AFTER.match(after):
                continue
            found = Place(document.source, document.body_line + line - 1, col)
            matched += 1
            if matched > count:
                return found
        if matched:
            return found
    return found
