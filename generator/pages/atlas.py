"""Atlas: which pages the site has, at which addresses, and who claims each, before any of them is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.config import Settings
from generator.errors import Place, Problem
from generator.model import Document
from generator.pages.fields import place_of
from generator.pages.listings import Tagging, newest_first, page_address, paginate, tagging
from generator.pages.posts import Content
from generator.pages.routes import (
    ARCHIVE,
    CHARTS,
    FEED,
    JSON_FEED,
    NOT_FOUND,
    PAGEFIND,
    ROBOTS,
    SEARCH,
    SITEMAP,
    TAGS,
    Claim,
    Routes,
    address_of,
    feed_of,
    normal,
    sitemap_part,
    static_address,
)
from generator.pages.sitemap import parts
from generator.pages.tree import STATIC
from generator.pages.views import Tag


@dataclass(frozen=True, slots=True)
class Alias:
    """An old address of a document, at which a redirect stands."""

    address: str
    document: Document


@dataclass(frozen=True, slots=True)
class Atlas:
    """`posts` are newest first, `others` the pages; `static` the files that are copied to the root as they are.

    `replaced` are addresses that we would fill and leave to the author, who has a page or file for them: the gallery,
    the page for missing addresses and robots.txt.
    """

    posts: tuple[Document, ...]
    others: tuple[Document, ...]
    tagging: Tagging
    aliases: tuple[Alias, ...]
    static: tuple[str, ...]
    routes: Routes
    claims: tuple[Claim, ...]
    replaced: frozenset[str]
    problems: tuple[Problem, ...]


def draw(content: Content, settings: Settings) -> Atlas:
    """The atlas of a site. Problems are those of tags; two claims of an address are told when all are known."""
    posts = newest_first(content.documents)
    others = tuple(document for document in content.documents if document.kind == "page")
    tagged = tagging(posts)
    addresses = {document.source: address_of(document, settings) for document in (*posts, *others)}
    aliases = tuple(Alias(normal(path), document) for document in (*posts, *others) for path in document.aliases)
    static = tuple(sorted(path for path in content.files if path.startswith(STATIC)))
    taken = frozenset(addresses.values()) | frozenset(map(static_address, static))
    replaced = taken & {CHARTS, NOT_FOUND, ROBOTS}
    generated = (
        *((page_address(page.number), "the list of posts") for page, _ in paginate(posts, settings.paginate)),
        *((tag.url, f"the tag '{tag.name}'") for tag in tagged.tags),
        (TAGS, "the list of tags"),
        (ARCHIVE, "the archive"),
        (CHARTS, "the gallery"),
        (NOT_FOUND, "the page for missing addresses"),
        *(((SEARCH, "the search page"), (PAGEFIND, "the search")) if settings.search else ()),
        *(_machine(tagged.tags, len(addresses)) if settings.base_url else ()),
        (ROBOTS, "robots.txt"),
    )
    claims = (
        *(Claim(address, owner) for address, owner in generated if address not in replaced),
        *(Claim(addresses[document.source], document.source, _place(document)) for document in (*posts, *others)),
        *(Claim(static_address(path), path, Place(path)) for path in static),
        *(Claim(alias.address, alias.document.source, _alias_place(alias)) for alias in aliases),
    )
    targets: dict[str, str] = {}
    for claim in claims:
        targets.setdefault(claim.address, claim.address)
        if claim.address.endswith("/index.html"):
            targets.setdefault(claim.address.removesuffix("index.html"), claim.address)
    targets |= {alias.address: addresses[alias.document.source] for alias in aliases}
    folders = {source.rpartition("/")[0]: address for source, address in addresses.items() if _is_folder(source)}
    routes = Routes(addresses, folders, targets, content.files)
    return Atlas(posts, others, tagged, aliases, static, routes, claims, replaced, tagged.problems)


def _machine(tags: Sequence[Tag], documents: int) -> Iterator[tuple[str, str]]:
    """What a site has that knows its own address; of a sitemap as many parts as it may come to."""
    yield from ((FEED, "the feed"), (JSON_FEED, "the JSON feed"), (SITEMAP, "the sitemap"))
    yield from ((sitemap_part(part), "the sitemap") for part in range(1, parts(documents + len(tags) + 4) + 1))
    yield from ((feed_of(tag.url), f"the feed of the tag '{tag.name}'") for tag in tags)


def _is_folder(source: str) -> bool:
    return source.rpartition("/")[2].startswith("index.")


def _place(document: Document) -> Place:
    key = "permalink" if "permalink" in document.places else "slug"
    return place_of(document.source, document.places, key)


def _alias_place(alias: Alias) -> Place:
    return place_of(alias.document.source, alias.document.places, "aliases")
