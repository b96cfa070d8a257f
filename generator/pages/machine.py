"""Machine files: what no reader opens: redirects, robots.txt, and with a ``base_url`` the feeds and the sitemap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from generator.config import Settings
from generator.model import Output
from generator.pages import routes
from generator.pages.atlas import Atlas
from generator.pages.atom import atom
from generator.pages.entries import Entry, Feed
from generator.pages.jsonfeed import json_feed
from generator.pages.links import at_root
from generator.pages.listings import dated
from generator.pages.orders import Order
from generator.pages.printed import Printed
from generator.pages.printing import Job
from generator.pages.redirects import redirect
from generator.pages.routes import absolute
from generator.pages.sitemap import robots, sitemaps

SITE_LENGTH, TAG_LENGTH = 20, 10
"""How many posts a feed holds, the newest: however many posts there are, a feed stays what it weighs."""


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """All that a feed is made of, but for what its posts' texts look up, and settings.

    `posts` are the newest, each with its printed page, in which `Printed.text` stands for its text.
    """

    kind: Literal["atom", "json"]
    title: str
    address: str
    home: str
    description: str
    posts: tuple[tuple[Order, Printed], ...]


def outputs(settings: Settings, atlas: Atlas, printed: Mapping[str, Printed]) -> Iterator[Output]:
    """All machine files but feeds; `printed` by source."""
    base = settings.base_url
    for alias in atlas.aliases:
        document = alias.document
        target = atlas.routes.documents[document.source]
        page = redirect(alias.address, target, document.title, settings.language, base)
        yield _output(alias.address, page, document.source)
    if routes.ROBOTS not in atlas.replaced:
        yield _output(routes.ROBOTS, robots(base), "robots.txt")
    if base:
        for address, text in sitemaps(base, tuple(_addresses(atlas, printed))):
            yield _output(address, text, "the sitemap")


def feeds(
    settings: Settings, atlas: Atlas, orders: Mapping[str, Order], printed: Mapping[str, Printed]
) -> Iterator[Job[FeedOrder]]:
    """The feeds of the site and of its tags; a site needs a ``base_url`` for them. `orders` and `printed` by source."""
    if not settings.base_url:
        return

    def shown(sources: Iterable[str]) -> tuple[tuple[Order, Printed], ...]:
        return tuple((orders[source], printed[source]) for source in sources)

    newest = shown(post.source for post in atlas.posts[:SITE_LENGTH])
    words = (settings.title, routes.INDEX, settings.description, newest)
    yield _feed("atom", routes.FEED, "the feed", *words)
    yield _feed("json", routes.JSON_FEED, "the JSON feed", *words)
    for tag in atlas.tagging.tags:
        tagged = shown((atlas.tagging.posts or {})[tag.url][:TAG_LENGTH])
        owner, title = f"the feed of the tag '{tag.name}'", f"{tag.name} · {settings.title}"
        yield _feed("atom", routes.feed_of(tag.url), owner, title, tag.url, "", tagged)


def _feed(
    kind: Literal["atom", "json"],
    address: str,
    owner: str,
    title: str,
    home: str,
    description: str,
    posts: tuple[tuple[Order, Printed], ...],
) -> Job[FeedOrder]:
    return Job(address, owner, lambda: FeedOrder(kind, title, address, home, description, posts))


def feed(order: FeedOrder, settings: Settings, text: Callable[[Order], str]) -> str:
    """The feed of `order`; `text` gives a document's text as feeds show it, in neutral form (see `links`)."""
    base = settings.base_url
    found = Feed(
        title=order.title,
        url=absolute(base, order.address),
        home=absolute(base, order.home),
        language=settings.language,
        author=settings.author or settings.title,
        description=order.description,
        entries=tuple(_entry(post, printed, text(post), base) for post, printed in order.posts),
    )
    return atom(found) if order.kind == "atom" else json_feed(found)


def _entry(order: Order, printed: Printed, text: str, base: str) -> Entry:
    post = order.document
    date = dated(post)
    picture = printed.picture.src if printed.picture else ""
    return Entry(
        title=post.title,
        url=absolute(base, order.address),
        published=date,
        updated=max(date, post.updated or date),
        content=at_root(text, f"{base}/"),
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
