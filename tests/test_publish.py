"""Publish: real repositories on disk, and not one byte of the author's own changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import cli, git
from tests import projects
from tests.projects import snapshot

HOOKS = ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction", "post-checkout")
PAGE = "site/posts/hello/index.html"
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


# ---- What goes


def test_the_first_time(blog: Blog) -> None:
    result = blog.publish()
    head = run("git", "rev-parse", "--short", "HEAD", cwd=blog.project).strip()
    assert result.exit_code == 0, result.stderr
    assert blog.there() == blog.site() | {".nojekyll": b""}
    assert 'q"uo té.txt' in blog.there()
    assert blog.commits() == 1
    log = run("git", "log", "-1", "--format=%an %ae %cn %ce %s", "gh-pages", cwd=blog.remote)
    assert log == f"Ada ada@example.org Ada ada@example.org A blog, from {head}\n"
    count = len(blog.site()) + 1
    said = rf"published {count} files, [\d.]+ KB to gh-pages of origin: {count} added, 0 changed, 0 removed"
    assert re.fullmatch(said, result.stdout.splitlines()[-1])
    assert not list((blog.project / ".visualposts").glob("publish-*"))


def test_a_change_replaces_the_commit(blog: Blog) -> None:
    blog.publish()
    blog.write(POST.replace("Words", "Other words"))
    blog.write("---\ntitle: New\ndate: 2026-01-03\ntags: [a]\n---\n", "content/posts/new.md")
    (blog.project / 'content/static/q"uo té.txt').unlink()
    blog.build()
    result = blog.publish("-m", "Second\n\nwith more to say")
    assert blog.there() == blog.site() | {".nojekyll": b""}
    assert blog.commits() == 1
    assert run("git", "log", "-1", "--format=%B", "gh-pages", cwd=blog.remote) == "Second\n\nwith more to say\n\n"
    assert re.search(r": 2 added, \d changed, 1 removed$", result.stdout.strip())


def test_history_is_kept_on_request(blog: Blog) -> None:
    blog.publish()
    for text in ("Second.", "Third."):
        blog.write(POST + text)
        blog.build()
        assert blog.publish("--history").exit_code == 0
    assert blog.commits() == 3
    assert blog.there() == blog.site() | {".nojekyll": b""}


def test_history_begins_with_the_first_commit(blog: Blog) -> None:
    assert blog.publish("--history").exit_code == 0
    assert blog.commits() == 1


def test_nothing_changed(blog: Blog) -> None:
    blog.publish()
    before = run("git", "rev-parse", "gh-pages", cwd=blog.remote)
    for arguments in ([], ["--history"], ["--dry-run"]):
        result = blog.publish(*arguments)
        assert (result.exit_code, result.stdout) == (
            0,
            "nothing to publish: gh-pages of origin holds this site already\n",
        )
    assert run("git", "rev-parse", "gh-pages", cwd=blog.remote) == before


def test_a_dry_run_tells_and_does_nothing(blog: Blog) -> None:
    before = snapshot(blog.remote)
    result = blog.publish("--dry-run")
    assert snapshot(blog.remote) == before
    lines = result.stdout.splitlines()
    assert lines[0] == "+ .nojekyll  0 B"
    assert any(re.fullmatch(r"\+ posts/hello/index\.html  [\d.]+ KB", line) for line in lines)
    count = len(blog.site()) + 1
    assert re.fullmatch(
        rf"would publish {count} files, [\d.]+ KB to gh-pages of origin \({blog.remote}\):"
        rf" {count} added, 0 changed, 0 removed",
        lines[-1],
    )
    blog.publish()
    blog.write(POST + "More.")
    (blog.project / 'content/static/q"uo té.txt').unlink()
    blog.build()
    lines = blog.publish("-n").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines[:-1]] == ["~ index.html", "~ posts/hello/index.html", '- q"uo té.txt']


def test_only_what_has_changed_is_sent(blog: Blog) -> None:
    run("git", "config", "receive.unpackLimit", "1000", cwd=blog.remote)
    blog.publish()
    before = set(snapshot(blog.remote / "objects"))
    blog.write(POST.replace("title: Hello", "title: Hello\nupdated: 2026-01-04"))
    blog.build()
    blog.publish()
    # The page, the list of posts, the trees above them, and the commit.
    assert len(set(snapshot(blog.remote / "objects")) - before) <= 8


def test_another_branch_and_a_remote_by_its_address(blog: Blog, tmp_path: Path) -> None:
    other = tmp_path / "other.git"
    run("git", "init", "-q", "--bare", str(other), cwd=tmp_path)
    assert blog.publish("--remote", str(other), "--branch", "web/live").exit_code == 0
    assert run("git", "branch", "--list", "--all", cwd=other) == "  web/live\n"
    assert run("git", "branch", "--list", "--all", cwd=blog.remote) == ""


def test_a_push_goes_where_the_remote_says(blog: Blog, tmp_path: Path) -> None:
    other = tmp_path / "other.git"
    run("git", "init", "-q", "--bare", str(other), cwd=tmp_path)
    run("git", "remote", "set-url", "--push", "origin", "else:other.git", cwd=blog.folder)
    run("git", "config", f"url.{tmp_path}/.insteadOf", "else:", cwd=blog.folder)
    assert blog.publish().exit_code == 0
    assert "gh-pages" in run("git", "branch", cwd=other)


@pytest.mark.parametrize("filters", ["true", "false"])
def test_the_domain_on_the_branch_is_kept(blog: Blog, tmp_path: Path, filters: str) -> None:
    """From a remote that sends trees alone, as GitHub does, and from one that sends all files with them."""
    run("git", "config", "uploadpack.allowFilter", filters, cwd=blog.remote)
    run("git", "config", "uploadpack.allowAnySHA1InWant", filters, cwd=blog.remote)
    run("git", "remote", "set-url", "origin", f"file://{blog.remote}", cwd=blog.folder)
    blog.publish()
    clone = tmp_path / "clone"
    run("git", "clone", "-q", "-b", "gh-pages", str(blog.remote), str(clone), cwd=tmp_path)
    projects.write(clone, {"CNAME": "blog.example.org\n", "README.md": "gone", "pyproject.toml": ""})
    run("git", "add", "CNAME", "README.md", cwd=clone)
    run("git", "commit", "-qm", "Domain", cwd=clone)
    run("git", "push", "-q", cwd=clone)
    result = blog.publish()
    assert "CNAME is kept as it is there: blog.example.org" in result.stdout
    assert blog.there() == blog.site() | {".nojekyll": b"", "CNAME": b"blog.example.org\n"}
    blog.write("other.example.org", "content/static/CNAME")
    blog.build()
    assert "kept" not in blog.publish().stdout
    assert blog.there()["CNAME"] == b"other.example.org"


def test_github_by_ssh(blog: Blog, tmp_path: Path, settings: Path) -> None:
    """By a stand-in for ssh, which runs what the other side would."""
    script = f'#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\ncd {tmp_path}/github && exec sh -c "$1"\n'
    projects.write(tmp_path / "bin", {"ssh": script, "pyproject.toml": ""})
    (tmp_path / "bin/ssh").chmod(0o755)
    run("git", "config", "core.sshCommand", f"{tmp_path}/bin/ssh", cwd=blog.folder)
    run("git", "init", "-q", "--bare", "github/Ada/notes.git", cwd=tmp_path)
    run("git", "remote", "set-url", "origin", "git@github.com:Ada/notes.git", cwd=blog.folder)
    blog.write("name: Pages", ".github/workflows/pages.yml")
    result = blog.publish()
    assert result.stdout.splitlines()[-3:] == [
        "it will be at https://ada.github.io/notes in a minute or two",
        "the first time, choose the branch gh-pages at https://github.com/Ada/notes/settings/pages",
        ".github/workflows/pages.yml publishes too, at each push: keep one of the two ways",
    ]
    blog.write(SETTINGS + 'base_url = "https://ada.github.io/blog"\n', "pyproject.toml")
    blog.build()
    result = blog.publish("--dry-run")
    assert errors(result) == [
        "pyproject.toml: warning: base_url is https://ada.github.io/blog, but GitHub Pages serves this at"
        " https://ada.github.io/notes",
        '  hint: set base_url = "https://ada.github.io/notes"',
    ]
    assert "(git@github.com:Ada/notes.git)" in result.stdout


def test_files_of_others_in_the_site_stay_at_home(blog: Blog) -> None:
    blog.write("private", "site/notes.txt")
    result = blog.publish()
    assert "left out: site/notes.txt (not ours)\n" in result.stdout
    assert "notes.txt" not in blog.there()


def test_another_folder_and_another_address(blog: Blog) -> None:
    arguments = ["-d", str(blog.project / "public"), "-b", "https://example.org/blog"]
    visualposts(blog.project, "build", *arguments)
    assert blog.publish(*arguments).exit_code == 0
    assert b"https://example.org/blog/" in blog.there()["sitemap.xml"]


# ---- Whatever the repository is like


def test_a_dirty_tree_and_what_is_staged(blog: Blog) -> None:
    blog.write(SETTINGS + "# a change\n", "pyproject.toml")
    blog.write("staged", "notes.txt")
    run("git", "add", "notes.txt", cwd=blog.folder)
    blog.write("changed since", "notes.txt")
    status = run("git", "status", "--porcelain", cwd=blog.folder)
    assert blog.publish().exit_code == 0
    assert (
        run("git", "status", "--porcelain", cwd=blog.folder)
        == status
        == "AM notes.txt\n M pyproject.toml\n".replace(
            "AM notes.txt\n M pyproject.toml\n", "AM notes.txt\n M pyproject.toml\n"
        )
    )


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


# ---- What is refused


def test_a_site_that_was_never_built(blog: Blog) -> None:
    shutil.rmtree(blog.project / "site")
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[:2] == [
        "error: site/ holds no site yet",
        "  hint: run 'visualposts build', look at the site, and publish it",
    ]
    assert errors(result)[-1] == "1 error; nothing was published"


def edited_post(project: Path) -> str:
    projects.write(project, {"content/posts/hello/index.md": POST + "More."})
    return "index.html is another"


def edited_site(project: Path) -> str:
    with (project / PAGE).open("a") as file:
        file.write("<p>By hand.</p>")
    return "posts/hello/index.html is another"


def deleted_page(project: Path) -> str:
    (project / PAGE).unlink()
    return "posts/hello/index.html is missing"


def renamed_post(project: Path) -> str:
    (project / "content/posts/hello").rename(project / "content/posts/bye")
    return "posts/hello/index.html is of an earlier build"


@pytest.mark.parametrize("harm", [edited_post, edited_site, deleted_page, renamed_post], ids=lambda harm: harm.__name__)
def test_a_site_that_is_not_what_its_sources_give(blog: Blog, harm: Callable[[Path], str]) -> None:
    what = harm(blog.project)
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "error: site/ is not what its sources give"
    assert f"  {what}" in errors(result)
    assert snapshot(blog.remote / "refs") == {}


def test_touched_files_are_no_change(blog: Blog) -> None:
    for path in (blog.project / "content").rglob("*"):
        os.utime(path, (1, 1))
    assert blog.publish().exit_code == 0


def test_sources_that_are_broken(blog: Blog) -> None:
    blog.write(POST + "[dead](nowhere.md)\n")
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "content/posts/hello/index.md:6:8: error: the link 'nowhere.md' leads nowhere"


def test_a_build_that_failed(blog: Blog) -> None:
    chart = projects.CHART.replace('"one"', '"hello"')
    blog.write(chart, "content/posts/hello/charts.py")
    result = blog.publish()
    assert errors(result)[0] == "content/posts/hello/charts.py:4:1: error: stale: never run"
    blog.build()
    assert blog.publish().exit_code == 0
    blog.write("1 / 0\n" + chart, "content/posts/hello/charts.py")
    assert visualposts(blog.project, "build").exit_code == 1
    blog.write(chart, "content/posts/hello/charts.py")
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "content/posts/hello/charts.py:4:1: error: stale: its last run failed"


def test_a_file_that_no_host_takes(blog: Blog) -> None:
    with (blog.project / "content/static/film.mp4").open("wb") as file:
        file.truncate(100_000_001)
    before = snapshot(blog.remote)
    result = visualposts(blog.project, "publish")
    assert result.exit_code == 1
    assert errors(result)[0] == "site/film.mp4: error: the file is 100.0 MB; hosts take files of up to 100.0 MB"
    assert snapshot(blog.remote) == before


def test_no_repository(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.copytree(built, tmp_path / "alone")
    result = visualposts(tmp_path / "alone", "publish")
    assert result.exit_code == 2
    assert errors(result) == [
        f"error: {tmp_path}/alone is in no git repository",
        "  hint: git init, and git remote add origin ADDRESS; any other host takes the folder site/ as it is",
    ]


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
    assert errors(result)[0].endswith("blog/.visualposts can't be written: File exists")


def test_a_password_in_an_address_is_not_shown() -> None:
    assert git.shown("https://ada:secret@example.org/blog.git") == "https://example.org/blog.git"
    assert git.shown("git@example.org:blog.git") == "git@example.org:blog.git"
