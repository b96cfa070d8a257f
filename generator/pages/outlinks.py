"""Outlinks: the links that authors wrote to other sites, and where they wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.config import Settings
from generator.errors import Place
from generator.model import Document
from generator.pages.articles import place_in_body, place_of_link
from generator.pages.checks import in_settings, settings_text
from generator.pages.fields import place_of
from generator.pages.handwritten import IncludeError
from generator.pages.includes import FOLDER, Includes
from generator.pages.links import neutral
from generator.prose import Prose

_OUTSIDE = re.compile(r"(?:https?:)?//[^\s{}]+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outlink:
    """A link to another site: its full URL, the place where it stands, and the include that it is in, if it is."""

    url: str
    place: Place
    include: str = ""

    @property
    def page(self) -> str:
        """The URL without the place on the page."""
        return self.url.partition("#")[0]


def outlinks(
    project: Path, settings: Settings, documents: Iterable[Document], bodies: Mapping[str, Prose]
) -> tuple[Outlink, ...]:
    """Every outside link of the texts, their front matter, the includes that they ask for, and the header.

    What templates and libraries bring is not among them. Each place stands once.
    """
    includes, text = Includes(project / FOLDER), settings_text(project)
    found = [
        Outlink(_full(item.url), in_settings(item.url, text)) for item in settings.nav or () if _OUTSIDE.match(item.url)
    ]
    for document in documents:
        found += _of_document(document, bodies[document.source], includes)
    return tuple(dict.fromkeys(found))


def _of_document(document: Document, body: Prose, includes: Includes) -> Iterator[Outlink]:
    if _OUTSIDE.match(document.image):
        yield Outlink(_full(document.image), place_of(document.source, document.places, "image"))
    seen: dict[str, int] = {}
    for url in _urls(body.html):
        count = seen[url] = seen.get(url, -1) + 1
        place = place_of_link(document, url, count)
        # An address that stands in the text as it is has nothing around it by which a link is known.
        yield Outlink(_full(url), place if place.line else place_in_body(document, url, count))
    for tag in body.includes:
        try:
            text = includes.get(tag.name) or ""
        except IncludeError:
            continue  # told by the check of includes
        for url in _urls(text):
            yield Outlink(_full(url), place_in_body(document, tag.text), f"{FOLDER}/{tag.name}")


def _urls(text: str) -> list[str]:
    """The URLs in the tags of `text` that lead to other sites, in their order."""
    found: list[str] = []

    def note(url: str, _: bool) -> None:
        if _OUTSIDE.match(url.strip()):
            found.append(url)

    neutral(text, note)
    return found


def _full(url: str) -> str:
    url = url.strip()
    return f"https:{url}" if url.startswith("//") else url
