"""The shelf: what stands in the output, and the transaction that brings it up to date."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO

import pytest

from generator import digests, files, shelf
from generator.errors import VisualpostsError
from generator.memory import Memory
from generator.model import Output
from generator.shelf import Shelf, TreeReport
from tests.projects import snapshot


def outputs(**texts: str) -> list[Output]:
    return [Output(path.replace("__", "/"), text.encode(), "test") for path, text in texts.items()]


def test_a_tree_is_updated_and_what_is_no_longer_produced_goes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = Shelf(tmp_path, site).update(outputs(index="1", posts__a="a", posts__b="b"))
    assert first == TreeReport(3, 0, 0, ())
    second = Shelf(tmp_path, site).update(outputs(index="2", posts__a="a"))
    assert second == TreeReport(1, 1, 1, ())
    assert snapshot(site) == {"index": b"2", "posts/a": b"a"}
    Shelf(tmp_path, site).update(outputs(index="2"))
    assert not (site / "posts").exists()


def test_foreign_files_are_reported_and_left_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "mine").mkdir(parents=True)
    (site / "mine" / "notes.txt").write_text("keep")
    (site / ".gitignore").write_text("*")
    assert Shelf(tmp_path, site).update(outputs(index="1")).foreign == ("mine/notes.txt",)
    assert Shelf(tmp_path, site).update(outputs(other="1")).foreign == ("mine/notes.txt",)
    assert Shelf(tmp_path, site).clean() == 1
    assert snapshot(site) == {"mine/notes.txt": b"keep", ".gitignore": b"*"}


def test_a_file_becomes_a_folder_and_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    Shelf(tmp_path, site).update(outputs(a="file"))
    Shelf(tmp_path, site).update(outputs(a__b="in folder"))
    assert snapshot(site) == {"a/b": b"in folder"}
    Shelf(tmp_path, site).update(outputs(a="file"))
    assert snapshot(site) == {"a": b"file"}


def test_a_disk_that_is_full_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    Shelf(tmp_path, site).update(outputs(a="old a", b="old b"))

    def full(path: Path, mode: str) -> IO[bytes]:
        return open("/dev/full" if path.name == "1" else path, mode)  # type: ignore[return-value]

    monkeypatch.setattr("generator.shelf.open", full, raising=False)
    with pytest.raises(VisualpostsError, match="No space left"):
        Shelf(tmp_path, site).update(outputs(a="new a", b="new b"))
    assert snapshot(site) == {"a": b"old a", "b": b"old b"}


def test_the_next_build_heals_a_killed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    Shelf(tmp_path, site).update(outputs(a="old", gone="old"))
    whole = os.replace

    def die(waiting: Path, target: str) -> None:
        if target == str(site / "c"):
            raise KeyboardInterrupt
        whole(waiting, target)

    monkeypatch.setattr(os, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        Shelf(tmp_path, site).update(outputs(a="new", b="new", c="new"))
    monkeypatch.undo()
    Shelf(tmp_path, site).update(outputs(c="newest"))
    assert snapshot(site) == {"c": b"newest"}


def test_a_record_can_not_lead_out_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    listed = json.dumps(["../precious", "/etc/passwd", 3, "", "a\0b", "\ud800"])  # as escapes, which JSON may hold
    files.write(tmp_path / ".visualposts" / "site.json", listed.encode())
    Shelf(tmp_path, tmp_path / "site").update(outputs(a="1"))
    assert (tmp_path / "precious").read_text() == "keep"


@pytest.mark.parametrize("place", [".", "content", "content/posts", "includes", ".git", "..", ".visualposts"])
def test_the_output_is_never_the_sources(tmp_path: Path, place: str) -> None:
    project = tmp_path / "project"
    (project / "content" / "posts").mkdir(parents=True)
    with pytest.raises(VisualpostsError, match="would write over"):
        shelf.check(project, project / place)
    shelf.check(project, tmp_path / "elsewhere")


def test_the_output_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(VisualpostsError, match="is a file"):
        shelf.check(tmp_path, tmp_path / "site")


def test_a_file_that_someone_edited_or_removed_is_healed(tmp_path: Path) -> None:
    site, memory = tmp_path / "site", Memory(tmp_path / "memory.sqlite", "me")
    Shelf(tmp_path, site, memory).update(outputs(a="a", b="b", c="c"))
    (site / "a").write_text("x")
    (site / "b").unlink()
    assert Shelf(tmp_path, site, memory).update(outputs(a="a", b="b", c="c")) == TreeReport(2, 1, 0, ())
    assert snapshot(site) == {"a": b"a", "b": b"b", "c": b"c"}


def test_what_stands_is_found(tmp_path: Path) -> None:
    site = tmp_path / "site"
    Shelf(tmp_path, site).update(outputs(a="a"))
    assert Shelf(tmp_path, site).holds("a", digests.of_bytes(b"a")) == site / "a"
    assert Shelf(tmp_path, site).holds("a", digests.of_bytes(b"b")) is None
    assert Shelf(tmp_path, site).holds("b", digests.of_bytes(b"a")) is None


def test_outputs_may_be_files(tmp_path: Path) -> None:
    """Staged ones are moved, those in place are let stand, others are copied."""
    site, source = tmp_path / "site", tmp_path / "source"
    source.write_bytes(b"copy")
    made = Shelf(tmp_path, site)
    made.update(outputs(stands="stands"))
    made.prepare()
    staged = made.put(b"staged")
    standing = made.holds("stands", digests.of_bytes(b"stands"))
    assert standing
    report = made.update(
        [
            Output("a", staged, "test", digests.of_bytes(b"staged")),
            Output("stands", standing, "test", digests.of_bytes(b"stands")),
            Output("c", source, "test", digests.of_bytes(b"copy")),
        ]
    )
    assert report == TreeReport(2, 1, 0, ())
    assert snapshot(site) == {"a": b"staged", "stands": b"stands", "c": b"copy"}
    assert source.exists()


def test_a_stage_that_came_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    made = Shelf(tmp_path, tmp_path / "site")
    made.prepare()
    made.put(b"x")
    made.discard()
    assert not (tmp_path / "site").exists()
