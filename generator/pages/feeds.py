"""Feeds: the files that machines read, as text: the Atom feed, the sitemap, robots.txt and redirects."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.pages.policy import BARE
from generator.pages.routes import FEED, SITEMAP, absolute, encode, to_root

LENGTH = 20
"""How many posts a feed holds: the newest."""

_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_HANDLER = re.compile(r"""(<[a-zA-Z][^<>]*?)\s+on[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)""")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a feed. `content` is HTML whose links are full URLs; `summary` plain text; the times are aware."""

    title: str
    address: str
    published: datetime
    updated: datetime
    content: str
    summary: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()


def atom(base_url: str, title: str, subtitle: str, author: str, language: str, entries: Iterable[Entry]) -> str:
    """The Atom feed (RFC 4287) of a site, as old as its newest entry; `author` stands for entries without one.

    An entry's id is its address: it stays as long as the post stays where it is.
    """
    written = tuple(entries)
    home = absolute(base_url, "/")
    newest = max((entry.updated for entry in written), default=_EPOCH)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_escape(language)}">',
        f"<title>{_escape(title)}</title>",
        *([f"<subtitle>{_escape(subtitle)}</subtitle>"] if subtitle else []),
        f"<id>{_escape(home)}</id>",
        f'<link rel="alternate" type="text/html" href="{_escape(home)}"/>',
        f'<link rel="self" type="application/atom+xml" href="{_escape(absolute(base_url, FEED))}"/>',
        f"<updated>{_time(newest)}</updated>",
        f"<author><name>{_escape(author or title)}</name></author>",
    ]
    for entry in written:
        lines += _entry(base_url, entry)
    return "\n".join([*lines, "</feed>", ""])


def _entry(base_url: str, entry: Entry) -> list[str]:
    url = _escape(absolute(base_url, entry.address))
    return [
        "<entry>",
        f"<title>{_escape(entry.title)}</title>",
        f"<id>{url}</id>",
        f'<link rel="alternate" type="text/html" href="{url}"/>',
        f"<published>{_time(entry.published)}</published>",
        f"<updated>{_time(entry.updated)}</updated>",
        *([f"<author><name>{_escape(entry.author)}</name></author>"] if entry.author else []),
        *(f'<category term="{_escape(tag)}"/>' for tag in entry.tags),
        *([f"<summary>{_escape(entry.summary)}</summary>"] if entry.summary else []),
        f'<content type="html">{_escape(entry.content)}</content>',
        "</entry>",
    ]


def quiet(content: str) -> str:
    """HTML without what a feed reader must not run: scripts, styles, comments and event handlers."""
    content = _SCRIPT.sub("", content)
    if " on" in content:
        while (less := _HANDLER.sub(r"\1", content)) != content:
            content = less
    return content


def sitemap(base_url: str, pages: Iterable[tuple[str, datetime | None]]) -> str:
    """The sitemap of addresses, each with the time of its last change where it is known (sitemaps.org, version 0.9)."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in pages:
        date = f"<lastmod>{_time(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{_escape(absolute(base_url, address))}</loc>{date}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots(base_url: str) -> str:
    """robots.txt: all may be read, and where the sitemap is if the site knows its own address."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {absolute(base_url, SITEMAP)}\n" if base_url else "")


def redirect(address: str, target: str, title: str, language: str, base_url: str) -> str:
    """The page at the old `address` of a post that now stands at `target`: a redirect that needs no server."""
    link = _escape(to_root(address) + encode(target)[1:])
    canonical = _escape(absolute(base_url, target)) if base_url else link
    return (
        f'<!doctype html>\n<html lang="{_escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{BARE}">\n'
        f'<title>{_escape(title)}</title>\n<link rel="canonical" href="{canonical}">\n'
        f'<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url={link}">\n'
        f'</head>\n<body>\n<p><a href="{link}">{_escape(title)}</a></p>\n</body>\n</html>\n'
    )


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _escape(text: str) -> str:
    return html.escape(text)
