"""Machine files: what no reader opens: redirects, robots.txt, and with a ``base_url`` the feed and the sitemap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.config import Settings
from generator.model import Output
from generator.pages import feeds, routes
from generator.pages.atlas import Atlas
from generator.pages.includes import feed_form
from generator.pages.links import at_root, neutral_address
from generator.pages.orders import Order


def outputs(
    settings: Settings, atlas: Atlas, orders: Mapping[str, Order], text: Callable[[Order], str]
) -> Iterator[Output]:
    """All machine files; `orders` by source, `text` gives a document's text in neutral form (see `links`)."""
    base = settings.base_url
    for alias in atlas.aliases:
        document = alias.document
        target = atlas.routes.documents[document.source]
        page = feeds.redirect(alias.address, target, document.title, settings.language, base)
        yield _output(alias.address, page, document.source)
    if routes.ROBOTS not in atlas.replaced:
        yield _output(routes.ROBOTS, feeds.robots(base), "robots.txt")
    if base:
        entries = (_entry(orders[post.source], text, base) for post in atlas.posts[: feeds.LENGTH])
        feed = feeds.atom(base, settings.title, settings.description, settings.author, settings.language, entries)
        yield _output(routes.FEED, feed, "the feed")
        lists = [routes.INDEX, routes.ARCHIVE, routes.TAGS, *(tag.url for tag in atlas.tagging.tags)]
        written = [
            (atlas.routes.documents[document.source], document.updated or document.date)
            for document in (*atlas.posts, *atlas.others)
            if atlas.routes.documents[document.source] != routes.NOT_FOUND
        ]
        pages = [(address, None) for address in lists] + written
        yield _output(routes.SITEMAP, feeds.sitemap(base, pages), "the sitemap")


def _entry(order: Order, text: Callable[[Order], str], base: str) -> feeds.Entry:
    post = order.document
    assert post.date is not None
    return feeds.Entry(
        title=post.title,
        address=order.address,
        published=post.date,
        updated=max(post.date, post.updated or post.date),
        content=at_root(feeds.quiet(feed_form(text(order), neutral_address(order.address))), f"{base}/"),
        summary=order.description,
        author=post.author,
        tags=tuple(tag.name for tag in order.tags),
    )


def _output(address: str, text: str, owner: str) -> Output:
    return Output(routes.output_path(address), text.encode(), owner)
