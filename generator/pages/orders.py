"""Orders: what each document's page is to be made of, one value a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, repeat

from generator import digests, values
from generator.model import Document
from generator.pages.atlas import Atlas
from generator.pages.briefs import Brief
from generator.pages.listings import dated
from generator.pages.views import PostCard, Tag


@dataclass(frozen=True, slots=True)
class Order:
    """All that the page of a document depends on, but for what it looks up (`references`), settings and templates.

    `document` has no body: `text` stands for it. `older` and `newer` are its neighbours: title, address, date and
    description.
    """

    document: Document
    text: str
    description: str
    template: str
    address: str
    tags: tuple[Tag, ...]
    older: PostCard | None = None
    newer: PostCard | None = None

    @property
    def source(self) -> str:
        return self.document.source


def orders(
    atlas: Atlas, texts: Mapping[str, str], briefs: Mapping[str, Brief], templates: Mapping[str, str]
) -> Iterator[Order]:
    """An order for each document, posts first; `texts`, `briefs` and `templates` by source."""
    neighbours = [_neighbour(post, briefs[post.source], atlas.routes.documents[post.source]) for post in atlas.posts]
    around = chain(
        zip([*neighbours[1:], None], [None, *neighbours[:-1]], strict=True) if neighbours else (), repeat((None, None))
    )
    for document, (older, newer) in zip((*atlas.posts, *atlas.others), around, strict=False):
        source = document.source
        tags = atlas.tagging.of(document)
        description, address = briefs[source].description, atlas.routes.documents[source]
        yield Order(document, texts[source], description, templates[source], address, tags, older, newer)


def _neighbour(document: Document, brief: Brief, address: str) -> PostCard:
    return PostCard(document.title, address, dated(document), description=brief.description)


def grounds(atlas: Atlas, keys: Mapping[str, str]) -> dict[str, str]:
    """By source, what stands for all that `orders` makes an order from: of the same grounds it makes the same order.

    That is the document with its text, for which one of `keys` stands, its neighbours, and the tags of the site; how
    they are made into an order is the same for the same settings and templates. Without a key there are no grounds.
    """
    tags = values.digest(atlas.tagging.by_word or {})
    posts = [keys.get(post.source, "") for post in atlas.posts]
    around = zip([*posts[1:], "-"], ["-", *posts[:-1]], strict=True) if posts else ()
    found = {document.source: (keys.get(document.source, ""), "-", "-") for document in atlas.others}
    for post, own, (older, newer) in zip(atlas.posts, posts, around, strict=True):
        found[post.source] = (own, older, newer)
    return {
        source: digests.of_bytes(" ".join((tags, *parts)).encode()) for source, parts in found.items() if all(parts)
    }
