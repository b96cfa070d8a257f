"""axe-core over every kind of page of the demo, by day and by night, at a desk and on a phone, charts drawn or not."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.reading import Reader, reading
from tests.served import KINDS, serving

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
WAYS = {"desk": (1280, "light"), "phone": (360, "dark")}


@pytest.fixture(scope="module")
def server(demo: Path) -> Iterator[str]:
    with serving(demo, "/visualposts") as address:
        yield address


@pytest.fixture(params=WAYS)
def reader(request: pytest.FixtureRequest, browser: Any) -> Iterator[Reader]:
    width, scheme = WAYS[request.param]
    like = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    with reading(browser, **like) as reader:
        yield reader


def violations(reader: Reader) -> list[str]:
    """What axe-core finds wrong on the page as it is: rule, first element, how many."""
    found = reader.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']} ({len(one['nodes'])})" for one in found]


def contrast(reader: Reader) -> list[str]:
    """The same of nothing but the contrast of text."""
    found = reader.page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")["violations"]
    return [f"{node['html']}: {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_violation_by_day_and_by_night(reader: Reader, server: str, kind: str) -> None:
    reader.page.goto(f"{server}/{KINDS[kind]}")
    if kind == "search":
        reader.page.wait_for_selector(".results li")
    reader.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    reader.page.evaluate(AXE)
    assert violations(reader) == []
    scheme = reader.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark'")
    reader.page.emulate_media(color_scheme=scheme)
    assert contrast(reader) == []


def test_charts_that_are_drawn_have_no_violation(reader: Reader, server: str) -> None:
    """One with a slider and buttons, one with menus, one in space."""
    for path, name in (
        ("posts/how-k-means-moves/", "lloyd-steps"),
        ("posts/countries-that-live-alike/", "countries-heatmap"),
        ("posts/seeing-k-means/", "3dkmeans"),
    ):
        reader.page.goto(f"{server}/{path}#chart-{name}")
        reader.page.locator(f"#chart-{name} [data-tool]").first.click()
        reader.page.wait_for_selector(f"#chart-{name}[data-state=drawn]")
        reader.page.evaluate(AXE)
        assert violations(reader) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_a_narrow_window_or_than_one_with_large_letters(
    browser: Any, server: str, kind: str
) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.10; what is wide by nature (code, tables) scrolls in a box of its own."""
    with reading(browser, viewport={"width": 320, "height": 640}) as reader:
        reader.page.goto(f"{server}/{KINDS[kind]}")
        wide = "document.documentElement.scrollWidth"
        assert reader.page.evaluate(wide) == 320
        reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert reader.page.evaluate(wide) == 320


def test_posters_of_a_dark_page_are_light_on_paper(browser: Any, server: str) -> None:
    """A picture that chose its dark source can't choose anew while a browser prints: it would be blank."""
    for like, theme in (({"color_scheme": "dark"}, ""), ({"color_scheme": "light"}, "dark")):
        with reading(browser, **like) as reader:
            reader.page.add_init_script(f"if ('{theme}') localStorage.setItem('theme', '{theme}')")
            reader.page.goto(f"{server}/{KINDS['post']}")
            reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
            reader.page.emulate_media(media="print")
            poster = "getComputedStyle(document.querySelector('.chart-poster img')).filter"
            assert reader.page.evaluate(poster).startswith("invert(1)")
            reader.page.evaluate("dispatchEvent(new Event('afterprint'))")
            assert reader.page.evaluate(poster) == "none"
