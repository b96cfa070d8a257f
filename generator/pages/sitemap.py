"""The sitemap, and robots.txt, which leads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from generator.pages.atom import escape
from generator.pages.entries import moment
from generator.pages.routes import SITEMAP, absolute, sitemap_part

LIMIT = 50_000
"""Addresses that one sitemap may hold (sitemaps.org, version 0.9)."""

_Page = tuple[str, datetime | None]


def sitemaps(base_url: str, pages: Sequence[_Page], limit: int = LIMIT) -> Iterator[tuple[str, str]]:
    """The address and the text of the sitemap of `pages`, each with the time of its last change where it is known.

    Of more than `limit` pages there are several, and the first is the index of the others.
    """
    if len(pages) <= limit:
        yield SITEMAP, _sitemap(base_url, pages)
        return
    found = [pages[start : start + limit] for start in range(0, len(pages), limit)]
    newest = [max((changed for _, changed in part if changed), default=None) for part in found]
    addresses = [sitemap_part(number) for number in range(1, parts(len(pages), limit) + 1)]
    yield SITEMAP, _text("sitemapindex", "sitemap", base_url, zip(addresses, newest, strict=True))
    yield from ((address, _sitemap(base_url, part)) for address, part in zip(addresses, found, strict=True))


def parts(count: int, limit: int = LIMIT) -> int:
    """How many sitemaps besides the index `count` pages have: none where one holds them all."""
    return -(-count // limit) if count > limit else 0


def _sitemap(base_url: str, pages: Iterable[_Page]) -> str:
    return _text("urlset", "url", base_url, pages)


def _text(whole: str, part: str, base_url: str, found: Iterable[_Page]) -> str:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<{whole} xmlns="{space}">']
    for address, changed in found:
        date = f"<lastmod>{moment(changed)}</lastmod>" if changed else ""
        lines.append(f"<{part}><loc>{escape(absolute(base_url, address))}</loc>{date}</{part}>")
    return "\n".join([*lines, f"</{whole}>", ""])


def robots(base_url: str) -> str:
    """robots.txt: all may be read, and where the sitemap is if the site knows its own address."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {absolute(base_url, SITEMAP)}\n" if base_url else "")
