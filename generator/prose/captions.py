"""Captions: a picture that fills a paragraph and has a title becomes a figure, with the title as its caption."""

from __future__ import annotations

import re

_ATTRIBUTES = r"(?:[^>\"]|\"[^\"]*\")*?"
_PICTURE = re.compile(
    rf"<p>\s*(?P<opening><a\s[^>]*>)?\s*(?P<before><img\s{_ATTRIBUTES})\s+title=\"(?P<title>[^\"]+)\""
    rf"(?P<after>{_ATTRIBUTES}>)\s*(?P<closing></a>)?\s*</p>"
)


def with_captions(html: str) -> str:
    """`html` with ``<figure>`` for each picture that has a paragraph to itself, and perhaps a link, and a title."""
    return _PICTURE.sub(_figure, html) if " title=" in html else html


def _figure(match: re.Match[str]) -> str:
    if bool(match["opening"]) != bool(match["closing"]):
        return match[0]
    picture = f"{match['opening'] or ''}{match['before']}{match['after']}{match['closing'] or ''}"
    return f"<figure>\n{picture}\n<figcaption>{match['title']}</figcaption>\n</figure>"
