"""Listings: the orders in which posts are shown, by time, page, year and tag, as plain values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from generator.errors import Place, Problem
from generator.model import Document
from generator.pages.fields import place_of
from generator.pages.posts import slugify
from generator.pages.routes import INDEX, LONGEST_NAME, TAGS
from generator.pages.views import CountedTag, Pagination, PostLine, Tag, Year

_SPOKEN = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})


@dataclass(frozen=True, slots=True)
class Tagging:
    """All tags by name, and for each tag (by its address) the sources of its posts, in the order of the posts."""

    tags: tuple[CountedTag, ...] = ()
    posts: Mapping[str, tuple[str, ...]] | None = None
    by_word: Mapping[str, Tag] | None = None
    by_source: Mapping[str, tuple[Tag, ...]] | None = None
    problems: tuple[Problem, ...] = ()

    def of(self, document: Document) -> tuple[Tag, ...]:
        """The tags of a document, in its own order."""
        if (known := (self.by_source or {}).get(document.source)) is not None:
            return known
        by_word = self.by_word or {}
        return tuple(by_word[key] for key in _words(document) if key in by_word)


def newest_first(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The posts among `documents`; those of one moment stand in the order of their sources."""
    posts = sorted((document for document in documents if document.kind == "post"), key=lambda post: post.source)
    return tuple(sorted(posts, key=lambda post: post.date.timestamp() if post.date else 0.0, reverse=True))


def dated(post: Document) -> datetime:
    """A post's date; `posts.read` lets none through without."""
    assert post.date is not None
    return post.date


def tagging(posts: Sequence[Document]) -> Tagging:
    """The tags and categories of `posts` (a category is shown as a tag).

    Tags that differ in case alone are one tag, spelled as most posts do, or else as the oldest does. Two tags that
    would share an address are an error.
    """
    sources: dict[str, list[str]] = {}
    spellings: dict[str, Counter[str]] = {}
    first: dict[str, Document] = {}
    words = {post.source: _words(post) for post in posts}
    for post in reversed(posts):
        for key, word in words[post.source].items():
            sources.setdefault(key, []).append(post.source)
            spellings.setdefault(key, Counter())[word] += 1
            first.setdefault(key, post)
    problems: list[Problem] = []
    owners: dict[str, str] = {}
    by_word: dict[str, Tag] = {}
    for key, counts in spellings.items():
        name, slug = counts.most_common(1)[0][0], tag_slug(key)
        place = _place(first[key], key)
        if len(slug.encode()) > LONGEST_NAME:
            problems.append(Problem(f"a tag of {len(name)} characters is too long for an address", place))
            continue
        if not slug:
            problems.append(Problem(f"nothing in the tag '{name}' can stand in an address", place))
            continue
        if slug in owners:
            problems.append(Problem(f"the tags '{owners[slug]}' and '{name}' share the address {TAGS}{slug}/", place))
            continue
        owners[slug] = name
        by_word[key] = Tag(name, slug, f"{TAGS}{slug}/")
    counted = (CountedTag(tag.name, tag.slug, tag.url, len(sources[key])) for key, tag in by_word.items())
    ordered = tuple(sorted(counted, key=lambda tag: (tag.name.casefold(), tag.slug)))
    grouped = {tag.url: tuple(reversed(sources[key])) for key, tag in by_word.items()}
    by_source = {source: tuple(by_word[key] for key in keys if key in by_word) for source, keys in words.items()}
    return Tagging(ordered, grouped, by_word, by_source, tuple(problems))


def tag_slug(name: str) -> str:
    """A tag's part of its address: ``Machine Learning`` → ``machine-learning``, ``C++`` → ``c-plus-plus``."""
    return re.sub(r"\.+", "-", slugify(name.casefold().translate(_SPOKEN))).strip("-")


def page_address(number: int) -> str:
    """The address of a page of the list of posts."""
    return INDEX if number == 1 else f"{INDEX}page/{number}/"


def paginate(posts: Sequence[Document], size: int) -> tuple[tuple[Pagination, tuple[Document, ...]], ...]:
    """The posts in pages of `size`; a site without posts has one empty page."""
    total = max(1, -(-len(posts) // size))
    return tuple(
        (
            Pagination(
                number,
                total,
                newer=page_address(number - 1) if number > 1 else "",
                older=page_address(number + 1) if number < total else "",
            ),
            tuple(posts[(number - 1) * size : number * size]),
        )
        for number in range(1, total + 1)
    )


def by_year(lines: Iterable[PostLine]) -> tuple[Year, ...]:
    """Posts that come newest first, by the year that their authors wrote."""
    years: dict[int, list[PostLine]] = {}
    for line in lines:
        years.setdefault(line.date.year, []).append(line)
    return tuple(Year(year, tuple(years[year])) for year in sorted(years, reverse=True))


def _place(document: Document, key: str) -> Place:
    field = "tags" if any(word.casefold() == key for word in document.tags) else "categories"
    return place_of(document.source, document.places, field)


def _words(document: Document) -> dict[str, str]:
    words: dict[str, str] = {}
    for word in (*document.tags, *document.categories):
        words.setdefault(word.casefold(), word)
    return words
