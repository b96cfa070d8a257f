"""Watch: what is saved is told, whichever way it is saved; what is none of the site's business is not."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.serving.watch import Watch
from tests import projects

PATIENCE = 20.0


class Ear:
    """Hears a watch."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.heard: set[str] = set()

    def hear(self, paths: frozenset[str]) -> None:
        with self._condition:
            self.heard |= paths
            self._condition.notify_all()

    def hears(self, *paths: str, patience: float = PATIENCE) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self.heard >= set(paths), patience)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"content/posts/a.md": "a", "content/posts/b/index.md": "b", "includes/x.html": "", "site/index.html": ""}
    return projects.write(tmp_path, {**files, ".git/HEAD": "", "venv/pyvenv.cfg": "", "data/x.csv": ""})


@pytest.fixture
def ear(project: Path) -> Iterator[Ear]:
    ear = Ear()
    watch = Watch(project, (project / "site",), ear.hear, print)
    watch.start()
    yield ear
    watch.close()


def test_a_save_is_told_at_once(project: Path, ear: Ear) -> None:
    (project / "content/posts/a.md").write_text("another")
    (project / "pyproject.toml").write_text("another")
    (project / "data/x.csv").write_text("another")
    assert ear.hears("content/posts/a.md", "pyproject.toml", "data/x.csv")


def test_an_editor_that_saves_by_renaming(project: Path, ear: Ear) -> None:
    aside = project / "content/posts/.a.md.swp"
    aside.write_text("another")
    (project / "content/posts/a.md~").write_text("a")
    aside.replace(project / "content/posts/a.md")
    assert ear.hears("content/posts/a.md")
    assert ear.heard <= {"content/posts/a.md", "content/posts"}


def test_folders_that_come_and_go(project: Path, ear: Ear) -> None:
    projects.write(project, {"content/posts/c/index.md": "c"})
    assert ear.hears("content/posts/c") or ear.hears("content/posts/c/index.md")
    shutil.rmtree(project / "content/posts/b")
    assert ear.hears("content/posts/b/index.md")
    projects.write(project, {"more/x.csv": ""})
    assert ear.hears("more")
    assert follows(project, ear, "more/y.csv")
    shutil.rmtree(project / "content")
    assert ear.hears("content")


def follows(project: Path, ear: Ear, path: str) -> bool:
    """Whether a file is watched in a moment."""
    for number in range(400):
        (project / path).write_text(str(number))
        if ear.hears(path, patience=0.05):
            return True
    return False


def test_a_project_that_is_away_for_a_while(project: Path, ear: Ear) -> None:
    shutil.rmtree(project)
    threading.Event().wait(0.5)
    assert not ear.hears("content/c.md", patience=0)
    projects.write(project, {"content/a.md": ""})
    assert follows(project, ear, "content/c.md")
    assert follows(project, ear, "pyproject.toml")


def test_what_is_none_of_the_sites_business(project: Path, ear: Ear) -> None:
    for path in ("site/index.html", ".git/HEAD", "venv/x.py", "content/__pycache__/x.pyc", "content/.DS_Store"):
        projects.write(project, {path: "another"})
    (project / "content/posts/a.md").write_text("another")
    assert ear.hears("content/posts/a.md")
    assert ear.heard <= {"content/posts/a.md"}


def test_an_end_between_two_watches(project: Path) -> None:
    watch = Watch(project, (), Ear().hear, print)

    class Renewed(threading.Event):
        def clear(self) -> None:
            watch._over.set()
            self.set()  # what `close` does, just before
            super().clear()

    watch._renewed = Renewed()
    thread = threading.Thread(target=watch._watch_folders, args=(threading.Event(),), daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


def test_where_the_system_watches_no_more_folders(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.serving import watch as watching

    real = watching.watchfiles.watch

    def full(*places: Path, **options: object) -> Iterator[set[object]]:
        if not options["force_polling"]:
            raise OSError("limit reached")
        return real(*places, **options)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(watching.watchfiles, "watch", full)
    ear, said = Ear(), list[str]()
    watch = Watch(project, (), ear.hear, said.append)
    watch.start()
    (project / "content/posts/a.md").write_text("another one")
    os.utime(project / "content/posts/a.md", (2_000_000_000, 2_000_000_000))  # who looks now and then counts seconds
    assert ear.hears("content/posts/a.md")
    watch.close()
    assert any("limit reached" in line for line in said)
