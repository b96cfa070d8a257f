"""Headings: those of a text below its page's own title, and the link that each carries to itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.prose import Heading

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_HEADING = re.compile(
    r"<!--.*?-->|<(?P<raw>pre|script|style|textarea)\b.*?</(?P=raw)>"
    rf"|<h(?P<level>[1-6])(?P<more>(?:\s{_ATTRIBUTES})?)>(?P<text>.*?)</h(?P=level)>\n?",
    re.DOTALL | re.IGNORECASE,
)
_NAMED = re.compile(rf"<h([2-6])(?=(?:\s{_ATTRIBUTES})?\sid=\"([^\"]+)\")({_ATTRIBUTES})>(.*?)</h\1>", re.DOTALL)
_LINKED = re.compile(r"<(?:a|button|details|iframe|input|select|summary|textarea|video|vp-include)\b", re.IGNORECASE)


def below(title: str, text: str, headings: Sequence[Heading]) -> tuple[str, tuple[Heading, ...]]:
    """`text` and its `headings` under the page's one heading of the first level, which is its `title`.

    A text that begins its headings with the title says it twice: that heading goes. Where others of the first level are
    left, all headings move a level down, so that their order is kept.
    """
    kept = tuple(headings)
    if not any(heading.level == 1 for heading in kept):
        return text, kept
    first = kept[0] if kept[0].level == 1 and _words(kept[0].text) == _words(title) else None
    kept = kept[1:] if first else kept
    shift = 1 if any(heading.level == 1 for heading in kept) else 0
    dropped = False

    def settled(match: re.Match[str]) -> str:
        nonlocal dropped
        if not match["level"]:
            return match[0]
        if first and not dropped:
            dropped = True
            return ""
        level = min(int(match["level"]) + shift, 6)
        end = "\n" if match[0].endswith("\n") else ""
        return f"<h{level}{match['more']}>{match['text']}</h{level}>{end}"

    return _HEADING.sub(settled, text), tuple(replace(heading, level=min(heading.level + shift, 6)) for heading in kept)


def linked(text: str) -> str:
    """`text` with each heading that has an id as a link to itself.

    The words of the heading are the link's, so that a screen reader hears them once. One that holds a link of its own
    gets the link to itself at its end.
    """

    def link(match: re.Match[str]) -> str:
        level, name, more, words = match.groups()
        if text.rfind("<a ", 0, match.start()) > text.rfind("</a>", 0, match.start()):
            return match[0]  # the whole heading stands in a link of the author's
        if _LINKED.search(words):
            own = f'<a class="anchor" href="#{name}" aria-label="Link to this section"></a>'
            return f"<h{level}{more}>{words} {own}</h{level}>"
        return f'<h{level}{more}><a class="anchor" href="#{name}">{words}</a></h{level}>'

    return _NAMED.sub(link, text)


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
