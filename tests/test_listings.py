"""Listings: the orders in which posts are shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.model import Document
from generator.pages.listings import by_year, newest_first, paginate, tag_slug, tagging
from generator.pages.views import Pagination, PostLine


def post(name: str, day: int = 1, tags: tuple[str, ...] = (), categories: tuple[str, ...] = ()) -> Document:
    date = datetime(2020, 1, day, tzinfo=UTC)
    places = {"tags": (3, 7)}
    return Document(f"{name}.md", "post", name, name, "", date=date, tags=tags, categories=categories, places=places)


def test_newest_first_and_by_source_within_a_moment() -> None:
    posts = newest_first([post("b"), post("c", 3), post("a"), Document("p.md", "page", "p", "p", "")])
    assert [item.slug for item in posts] == ["c", "a", "b"]


def test_tags_that_differ_in_case_are_one() -> None:
    posts = [post("c", 3, ("Spark", "C++")), post("b", 2, ("spark",), ("Notes",)), post("a", 1, ("SPARK", "c"))]
    found = tagging(posts)
    assert [(tag.name, tag.url, tag.count) for tag in found.tags] == [
        ("c", "/tags/c/", 1),
        ("C++", "/tags/c-plus-plus/", 1),
        ("Notes", "/tags/notes/", 1),
        ("SPARK", "/tags/spark/", 3),
    ]
    assert found.posts == {
        "/tags/c/": ("a.md",),
        "/tags/c-plus-plus/": ("c.md",),
        "/tags/notes/": ("b.md",),
        "/tags/spark/": ("c.md", "b.md", "a.md"),
    }
    assert [tag.name for tag in found.of(posts[1])] == ["SPARK", "Notes"]


def test_the_most_used_spelling_wins() -> None:
    found = tagging([post("c", 3, ("Spark",)), post("b", 2, ("Spark",)), post("a", 1, ("spark",))])
    assert [tag.name for tag in found.tags] == ["Spark"]


def test_tags_that_share_an_address() -> None:
    found = tagging([post("b", 2, ("a.b",)), post("a", 1, ("a-b", "!!"))])
    assert [str(problem) for problem in found.problems] == [
        "a.md:3:7: error: nothing in the tag '!!' can stand in an address",
        "b.md:3:7: error: the tags 'a-b' and 'a.b' share the address /tags/a-b/",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Machine Learning", "machine-learning"), ("C#", "c-sharp"), ("R&D", "r-and-d"), ("Über", "über")],
)
def test_tag_slugs(name: str, slug: str) -> None:
    assert tag_slug(name) == slug


def test_pages() -> None:
    posts = [post(str(number)) for number in range(5)]
    found = paginate(posts, 2)
    assert [page for page, _ in found] == [
        Pagination(1, 3, "", "/page/2/"),
        Pagination(2, 3, "/", "/page/3/"),
        Pagination(3, 3, "/page/2/", ""),
    ]
    assert [item.slug for _, shown in found for item in shown] == list("01234")
    assert paginate([], 2) == ((Pagination(1, 1), ()),)
    assert len(paginate(posts[:4], 2)) == 2


def test_years() -> None:
    cards = [PostLine(str(year), "/", datetime(year, 1, 1, tzinfo=UTC)) for year in (2021, 2020, 2020)]
    assert [(year, len(shown)) for year, shown in by_year(cards)] == [(2021, 1), (2020, 2)]
