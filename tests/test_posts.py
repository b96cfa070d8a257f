"""Posts: documents from files and their names, and the list of what is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.config import Settings
from generator.errors import Problem
from generator.pages.posts import Content, parse, read, slugify

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTINGS = Settings(title="Blog")


def site(folder: Path, files: dict[str, str], **asked: bool) -> Content:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return read(folder, SETTINGS, drafts=asked.get("drafts", False), future=asked.get("future", False), now=NOW)


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem).split("\n")[0] for problem in problems]


@pytest.mark.parametrize(
    ("path", "slug", "date"),
    [
        ("content/posts/2017-04-18-a-note.md", "a-note", "2017-04-18"),
        ("content/posts/2017-04-18-a-note/index.md", "a-note", "2017-04-18"),
        ("content/posts/old/2017-04-18-A Note!.markdown", "A-Note", "2017-04-18"),
        ("content/pages/2017-04-18-about.md", "2017-04-18-about", ""),
    ],
)
def test_a_files_name_gives_slug_and_date(path: str, slug: str, date: str) -> None:
    document = parse(path, "---\ntitle: x\n---\n", SETTINGS).document
    assert document is not None
    assert document.slug == slug
    assert (f"{document.date:%Y-%m-%d}" if document.date else "") == date


def test_front_matter_goes_before_the_name() -> None:
    text = "---\ntitle: x\ndate: 2020-01-02\nslug: other\n---\n"
    document = parse("content/posts/2017-04-18-a.md", text, SETTINGS).document
    assert document is not None
    assert document.slug == "other"
    assert f"{document.date:%Y-%m-%d}" == "2020-01-02"
    assert document.places["slug"] == (4, 7)


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("date: 2020-01-01", "content/posts/a.md:1:1: error: the title is missing"),
        ("title: ''\ndate: 2020-01-01", "content/posts/a.md:2:8: error: 'title' is empty"),
        ("title: x", "content/posts/a.md:1:1: error: the post has no date"),
        ("title: x\ndate: soon", "content/posts/a.md:3:7: error: 'date' is not a date: 'soon'"),
        ("title: x\ndate: 2020-01-01\nslug: a/b", "content/posts/a.md:4:7: error: the slug 'a/b' can't stand in an"),
        ("title: x\ndate: 2020-01-01\npermalink: a", "content/posts/a.md:4:12: error: a permalink begins with '/'"),
        ("title: x\ndate: 2020-01-01\npermalink: /../a", "content/posts/a.md:4:12: error: a permalink can't hold dot"),
        ("title: x\ndate: 2020-01-01\npermalink: /a?b", "content/posts/a.md:4:12: error: a permalink can't hold '?'"),
        ("title: x\ndate: 2020-01-01\ndraft: no!", "content/posts/a.md:4:8: error: 'draft' must be true or false"),
    ],
)
def test_a_bad_value_is_an_error_at_its_place(yaml: str, message: str) -> None:
    found = told(parse("content/posts/a.md", f"---\n{yaml}\n---\n", SETTINGS).problems)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_all_errors_of_a_file_at_once() -> None:
    found = parse("content/posts/a.md", "---\ntitle: [x]\ndate: soon\ntoc: 3\ntitle: y\n---\n", SETTINGS)
    assert len(found.problems) == 3


def test_nothing_is_left_out_quietly(tmp_path: Path) -> None:
    post = "---\ntitle: x\n---\n"
    files = {
        "content/posts/2020-01-01-k/index.md": post,
        "content/posts/2020-01-01-k/notes.md": "no front matter",
        "content/posts/2020-01-01-k/README.md": "ignored",
        "content/posts/2020-01-01-k/_draft.md": "ignored",
        "content/posts/2020-01-01-k/.hidden.md": "ignored",
        "content/posts/README.md": "ignored",
        "content/posts/2020-01-02-draft.md": "---\ntitle: x\ndraft: true\ntoc: wrong\n---\n",
        "content/posts/2020-01-03-unpublished.md": "---\ntitle: x\npublished: false\n---\n",
        "content/posts/2030-01-01-later.md": post,
        "content/drafts/idea.md": "---\ntitle: [\n---\n",
        "content/stray.md": post,
        "content/posts/2020-01-04-shouted.MD": post,
        "content/static/readme/file.md": "copied",
        "content/static/.secret": "x",
        "content/static/.well-known/security.txt": "x",
    }
    content = site(tmp_path, files)
    assert [document.source for document in content.documents] == ["content/posts/2020-01-01-k/index.md"]
    assert [(item.source, item.reason) for item in content.skipped] == [
        (
            "content/posts/2020-01-01-k/notes.md",
            "in the folder of a post, which is content/posts/2020-01-01-k/index.md",
        ),
        ("content/stray.md", "not below content/posts/ or content/pages/"),
        ("content/posts/2020-01-04-shouted.MD", "its name does not end in .md"),
        ("content/drafts/idea.md", "a draft"),
        ("content/posts/2020-01-02-draft.md", "a draft"),
        ("content/posts/2020-01-03-unpublished.md", "a draft"),
        ("content/posts/2030-01-01-later.md", "dated 2030-01-01, in the future"),
    ]
    assert not content.problems
    assert "content/static/.well-known/security.txt" in content.files
    assert not [path for path in content.files if "secret" in path or "hidden" in path or "_draft" in path]


def test_drafts_and_the_future_when_asked_for(tmp_path: Path) -> None:
    files = {
        "content/posts/2030-01-01-later.md": "---\ntitle: x\n---\n",
        "content/drafts/idea.md": "---\ntitle: x\n---\n",
        "content/drafts/broken.md": "---\ntitle: x\ntoc: 7\n---\n",
    }
    content = site(tmp_path, files, drafts=True, future=True)
    assert [document.slug for document in content.documents] == ["broken", "idea", "later"]
    assert content.documents[1].date == datetime(2026, 11, 23, tzinfo=UTC)
    assert told(content.problems) == ["content/drafts/broken.md:3:6: error: 'toc' must be true or false"]


def test_links_out_of_the_project_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    project = tmp_path / "project"
    static = project / "content/static"
    static.mkdir(parents=True)
    (static / "stolen.txt").symlink_to(outside)
    (static / "gone.txt").symlink_to(tmp_path / "nothing")
    (static / "loop").symlink_to(static)
    (static / "own.txt").symlink_to(project / "pyproject.toml")
    content = site(project, {"pyproject.toml": ""})
    assert content.files == {"content/static/own.txt"}
    assert told(content.problems) == [
        "content/static/gone.txt: error: a symbolic link that leads nowhere",
        "content/static/stolen.txt: error: a symbolic link that leaves the project",
    ]
    assert [item.source for item in content.skipped] == ["content/static/loop"]


def test_content_that_is_a_link_out_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "elsewhere/posts").mkdir(parents=True)
    (tmp_path / "project").mkdir()
    (tmp_path / "project/content").symlink_to(tmp_path / "elsewhere")
    found = site(tmp_path / "project", {})
    assert told(found.problems) == ["content: error: a symbolic link that leaves the project"]


def test_a_site_without_content(tmp_path: Path) -> None:
    assert read(tmp_path, SETTINGS, drafts=False, future=False, now=NOW) == Content()


def test_slugs() -> None:
    assert slugify("A  note: on C++") == "A-note-on-C"
    assert slugify("Café_1.5") == "Café_1.5"
    assert slugify("Cafe\u0301") == "Café"
    assert slugify("..") == ""
