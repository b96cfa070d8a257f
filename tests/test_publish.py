"""Publish: what goes to the remote, and what is not fit to go."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import lock
from generator.pages import site
from tests import projects
from tests.projects import snapshot
from tests.repositories import POST, SETTINGS, Blog, blog, built, errors, run, settings, visualposts
from tests.test_lock import end, holder

__all__ = ["blog", "built", "settings"]  # fixtures

PAGE = "site/posts/hello/index.html"


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


def edited_settings(project: Path) -> str:
    projects.write(project, {"pyproject.toml": SETTINGS.replace("A blog", "B blog")})
    return "index.html is another"


def added_post(project: Path) -> str:
    projects.write(project, {"content/posts/new.md": POST.replace("Hello", "New")})
    return "posts/new/index.html is missing"


def _quietly(path: Path, old: str, new: str) -> None:
    """Change a file in such a way that neither its size nor its time tells."""
    found = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def quietly_edited_post(project: Path) -> str:
    _quietly(project / "content/posts/hello/index.md", "Words", "Sword")
    return "posts/hello/index.html is another"


def quietly_edited_site(project: Path) -> str:
    _quietly(project / PAGE, "Words", "Sword")
    return "posts/hello/index.html is another"


HARMS = (edited_post, edited_site, deleted_page, renamed_post, edited_settings, added_post)
QUIET = (quietly_edited_post, quietly_edited_site)


@pytest.mark.parametrize("harm", [*HARMS, *QUIET], ids=lambda harm: harm.__name__)
def test_a_site_that_is_not_what_its_sources_give(blog: Blog, harm: Callable[[Path], str]) -> None:
    if harm in QUIET:
        threading.Event().wait(0.1)  # so that files are old enough to be known by their stamps
        blog.build()
    what = harm(blog.project)
    result = blog.publish()
    assert result.exit_code == 1
    assert errors(result)[0] == "error: site/ is not what its sources give"
    assert f"  {what}" in errors(result)
    assert snapshot(blog.remote / "refs") == {}


def test_a_site_that_stands_is_known_by_what_its_build_remembers(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    assemble = site.assemble
    monkeypatch.setattr(site, "assemble", lambda *given, **options: asked.append(0) or assemble(*given, **options))
    assert blog.publish().exit_code == 0
    assert asked == []
    edited_site(blog.project)
    assert blog.publish().exit_code == 1
    assert asked


def test_a_build_that_runs_is_waited_for(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    process = holder(blog.project)
    monkeypatch.setattr(lock, "_holder", lambda _: end(process) or "")  # it ends as soon as somebody waits
    result = blog.publish()
    assert result.stdout.startswith("another build of this project runs: waiting until it has ended\n")
    assert blog.there() == blog.site() | {".nojekyll": b""}


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
