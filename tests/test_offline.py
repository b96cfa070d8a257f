"""The demo with every other host out of reach: nothing is asked of one, nothing is missed, no policy is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator import config
from tests.served import DEMO, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["server", "disk"])
def base(request: pytest.FixtureRequest, demo: Path) -> Iterator[str]:
    if request.param == "disk":
        yield demo.as_uri()
    else:
        with serving(demo, urlsplit(config.load(DEMO).base_url).path) as address:
            yield address


def pages(demo: Path) -> list[str]:
    return sorted(path.relative_to(demo).as_posix() for path in demo.rglob("*.html"))


def test_every_page_asks_no_one_and_breaks_no_policy(browser: Any, demo: Path, base: str) -> None:
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
    found = [path for path in pages(demo) if path != "404.html" or base.startswith("http")]  # a server shows that one
    kinds = {"index.html", "archive/index.html", "tags/index.html", "search/index.html", "about/index.html"}
    assert kinds < set(found)
    for path in found:
        page.goto(f"{base}/{path}")
        page.wait_for_load_state("networkidle")
        charts = page.locator("figure.chart").all()
        for chart in charts if base.startswith("http") else charts[:1]:
            draw(page, chart)
    context.close()
    assert (asked, complaints) == ([], [])


def draw(page: Any, chart: Any) -> None:
    """Let a chart be drawn, by what a reader who wants to see it does."""
    chart.scroll_into_view_if_needed()
    page.mouse.wheel(0, 1)
    chart.locator(".chart-box").hover()
    page.wait_for_selector(f"#{chart.get_attribute('id')}[data-state=drawn]")


def test_every_page_has_a_policy_and_none_may_evaluate(demo: Path) -> None:
    for path in pages(demo):
        text = (demo / path).read_text(encoding="utf-8")
        assert text.count('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ') == 1, path
        assert "'unsafe-eval'" not in text.partition("<body")[0]
        assert ("'wasm-unsafe-eval'" in text.partition("<body")[0]) == (path == "search/index.html")
