"""The demo with every other host out of reach: nothing is asked of one, nothing is missed, no policy is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator import config, pagefind
from generator.pages.render import THEME
from tests.golden import assembled
from tests.served import lay, serving

pytestmark = pytest.mark.browser

DEMO = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, assembly = assembled(DEMO, THEME)
    assert assembly is not None
    assert not [problem for problem in assembly.problems if problem.severity == "error"]
    assert assembly.search is not None
    index = pagefind.Index(tmp_path_factory.mktemp("cache")).outputs(assembly.search.key, assembly.search.records)
    return lay(tmp_path_factory.mktemp("site"), (*assembly.outputs, *index))


@pytest.fixture(scope="module", params=["server", "disk"])
def base(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    if request.param == "disk":
        yield site.as_uri()
    else:
        with serving(site, urlsplit(config.load(DEMO).base_url).path) as address:
            yield address


def pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def test_every_page_asks_no_one_and_breaks_no_policy(browser: Any, site: Path, base: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)

    def answer(route: Any) -> None:
        if route.request.url.startswith((f"{base}/", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(f"{page.url}: {route.request.url}")
            route.abort()

    context.route("**/*", answer)
    found = [path for path in pages(site) if path != "404.html" or base.startswith("http")]  # a server shows that one
    kinds = {"index.html", "archive/index.html", "tags/index.html", "search/index.html", "about/index.html"}
    assert kinds < set(found)
    for path in found:
        page.goto(f"{base}/{path}")
        page.wait_for_load_state("networkidle")
        first = page.locator("figure.chart").first
        if first.count() and path.startswith("posts/"):
            draw(page, first)
    context.close()
    assert (asked, complaints) == ([], [])


def draw(page: Any, chart: Any) -> None:
    """Let a chart be drawn, by what a reader who wants to see it does."""
    chart.scroll_into_view_if_needed()
    page.mouse.wheel(0, 1)
    chart.locator(".chart-box").hover()
    page.wait_for_selector(f"#{chart.get_attribute('id')}[data-state=drawn]")


def test_every_page_has_a_policy_and_none_may_evaluate(site: Path) -> None:
    for path in pages(site):
        text = (site / path).read_text(encoding="utf-8")
        assert text.count('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ') == 1, path
        assert "'unsafe-eval'" not in text.partition("<body")[0]
        assert ("'wasm-unsafe-eval'" in text.partition("<body")[0]) == (path == "search/index.html")
