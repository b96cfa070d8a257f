"""Private: what an author did not mean to publish is in no file of the site."""

from __future__ import annotations

from pathlib import Path

from tests.projects import POST, SETTINGS, outcome, snapshot, write

SECRET = "Kassiopeia"
HIDDEN = {
    "content/drafts/a.md": POST,
    "content/posts/2026-01-03-draft.md": POST.replace("---\n", "---\ndraft: true\ntags: [Kassiopeia]\n", 1),
    "content/posts/2036-01-03-later.md": POST.replace("2026-01-02", "2036-01-02"),
    "content/posts/a/_helper.py": "",
    "content/posts/a/unasked.csv": "",
    "content/posts/a/unasked.md": POST,
    "content/posts/a/.env": "",
    "content/static/.env": "",
    "content/static/.git/config": "",
    "content/pages/_notes.md": POST,
    "includes/unused.html": "",
    "includes/manifest.json": "",
    "elsewhere.txt": "",
}


def test_nothing_private_leaves(tmp_path: Path) -> None:
    shown = {"pyproject.toml": SETTINGS + "search = false\n", "content/posts/a/index.md": POST + "[data](asked.csv)\n"}
    write(tmp_path, {**shown, "content/posts/a/asked.csv": "a\n1\n"})
    write(tmp_path, {path: f"{text}\n{SECRET} {path}\n" for path, text in HIDDEN.items()})
    assert outcome(tmp_path) == ""
    made = snapshot(tmp_path / "site")
    assert "posts/a/asked.csv" in made
    assert [path for path, data in made.items() if SECRET.lower().encode() in data.lower()] == []
    names = {Path(path).name for path in HIDDEN} - {"index.md"}
    assert not [path for path in made if Path(path).name in names or "/." in f"/{path}"]


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    project = write(tmp_path / "project", {"content/posts/a/index.md": POST, "content/static/a.txt": ""})
    (project / "content/static/link.txt").symlink_to(tmp_path / "secret.txt")
    assert outcome(project).startswith("content/static/link.txt: error: a symbolic link that leaves the project\n")
    assert not (project / "site").exists()
