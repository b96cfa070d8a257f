"""The sitemap and robots.txt."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

from generator.pages.sitemap import parts, robots, sitemaps

BASE = "https://example.org/blog"
OLD = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))


SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(text: str) -> list[tuple[str | None, str | None]]:
    """What a sitemap lists, as addresses and times."""
    return [(one.findtext(f"{SPACE}loc"), one.findtext(f"{SPACE}lastmod")) for one in ElementTree.fromstring(text)]


def test_the_sitemap() -> None:
    ((address, text),) = sitemaps(BASE, [("/", None), ("/é & co/", OLD)])
    assert address == "/sitemap.xml"
    assert listed(text) == [(f"{BASE}/", None), (f"{BASE}/%C3%A9%20%26%20co/", "2020-01-02T03:04:05+02:00")]


def test_a_sitemap_that_would_be_too_long_is_an_index_of_several() -> None:
    pages = [("/", None), ("/tags/", None), ("/a/", OLD), ("/b/", OLD.replace(year=2021)), ("/c/", OLD)]
    (address, index), *others = sitemaps(BASE, pages, limit=2)
    assert address == "/sitemap.xml"
    assert ElementTree.fromstring(index).tag == f"{SPACE}sitemapindex"
    assert listed(index) == [
        (f"{BASE}/sitemap-1.xml", None),
        (f"{BASE}/sitemap-2.xml", "2021-01-02T03:04:05+02:00"),
        (f"{BASE}/sitemap-3.xml", "2020-01-02T03:04:05+02:00"),
    ]
    assert [address for address, _ in others] == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    assert [[loc for loc, _ in listed(text)] for _, text in others] == [
        [f"{BASE}/", f"{BASE}/tags/"],
        [f"{BASE}/a/", f"{BASE}/b/"],
        [f"{BASE}/c/"],
    ]
    assert len(list(sitemaps(BASE, pages, limit=5))) == 1
    assert [parts(count, 2) for count in (0, 2, 3, 4, 5)] == [0, 0, 2, 2, 3]


def test_robots() -> None:
    assert robots("") == "User-agent: *\nAllow: /\n"
    assert robots(BASE).endswith("\nSitemap: https://example.org/blog/sitemap.xml\n")
