"""Orders: what each document's page is to be made of, one value a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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


class Orders(Mapping[str, Order]):
    """An order for each document by source, posts first, each made when it is asked for.

    `texts`, `briefs` and `templates` are by source.
    """

    def __init__(
        self, atlas: Atlas, texts: Mapping[str, str], briefs: Mapping[str, Brief], templates: Mapping[str, str]
    ) -> None:
        self._atlas, self._texts, self._briefs, self._templates = atlas, texts, briefs, templates
        self._documents = {document.source: document for document in (*atlas.posts, *atlas.others)}
        self._places = {post.source: number for number, post in enumerate(atlas.posts)}
        self._made: dict[str, Order] = {}
        self._neighbours: dict[str, PostCard] = {}

    def __getitem__(self, source: str) -> Order:
        if source not in self._made:
            self._made[source] = self._order(self._documents[source])
        return self._made[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def _order(self, document: Document) -> Order:
        source, atlas = document.source, self._atlas
        older = newer = None
        if (place := self._places.get(source)) is not None:
            older = self._neighbour(place + 1)
            newer = self._neighbour(place - 1)
        return Order(
            document,
            self._texts[source],
            self._briefs[source].description,
            self._templates[source],
            atlas.routes.documents[source],
            atlas.tagging.of(document),
            older,
            newer,
        )

    def _neighbour(self, place: int) -> PostCard | None:
        """The post at a place among all, as its neighbours show it."""
        if not 0 <= place < len(self._atlas.posts):
            return None
        post = self._atlas.posts[place]
        if post.source not in self._neighbours:
            description, address = self._briefs[post.source].description, self._atlas.routes.documents[post.source]
            self._neighbours[post.source] = PostCard(post.title, address, dated(post), description=description)
        return self._neighbours[post.source]


def grounds(atlas: Atlas, keys: Mapping[str, str]) -> dict[str, str]:
    """By source, what stands for all that `Orders` makes an order from: of the same grounds it makes the same order.

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
