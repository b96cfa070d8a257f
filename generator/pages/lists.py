"""Lists: the pages that show posts: the list in pages, the tags, the archive; and the one for missing addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.config import Settings
from generator.model import Document
from generator.pages import pictures
from generator.pages.atlas import Atlas
from generator.pages.briefs import Brief
from generator.pages.compose import canonical
from generator.pages.links import quoted
from generator.pages.listings import by_year, dated, page_address, paginate
from generator.pages.pictures import Sizes
from generator.pages.printed import Printed
from generator.pages.routes import ARCHIVE, NOT_FOUND, SEARCH, TAGS, feed_of
from generator.pages.views import Html, Page, PageKind, PageView, PostCard


def cards(
    atlas: Atlas, briefs: Mapping[str, Brief], printed: Mapping[str, Printed], sizes: Sizes
) -> dict[str, PostCard]:
    """Each post as lists show it, by source."""
    found: dict[str, PostCard] = {}
    routes = atlas.routes
    for post in atlas.posts:
        source = post.source
        brief, made, address = briefs[source], printed[source], routes.documents[source]
        summary = brief.summary
        if brief.linked:
            summary = quoted(summary, source, address, routes)
            summary = pictures.framed(summary, pictures.files(made.copied, routes.files), sizes, at_once=False)
        found[source] = PostCard(
            title=post.title,
            url=address,
            date=dated(post),
            summary=Html(summary),
            description=brief.description,
            lede=post.description,
            tags=atlas.tagging.of(post),
            has_charts=bool(made.charts),
            words=made.words,
            picture=made.picture,
        )
    return found


def pages(settings: Settings, atlas: Atlas, shown: Mapping[str, PostCard]) -> Iterator[Page]:
    """All pages of a site that are no document's; `shown` are the cards by source."""

    def of(posts: Sequence[Document]) -> tuple[PostCard, ...]:
        return tuple(shown[post.source] for post in posts)

    for pagination, posts in paginate(atlas.posts, settings.paginate):
        first = pagination.number == 1
        title = settings.title if first else f"Posts, page {pagination.number}"
        more = f"Posts of {settings.title}, page {pagination.number} of {pagination.total}."
        description = settings.description or f"The newest posts of {settings.title}."
        view = _view("index", title, page_address(pagination.number), settings, description if first else more)
        yield Page(view, "index.html", "the list of posts", of(posts), pagination)
    name = settings.title
    tags = _view("tags", "Tags", TAGS, settings, f"What the posts of {name} are about, tag by tag.")
    yield Page(tags, "tags.html", "the list of tags")
    for tag in atlas.tagging.tags:
        cards = tuple(shown[source] for source in (atlas.tagging.posts or {})[tag.url])
        view = _view("tag", tag.name, tag.url, settings, f"All posts of {name} with the tag {tag.name}.")
        view = replace(view, feed=feed_of(tag.url) if settings.base_url else "")
        yield Page(view, "tag.html", f"the tag '{tag.name}'", cards, tag=tag)
    years = by_year(of(atlas.posts))
    archive = _view("archive", "Archive", ARCHIVE, settings, f"All posts of {name}, year by year.")
    yield Page(archive, "archive.html", "the archive", years=years)
    if settings.search:
        search = _view("search", "Search", SEARCH, settings, f"Search the posts of {name}.")
        yield Page(search, "search.html", "the search page")
    if NOT_FOUND not in atlas.replaced:
        missing = replace(_view("404", "Page not found", NOT_FOUND, settings), canonical="")
        yield Page(missing, "404.html", "the page for missing addresses")


def _view(kind: PageKind, title: str, address: str, settings: Settings, description: str = "") -> PageView:
    return PageView(kind, title, address, description, canonical(address, settings))
