"""Lists: the pages that show posts: the list in pages, the tags, the archive; and the one for missing addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from generator import digests, values
from generator.config import Settings
from generator.model import Document
from generator.pages import pictures
from generator.pages.atlas import Atlas
from generator.pages.briefs import Brief
from generator.pages.compose import canonical
from generator.pages.links import quoted
from generator.pages.listings import by_year, dated, page_address, paginate
from generator.pages.pictures import Sizes
from generator.pages.printing import Job, Made
from generator.pages.routes import ARCHIVE, NOT_FOUND, SEARCH, TAGS, feed_of
from generator.pages.views import Html, Page, PageKind, PageView, Pagination, PostCard, PostLine


class Cards:
    """Each post as lists show it, made when it is asked for; all by source.

    `keys` stand for documents with their texts, where they are known.
    """

    def __init__(
        self,
        atlas: Atlas,
        briefs: Mapping[str, Brief],
        made: Mapping[str, Made],
        sizes: Sizes,
        keys: Mapping[str, str],
    ) -> None:
        self._atlas, self._briefs, self._made, self._sizes, self._keys = atlas, briefs, made, sizes, keys
        self._tags = values.digest(atlas.tagging.by_word or {})
        self._cards: dict[str, PostCard] = {}

    def of(self, posts: Iterable[Document]) -> tuple[PostCard, ...]:
        """The cards of posts."""
        for post in posts:
            if post.source not in self._cards:
                self._cards[post.source] = self._card(post)
        return tuple(self._cards[post.source] for post in posts)

    def grounds(self, posts: Sequence[Document], *others: object) -> str:
        """What stands for what the cards of `posts` are made from, and for `others`; empty where that is not known."""
        parts = [self._tags, *map(str, others)]
        for post in posts:
            key = self._keys.get(post.source)
            if not key:
                return ""
            parts += (key, self._made[post.source].token)
            if self._briefs[post.source].linked:  # where a link leads is asked of the whole site
                parts.append(values.digest(self.of((post,))))
        return digests.of_bytes(" ".join(parts).encode())

    def _card(self, post: Document) -> PostCard:
        source, routes = post.source, self._atlas.routes
        brief, printed, address = self._briefs[source], self._made[source].printed, routes.documents[source]
        summary = brief.summary
        if brief.linked:
            files = pictures.files(printed.copied, routes.files)
            summary = pictures.framed(quoted(summary, source, address, routes), files, self._sizes, at_once=False)
        return PostCard(
            title=post.title,
            url=address,
            date=dated(post),
            summary=Html(summary),
            description=brief.description,
            lede=post.description,
            tags=self._atlas.tagging.of(post),
            has_charts=bool(printed.charts),
            words=printed.words,
            picture=printed.picture,
        )


def jobs(settings: Settings, atlas: Atlas, cards: Cards) -> Iterator[Job[Page]]:
    """All pages of a site that are no document's, but those of charts and code."""
    for pagination, posts in paginate(atlas.posts, settings.paginate):
        make = partial(_index, settings, pagination, posts, cards)
        grounds = cards.grounds(posts, pagination.number, pagination.total)
        yield Job(page_address(pagination.number), "the list of posts", make, grounds)
    yield from map(job, _pages(settings, atlas))


def job(page: Page) -> Job[Page]:
    """The job of a page whose value is at hand."""
    return Job(page.view.url, page.owner, lambda: page)


def _index(settings: Settings, pagination: Pagination, posts: Sequence[Document], cards: Cards) -> Page:
    first = pagination.number == 1
    title = settings.title if first else f"Posts, page {pagination.number}"
    more = f"Posts of {settings.title}, page {pagination.number} of {pagination.total}."
    description = settings.description or f"The newest posts of {settings.title}."
    view = _view("index", title, page_address(pagination.number), settings, description if first else more)
    return Page(view, "index.html", "the list of posts", cards.of(posts), pagination)


def _pages(settings: Settings, atlas: Atlas) -> Iterator[Page]:
    name = settings.title
    addresses = atlas.routes.documents
    lines = {post.source: PostLine(post.title, addresses[post.source], dated(post)) for post in atlas.posts}
    tags = _view("tags", "Tags", TAGS, settings, f"What the posts of {name} are about, tag by tag.")
    yield Page(tags, "tags.html", "the list of tags")
    for tag in atlas.tagging.tags:
        shown = (lines[source] for source in (atlas.tagging.posts or {})[tag.url])
        view = _view("tag", tag.name, tag.url, settings, f"All posts of {name} with the tag {tag.name}.")
        view = replace(view, feed=feed_of(tag.url) if settings.base_url else "")
        yield Page(view, "tag.html", f"the tag '{tag.name}'", years=by_year(shown), tag=tag)
    archive = _view("archive", "Archive", ARCHIVE, settings, f"All posts of {name}, year by year.")
    yield Page(archive, "archive.html", "the archive", years=by_year(lines.values()))
    if settings.search:
        search = _view("search", "Search", SEARCH, settings, f"Search the posts of {name}.")
        yield Page(search, "search.html", "the search page")
    if NOT_FOUND not in atlas.replaced:
        missing = replace(_view("404", "Page not found", NOT_FOUND, settings), canonical="")
        yield Page(missing, "404.html", "the page for missing addresses")


def _view(kind: PageKind, title: str, address: str, settings: Settings, description: str = "") -> PageView:
    return PageView(kind, title, address, description, canonical(address, settings))
