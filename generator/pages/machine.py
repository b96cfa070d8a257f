"""Machine files: what no reader opens: redirects, robots.txt, and with a ``base_url`` the feeds and the sitemap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from generator.config import Settings
from generator.model import Output
from generator.pages import routes
from generator.pages.atlas import Atlas
from generator.pages.atom import atom
from generator.pages.entries import Entry, Feed, quiet
from generator.pages.jsonfeed import json_feed
from generator.pages.links import at_root
from generator.pages.listings import dated
from generator.pages.orders import Order
from generator.pages.press import Printed
from generator.pages.redirects import redirect
from generator.pages.routes import absolute
from generator.pages.sitemap import robots, sitemap

SITE_LENGTH, TAG_LENGTH = 20, 10
"""How many posts a feed holds, the newest: however many posts there are, a feed stays what it weighs."""


def outputs(
    settings: Settings,
    atlas: Atlas,
    orders: Mapping[str, Order],
    printed: Mapping[str, Printed],
    text: Callable[[Order], str],
) -> Iterator[Output]:
    """All machine files; `orders` and `printed` by source.

    `text` gives a document's text as feeds show it, in neutral form (see `links`); it is asked once for each.
    """
    base = settings.base_url
    for alias in atlas.aliases:
        document = alias.document
        target = atlas.routes.documents[document.source]
        page = redirect(alias.address, target, document.title, settings.language, base)
        yield _output(alias.address, page, document.source)
    if routes.ROBOTS not in atlas.replaced:
        yield _output(routes.ROBOTS, robots(base), "robots.txt")
    if base:
        yield from _feeds(settings, atlas, orders, printed, text)
        yield _output(routes.SITEMAP, sitemap(base, _addresses(atlas, printed)), "the sitemap")


def _feeds(
    settings: Settings,
    atlas: Atlas,
    orders: Mapping[str, Order],
    printed: Mapping[str, Printed],
    text: Callable[[Order], str],
) -> Iterator[Output]:
    entries: dict[str, Entry] = {}

    def feed(title: str, address: str, home: str, description: str, sources: tuple[str, ...]) -> Feed:
        for source in sources:
            if source not in entries:
                entries[source] = _entry(orders[source], printed[source], text(orders[source]), settings.base_url)
        author = settings.author or settings.title
        urls = (absolute(settings.base_url, address), absolute(settings.base_url, home))
        return Feed(title, *urls, settings.language, author, description, tuple(entries[source] for source in sources))

    newest = tuple(post.source for post in atlas.posts[:SITE_LENGTH])
    words = (settings.title, settings.description)
    yield _output(routes.FEED, atom(feed(words[0], routes.FEED, routes.INDEX, words[1], newest)), "the feed")
    whole = feed(words[0], routes.JSON_FEED, routes.INDEX, words[1], newest)
    yield _output(routes.JSON_FEED, json_feed(whole), "the JSON feed")
    for tag in atlas.tagging.tags:
        address = routes.feed_of(tag.url)
        tagged = (atlas.tagging.posts or {})[tag.url][:TAG_LENGTH]
        found = feed(f"{tag.name} · {settings.title}", address, tag.url, "", tagged)
        yield _output(address, atom(found), f"the feed of the tag '{tag.name}'")


def _entry(order: Order, printed: Printed, text: str, base: str) -> Entry:
    post = order.document
    date = dated(post)
    picture = printed.picture.src if printed.picture else ""
    return Entry(
        title=post.title,
        url=absolute(base, order.address),
        published=date,
        updated=max(date, post.updated or date),
        content=at_root(quiet(text), f"{base}/"),
        summary=order.description,
        author=post.author,
        image=absolute(base, picture) if picture.startswith("/") else picture,
        tags=tuple(tag.name for tag in order.tags),
    )


def _addresses(atlas: Atlas, printed: Mapping[str, Printed]) -> Iterator[tuple[str, datetime | None]]:
    """What the sitemap lists: every page that is worth finding, with the time of its last change where it has one."""
    gallery = [routes.CHARTS] if any(made.exhibits for made in printed.values()) else []
    for address in (routes.INDEX, *gallery, routes.ARCHIVE, routes.TAGS, *(tag.url for tag in atlas.tagging.tags)):
        yield address, None
    for document in (*atlas.posts, *atlas.others):
        address = atlas.routes.documents[document.source]
        if address != routes.NOT_FOUND:
            yield address, document.updated or document.date


def _output(address: str, text: str, owner: str) -> Output:
    return Output(routes.output_path(address), text.encode(), owner)
