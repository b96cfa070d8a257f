"""Entries: posts as feeds show them, and the feeds that hold them, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_HANDLER = re.compile(r"""(<[a-zA-Z][^<>]*?)\s+on[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)""")
# An English "on" stands in every text. Patterns that begin with a literal leap from one such place to the next.
_HANDLERS = tuple(re.compile(rf"{blank}on[a-z]+\s*=") for blank in " \n\t\r\f")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a feed. `url` and `image` are full URLs, as are all links in `content`, which is HTML.

    `summary` is plain text; the times are aware.
    """

    title: str
    url: str
    published: datetime
    updated: datetime
    content: str
    summary: str = ""
    author: str = ""
    image: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `url` is its own, `home` that of the page whose posts it holds; `author` stands for entries without."""

    title: str
    url: str
    home: str
    language: str
    author: str
    description: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def updated(self) -> datetime:
        """The time of its newest entry."""
        return max((entry.updated for entry in self.entries), default=_EPOCH)


def quiet(content: str) -> str:
    """HTML without what a feed reader must not run: scripts, styles, comments and event handlers."""
    content = _SCRIPT.sub("", content)
    if any(pattern.search(content) for pattern in _HANDLERS):
        while (less := _HANDLER.sub(r"\1", content)) != content:
            content = less
    return content


def moment(time: datetime) -> str:
    """A time as RFC 3339 writes it. Offsets of before 1900 may have seconds, which it can't write: then it is UTC."""
    offset = time.utcoffset() or timedelta()
    return (time.astimezone(UTC) if offset.seconds % 60 else time).isoformat(timespec="seconds")
