"""Blog: a new one builds at once, and nothing that was there is touched."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import cli, config
from generator.report import Report
from generator.starter import blog
from tests import projects
from tests.projects import snapshot, visualposts

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POST = "content/posts/2026-11-23-birthdays"
FILES = {
    ".github/workflows/pages.yml",
    ".gitignore",
    "content/pages/about.md",
    f"{POST}/charts.py",
    f"{POST}/index.md",
    "pyproject.toml",
    "site/.gitignore",
}


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text('[user]\nname = Ada \\"the\\" Lovelace\nemail = ada@example.org\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


def init(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["init", *arguments, str(folder)], catch_exceptions=False)


def make(folder: Path, title: str = "") -> None:
    blog.init(folder, title, Report(io.StringIO(), io.StringIO()), NOW)


def git(*arguments: str, cwd: Path) -> None:
    subprocess.run(["git", *arguments], cwd=cwd, check=True)


def test_a_new_blog_builds_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "my-blog"
    make(folder)
    assert set(snapshot(folder)) == FILES
    done = visualposts(folder, "build", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 post, 1 page" in done.stdout
    page = (folder / "site/posts/birthdays/index.html").read_text(encoding="utf-8")
    assert 'data-chart="birthdays"' in page
    assert "23 November 2026" in page
    assert visualposts(folder, "build", "--frozen").returncode == 0


def test_the_first_chart_needs_nothing_but_the_base_install(tmp_path: Path) -> None:
    make(tmp_path / "blog")
    blocker = "import sys\nfor name in ('pandas', 'pyspark', 'py4j', 'pyarrow', 'nbformat'): sys.modules[name] = None\n"
    projects.write(tmp_path / "without", {"sitecustomize.py": blocker, "pyproject.toml": ""})
    done = visualposts(tmp_path / "blog", "build", environ={"PYTHONPATH": str(tmp_path / "without")})
    assert (done.returncode, done.stderr) == (0, "")


def test_its_settings(tmp_path: Path) -> None:
    make(tmp_path / "2026_my-blog ü")
    document = tomllib.loads((tmp_path / "2026_my-blog ü/pyproject.toml").read_text(encoding="utf-8"))
    assert document["project"]["name"] == "2026-my-blog"
    assert document["project"]["dependencies"][0].startswith("visualposts>=")
    found = config.load(tmp_path / "2026_my-blog ü")
    assert (found.title, found.author, found.base_url) == ("2026 my blog ü", 'Ada "the" Lovelace', "")
    make(tmp_path / "other", '  A "title"\\ of my own ')
    assert config.load(tmp_path / "other").title == 'A "title"\\ of my own'


def test_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes").mkdir()
    monkeypatch.chdir(tmp_path / "notes")
    result = CliRunner().invoke(cli.commands, ["init"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert config.load(tmp_path / "notes").title == "Notes"
    assert "  cd " not in result.stdout


def test_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = init(tmp_path / "blogs/new").stdout.splitlines()
    assert lines[0].split() == ["wrote", "pyproject.toml", "the", "settings"]
    assert lines[lines.index("Next:") + 1] == "  cd blogs/new"
    assert "  cd 'blogs/a new one'" in init(tmp_path / "blogs/a new one").stdout.splitlines()


def test_names_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_bytes(b"[user]\nname = J\xfcrgen\n")
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    make(folder)
    found = config.load(folder)
    assert (found.title, found.author) == ("Caf?", "J\ufffdrgen")


def test_an_empty_repository_of_github(tmp_path: Path) -> None:
    git("init", "-q", "-b", "trunk", "blog", cwd=tmp_path)
    git("remote", "add", "origin", "git@github.com:Ada/notes.git", cwd=tmp_path / "blog")
    make(tmp_path / "blog")
    assert config.load(tmp_path / "blog").base_url == "https://ada.github.io/notes"
    assert "branches: [trunk]" in (tmp_path / "blog/.github/workflows/pages.yml").read_text()


def test_below_the_top_of_a_repository(tmp_path: Path) -> None:
    git("init", "-q", "code", cwd=tmp_path)
    folder = tmp_path / "code/docs/blog"
    result = init(folder)
    assert result.exit_code == 0
    assert not (folder / ".github").exists()
    assert "visualposts publish --workflow" in result.stdout


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert init(tmp_path / "blog").exit_code == 0
    assert config.load(tmp_path / "blog").author == ""


def test_everything_in_the_way_is_told_and_nothing_written(tmp_path: Path) -> None:
    there = {"pyproject.toml": "mine", "content/pages/about.md": "mine", "site": "a file", "README.md": "fine"}
    projects.write(tmp_path / "blog", there)
    before = snapshot(tmp_path / "blog")
    result = init(tmp_path / "blog")
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "hint" not in line] == [
        "content/pages/about.md: error: this is in the way",
        "pyproject.toml: error: this is in the way",
        "site: error: this file stands where the folder site is to be",
        "3 errors; nothing was written",
    ]
    assert snapshot(tmp_path / "blog") == before


def test_what_git_ignores_already(tmp_path: Path) -> None:
    projects.write(tmp_path / "blog", {".gitignore": "# Python\n.venv\n__pycache__/\n", "pyproject.toml": "x"})
    (tmp_path / "blog/pyproject.toml").unlink()
    result = init(tmp_path / "blog")
    assert result.exit_code == 0
    assert (tmp_path / "blog/.gitignore").read_text() == "# Python\n.venv\n__pycache__/\n"
    assert "left as it is: .gitignore; it should have .visualposts/ .ipynb_checkpoints/" in result.stdout


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "blog").touch()
    assert init(tmp_path / "blog").exit_code == 2


def test_pip_installs_what_a_blog_needs_and_nothing_of_it(tmp_path: Path) -> None:
    make(tmp_path / "blog")
    code = "from setuptools import setup; setup()"
    command = [sys.executable, "-W", "ignore", "-c", code, "-q", "build", "-b", str(tmp_path / "built")]
    done = subprocess.run(command, cwd=tmp_path / "blog", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "built").rglob("*.py"))
