"""A reader of pages with charts: small sites in the real theme, served with a strict policy, and a browser's page."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generator import fragment
from generator.fragment import Fragment
from generator.pages import assets
from generator.pages.render import Renderer
from generator.pages.routes import to_root
from generator.pages.views import Html, Page, PageView, Pagination, PostCard, SiteView
from tests.test_theme import WHEN

POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
SITE = SiteView("A blog", "Notes on data.", "Ada", "en", "")

PIXEL = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='320' height='180'%3E%3C/svg%3E"
POSTER = (
    f'<picture class="chart-poster"><source media="(prefers-color-scheme: dark)" srcset="{PIXEL}">'
    f'<img src="{PIXEL}" alt="Alt text." width="320" height="180" loading="lazy" decoding="async"></picture>'
)
FILES = (
    '<p class="chart-files"><a href="../charts/NAME.csv" download>CSV</a>'
    ' <a href="../charts/NAME.json" download>JSON</a> <a href="../charts/NAME/">How this was made</a></p>'
)


def chart(name: str, data: list[dict[str, Any]], layout: dict[str, Any] | None = None, **more: Any) -> str:
    """A fragment; ``poster=True`` pastes a poster and the links to its files, as the pages wing does."""
    text = fragment.payload(data, layout or {}, more.pop("frames", ()))
    poster = more.pop("poster", False)
    html = Fragment(name, text, f"Alt text of {name}.", f"Caption of {name}.", **more).to_html()
    if poster:
        html = html.replace('<div class="chart-box">', f'<div class="chart-box">{POSTER}')
        html = html.replace("</details>", f"{FILES.replace('NAME', name)}</details>")
    return html


def make_site(root: Path, pages: Mapping[str, str]) -> Path:
    """A small site below `root` with the real theme, the real plotly.js and pages of charts: HTML by address."""
    theme = assets.gather(frozenset(), "static/")
    renderer = Renderer(root, SITE, theme.names)
    card = PostCard("A page", next(iter(pages)), WHEN)
    made = [Page(PageView("index", "A blog", "/"), "index.html", "list", (card,), Pagination(1, 1))]
    for address, html in pages.items():
        view = PageView("page", address.strip("/"), address, content=Html(html), has_charts=True)
        made.append(Page(view, "page.html", "page"))
    assert theme.plotly is not None
    files = {output.path: output.data for output in theme.outputs} | {theme.plotly_path: theme.plotly.read_bytes()}
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.read_bytes())
    for page in made:
        target = root / page.view.url[1:] / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(renderer.render(page, to_root(page.view.url)), encoding="utf-8")
    return root


class _Handler(http.server.SimpleHTTPRequestHandler):
    """The site under /blog/, with a strict policy."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/blog"))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address of the site, served below a sub-path."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site))) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/blog"
        httpd.shutdown()
        thread.join()


class Reader:
    """A page in the browser, and what it asked for and complained about."""

    def __init__(self, page: Any) -> None:
        self.page, self.requests, self.complaints = page, [], []
        page.set_default_timeout(60_000)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def state(self, name: str) -> str:
        return str(self.page.locator(f"#chart-{name}").get_attribute("data-state"))

    def move(self) -> None:
        """Show that somebody is here, at the page's edge."""
        for place in (1, 2):
            self.page.mouse.move(place, 1)

    def drawn(self, *names: str) -> None:
        """Wait until these charts, which have no poster, are drawn."""
        self.move()
        for name in names:
            self.page.wait_for_selector(f"#chart-{name}[data-state=drawn]", state="attached")

    def tool(self, chart: str, name: str) -> Any:
        return self.page.locator(f"#chart-{chart} [data-tool={name}]")

    def layout(self, name: str, path: str) -> Any:
        """A value of the full layout, with everything that Plotly filled in."""
        return self.page.evaluate(f"document.querySelector('#chart-{name} .chart-plot')._fullLayout.{path}")

    def until(self, expression: str) -> None:
        """Wait for a JavaScript expression to hold (playwright's own way evaluates text inside the page's policy)."""
        for _ in range(200):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never came true: {expression}")

    def library(self) -> int:
        return sum("plotly-" in url for url in self.requests)

    def swipe(self, x: float, y: float, by: float) -> None:
        """A finger that comes down at a point of the screen and moves up `by` pixels."""
        finger = self.page.context.new_cdp_session(self.page)
        steps = [("touchStart", y), *(("touchMove", y - by * step / 10) for step in range(1, 11)), ("touchEnd", None)]
        for kind, at in steps:
            points = [] if at is None else [{"x": x, "y": at}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            self.page.wait_for_timeout(16)


@contextmanager
def reading(browser: Any, **like: Any) -> Iterator[Reader]:
    """A fresh page of a browser that is like this (playwright's options of a context)."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **like})
    yield Reader(context.new_page())
    context.close()


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))})"
