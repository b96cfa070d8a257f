"""Listing: tables for people, lines with tabs for programs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import listing
from generator.errors import AuthorError
from generator.report import QUIET, Report
from tests import projects

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    return projects.write(
        tmp_path,
        {
            "content/posts/2026-01-01-old.md": "---\ntitle: Old\n---\n",
            "content/posts/2026-02-01-new/index.md": "---\ntitle: 'New [b]bold[/b]'\n---\n",
            "content/posts/2026-02-01-new/charts.py": projects.CHART,
            "content/posts/2027-01-01-later.md": "---\ntitle: Later\n---\n",
            "content/posts/2026-03-01-half.md": "---\ntitle: Half\ndraft: true\n---\n",
            "content/drafts/idea.md": "---\ntitle: Idea\n---\n",
            "content/pages/about.md": "---\ntitle: About\n---\n",
        },
    )


def told(blog: Path, kind: str, verbosity: int = 0) -> list[str]:
    out = io.StringIO()
    listing.tell(blog, kind, Report(out, io.StringIO(), verbosity), NOW)
    return out.getvalue().splitlines()


def test_posts_with_what_keeps_them_from_the_site(blog: Path) -> None:
    assert told(blog, "posts") == [
        "2027-01-01\tfuture\tLater\tcontent/posts/2027-01-01-later.md",
        "2026-06-01\tdraft\tIdea\tcontent/drafts/idea.md",
        "2026-03-01\tdraft\tHalf\tcontent/posts/2026-03-01-half.md",
        "2026-02-01\t\tNew [b]bold[/b]\tcontent/posts/2026-02-01-new/index.md",
        "2026-01-01\t\tOld\tcontent/posts/2026-01-01-old.md",
    ]


def test_drafts_and_the_future(blog: Path) -> None:
    assert [line.split("\t")[1] for line in told(blog, "drafts")] == ["Idea", "Half"]
    assert told(blog, "future") == ["2027-01-01\tLater\tcontent/posts/2027-01-01-later.md"]


def test_charts_with_their_state(blog: Path) -> None:
    place = "content/posts/2026-02-01-new/charts.py"
    assert told(blog, "charts") == [f"one\t\tstale: never run\t{place}"]
    assert projects.visualposts(blog, "build").returncode == 0
    (line,) = told(blog, "charts")
    name, weight, *rest = line.split("\t")
    assert (name, weight.endswith("B"), rest) == ("one", True, ["current", place])


def test_a_table_for_people(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    listing.tell(blog, "posts", Report(out, io.StringIO()), NOW)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["date", "title", "file"]
    assert lines[4].split("  ")[0] == "2026-02-01"
    assert "New [b]bold[/b]" in out.getvalue()


def test_nothing_to_list(tmp_path: Path) -> None:
    projects.write(tmp_path, {})
    for kind, words in (("posts", "no posts"), ("drafts", "no drafts"), ("future", "no posts of the future")):
        out = Terminal()
        listing.tell(tmp_path, kind, Report(out, io.StringIO()), NOW)
        assert out.getvalue() == f"{words}\n"
        assert told(tmp_path, kind) == []
    assert told(tmp_path, "charts") == []


def test_quiet(blog: Path) -> None:
    assert told(blog, "posts", QUIET) == []


def test_a_broken_post_is_told_after_the_others(blog: Path) -> None:
    projects.write(blog, {"content/posts/2026-03-03-broken.md": "---\ntitle: [\n---\n"})
    out = io.StringIO()
    with pytest.raises(AuthorError, match=r"2026-03-03-broken\.md"):
        listing.tell(blog, "posts", Report(out, io.StringIO()), NOW)
    assert len(out.getvalue().splitlines()) == 5
