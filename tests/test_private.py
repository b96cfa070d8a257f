"""Private: what an author did not mean to publish is in no file of the site, whatever stood there before."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from generator import build, files, fragment, poster
from generator.build import Options
from generator.charts import manifest, notebook
from generator.charts.manifest import Entry, Manifest
from generator.fragment import Fragment
from generator.poster import VARIANTS, Poster
from generator.report import Report
from tests.projects import CHART, NOW, POST, SETTINGS, outcome, snapshot, write

SECRET, SHOWN = "kassiopeia", "andromeda"
"""Words for what is not to be found, and for what is; search finds them in just these letters."""
A, DRAFT, LATER, LOOSE = (f"content/posts/{name}" for name in ("a", f"{SECRET}-draft", f"{SECRET}-later", "loose"))
PRIVATE = f"\n{SECRET}\n"


def post(front: str, *charts: str, title: str = SECRET, body: str = SECRET) -> str:
    tags = "\n\n".join(f"{{% include {name}.html %}}" for name in charts)
    return f"---\ntitle: {title}\n{front}---\n\n{body}\n\n{tags}\n"


def source(word: str, *more: str) -> str:
    return "\n".join(("import plotly.graph_objects as go", *more, "", "", "def charts():", f"    # {word}", "    ..."))


def book(word: str) -> str:
    hidden = {"cell_type": "code", "metadata": {"tags": ["remove-cell"]}, "source": f"x = '{SECRET}'", "outputs": []}
    shown = {"cell_type": "code", "metadata": {"tags": [f"chart:{word}-book"]}, "source": f"{word}_book", "outputs": []}
    silent = {"cell_type": "code", "metadata": {"tags": ["remove-input"]}, "source": f"# {SECRET}", "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": SECRET}, "cells": [hidden, shown, silent]})


FILES = {
    "pyproject.toml": f'{SETTINGS}show_code = true\nsearch = true\n[tool.visualposts.charts]\nkey = "{SECRET}"\n',
    # What is shown, each kind of thing once.
    f"{A}/index.md": post(
        f"date: 2026-01-02\ntags: [{SHOWN}]\naliases: /old-{SHOWN}/\n",
        *(SHOWN, f"{SHOWN}-book"),
        title=SHOWN,
        body=f"{SHOWN} [data](asked-{SHOWN}.csv)",
    ),
    f"{A}/asked-{SHOWN}.csv": SHOWN,
    f"{A}/charts.py": source(f"{SHOWN} code", "import _rows"),
    f"{A}/_rows.py": f"# {SHOWN} rows",
    f"{A}/{SHOWN}-work.ipynb": book(SHOWN),
    "content/pages/about.md": post("", title="About", body=SHOWN),
    # What is not.
    f"content/drafts/{SECRET}.md": post("tags: [drafted]\n"),
    f"{DRAFT}/index.md": post(
        f"date: 2026-01-03\ndraft: true\ntags: [{SECRET}]\naliases: /{SECRET}/\nimage: {SECRET}.svg\n",
        *(f"{SECRET}-draft", SHOWN),
        body=f"![{SECRET}]({SECRET}.svg) [data]({SECRET}.csv)",
    ),
    f"{DRAFT}/{SECRET}.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' + SECRET,
    f"{DRAFT}/{SECRET}.csv": SECRET,
    f"{DRAFT}/charts.py": source(SECRET),
    f"{LATER}/index.md": post(
        f"date: 2036-01-03\ncategories: {SECRET}\n", f"{SECRET}-later", body=f"[data]({SECRET}.csv)"
    ),
    f"{LATER}/{SECRET}.csv": SECRET,
    f"{LATER}/charts.py": source(SECRET),
    "content/posts/2026-01-04-unpublished.md": post("published: false\n"),
    # A post whose chart no page shows, so that its code is nobody's to read.
    f"{LOOSE}/index.md": post("date: 2026-01-02\n", title="Loose", body="."),
    f"{LOOSE}/charts.py": source(SECRET),
    f"{A}/_{SECRET}.py": PRIVATE,
    f"{A}/{SECRET}.py": PRIVATE,
    f"{A}/{SECRET}.csv": PRIVATE,
    f"{A}/{SECRET}.md": POST + PRIVATE,
    f"{A}/.env": PRIVATE,
    f"{A}/.{SECRET}/x.csv": PRIVATE,
    "content/static/.env": PRIVATE,
    "content/static/.git/config": PRIVATE,
    f"content/pages/_{SECRET}.md": POST + PRIVATE,
    f"content/{SECRET}.md": POST + PRIVATE,
    f"includes/{SECRET}.html": PRIVATE,
    f"includes/_{SECRET}.html": PRIVATE,
    f"{SECRET}.txt": PRIVATE,
    ".env": PRIVATE,
}
GIVEN = {
    f"{A}/charts.py": (SHOWN, f"{SECRET}-unshown"),
    f"{A}/{SHOWN}-work.ipynb": (f"{SHOWN}-book",),
    f"{DRAFT}/charts.py": (f"{SECRET}-draft",),
    f"{LATER}/charts.py": (f"{SECRET}-later",),
    f"{LOOSE}/charts.py": (f"{SECRET}-loose",),
}
"""The charts of each source."""
WHERE = {
    *(
        "index.html",
        "posts/a/index.html",
        f"posts/a/asked-{SHOWN}.csv",
        f"old-{SHOWN}/index.html",
        "archive/index.html",
    ),
    *("tags/index.html", f"tags/{SHOWN}/index.html", f"tags/{SHOWN}/feed.xml", "feed.xml", "feed.json", "sitemap.xml"),
    *("charts/index.html", f"charts/{SHOWN}.json", f"charts/{SHOWN}.csv", f"charts/{SHOWN}-book.json"),
    *("charts/code/posts/a/index.html", f"charts/code/posts/a/{SHOWN}-work/index.html"),
}
"""Files that hold the word for what is shown."""


def lay(project: Path) -> Path:
    """The project with its charts, as if they had been computed."""
    write(project, FILES)
    entries = {}
    for path, names in GIVEN.items():
        charts = [chart(name) for name in names]
        for item in charts:
            write(project, {f"includes/{item.name}.html": item.to_html()})
            for variant in VARIANTS:
                file = Poster(item.name, poster.key(item.payload, item.height), variant).file
                write(project, {f"includes/{file}": f"RIFF {item.alt}"})
        read = [path, *([f"{A}/_rows.py", f"{A}/{SECRET}.csv"] if path == f"{A}/charts.py" else [])]
        hashes = {item: str(files.file_digest(project / item)) for item in read}
        if path.endswith(".ipynb"):
            hashes[path] = notebook.essence(path, (project / path).read_text())
        fragments = {item.name: files.digest(item.to_html().encode()) for item in charts}
        entries[path] = Entry(fragments, hashes, versions={SECRET: "1"}, outside=(f"/{SECRET}",))
    manifest.save(project / "includes", Manifest(entries))
    return project


def chart(name: str) -> Fragment:
    word = SECRET if SECRET in name else SHOWN
    payload = fragment.payload([{"name": f"{word} data", "y": [1, 2]}], {})
    return Fragment(name, payload, alt=f"{word} alt", caption=f"{word} caption", table=f"<p>{word} table</p>")


def made(project: Path, *, everything: bool = False) -> dict[str, bytes]:
    """The files of the site, those of the search unpacked, after a build with drafts and the future or without."""
    words = io.StringIO()
    options = Options(now=NOW, frozen=True, drafts=everything, future=everything)
    build.build(project, options, Report(words, words))
    return {path: unpacked(data) for path, data in snapshot(project / "site").items()}


def unpacked(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def holding(found: dict[str, bytes], word: str) -> set[str]:
    """The files that hold `word` in their names or anywhere in them."""
    return {path for path, data in found.items() if word in path.lower() or word.encode() in data.lower()}


@pytest.mark.parametrize("before", [False, True], ids=["a fresh site", "a site that had everything"])
def test_nothing_private_leaves(tmp_path: Path, before: bool) -> None:
    project = lay(tmp_path)
    if before:
        assert len(holding(made(project, everything=True), SECRET)) > 30
    found = made(project)
    assert not holding(found, SECRET)
    assert not [path for path in found if "/." in f"/{path}" or path.endswith(manifest.FILE)]
    shown = holding(found, SHOWN)
    assert shown >= WHERE, "the word is found where it stands, so that a secret would be"
    assert {path.rpartition(".")[2] for path in shown} >= {"webp", "pf_fragment", "pf_index"}


@pytest.mark.parametrize("name", ["index.md", "index.markdown"])
def test_the_charts_of_a_draft_run_when_it_is_asked_for(tmp_path: Path, name: str) -> None:
    draft = POST.replace("---\n", "---\ndraft: true\n", 1)
    write(tmp_path, {f"content/posts/a/{name}": draft, "content/posts/a/charts.py": CHART})
    assert outcome(tmp_path) == ""  # or else they would be told to be stale


def test_what_is_remembered_of_drafts_is_ignored_by_git(tmp_path: Path) -> None:
    words = io.StringIO()
    build.check(lay(tmp_path), Options(now=NOW, drafts=True), Report(words, words))  # the first command of a clone
    assert (tmp_path / ".visualposts/.gitignore").read_text() == "*\n"


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    project = write(tmp_path / "project", {"content/posts/a/index.md": POST, "content/static/a.txt": ""})
    (project / "content/static/link.txt").symlink_to(tmp_path / "secret.txt")
    assert outcome(project).startswith("content/static/link.txt: error: a symbolic link that leaves the project\n")
    assert not (project / "site").exists()
