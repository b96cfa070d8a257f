"""Files: hashes, whole replacement, and the transaction that brings a site up to date."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import files
from generator.errors import VisualpostsError
from generator.files import TreeReport
from generator.model import Output
from tests.projects import snapshot


def outputs(**texts: str) -> list[Output]:
    return [Output(path.replace("__", "/"), text.encode(), "test") for path, text in texts.items()]


def test_line_ends_of_text_are_no_change() -> None:
    assert files.digest(b"a\r\nb\r\n") == files.digest(b"a\nb\n")
    assert files.digest(b"\0a\r\n") != files.digest(b"\0a\n")


@pytest.mark.parametrize(
    "data", [b"", b"a", b"\r", b"\r\n", b"\r\r\n", b"a\r\nb\r\nc\r", b"\r\nab\r\n\0", b"ab\r\0\n\r\n", b"\r\n" * 5]
)
def test_a_file_is_hashed_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    for size in range(1, 5):
        monkeypatch.setattr(files, "PIECE", size)
        assert files.file_digest(path) == files.digest(data)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert files.file_digest(tmp_path / "pipe") is None


def test_a_file_is_replaced_only_if_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    assert files.write(path, b"one")
    assert not files.write(path, b"one")
    assert files.write(path, b"two")
    assert snapshot(tmp_path) == {"deep/file.txt": b"two"}


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    files.write(path, b"old")

    def refuse(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(VisualpostsError, match="no space"):
        files.write(path, b"new")
    assert snapshot(tmp_path) == {"file.txt": b"old"}


def test_a_tree_is_updated_and_what_is_no_longer_produced_goes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = files.update_tree(tmp_path, site, outputs(index="1", posts__a="a", posts__b="b"))
    assert first == TreeReport(3, 0, 0, ())
    second = files.update_tree(tmp_path, site, outputs(index="2", posts__a="a"))
    assert second == TreeReport(1, 1, 1, ())
    assert snapshot(site) == {"index": b"2", "posts/a": b"a"}
    files.update_tree(tmp_path, site, outputs(index="2"))
    assert not (site / "posts").exists()


def test_foreign_files_are_reported_and_left_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "mine").mkdir(parents=True)
    (site / "mine" / "notes.txt").write_text("keep")
    (site / ".gitignore").write_text("*")
    assert files.update_tree(tmp_path, site, outputs(index="1")).foreign == ("mine/notes.txt",)
    assert files.update_tree(tmp_path, site, outputs(other="1")).foreign == ("mine/notes.txt",)
    assert files.clean_tree(tmp_path, site) == 1
    assert snapshot(site) == {"mine/notes.txt": b"keep", ".gitignore": b"*"}


def test_a_file_becomes_a_folder_and_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    files.update_tree(tmp_path, site, outputs(a="file"))
    files.update_tree(tmp_path, site, outputs(a__b="in folder"))
    assert snapshot(site) == {"a/b": b"in folder"}
    files.update_tree(tmp_path, site, outputs(a="file"))
    assert snapshot(site) == {"a": b"file"}


def test_a_disk_that_is_full_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    files.update_tree(tmp_path, site, outputs(a="old a", b="old b"))
    whole = Path.write_bytes

    def refuse(self: Path, data: bytes) -> int:
        if data == b"new b":
            raise OSError(28, "No space left on device")
        return whole(self, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(VisualpostsError, match="No space left"):
        files.update_tree(tmp_path, site, outputs(a="new a", b="new b"))
    assert snapshot(site) == {"a": b"old a", "b": b"old b"}


def test_the_next_build_heals_a_killed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    files.update_tree(tmp_path, site, outputs(a="old", gone="old"))
    whole = Path.replace

    def die(self: Path, target: Path) -> Path:
        if target == site / "c":
            raise KeyboardInterrupt
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        files.update_tree(tmp_path, site, outputs(a="new", b="new", c="new"))
    monkeypatch.undo()
    files.update_tree(tmp_path, site, outputs(c="newest"))
    assert snapshot(site) == {"c": b"newest"}


def test_a_record_can_not_lead_out_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    files.write_json(tmp_path / ".visualposts" / "site.json", ["../precious", "/etc/passwd", 3, ""])
    files.update_tree(tmp_path, tmp_path / "site", outputs(a="1"))
    assert (tmp_path / "precious").read_text() == "keep"


@pytest.mark.parametrize("place", [".", "content", "content/posts", "includes", ".git", "..", ".visualposts"])
def test_the_output_is_never_the_sources(tmp_path: Path, place: str) -> None:
    project = tmp_path / "project"
    (project / "content" / "posts").mkdir(parents=True)
    with pytest.raises(VisualpostsError, match="would write over"):
        files.check_output(project, project / place)
    files.check_output(project, tmp_path / "elsewhere")


def test_the_output_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(VisualpostsError, match="is a file"):
        files.check_output(tmp_path, tmp_path / "site")
