"""Workflow: the file for GitHub Actions, which this repository carries itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from generator import cli
from generator.starter import workflow
from tests import projects

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    folder = tmp_path / "blog"
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(folder)], check=True)
    return projects.write(folder, {})


def write(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["publish", "--workflow", "-C", str(project), *arguments])


def test_our_own_is_the_one_that_authors_get_but_for_the_extra_of_the_search() -> None:
    ours = (ROOT / workflow.PATH).read_text(encoding="utf-8")
    assert ours.replace("pip install '.[search]'", "pip install .") == workflow.text()


@pytest.mark.parametrize(("branch", "folder"), [("main", ""), ("a 'b'", "docs/my blog"), ("2026", "my: #1")])
def test_it_builds_frozen_with_no_more_rights_than_it_needs(branch: str, folder: str) -> None:
    found = yaml.safe_load(workflow.text(branch, folder))
    # YAML reads `on` as true.
    assert found[True]["push"]["branches"] == [branch]
    assert found["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert found["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert found.get("defaults", {}) == ({"run": {"working-directory": folder}} if folder else {})
    steps = found["jobs"]["publish"]["steps"]
    assert [step["run"].split(" -b ")[0] for step in steps if "run" in step] == [
        "pip install .",
        "visualposts build --frozen -d _site",
    ]
    assert all("@v" in step["uses"] for step in steps if "uses" in step)
    assert [step["with"]["path"] for step in steps if "artifact" in step.get("uses", "")] == [
        f"{folder}/_site" if folder else "_site"
    ]


def test_it_is_written_once(repository: Path) -> None:
    result = write(repository)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0] == "wrote .github/workflows/pages.yml"
    text = (repository / workflow.PATH).read_text(encoding="utf-8")
    assert text == workflow.text("trunk")
    assert write(repository).stdout.splitlines()[0] == ".github/workflows/pages.yml is there already"


def test_another_one_is_left_alone(repository: Path) -> None:
    projects.write(repository, {workflow.PATH: "name: Mine\n"})
    result = write(repository)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: .github/workflows/pages.yml is there already, and is another\n")
    assert (repository / workflow.PATH).read_text() == "name: Mine\n"


def test_a_blog_below_the_top_of_its_repository(repository: Path) -> None:
    subprocess.run(["git", "remote", "add", "origin", "https://github.com/Ada/code"], cwd=repository, check=True)
    blog = projects.write(repository / "docs", {})
    result = write(blog)
    assert result.exit_code == 0
    assert (repository / workflow.PATH).read_text(encoding="utf-8") == workflow.text("trunk", "docs")
    assert result.stdout.endswith("as the source at https://github.com/Ada/code/settings/pages\n")


def test_no_repository(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    result = write(repository)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "  hint: git init makes one")


def test_it_goes_with_nothing_else(repository: Path) -> None:
    for others in (["--dry-run"], ["--branch", "trunk"], ["--remote", "origin"]):
        result = write(repository, *others)
        assert result.exit_code == 2
        assert "--workflow writes a file and publishes nothing" in result.stderr
