"""The sitemap, and robots.txt, which leads there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from generator.pages.atom import escape
from generator.pages.entries import moment
from generator.pages.routes import SITEMAP, absolute


def sitemap(base_url: str, pages: Iterable[tuple[str, datetime | None]]) -> str:
    """The sitemap of addresses, each with the time of its last change where it is known (sitemaps.org, version 0.9)."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in pages:
        date = f"<lastmod>{moment(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(absolute(base_url, address))}</loc>{date}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots(base_url: str) -> str:
    """robots.txt: all may be read, and where the sitemap is if the site knows its own address."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {absolute(base_url, SITEMAP)}\n" if base_url else "")
