"""JSON Feed: a feed as JSON (version 1.1 of jsonfeed.org)."""

from __future__ import annotations

import json

from generator.pages.entries import Entry, Feed, moment

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> str:
    """The text of the feed."""
    value = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        **({"description": feed.description} if feed.description else {}),
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _item(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        **({"summary": entry.summary} if entry.summary else {}),
        "content_html": entry.content,
        **({"image": entry.image} if entry.image else {}),
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        **({"authors": [{"name": entry.author}]} if entry.author else {}),
        **({"tags": list(entry.tags)} if entry.tags else {}),
    }
