"""JSON Feed, held against a schema of version 1.1."""

from __future__ import annotations

import json
from dataclasses import replace

from generator.pages.jsonfeed import json_feed
from tests.test_atom import BASE, FEED, LINK
from tests.validity import json_feed_errors

JSON = replace(FEED, url=f"{BASE}/feed.json")


def test_a_feed_is_valid_and_says_the_same() -> None:
    text = json_feed(JSON).encode()
    assert json_feed_errors(text) == []
    found = json.loads(text)
    assert (found["home_page_url"], found["feed_url"]) == (f"{BASE}/", f"{BASE}/feed.json")
    assert found["authors"] == [{"name": "Ada"}]
    first, second = found["items"]
    assert first == {
        "id": f"{BASE}/posts/%C3%A9/",
        "url": f"{BASE}/posts/%C3%A9/",
        "title": "A <b> & C",
        "summary": "x",
        "content_html": LINK,
        "date_published": "2020-01-02T03:04:05+02:00",
        "date_modified": "2021-01-02T00:00:00+00:00",
        "authors": [{"name": "Grace"}],
    }
    assert second["tags"] == ["Spark", "K&R"]


def test_a_picture_and_an_empty_feed() -> None:
    picture = replace(FEED.entries[1], image=f"{BASE}/a.webp")
    text = json_feed(replace(JSON, entries=(picture,))).encode()
    assert json_feed_errors(text) == []
    assert json.loads(text)["items"][0]["image"] == f"{BASE}/a.webp"
    assert json_feed_errors(json_feed(replace(JSON, description="", entries=())).encode()) == []


def test_the_validator_can_fail() -> None:
    assert json_feed_errors(json_feed(replace(JSON, title="")).encode())
    assert json_feed_errors(b'{"version": "https://jsonfeed.org/version/1", "title": "T", "items": []}')
