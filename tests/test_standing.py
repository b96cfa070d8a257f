"""The standing site: a build that finds everything as it was reads no document, and one that does not, reads all."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import config, stamps
from generator.pages.desk import Choice, Desk

POST = "content/posts/2026-01-02-one.md"


@pytest.fixture(params=[True, False], ids=["settled", "fresh"])
def project(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose files are known by their stamps, or were written a moment ago."""
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.visualposts]\ntitle = 'A blog'\n", encoding="utf-8")
    write(tmp_path, "first")
    if request.param:
        time.sleep(2 * stamps._TICK / 1e9)
    else:
        monkeypatch.setattr("generator.pages.standing.settled", lambda found, now: False)
    return tmp_path


def write(project: Path, word: str) -> None:
    (project / POST).write_text(f"---\ntitle: One\n---\nThe {word} word.\n", encoding="utf-8")


def build(project: Path, meanwhile: Callable[[], None] = lambda: None) -> tuple[bool, str]:
    """Whether documents were read, and the page that was written; something may happen `meanwhile`."""
    with Desk(project, config.load(project), project / "site", writable=True) as desk:
        content = desk.read(Choice(drafts=False, future=False, now=datetime(2026, 11, 23, tzinfo=UTC)))
        assembly = desk.assemble(content, desk.typeset(content), (), (), ())
        meanwhile()
        desk.publish(assembly)
    (page,) = (project / "site").rglob("one/index.html")
    return bool(content.documents), page.read_text(encoding="utf-8")


def test_what_the_first_build_made_stands_for_the_second(project: Path) -> None:
    assert build(project)[0]
    assert not build(project)[0]
    write(project, "other")
    read, page = build(project)
    assert read
    assert "other word" in page


def test_what_changes_while_the_first_build_is_at_work_is_seen_by_the_second(project: Path) -> None:
    _, page = build(project, lambda: write(project, "other"))
    assert "first word" in page
    read, page = build(project)
    assert read
    assert "other word" in page


def test_what_goes_and_comes_while_the_first_build_is_at_work_is_seen_by_the_second(project: Path) -> None:
    def meanwhile() -> None:
        (project / POST).rename(project / POST.replace("01-02", "01-03"))

    build(project, meanwhile)
    read, page = build(project)
    assert read
    assert "2026-01-03" in page
