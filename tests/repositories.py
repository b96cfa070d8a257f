"""Blogs in real repositories on disk, for tests of what publishing does to those: nothing, and to their remotes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import cli
from tests import projects
from tests.projects import snapshot

SETTINGS = '[tool.visualposts]\ntitle = "A blog"\n'
POST = "---\ntitle: Hello\ndate: 2026-01-02\n---\nWords.\n"


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def visualposts(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, [*arguments, "-C", str(project)], catch_exceptions=False)


class Blog:
    """A blog in a repository, and the bare one that it is published to."""

    def __init__(self, folder: Path, project: Path, remote: Path) -> None:
        self.folder, self.project, self.remote = folder, project, remote

    def publish(self, *arguments: str) -> Result:
        """Publish, and hold that nothing of the author's has changed: checkout, index, HEAD, objects, refs."""
        before = self._own()
        result = visualposts(self.project, "publish", *arguments)
        assert self._own() == before
        return result

    def _own(self) -> dict[str, bytes]:
        return {path: data for path, data in snapshot(self.folder).items() if ".visualposts/" not in path}

    def build(self) -> None:
        result = visualposts(self.project, "build")
        assert result.exit_code == 0, result.stderr

    def write(self, text: str = POST, path: str = "content/posts/hello/index.md") -> None:
        projects.write(self.project, {path: text})

    def there(self, branch: str = "gh-pages") -> dict[str, bytes]:
        """What the remote's branch holds."""
        names = run("git", "ls-tree", "-r", "-z", "--name-only", branch, cwd=self.remote).split("\0")[:-1]
        show = ("git", "show")
        return {
            name: subprocess.run([*show, f"{branch}:{name}"], cwd=self.remote, capture_output=True, check=True).stdout
            for name in names
        }

    def commits(self, branch: str = "gh-pages") -> int:
        return int(run("git", "rev-list", "--count", branch, cwd=self.remote))

    def site(self) -> dict[str, bytes]:
        found = snapshot(self.project / "site")
        found.pop(".gitignore", None)
        return found


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's global git settings; those of whoever runs the tests have no say."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "gitconfig"
    path.write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built blog, to copy."""
    project = projects.write(
        tmp_path_factory.mktemp("built"),
        {
            "pyproject.toml": SETTINGS,
            "content/posts/hello/index.md": POST,
            'content/static/q"uo té.txt': "odd",
            ".gitignore": ".visualposts/\n",
            "site/.gitignore": "*\n!.gitignore\n",
        },
    )
    assert visualposts(project, "build").exit_code == 0
    return project


@pytest.fixture
def blog(built: Path, tmp_path: Path) -> Blog:
    return make(built, tmp_path / "blog", tmp_path / "remote.git")


def make(built: Path, folder: Path, remote: Path, inside: str = "") -> Blog:
    """The blog of `built` in a repository at `folder`, below it at `inside`, whose origin is `remote`."""
    project = folder / inside
    shutil.copytree(built, project)
    run("git", "init", "-q", str(folder), cwd=folder)
    run("git", "init", "-q", "--bare", str(remote), cwd=folder)
    run("git", "remote", "add", "origin", str(remote), cwd=folder)
    run("git", "add", "-A", cwd=folder)
    run("git", "commit", "-qm", "The sources", cwd=folder)
    return Blog(folder, project, remote)


def errors(result: Result) -> list[str]:
    return result.stderr.splitlines()
