"""Nearest: guesses for what is dead, as the author would write them."""

from __future__ import annotations

from generator.pages.nearest import Nearest, nearest_name
from generator.pages.routes import Routes

ROUTES = Routes(
    documents={"content/posts/k/index.md": "/posts/k/", "content/posts/seeing/index.md": "/posts/seeing/"},
    targets={"/": "/", "/posts/k/": "/posts/k/", "/posts/seeing/": "/posts/seeing/", "/tags/": "/tags/"},
    files=frozenset(
        {"content/posts/k/data/points.csv", "content/posts/seeing/points.csv", "content/templates/poynts.csv"}
    ),
)


def test_the_right_name_in_the_wrong_folder() -> None:
    nearest = Nearest(ROUTES)
    assert nearest.link("points.csv", "content/posts/k/index.md") == "did you mean 'data/points.csv'?"
    assert nearest.link("../seing/index.md", "content/posts/k/index.md") == "did you mean '../seeing/index.md'?"
    assert nearest.link("/seeing/", "content/posts/k/index.md") == "did you mean '/posts/seeing/'?"
    assert nearest.link("/", "content/posts/k/index.md") == ""


def test_only_the_first_get_a_guess() -> None:
    nearest = Nearest(ROUTES, limit=1)
    assert nearest.link("/tag/", "a.md")
    assert not nearest.link("/tag/", "a.md")


def test_names() -> None:
    assert nearest_name("psot", {"post", "page"}) == "did you mean 'post'?"
    assert nearest_name("xyz", {"post", "page"}) == "there are: page, post"
    assert nearest_name("xyz", ()) == ""
