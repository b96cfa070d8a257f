"""The search as part of a build: an index in step with the texts, and a site without it where Pagefind is missing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import build, cli, pagefind
from generator.build import Options
from generator.report import Report
from tests.projects import SETTINGS, write

POST = "content/posts/2026-01-02-a.md"
FILES = {
    "pyproject.toml": f"{SETTINGS}search = true\n",
    POST: "---\ntitle: A post\n---\nRivers run.\n",
    "content/pages/404.md": "---\ntitle: Gone\npermalink: /404.html\n---\nNothing.\n",
}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    return write(tmp_path / "blog", FILES)


def run(blog: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, [*arguments, "-C", str(blog)])


def index(blog: Path) -> dict[str, bytes]:
    folder = blog / "site" / "pagefind"
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_index_is_made_anew_only_if_a_text_has_changed(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(blog, "build").exit_code == 0
    before = index(blog)
    assert sum(name.endswith(".pf_fragment") for name in before) == 1  # nobody looks for the page of missing addresses
    assert (blog / "site/search/index.html").is_file()

    monkeypatch.setattr(pagefind, "_run", lambda site, output: pytest.fail("Pagefind ran"))
    write(blog, {"content/templates/post.html": "<!doctype html><title>x</title><main>{{ page.content }}</main>"})
    result = run(blog, "build")
    assert (result.exit_code, index(blog) == before) == (0, True)
    (blog / "content/templates/post.html").unlink()
    assert run(blog, "check").exit_code == 0
    write(blog, {POST: FILES[POST].replace("run", "flow")})
    build.build(blog, Options(index_later=True), Report(StringIO(), StringIO()))
    assert "flow" in (blog / "site/posts/a/index.html").read_text()
    assert index(blog) == before
    monkeypatch.undo()

    assert run(blog, "build").exit_code == 0
    assert index(blog) != before


def test_what_is_switched_off_is_removed(blog: Path) -> None:
    run(blog, "build")
    write(blog, {"pyproject.toml": SETTINGS})
    assert run(blog, "build").exit_code == 0
    assert index(blog) == {}
    assert not (blog / "site/search").exists()
    assert "/search/" not in (blog / "site/index.html").read_text()


def test_without_pagefind_there_is_no_search_and_a_warning(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagefind, "installed", lambda: False)
    result = run(blog, "build")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "pyproject.toml:4:1: warning: the site gets no search: Pagefind is missing",
        "  hint: pip install 'visualposts[search]'",
    ]
    assert not (blog / "site/search").exists()
    assert run(blog, "build", "--strict").exit_code == 1


def test_a_failure_of_pagefind_leaves_the_last_site(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(blog, "build")
    before = (blog / "site/posts/a/index.html").read_bytes()
    write(blog, {POST: FILES[POST].replace("run", "flow")})
    monkeypatch.setattr("sys.executable", "/bin/false")
    result = run(blog, "build")
    assert result.exit_code == 1
    assert "error: the search index can't be made" in result.stderr
    assert (blog / "site/posts/a/index.html").read_bytes() == before


def test_a_page_of_the_author_s_at_the_same_address_is_told(blog: Path) -> None:
    write(blog, {"content/pages/search.md": "---\ntitle: Mine\n---\nx\n"})
    result = run(blog, "build")
    assert result.exit_code == 1
    assert "'/search/' is claimed by the search page too" in result.stderr
