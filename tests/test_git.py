"""Git: whatever the author's repository and the remote are like, not one byte of the former changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator import git
from tests import projects
from tests.repositories import POST, SETTINGS, Blog, blog, built, errors, make, run, settings, visualposts

__all__ = ["blog", "built", "settings"]  # fixtures

HOOKS = ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction", "post-checkout")


# ---- Whatever the repository is like


def test_a_dirty_tree_and_what_is_staged(blog: Blog) -> None:
    blog.write(SETTINGS + "# a change\n", "pyproject.toml")
    blog.write("staged", "notes.txt")
    run("git", "add", "notes.txt", cwd=blog.folder)
    blog.write("changed since", "notes.txt")
    status = run("git", "status", "--porcelain", cwd=blog.folder)
    assert blog.publish().exit_code == 0
    assert run("git", "status", "--porcelain", cwd=blog.folder) == status == "AM notes.txt\n M pyproject.toml\n"


def test_no_hook_runs(blog: Blog, tmp_path: Path, settings: Path) -> None:
    for folder in (blog.folder / ".git/hooks", tmp_path / "hooks", tmp_path / "template/hooks"):
        for name in HOOKS:
            if folder.parent == tmp_path and name == "reference-transaction":
                continue  # on this one disk, the remote's git reads the global settings too
            projects.write(folder, {name: f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexit 1\n", "pyproject.toml": ""})
            (folder / name).chmod(0o755)
    settings.write_text(
        settings.read_text() + f"[core]\nhooksPath = {tmp_path}/hooks\n[init]\ntemplateDir = {tmp_path}/template\n"
    )
    assert blog.publish().exit_code == 0
    assert not (tmp_path / "ran").exists()


def test_a_detached_head(blog: Blog) -> None:
    run("git", "checkout", "-q", "--detach", cwd=blog.folder)
    assert blog.publish().exit_code == 0


def test_a_repository_without_a_commit(blog: Blog) -> None:
    run("git", "update-ref", "-d", "HEAD", cwd=blog.folder)
    assert blog.publish().exit_code == 0
    assert run("git", "log", "-1", "--format=%s", "gh-pages", cwd=blog.remote) == "A blog\n"


def test_a_worktree(blog: Blog, tmp_path: Path) -> None:
    other = tmp_path / "worktree"
    run("git", "worktree", "add", "-q", "-b", "other", str(other), cwd=blog.folder)
    visualposts(other, "build")
    blog.project = other
    assert blog.publish().exit_code == 0
    assert blog.there() == blog.site() | {".nojekyll": b""}


def test_a_project_below_the_top(built: Path, tmp_path: Path) -> None:
    blog = make(built, tmp_path / "code", tmp_path / "remote.git", "docs/blog")
    assert blog.publish().exit_code == 0
    assert "posts/hello/index.html" in blog.there()


def test_a_shallow_clone(blog: Blog, tmp_path: Path) -> None:
    run("git", "push", "-q", "origin", "HEAD:main", cwd=blog.folder)
    clone = tmp_path / "shallow"
    run("git", "clone", "-q", "--depth=1", "-b", "main", f"file://{blog.remote}", str(clone), cwd=tmp_path)
    visualposts(clone, "build")
    other = Blog(clone, clone, blog.remote)
    assert other.publish().exit_code == 0
    assert other.commits() == 1


def test_called_from_a_hook(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(blog.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(blog.folder / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(blog.folder))
    assert blog.publish().exit_code == 0


def test_the_settings_that_reach_a_remote_go_along(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {
        "credential.helper": "store",
        "http.https://example.org/.extraheader": "AUTHORIZATION: basic x",
        "core.sshCommand": "ssh -i key",
        "core.bare": "false",
        "remote.origin.proxy": "http://proxy",
        "remote.other.proxy": "http://other",
        "branch.main.remote": "origin",
    }.items():
        run("git", "config", key, value, cwd=blog.folder)
    repository = git.find(blog.project)
    assert repository is not None
    assert repository.reaching("origin") == (
        ("core.sshcommand", "ssh -i key"),
        ("remote.there.proxy", "http://proxy"),
        ("credential.helper", "store"),
        ("http.https://example.org/.extraheader", "AUTHORIZATION: basic x"),
    )


def test_no_repository(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.copytree(built, tmp_path / "alone")
    result = visualposts(tmp_path / "alone", "publish")
    assert result.exit_code == 2
    assert errors(result) == [
        f"error: {tmp_path}/alone is in no git repository",
        "  hint: git init, and git remote add origin ADDRESS; any other host takes the folder site/ as it is",
    ]


def test_no_project(tmp_path: Path) -> None:
    result = visualposts(tmp_path / "nowhere", "publish")
    assert (result.exit_code, errors(result)[0]) == (2, f"error: there is no pyproject.toml in {tmp_path}/nowhere")


def test_no_git(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = blog.publish()
    assert result.exit_code == 2
    assert errors(result)[0] == "error: git is not installed"


def test_no_such_remote(blog: Blog) -> None:
    result = blog.publish("--remote", "orign")
    assert result.exit_code == 2
    assert errors(result) == ["error: the repository has no remote 'orign'", "  hint: did you mean 'origin'?"]
    run("git", "remote", "remove", "origin", cwd=blog.folder)
    result = blog.publish()
    assert errors(result)[-1] == "  hint: add one: git remote add origin ADDRESS"


def test_a_remote_that_is_not_there(blog: Blog) -> None:
    shutil.rmtree(blog.remote)
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result) == [
        f"error: {blog.remote} can't be read: '{blog.remote}' does not appear to be a git repository",
        "  hint: 'git remote -v' shows where your remotes are",
        "1 error; nothing was published",
    ]


def test_the_branch_of_the_sources(blog: Blog) -> None:
    result = blog.publish("--branch", "main")
    assert (result.exit_code, errors(result)[0]) == (2, "error: 'main' is the branch of your sources")
    run("git", "push", "-q", "origin", "HEAD:main", cwd=blog.folder)
    run("git", "checkout", "-q", "-b", "other", cwd=blog.folder)
    result = blog.publish("--branch", "main")
    assert result.exit_code == 2
    assert errors(result) == [
        "error: the branch main of origin holds the sources of a site",
        "  hint: it has pyproject.toml; name another one with --branch",
    ]


def test_a_name_that_no_branch_can_have(blog: Blog) -> None:
    for name in ("a..b", "-f", ""):
        result = blog.publish(f"--branch={name}")
        assert (result.exit_code, errors(result)[0]) == (2, f"error: '{name}' can't be the name of a branch")


def test_nobody_to_commit(blog: Blog, settings: Path) -> None:
    settings.write_text("[user]\nuseConfigOnly = true\n")
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "error: git does not know who you are"


def test_a_remote_that_moves_meanwhile(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.publish()
    blog.write(POST + "Ours.")
    blog.build()
    commit = git.Workshop.commit

    def meanwhile(self: git.Workshop, *arguments: Any) -> git.Tip:
        tree = run("git", "rev-parse", "gh-pages^{tree}", cwd=blog.remote)
        theirs = run("git", "commit-tree", "-m", "Theirs", "-p", "gh-pages", tree.strip(), cwd=blog.remote).strip()
        run("git", "update-ref", "refs/heads/gh-pages", theirs, cwd=blog.remote)
        return commit(self, *arguments)

    monkeypatch.setattr(git.Workshop, "commit", meanwhile)
    for arguments in ([], ["--history"]):
        result = blog.publish(*arguments)
        assert result.exit_code == 1
        assert errors(result)[:2] == [
            "error: the branch gh-pages has moved while this was on its way",
            "  hint: nothing was overwritten: publish again",
        ]
        assert run("git", "log", "-1", "--format=%s", "gh-pages", cwd=blog.remote) == "Theirs\n"


def test_a_branch_that_appears_meanwhile(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    look = git.Workshop.look

    def meanwhile(self: git.Workshop, branch: str) -> git.Tip | None:
        found = look(self, branch)
        run("git", "push", "-q", str(blog.remote), "HEAD:gh-pages", cwd=blog.folder)
        return found

    monkeypatch.setattr(git.Workshop, "look", meanwhile)
    assert errors(blog.publish())[0] == "error: the branch gh-pages has moved while this was on its way"


def test_a_remote_that_keeps_its_history(blog: Blog) -> None:
    blog.publish()
    run("git", "config", "receive.denyNonFastForwards", "true", cwd=blog.remote)
    blog.write(POST + "More.")
    blog.build()
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "error: the remote lets nobody replace what gh-pages holds"
    assert "  hint: 'publish --history' adds a commit to it instead" in errors(result)
    assert blog.publish("--history").exit_code == 0


def test_a_remote_that_refuses_says_why(blog: Blog) -> None:
    hook = blog.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'Not on a Friday.' >&2\nexit 1\n")
    hook.chmod(0o755)
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "error: the remote refuses: [remote rejected] (pre-receive hook declined)"
    assert errors(result)[1].split() == ["remote:", "Not", "on", "a", "Friday."]


def test_a_cache_that_can_not_be_written(blog: Blog) -> None:
    shutil.rmtree(blog.project / ".visualposts")
    (blog.project / ".visualposts").touch()
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result) == ["error: .visualposts can't be written: a file stands in the place of a folder"]


def test_a_disk_that_is_full_before_all_is_written(blog: Blog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "fatal: sha1 file write error: No space left on device"
    full = (
        f'#!/bin/sh\n[ "$1" != fast-import ] || {{ echo "{said}" >&2; exit 128; }}\nexec {shutil.which("git")} "$@"\n'
    )
    projects.write(tmp_path / "bin", {"git": full, "pyproject.toml": ""})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result) == [
        "error: git can't make the commit: sha1 file write error: No space left on device",
        "  hint: make room on the disk",
        "1 error; nothing was published",
    ]


def test_a_name_in_another_encoding(blog: Blog, settings: Path) -> None:
    settings.write_bytes(b"[user]\nname = J\xfcrgen\nemail = j@example.org\n")
    assert blog.publish().exit_code == 0
    assert run("git", "log", "-1", "--format=%ae", "gh-pages", cwd=blog.remote) == "j@example.org\n"


def test_a_password_in_an_address_is_not_shown() -> None:
    assert git.shown("https://ada:secret@example.org/blog.git") == "https://example.org/blog.git"
    assert git.shown("git@example.org:blog.git") == "git@example.org:blog.git"
