"""Routes: addresses, files, and who claims what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.config import Settings
from generator.errors import Place
from generator.model import Document
from generator.pages.routes import (
    Claim,
    Routes,
    address_of,
    collisions,
    encode,
    normal,
    output_path,
    to_root,
    way_to_root,
)

DATED = Settings(title="x", permalink="/:year/:month/:day/:slug/")


def document(source: str, slug: str, permalink: str = "") -> Document:
    kind = "page" if source.startswith("content/pages/") else "post"
    date = datetime(2017, 4, 8, tzinfo=UTC)
    return Document(source, kind, "T", slug, "", date=date, permalink=permalink)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (document("content/posts/a.md", "a"), "/2017/04/08/a/"),
        (document("content/posts/a.md", "a", "/x/:slug.html"), "/x/a.html"),
        (document("content/posts/a.md", "a", "/x"), "/x/"),
        (document("content/posts/a.md", "a", "//x//index.html"), "/x/"),
        (document("content/posts/a.md", "café", "/:slug"), "/café/"),
        (document("content/pages/about.md", "about"), "/about/"),
        (document("content/pages/about/index.md", "about"), "/about/"),
        (document("content/pages/a/b/c.md", "c"), "/a/b/c/"),
        (document("content/pages/a/b/index.md", "b"), "/a/b/"),
        (document("content/pages/index.md", "pages"), "/"),
        (document("content/pages/missing.md", "m", "/404.html"), "/404.html"),
    ],
)
def test_addresses(written: Document, expected: str) -> None:
    assert address_of(written, DATED) == expected


def test_files_and_links_of_addresses() -> None:
    assert output_path("/") == "index.html"
    assert output_path("/a/b/") == "a/b/index.html"
    assert output_path("/a.html") == "a.html"
    assert normal("/v1.0") == "/v1.0/"
    assert encode("/café & co, 100%/") == "/caf%C3%A9%20%26%20co%2C%20100%25/"
    assert way_to_root("/404.html", "https://e.org/my%20blog") == "/my%20blog/"
    assert way_to_root("/404.html", "") == "/"
    assert way_to_root("/a/", "https://e.org/b") == "../"
    assert [to_root(address) for address in ("/", "/a.html", "/a/", "/a/b/")] == ["./", "./", "../", "../../"]


def test_what_a_reader_gets() -> None:
    routes = Routes(targets={"/a/": "/a/", "/b.html": "/b.html", "/old/": "/a/"})
    found = [routes.find(address) for address in ("/a/", "/a", "/a/index.html", "/b.html", "/old", "/c/")]
    assert found == ["/a/", "/a/", "/a/", "/b.html", "/a/", None]


def test_two_claims_of_an_address() -> None:
    claims = [
        Claim("/tags/", "the list of tags"),
        Claim("/a/", "content/posts/a.md", Place("content/posts/a.md", 3, 7)),
        Claim("/A/", "content/posts/b.md", Place("content/posts/b.md")),
        Claim("/tags/index.html", "content/static/tags/index.html", Place("content/static/tags/index.html")),
        Claim("/a/", "content/posts/c.md", Place("content/posts/c.md")),
        Claim("/c", "content/static/c", Place("content/static/c")),
        Claim("/c/d/", "content/pages/c/d.md", Place("content/pages/c/d.md")),
    ]
    assert [str(problem).split("\n")[0] for problem in collisions(claims)] == [
        "content/posts/b.md: error: '/A/' can't stand beside '/a/' of content/posts/a.md",
        "content/static/tags/index.html: error: '/tags/index.html' can't stand beside '/tags/' of the list of tags",
        "content/posts/c.md: error: '/a/' is claimed by content/posts/a.md too",
        "content/pages/c/d.md: error: '/c/d/' can't stand beside '/c' of content/static/c",
    ]


def test_a_name_too_long_for_a_disk() -> None:
    (problem,) = collisions([Claim(f"/{'é' * 128}/", "a.md")])
    assert problem.message.endswith("is too long for a file")
