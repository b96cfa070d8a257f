"""Briefs: what the whole site knows of a document, all but its text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from generator.model import Document
from generator.prose import Prose

_INCLUDE = re.compile(r"<p>\s*(?:<vp-include n=\"\d+\"></vp-include>\s*)+</p>|<vp-include n=\"\d+\"></vp-include>")
_TAGS = re.compile(r"<!--.*?-->|<(script|style|math|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
_DESCRIPTION = 200  # characters, about as much as a search engine shows


@dataclass(frozen=True, slots=True)
class Brief:
    """A document as lists, neighbours and machines show it.

    `summary` is HTML with links as they are written and without includes; `description` plain text; `words` counts the
    author's own; `includes` are the names that its tags give, in their order.
    """

    document: Document
    summary: str
    description: str
    words: int
    includes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return self.document.source


def brief(document: Document, rendered: Prose) -> Brief:
    """The brief of a document whose Markdown is `rendered`."""
    summary = _INCLUDE.sub("", rendered.summary).strip()
    description = document.description or plain(summary)
    return Brief(document, summary, description, rendered.words, tuple(tag.name for tag in rendered.includes))


def plain(text: str) -> str:
    """The first words of a piece of HTML as plain text."""
    words = " ".join(html.unescape(_TAGS.sub("", text)).split())
    if len(words) <= _DESCRIPTION:
        return words
    return words[:_DESCRIPTION].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
