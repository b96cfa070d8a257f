"""The page on templates: its examples build, and it leaves out no template, block, value or custom property."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from generator.pages import views
from generator.pages.tree import THEME
from tests.golden import assembled, tree
from tests.projects import POST, write

DOCS = (Path(__file__).parent.parent / "docs" / "templates.md").read_text(encoding="utf-8")
EXAMPLES = {
    match[1]: match[2]
    for match in re.finditer(r"```\w+\n(?:/\*|\{#) (content/\S+) (?:\*/|#\})\n(.*?)```", DOCS, re.DOTALL)
}
NAMES = frozenset(re.findall(r"`([^`\s]+?)(?:\([^`]*\))?`", DOCS))
INNER = {"view", "template", "owner"}  # of Page: what the renderer needs, and templates don't see under that name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A site with every example of the page in it."""
    wide = POST.replace("title: A post", "title: B\nlayout: wide\nkicker: From the archive").replace("01-02", "01-03")
    posts = {"content/posts/2026-01-02-a.md": POST, "content/posts/2026-01-03-b.md": wide}
    project = write(tmp_path_factory.mktemp("project"), posts | EXAMPLES)
    _, assembly = assembled(project, THEME)
    assert assembly is not None
    assert assembly.problems == ()
    return {path: data.decode() for path, data in tree(assembly).items() if path.endswith((".html", ".css"))}


def test_all_examples_are_there() -> None:
    assert sorted(path.rpartition("/")[2] for path in EXAMPLES) == [
        *("_card.html", "base.html", "mine.css", "post.html", "wide.html")
    ]


def test_a_style_sheet_of_ones_own_comes_after_the_themes(built: dict[str, str]) -> None:
    assert "--accent: light-dark(#7a2e0e" in built["mine.css"]
    for path, to_root in (("index.html", "./"), ("posts/a/index.html", "../../"), ("404.html", "/blog/")):
        assert built[path].index("style.css") < built[path].index(f'<link rel="stylesheet" href="{to_root}mine.css">')


def test_a_card_is_replaced(built: dict[str, str]) -> None:
    assert built["index.html"].count('<article class="card">\n<div class="card-text">\n<h2><a href="./posts/') == 2
    assert "min read" not in built["index.html"]


def test_something_follows_each_post_before_its_neighbours(built: dict[str, str]) -> None:
    html = built["posts/a/index.html"]
    assert html.index("Hello.") < html.index("subject=A%20post") < html.index('class="turn"')


def test_a_layout_shows_what_the_theme_does_not_know(built: dict[str, str]) -> None:
    assert '<p class="frame">From the archive</p>' in built["posts/b/index.html"]
    assert "From the archive" not in built["posts/a/index.html"]


def test_every_template_and_block_is_named() -> None:
    templates = sorted((THEME / "templates").glob("*.html"))
    blocks = {name for path in templates for name in re.findall(r"\{% block (\w+)", path.read_text(encoding="utf-8"))}
    assert ({path.name for path in templates} | blocks) - NAMES == set()


@pytest.mark.parametrize(
    "view",
    [
        views.SiteView,
        views.PageView,
        views.PostCard,
        views.Picture,
        views.ChartCard,
        views.CountedTag,
        views.Pagination,
    ],
)
def test_every_value_is_named(view: type) -> None:
    assert {field.name for field in fields(view)} - NAMES == set()


def test_every_value_of_a_list_is_named() -> None:
    assert {field.name for field in fields(views.Page)} - INNER - NAMES == set()


def test_every_custom_property_is_named() -> None:
    css = (THEME / "static" / "style.css").read_text(encoding="utf-8")
    root = re.search(r"^:root \{\n(.*?)^\}", css, re.DOTALL | re.MULTILINE)
    assert root is not None
    named = {re.sub(r"\d$", "", name) for name in NAMES if name.startswith("--")}
    assert {re.sub(r"\d$", "", name) for name in re.findall(r"^  (--[\w-]+):", root[1], re.MULTILINE)} - named == set()
