"""Serve, as its author sees it: a real process, a real browser, and files that are saved."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import projects
from tests.test_runner import alive

POST = "---\ntitle: A post\ndate: 2026-01-02\n---\n\n<details><summary>Fold</summary>Folded.</details>\n\n{text}\n\n"
LONG = "A paragraph.\n\n" * 200
A, B, CHARTS = "content/posts/a.md", "content/posts/b/index.md", "content/posts/b/charts.py"
FILES = {
    A: POST.format(text="Hello.") + LONG,
    B: POST.format(text="{% include one.html %}"),
    CHARTS: projects.CHART,
    "content/posts/draft.md": "---\ntitle: A draft\ndraft: true\n---\n",
    "content/static/own.css": "p { color: rgb(1, 2, 3) }\n",
    "content/templates/page.html": (
        '{% extends "base.html" %}{% block head %}<link rel="stylesheet" href="{{ url("/own.css") }}">{% endblock %}'
        "{% block main %}{{ page.content }}{% endblock %}"
    ),
    "content/pages/about.md": "---\ntitle: About\n---\nAbout us.\n",
}
PATIENCE = 20_000


@dataclass
class Session:
    """A `visualposts serve` in a project."""

    project: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _condition: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._condition:
                self.lines.append(line.rstrip())
                self._condition.notify_all()

    def says(self, text: str) -> str:
        """The first line that holds `text`; it may be still to come."""
        with self._condition:
            assert self._condition.wait_for(lambda: any(text in line for line in self.lines), 60), self.lines
            return next(line for line in self.lines if text in line)

    @property
    def url(self) -> str:
        match = re.search(r"http://127\.0\.0\.1:\d+/", self.says("the site is at"))
        assert match
        return match[0]

    def save(self, path: str, text: str) -> None:
        projects.write(self.project, {path: text})

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(by)
        return self.ended()

    def kill(self) -> None:
        """End it and its children, whatever they are doing; nothing where it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)  # chart workers, in groups of their own, end with it
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.ended()

    def ended(self) -> int:
        """The exit code."""
        code = self.process.wait(30)
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def begin(project: Path, *arguments: str) -> Session:
    session = Session(
        project,
        subprocess.Popen(
            [sys.executable, "-m", "generator", "serve", *arguments],
            cwd=project,
            env={**os.environ, "NO_COLOR": "1", "XDG_CACHE_HOME": os.devnull},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        ),
    )
    session.start()
    return session


@pytest.fixture
def begun() -> Iterator[Callable[..., Session]]:
    """`begin`, for sessions that a test ends; one that fails leaves none behind, nor what they started."""
    sessions: list[Session] = []

    def start(project: Path, *arguments: str) -> Session:
        sessions.append(begin(project, *arguments))
        return sessions[-1]

    yield start
    for session in sessions:
        session.kill()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = begin(projects.write(tmp_path_factory.mktemp("blog"), FILES))
    try:
        session.says("charts.py: one in")
        yield session
        assert session.end() == 0
    finally:
        session.kill()


@pytest.fixture
def page(session: Session, browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 900, "height": 600})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "Failed to load resource" not in text] == []


def has(page: Any, text: str) -> None:
    page.wait_for_function("text => document.querySelector('main')?.textContent.includes(text)", arg=text)


@pytest.mark.browser
def test_a_saved_post_is_on_the_screen_at_the_same_place(session: Session, page: Any) -> None:
    page.goto(f"{session.url}posts/a/")
    page.click("summary")
    page.evaluate("scrollTo(0, 1234)")
    session.save(A, FILES[A].replace("Hello.", "Good day."))
    has(page, "Good day.")
    page.wait_for_function("() => scrollY === 1234")
    assert page.evaluate("document.querySelector('details').open")
    assert not (session.project / "site").exists()


@pytest.mark.browser
def test_another_page_is_left_alone(session: Session, page: Any) -> None:
    page.goto(f"{session.url}about/")
    page.evaluate("window.mark = 1")
    session.save(A, FILES[A].replace("Hello.", "Good evening."))
    other = page.context.new_page()
    other.goto(f"{session.url}posts/a/")
    has(other, "Good evening.")
    page.bring_to_front()
    assert page.evaluate("window.mark") == 1


@pytest.mark.browser
def test_a_new_style_needs_no_new_page(session: Session, page: Any) -> None:
    page.goto(f"{session.url}about/")
    page.evaluate("window.mark = 1")
    session.save("content/static/own.css", "p { color: rgb(4, 5, 6) }\n")
    page.wait_for_function("() => getComputedStyle(document.querySelector('main p')).color === 'rgb(4, 5, 6)'")
    assert page.evaluate("window.mark") == 1


@pytest.mark.browser
def test_errors_lie_over_the_last_good_page_until_they_are_mended(session: Session, page: Any) -> None:
    page.goto(f"{session.url}posts/a/")
    session.save(A, FILES[A].replace("Hello.", "{% include noe.html %} [x](nowhere.md)").replace("A post", "A change"))
    panel = page.locator("visualposts-live .panel")
    panel.wait_for()
    assert panel.locator(".place").all_inner_texts() == [f"{A}:8:1", f"{A}:8:28"]
    assert "there is no include 'noe.html'" in panel.inner_text()
    assert "did you mean" in panel.inner_text()
    assert "2 errors" in panel.inner_text()
    assert page.title().startswith("A post")
    session.says(f"{A}:8:1: error: there is no include 'noe.html'")
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    page.reload()
    panel.wait_for()
    session.save(A, FILES[A].replace("Hello.", "Mended."))
    has(page, "Mended.")
    panel.wait_for(state="hidden")


@pytest.mark.browser
def test_broken_settings_and_templates_are_errors_too(session: Session, page: Any) -> None:
    page.goto(session.url)
    panel = page.locator("visualposts-live .panel")
    settings = (session.project / "pyproject.toml").read_text()
    session.save("pyproject.toml", settings.replace("title", "titel"))
    panel.wait_for()
    assert "unknown setting 'titel'" in panel.inner_text()
    session.save("pyproject.toml", settings.replace("A blog", "Another blog"))
    page.wait_for_function("() => document.title === 'Another blog'")
    template = FILES["content/templates/page.html"]
    session.save("content/templates/page.html", template.replace("content }}", "contnt }}"))
    panel.wait_for()
    assert "content/templates/page.html:1" in panel.inner_text()
    session.save("content/templates/page.html", template)
    panel.wait_for(state="hidden")
    session.save("pyproject.toml", settings)
    page.wait_for_function("() => document.title === 'A blog'")


@pytest.mark.browser
def test_a_saved_chart_comes_when_it_is_done(session: Session, page: Any) -> None:
    page.goto(f"{session.url}posts/b/")
    page.click(".chart-box")
    page.wait_for_selector("figure.chart[data-state=drawn]")
    assert "A rising line." in page.inner_text(".chart-alt")
    slow = projects.CHART.replace("    return", "    import time\n    time.sleep(2)\n    return")
    session.save(CHARTS, slow.replace("A rising line.", "Another line."))
    page.wait_for_selector("visualposts-live .badge")
    session.save(B, FILES[B] + "New prose.\n")
    has(page, "New prose.")
    assert "A rising line." in page.inner_text(".chart-alt")  # prose waits for no chart
    page.wait_for_function("() => document.querySelector('.chart-alt').textContent.includes('Another line.')")
    page.wait_for_selector("figure.chart[data-state=drawn]")  # as it was before the page was loaded anew
    panel = page.locator("visualposts-live .panel")
    session.save(CHARTS, slow.replace("return", "return !"))
    panel.wait_for()
    assert f"{CHARTS}:7:12" in panel.inner_text()
    session.save(B, FILES[B] + "Newer prose.\n")
    has(page, "Newer prose.")  # nor for one that is broken
    session.save(CHARTS, slow.replace("    return", "    1 / 0\n    return"))
    panel.get_by_text("ZeroDivisionError").wait_for()
    assert f"{CHARTS}:7:5" in panel.inner_text()
    session.save(CHARTS, projects.CHART)
    page.wait_for_function("() => document.querySelector('.chart-alt').textContent.includes('A rising line.')")
    panel.wait_for(state="hidden")


@pytest.mark.browser
def test_pages_come_and_go(session: Session, page: Any) -> None:
    page.goto(f"{session.url}posts/new/")
    assert "A post" not in page.title()
    session.save("content/posts/new.md", POST.format(text="Brand new."))
    has(page, "Brand new.")
    (session.project / "content/posts/new.md").unlink()
    page.wait_for_function("() => !document.querySelector('main').textContent.includes('Brand new.')")


@pytest.mark.browser
def test_drafts_are_shown_on_request_alone(session: Session, page: Any) -> None:
    page.goto(session.url)
    assert "A draft" not in page.inner_text("main")


def test_the_first_build_may_fail_and_ctrl_c_leaves_nothing_behind(
    tmp_path: Path, begun: Callable[..., Session]
) -> None:
    charts = "import os, time\nfrom pathlib import Path\n\n\ndef charts():\n"
    charts += "    Path('pid').write_text(str(os.getpid()))\n    time.sleep(600)\n"
    project = projects.write(tmp_path, {A: "---\ntitle: Undated\n---\n", CHARTS: charts})
    session = begun(project, "--drafts")
    port = int(session.url.rpartition(":")[2].strip("/"))
    session.says(f"{A}:1:1: error: the post has no date")
    session.save(A, FILES[A])
    session.says("mended")
    place = project / "content/posts/b/pid"
    for _ in range(1200):
        if place.exists() and place.read_text():
            break
        threading.Event().wait(0.05)
    worker = int(place.read_text())
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET /_visualposts/events?page=/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")  # an answer without end
        assert session.end() == 0
    assert not alive(worker)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    assert not (project / ".visualposts/failed.json").exists()


def test_the_path_of_base_url_is_that_of_the_settings_as_they_are(
    tmp_path: Path, begun: Callable[..., Session]
) -> None:
    session = begun(projects.write(tmp_path, {A: FILES[A]}))

    def there(path: str) -> bool:
        line = http.client.HTTPConnection(urlsplit(session.url).netloc)
        line.request("GET", path)
        with contextlib.closing(line):
            return line.getresponse().status == 200

    assert there("/posts/a/")
    assert there("/blog/posts/a/")
    session.save("pyproject.toml", projects.SETTINGS.replace("/blog", "/a%20b/c/"))
    session.says("pyproject.toml: ")
    assert there("/posts/a/")
    assert there("/a%20b/c/posts/a/")
    assert not there("/blog/posts/a/")
    assert session.end() == 0


def test_sigterm_is_an_end_too_and_no_project_is_a_mistake(tmp_path: Path, begun: Callable[..., Session]) -> None:
    none = begun(tmp_path)
    assert none.ended() == 2
    assert "there is no pyproject.toml" in none.says("error")
    session = begun(projects.write(tmp_path, {A: FILES[A]}), "-p", "8700")
    assert session.url
    assert session.end(signal.SIGTERM) == 0
