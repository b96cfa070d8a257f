"""Refusals: file systems that are full, closed, or hold something else than they should. Clear words, nothing lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import projects
from tests.projects import CHART, POST, SETTINGS, snapshot, visualposts

A = "content/posts/a"
BLOG = {
    f"{A}/index.md": POST + "\n{% include one.html %}\n",
    f"{A}/charts.py": CHART,
    "content/posts/2026-01-03-b.md": POST,
    "content/static/big.txt": "x" * 50_000,
}
FULL = """\
import resource, sys
from generator.cli import main

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
main()
"""
"""The command on a disk that has no room for a file of more than so many bytes: a write stops in the middle there."""
BOUND = """\
import ctypes, os, sys

ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE: modes bind the superuser too
os.execv(sys.executable, [sys.executable, "-m", "generator", *sys.argv[1:]])
"""


def command(script: str, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = projects.write(tmp_path_factory.mktemp("built") / "blog", BLOG)
    done = visualposts(project, "build")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def blog(built: Path, tmp_path: Path) -> Iterator[Path]:
    """The built blog, about to change in every page and in its chart."""
    project = tmp_path / "blog"
    shutil.copytree(built, project)
    change(project)
    yield project
    for folder in (project, *project.rglob("*")):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o755)


def change(project: Path) -> None:
    chart = CHART.replace("rising", "falling").replace("[1, 4, 9]", "list(range(9000))").replace("[1, 2, 3]", "None")
    projects.write(project, {"pyproject.toml": SETTINGS.replace("A blog", "Another"), f"{A}/charts.py": chart})
    (project / "content/static/big.txt").write_text("y" * 50_000)


def made(project: Path) -> dict[str, bytes]:
    return {f"{room}/{path}": data for room in ("site", "includes") for path, data in snapshot(project / room).items()}


def test_a_full_disk(blog: Path) -> None:
    before = made(blog)
    for limit, message in (
        ("20000", "error: includes/one.html can't be written: File too large\n"),
        ("45000", "error: the site can't be written: File too large\n"),
    ):
        done = command(FULL, blog, limit, "build")
        assert (done.returncode, done.stderr) == (1, message)
        assert {path: data for path, data in made(blog).items() if path.startswith("site/")} == {
            path: data for path, data in before.items() if path.startswith("site/")
        }
        assert not [path for path in made(blog) if path.endswith(".tmp")]
    healed = visualposts(blog, "build")
    assert healed.returncode == 0, healed.stderr
    assert (blog / "site/big.txt").read_bytes() == b"y" * 50_000


def closed(*folders: str) -> Callable[[Path], None]:
    def close(project: Path) -> None:
        for folder in folders:
            (project / folder).chmod(0o555)

    return close


def nowhere(project: Path) -> None:
    shutil.rmtree(project / ".visualposts")
    closed(".")(project)


def replaced(path: str, by: str = "") -> Callable[[Path], None]:
    """A file, or a link to `by`, in the place of what is at `path`."""

    def replace(project: Path) -> None:
        target = project / path
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        if by:
            target.symlink_to(by)
        else:
            target.write_text("in the way")

    return replace


def full_folder(project: Path) -> None:
    replaced("site/big.txt")(project)
    (project / "site/big.txt").unlink()
    projects.write(project, {"site/big.txt/mine": "keep"})


LINK = "a link stands where the site needs a folder\n  hint: move it away, or remove it\n"
CASES = {
    "a closed site": (closed("site"), "site: error: this folder can't be written\n"),
    "closed folders of the site": (
        closed("site/posts/a", "site/tags"),
        "site/posts/a: error: this folder can't be written\nsite/tags: error: this folder can't be written\n",
    ),
    "a closed project": (nowhere, "error: .visualposts can't be written: Permission denied\n"),
    "closed caches": (closed(".visualposts"), "error: .visualposts can't be written: Permission denied\n"),
    "closed includes": (closed("includes"), "error: includes/one.html can't be written: Permission denied\n"),
    "a file for the site": (replaced("site"), "error: the output site is a file, not a folder\n"),
    "a file for the includes": (
        replaced("includes"),
        "includes: error: this must be a folder\n  hint: charts are kept in it\n",
    ),
    "a file for the content": (
        replaced("content"),
        "content: error: this must be a folder\n  hint: a site's content is a folder\n",
    ),
    "a file for the posts": (
        replaced("content/posts"),
        "content/posts: error: this must be a folder\n  hint: move it away, or remove it\n",
    ),
    "a file for a folder of the site": (
        replaced("site/posts"),
        "site/posts: error: a file stands where the site needs a folder\n  hint: move it away, or remove it\n",
    ),
    "a folder for a file of the site": (
        full_folder,
        "site/big.txt: error: a folder stands where the site needs a file\n  hint: move it away, or remove it\n",
    ),
    "a link out of the site": (replaced("site/posts", "/tmp"), f"site/posts: error: {LINK}"),
    "a circle in the site": (replaced("site/posts", "posts"), f"site/posts: error: {LINK}"),
    "a circle for the site": (
        replaced("site", "site"),
        "error: the output site is a link that leads nowhere, not a folder\n",
    ),
    "a circle for the content": (
        replaced("content", "content"),
        "content: error: this must be a folder\n  hint: a site's content is a folder\n",
    ),
    "a circle for the includes": (
        replaced("includes", "includes"),
        "includes: error: this must be a folder\n  hint: charts are kept in it\n",
    ),
    "a circle in the content": (
        replaced("content/static/circle", "circle"),
        "content/static/circle: error: a symbolic link that leads nowhere\n",
    ),
    "a dangling link": (
        replaced("content/posts/a/gone.csv", "nowhere.csv"),
        "content/posts/a/gone.csv: error: a symbolic link that leads nowhere\n",
    ),
    "a circle for a post": (
        replaced("content/posts/2026-01-03-b.md", "2026-01-03-b.md"),
        "content/posts/2026-01-03-b.md: error: a symbolic link that leads nowhere\n",
    ),
    "a circle for an include": (
        replaced("includes/one.html", "one.html"),
        "",
    ),
    "a circle for the settings": (
        replaced("pyproject.toml", "pyproject.toml"),
        "error: pyproject.toml can't be read: Too many levels of symbolic links\n",
    ),
    "a circle for the caches": (
        replaced(".visualposts", ".visualposts"),
        "error: .visualposts can't be written: a file stands in the place of a folder\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_refuses_is_told_and_nothing_is_lost(blog: Path, name: str) -> None:
    spoil, message = CASES[name]
    spoil(blog)
    before = snapshot(blog / "site") if not name.endswith("the site") else {}
    done = command(BOUND, blog, "build")
    # What stands below the problems counts them.
    assert done.stderr.partition("1 error")[0].partition("2 errors")[0] == message, done.stdout
    assert done.returncode == (2 if "pyproject" in message else 1 if message else 0)
    if message and before:
        assert snapshot(blog / "site") == before
    assert "mistake of ours" not in done.stderr
