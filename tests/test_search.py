"""The search page in a real browser: an index made by Pagefind, on a server under a sub-path and from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import pagefind
from generator.fragment import Fragment, payload
from generator.pages.tree import THEME
from tests.golden import assembled
from tests.projects import SETTINGS, write
from tests.served import lay, serving

pytestmark = pytest.mark.browser

CHART = Fragment(
    "rings",
    payload([{"type": "bar", "name": "quixotic"}], {}),
    "A doughnut of points.",
    "Found by distance.",
    "<table><tbody><tr><td>4711</td></tr></tbody></table>",
)
RINGS = """---
title: Rings & <things>
date: 2026-01-02
tags: [geometry]
---
A first paragraph.

## A cloud of dots {#cloud}

The river runs. {% include rings.html %}

| a | 815 |
| - | --- |
| b | 816 |
"""
FILES = {
    "pyproject.toml": f"{SETTINGS}search = true\n",
    "content/posts/2026-01-02-rings.md": RINGS,
    "content/posts/2026-01-01-früh.md": "---\ntitle: Früh\n---\nThe rivers run early.\n",
    "includes/rings.html": CHART.to_html(),
    **{f"content/pages/{name}.md": f"---\ntitle: Page {name}\n---\nA lake.\n" for name in "abcdefghijkl"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write(tmp_path_factory.mktemp("project"), FILES)
    _, assembly = assembled(project, THEME)
    assert assembly is not None
    assert assembly.problems == ()
    assert assembly.search is not None
    index = pagefind.Index(project).outputs(assembly.search.key, assembly.search.records)
    return lay(tmp_path_factory.mktemp("site"), (*assembly.outputs, *index))


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


class Reader:
    """A page in the browser, what it complained about and asked others for."""

    def __init__(self, page: Any) -> None:
        self.page, self.complaints = page, []
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def says(self, words: str) -> None:
        self.page.get_by_role("status").filter(has_text=words).wait_for()

    def links(self) -> list[str]:
        return [str(link) for link in self.page.locator(".results a").evaluate_all("all => all.map(a => a.href)")]

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.textContent || document.activeElement.id"))


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    one = Reader(context.new_page())
    yield one
    assert one.complaints == []
    context.close()


def test_words_are_found_as_one_types(reader: Reader, server: str) -> None:
    page = reader.page
    page.goto(f"{server}/search/")
    assert reader.focused() == "search"
    page.keyboard.type("river")
    reader.says("2 pages with “river”")
    assert page.url == f"{server}/search/?q=river"
    assert f"{server}/posts/rings/#cloud" in reader.links()
    assert f"{server}/posts/fr%C3%BCh/" in reader.links()
    assert "river" in page.locator("mark").first.text_content().lower()
    assert page.locator("time[datetime='2026-01-02']").text_content() == "2 January 2026"
    page.get_by_role("link", name="Früh").click()
    assert page.locator("h1").text_content() == "Früh"
    page.go_back()
    reader.says("2 pages with “river”")
    page.fill("#search", "")
    page.wait_for_url(f"{server}/search/")
    assert reader.links() == []


@pytest.mark.parametrize(
    ("word", "count"),
    [("doughnut", 1), ("distance", 1), ("geometry", 1), ("things", 1), ("quixotic", 0), ("4711", 0), ("816", 0)],
)
def test_alt_texts_and_captions_are_found_and_no_numbers_or_json(
    reader: Reader, server: str, word: str, count: int
) -> None:
    reader.page.goto(f"{server}/search/?q={word}")
    reader.says(f"One page with “{word}”" if count else f"No page with “{word}”")
    assert bool(reader.links()) == bool(count)


def test_a_title_is_text(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/search/?q=doughnut")
    reader.says("One page")
    assert reader.page.locator(".results h2").text_content() == "Rings & <things>"


def test_many_results_come_in_pieces_and_by_keyboard(reader: Reader, server: str) -> None:
    page = reader.page
    page.goto(f"{server}/search/?q=lake")
    reader.says("12 pages with “lake”")
    page.locator(".results > li").nth(9).wait_for()
    assert page.locator(".results > li").count() == 10
    page.get_by_role("button", name="Show more").click()
    page.locator(".results > li").nth(11).wait_for()
    assert not page.get_by_role("button", name="Show more").is_visible()
    page.focus("#search")
    page.keyboard.press("ArrowDown")
    first = reader.focused()
    page.keyboard.press("ArrowDown")
    assert reader.focused() != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert reader.focused() == "search"


def test_a_key_leads_to_the_search_but_not_from_where_one_types(reader: Reader, server: str) -> None:
    page = reader.page
    page.goto(f"{server}/posts/rings/")
    assert not [url for url in page.evaluate("performance.getEntries().map(e => e.name)") if "pagefind" in url]
    page.keyboard.press("/")
    page.wait_for_url(f"{server}/search/")
    page.keyboard.type("a/b")
    assert page.input_value("#search") == "a/b"


def test_from_disk_it_says_what_there_is_instead(reader: Reader, site: Path) -> None:
    page = reader.page
    page.goto(f"{site.as_uri()}/search/index.html")
    assert not page.get_by_role("searchbox").is_visible()
    page.locator("main").get_by_role("link", name="tags").click()
    assert page.url == f"{site.as_uri()}/tags/index.html"


def test_an_index_that_is_not_there_is_told(browser: Any, server: str) -> None:
    page = browser.new_page()
    page.route("**/pagefind/pagefind.js", lambda route: route.abort())
    page.goto(f"{server}/search/?q=river")
    Reader(page).says("The search could not be loaded.")
    page.unroute("**/pagefind/pagefind.js")
    page.fill("#search", "rivers")
    page.close()


def test_without_scripts_it_says_what_there_is_instead(browser: Any, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/search/")
    assert page.locator("main").get_by_role("link", name="archive").count() > 0
    assert not page.get_by_role("searchbox").is_visible()
    context.close()
