"""Completion: what a shell is offered, asked as a shell asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import projects
from tests.projects import visualposts


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    posts = {f"content/posts/2026-01-0{day}-{name}/index.md": "" for day, name in ((1, "a"), (2, "b"))}
    return projects.write(tmp_path, {**posts, "includes/map.html": "", "includes/mountain.html": ""})


def offered(blog: Path, line: str) -> list[str]:
    words = line.split(" ")
    environ = {
        "_VISUALPOSTS_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = visualposts(blog, environ=environ)
    assert done.stderr == ""
    return [answer.partition(",")[2] for answer in done.stdout.split()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("visualposts pu", ["publish"]),
        ("visualposts new ", ["post", "page", "chart"]),
        ("visualposts list d", ["drafts"]),
        ("visualposts export /tmp mo", ["mountain"]),
        ("visualposts new chart x --post 2026-01-0", ["2026-01-01-a", "2026-01-02-b"]),
        ("visualposts build --only ma", ["map"]),
        ("visualposts build -C nowhere --only ma", []),
        ("visualposts publish --dr", ["--dry-run"]),
    ],
)
def test_what_is_offered(blog: Path, line: str, words: list[str]) -> None:
    assert offered(blog, line) == words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell(tmp_path: Path, shell: str) -> None:
    done = visualposts(tmp_path, environ={"_VISUALPOSTS_COMPLETE": f"{shell}_source"})
    assert done.returncode == 0
    assert "_VISUALPOSTS_COMPLETE" in done.stdout
