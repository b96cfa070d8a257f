"""Feeds: what machines read, parsed by a reader of feeds and by an XML parser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import feedparser

from generator.pages.feeds import Entry, atom, quiet, redirect, robots, sitemap

BASE = "https://example.org/blog"
OLD = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
NEW = datetime(2021, 1, 2, tzinfo=UTC)


def test_a_feed_that_a_reader_understands() -> None:
    entries = [
        Entry(
            "A <b> & C", "/posts/é/", OLD, NEW, '<p>x &amp; y <a href="https://e.org/?a&amp;b">z</a></p>', "x", "Ada"
        ),
        Entry("Second", "/posts/2/", OLD, OLD, "<p>2</p>", tags=("Spark", "K&R")),
    ]
    text = atom(BASE, "T & U", "about", "", "en", entries)
    found = feedparser.parse(text.encode())
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.title == "T & U"
    assert found.feed.id == "https://example.org/blog/"
    assert found.feed.updated == "2021-01-02T00:00:00+00:00"
    assert found.feed.author == "T & U"
    first, second = found.entries
    assert first.id == first.link == "https://example.org/blog/posts/%C3%A9/"
    assert first.title == "A <b> & C"
    assert first.published == "2020-01-02T03:04:05+02:00"
    assert 'href="https://e.org/?a&amp;b"' in first.content[0].value
    assert (first.author, second.get("author")) == ("Ada", None)
    assert [tag.term for tag in second.tags] == ["Spark", "K&R"]


def test_an_empty_feed_is_still_valid() -> None:
    found = feedparser.parse(atom(BASE, "T", "", "A", "en", []).encode())
    assert not found.bozo
    assert found.feed.updated == "1970-01-01T00:00:00+00:00"


def test_what_a_reader_must_not_run() -> None:
    text = '<p onclick="x()" id="a">1</p><script>"</p>"</script><!-- no --><style>p{}</style><svg onload=x>on it</svg>'
    assert quiet(text) == '<p id="a">1</p><svg>on it</svg>'
    assert quiet("<p>2</p><script>open") == "<p>2</p>"


def test_the_sitemap() -> None:
    root = ElementTree.fromstring(sitemap(BASE, [("/", None), ("/é & co/", OLD)]))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [url.findtext(f"{space}loc") for url in root] == [f"{BASE}/", f"{BASE}/%C3%A9%20%26%20co/"]
    assert [url.findtext(f"{space}lastmod") for url in root] == [None, "2020-01-02T03:04:05+02:00"]


def test_robots() -> None:
    assert robots("") == "User-agent: *\nAllow: /\n"
    assert robots(BASE).endswith("\nSitemap: https://example.org/blog/sitemap.xml\n")


def test_a_redirect_works_anywhere_and_points_to_the_one_address() -> None:
    page = redirect("/old/place/", "/new é/", "A & B", "en", BASE)
    assert '<meta http-equiv="refresh" content="0; url=../../new%20%C3%A9/">' in page
    assert '<link rel="canonical" href="https://example.org/blog/new%20%C3%A9/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "<title>A &amp; B</title>" in page
    assert 'rel="canonical" href="../../new%20%C3%A9/"' in redirect("/old/place/", "/new é/", "A", "en", "")
