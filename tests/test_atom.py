"""Atom, held against a grammar and read by a reader of feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser

from generator.pages.atom import atom
from generator.pages.entries import Entry, Feed
from tests.validity import atom_errors

BASE = "https://example.org/blog"
OLD = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
NEW = datetime(2021, 1, 2, tzinfo=UTC)
LINK = '<p>x &amp; y <a href="https://e.org/?a&amp;b">z</a></p>'
FEED = Feed(
    "T & U",
    f"{BASE}/feed.xml",
    f"{BASE}/",
    "en",
    "Ada",
    "about",
    (
        Entry("A <b> & C", f"{BASE}/posts/%C3%A9/", OLD, NEW, LINK, "x", "Grace"),
        Entry("Second", f"{BASE}/posts/2/", OLD, OLD, "<p>2</p>", tags=("Spark", "K&R")),
    ),
)


def test_a_feed_is_valid_and_a_reader_understands_it() -> None:
    text = atom(FEED).encode()
    assert atom_errors(text) == []
    found = feedparser.parse(text)
    assert not found.bozo
    assert found.version == "atom10"
    assert (found.feed.title, found.feed.subtitle, found.feed.author) == ("T & U", "about", "Ada")
    assert found.feed.id == found.feed.link == "https://example.org/blog/"
    assert found.feed.updated == "2021-01-02T00:00:00+00:00"
    first, second = found.entries
    assert first.id == first.link == "https://example.org/blog/posts/%C3%A9/"
    assert first.title == "A <b> & C"
    assert first.published == "2020-01-02T03:04:05+02:00"
    assert first.content[0].value == LINK
    assert (first.author, second.get("author")) == ("Grace", None)
    assert [tag.term for tag in second.tags] == ["Spark", "K&R"]


def test_an_empty_feed_is_still_valid() -> None:
    text = atom(replace(FEED, description="", entries=())).encode()
    assert atom_errors(text) == []
    assert feedparser.parse(text).feed.updated == "1970-01-01T00:00:00+00:00"


def test_what_xml_can_not_write_is_left_out() -> None:
    odd = replace(FEED.entries[0], title="a\x08b\ufffe", content="<p>\x0c\U0001f600</p>")
    text = atom(replace(FEED, entries=(odd,))).encode()
    assert atom_errors(text) == []
    (entry,) = feedparser.parse(text).entries
    assert (entry.title, entry.content[0].value) == ("ab", "<p>\U0001f600</p>")


def test_the_validator_can_fail() -> None:
    def errors(*entries: Entry) -> list[str]:
        return atom_errors(atom(replace(FEED, entries=entries)).encode())

    good = FEED.entries[0]
    assert errors(replace(good, url="/posts/"))
    assert errors(good, good) == [f"the id {good.url} stands twice"]
    assert errors(replace(good, content='<a href="x/">x</a>')) == ["href='x/' is no full URL"]
    assert errors(replace(good, content="<p><script>1</script></p>")) == ["<script> in a feed"]
