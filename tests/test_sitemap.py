"""The sitemap and robots.txt."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

from generator.pages.sitemap import robots, sitemap

BASE = "https://example.org/blog"
OLD = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))


def test_the_sitemap() -> None:
    root = ElementTree.fromstring(sitemap(BASE, [("/", None), ("/é & co/", OLD)]))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [url.findtext(f"{space}loc") for url in root] == [f"{BASE}/", f"{BASE}/%C3%A9%20%26%20co/"]
    assert [url.findtext(f"{space}lastmod") for url in root] == [None, "2020-01-02T03:04:05+02:00"]


def test_robots() -> None:
    assert robots("") == "User-agent: *\nAllow: /\n"
    assert robots(BASE).endswith("\nSitemap: https://example.org/blog/sitemap.xml\n")
