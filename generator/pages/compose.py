"""Compose: the values of every page, a document's own and the lists that show them, for the templates to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from generator.config import Settings
from generator.model import Document
from generator.pages.articles import Article
from generator.pages.atlas import Atlas
from generator.pages.bodies import Body
from generator.pages.links import at_root
from generator.pages.listings import by_year, page_address, paginate
from generator.pages.routes import ARCHIVE, NOT_FOUND, TAGS, absolute, to_root, way_to_root
from generator.pages.views import Html, Page, PageKind, PageView, Picture, PostCard


class Composer:
    """Makes pages of articles; all by source. `layouts` gives the template of each document."""

    def __init__(
        self, settings: Settings, atlas: Atlas, articles: Mapping[str, Article], layouts: Mapping[str, str]
    ) -> None:
        self._settings, self._atlas, self._articles, self._layouts = settings, atlas, articles, layouts
        posts = atlas.posts
        self._older = {post.source: older for post, older in pairwise(posts)}
        self._newer = {post.source: newer for newer, post in pairwise(posts)}

    def view(self, document: Document) -> PageView:
        """What the template of a document's page sees, but for the text."""
        article = self._articles[document.source]
        older, newer = self._older.get(document.source), self._newer.get(document.source)
        return PageView(
            kind=document.kind,
            title=document.title,
            url=article.address,
            description=article.description,
            canonical=self._absolute(article.address),
            image=self._image(article.image),
            picture=Picture(article.image) if article.image else None,
            date=document.date,
            updated=document.updated,
            author=document.author or self._settings.author,
            tags=self._atlas.tagging.of(document),
            headings=article.prose.headings,
            toc=document.toc,
            words=article.prose.words,
            previous=self._neighbour(older) if older else None,
            next=self._neighbour(newer) if newer else None,
            layout=document.layout,
            extra=document.extra,
        )

    def document_page(self, document: Document, view: PageView, body: Body) -> Page:
        """The page of a document with its text."""
        content = at_root(body.text, way_to_root(view.url, self._settings.base_url), view.url)
        full = replace(
            view,
            content=Html(content),
            has_charts=bool(body.charts),
            has_math="<math" in content,
            words=view.words + body.words,
        )
        if not view.picture and body.picture:
            full = replace(full, picture=body.picture, image=self._image(body.picture.src))
        return Page(full, self._layouts[document.source], document.source)

    def lists(self, bodies: Mapping[str, Body]) -> Iterator[Page]:
        """The pages that show posts: the list in pages, the tags, the archive; and the one for missing addresses."""
        settings, posts, tagging = self._settings, self._atlas.posts, self._atlas.tagging
        for pagination, shown in paginate(posts, settings.paginate):
            address = page_address(pagination.number)
            title = settings.title if pagination.number == 1 else f"Posts, page {pagination.number}"
            view = self._list_view("index", title, address, settings.description if pagination.number == 1 else "")
            yield Page(view, "index.html", "the list of posts", self._cards(shown, bodies, address), pagination)
        yield Page(self._list_view("tags", "Tags", TAGS), "tags.html", "the list of tags")
        by_source = {post.source: post for post in posts}
        for tag in tagging.tags:
            shown = tuple(by_source[source] for source in (tagging.posts or {})[tag.url])
            cards = self._cards(shown, bodies, tag.url)
            yield Page(self._list_view("tag", tag.name, tag.url), "tag.html", f"the tag '{tag.name}'", cards, tag=tag)
        years = by_year(self._cards(posts, bodies, ARCHIVE))
        yield Page(self._list_view("archive", "Archive", ARCHIVE), "archive.html", "the archive", years=years)
        if NOT_FOUND not in self._atlas.replaced:
            missing = replace(self._list_view("404", "Page not found", NOT_FOUND), canonical="")
            yield Page(missing, "404.html", "the page for missing addresses")

    def _cards(self, posts: Iterable[Document], bodies: Mapping[str, Body], address: str) -> tuple[PostCard, ...]:
        """The posts as they are shown on the page at `address`."""
        root = to_root(address)
        return tuple(
            PostCard(
                title=post.title,
                url=self._articles[post.source].address,
                date=_date(post),
                summary=Html(at_root(self._articles[post.source].summary, root)),
                description=self._articles[post.source].description,
                tags=self._atlas.tagging.of(post),
                has_charts=bool(bodies[post.source].charts),
                words=self._articles[post.source].prose.words + bodies[post.source].words,
                picture=Picture(image) if (image := self._articles[post.source].image) else bodies[post.source].picture,
            )
            for post in posts
        )

    def _neighbour(self, post: Document) -> PostCard:
        article = self._articles[post.source]
        return PostCard(post.title, article.address, _date(post), description=article.description)

    def _list_view(self, kind: PageKind, title: str, address: str, description: str = "") -> PageView:
        return PageView(kind, title, address, description, self._absolute(address))

    def _image(self, address: str) -> str:
        return self._absolute(address) or address if address.startswith("/") else address

    def _absolute(self, address: str) -> str:
        return absolute(self._settings.base_url, address) if self._settings.base_url else ""


def _date(post: Document) -> datetime:
    """A post's date; `posts.read` lets none through without."""
    assert post.date is not None
    return post.date
