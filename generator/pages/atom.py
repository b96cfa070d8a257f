"""Atom: a feed as XML (RFC 4287)."""

from __future__ import annotations

import html
import re

from generator.pages.entries import Entry, Feed, moment

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(feed: Feed) -> str:
    """The text of the feed. An entry's id is its address: it stays as long as the post stays where it is."""
    home = escape(feed.home)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(feed.language)}">',
        f"<title>{escape(feed.title)}</title>",
        *([f"<subtitle>{escape(feed.description)}</subtitle>"] if feed.description else []),
        f"<id>{home}</id>",
        f'<link rel="alternate" type="text/html" href="{home}"/>',
        f'<link rel="self" type="application/atom+xml" href="{escape(feed.url)}"/>',
        f"<updated>{moment(feed.updated)}</updated>",
        f"<author><name>{escape(feed.author)}</name></author>",
        *map(_entry, feed.entries),
        "</feed>",
    ]
    return "\n".join([*lines, ""])


def _entry(entry: Entry) -> str:
    url = escape(entry.url)
    lines = [
        "<entry>",
        f"<title>{escape(entry.title)}</title>",
        f"<id>{url}</id>",
        f'<link rel="alternate" type="text/html" href="{url}"/>',
        f"<published>{moment(entry.published)}</published>",
        f"<updated>{moment(entry.updated)}</updated>",
        *([f"<author><name>{escape(entry.author)}</name></author>"] if entry.author else []),
        *(f'<category term="{escape(tag)}"/>' for tag in entry.tags),
        *([f"<summary>{escape(entry.summary)}</summary>"] if entry.summary else []),
        f'<content type="html">{escape(entry.content)}</content>',
        "</entry>",
    ]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Text for XML, without the characters that XML has no way to write."""
    return html.escape(_NOT_XML.sub("", text))
