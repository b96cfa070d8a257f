"""Files: hashes and whole replacement."""

from __future__ import annotations

import os
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
