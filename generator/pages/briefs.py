"""Briefs: what the whole site may know of a text without having it at hand."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.prose import Prose

_INCLUDE = re.compile(r"<p>\s*(?:<vp-include n=\"\d+\"></vp-include>\s*)+</p>|<vp-include n=\"\d+\"></vp-include>")
_TAGS = re.compile(r"<!--.*?-->|<(script|style|math|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
_WITHIN = re.compile(
    r"""<img|<[^>]*?\s(?:href|src|srcset|poster|data)\s*=\s*["']?(?!https?://|mailto:)""", re.IGNORECASE
)
_DESCRIPTION = 200  # characters, about as much as a search engine shows


@dataclass(frozen=True, slots=True)
class Brief:
    """A document's text as lists, neighbours and machines show it.

    `summary` is HTML with links as they are written and without includes; `description` plain text; `words` counts the
    author's own; `includes` are the names that its tags give, in their order.
    """

    summary: str
    description: str
    words: int
    includes: tuple[str, ...] = ()
    linked: bool = False
    """Whether something in the summary leads somewhere on the site, or shows one of its pictures."""


def brief(description: str, rendered: Prose) -> Brief:
    """The brief of a text that is `rendered`; the author's `description` goes first."""
    summary = _INCLUDE.sub("", rendered.summary).strip()
    names = tuple(tag.name for tag in rendered.includes)
    return Brief(summary, description or plain(summary), rendered.words, names, bool(_WITHIN.search(summary)))


def plain(text: str) -> str:
    """The first words of a piece of HTML as plain text."""
    words = " ".join(html.unescape(_TAGS.sub("", text)).split())
    if len(words) <= _DESCRIPTION:
        return words
    return words[:_DESCRIPTION].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
