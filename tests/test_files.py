"""Files: hashes and whole replacement."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from generator import files
from generator.errors import VisualpostsError
from tests.projects import snapshot


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


def test_a_killed_write_leaves_nothing_beside_the_file_and_is_swept_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.put(tmp_path, "includes/one.html", b"old")

    def die(*_: object) -> Path:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        patch.setattr(Path, "unlink", die)
        with pytest.raises(SystemExit):
            files.put(tmp_path, "includes/one.html", b"new")
    assert snapshot(tmp_path / "includes") == {"one.html": b"old"}
    assert len(list((tmp_path / ".visualposts").glob("*.tmp"))) == 1
    (tmp_path / "includes/.two.html.123.tmp").write_text("of a version that wrote there")
    (tmp_path / "includes/.mine.tmp").write_text("not ours")
    files.write(tmp_path / ".visualposts/site.stage/1", b"never moved")
    files.sweep(tmp_path, "includes", "nowhere")
    assert snapshot(tmp_path) == {
        "includes/one.html": b"old",
        "includes/.mine.tmp": b"not ours",
        ".visualposts/.gitignore": b"*\n",
    }


def test_git_ignores_the_caches_whoever_made_them(tmp_path: Path) -> None:
    (tmp_path / ".visualposts").mkdir()
    (tmp_path / ".visualposts/.gitignore").touch()  # as a full disk leaves it
    files.make_cache(tmp_path)
    assert (tmp_path / ".visualposts/.gitignore").read_text() == "*\n"


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second disk")
def test_a_folder_on_another_disk(tmp_path: Path) -> None:
    assert files.on_one_disk(tmp_path, tmp_path)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        assert not files.on_one_disk(tmp_path, Path(other))
        (tmp_path / "includes").symlink_to(other)
        files.put(tmp_path, "includes/one.html", b"new")
        assert snapshot(Path(other)) == {"one.html": b"new"}


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ("includes", "includes/one.html can't be written: a file stands in the place of a folder"),
        ("includes/one.html/x", "includes/one.html can't be written: a folder stands in its place"),
    ],
)
def test_a_file_for_a_folder_and_a_folder_for_a_file(tmp_path: Path, there: str, message: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("in the way")
    with pytest.raises(VisualpostsError, match=f"^{message}$"):
        files.put(tmp_path, "includes/one.html", b"new")
