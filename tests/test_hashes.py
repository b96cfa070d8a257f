"""Hashes of large files: remembered while the file system says that nothing changed, and never a moment too long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import files, stamps
from generator.charts import hashes
from generator.charts.hashes import LARGE, Hashes


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read for their hash."""
    found: list[Path] = []
    real = files.file_digest
    monkeypatch.setattr(files, "file_digest", lambda path: (found.append(path), real(path))[1])
    return found


def ask(project: Path) -> str | None:
    known = Hashes(project)
    value = known.of("data.bin")
    known.save()
    return value


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A large file that has been left alone for long."""
    monkeypatch.setattr(hashes, "settled", lambda found, now: True)
    path = tmp_path / "data.bin"
    path.write_bytes(b"a" * LARGE)
    return path


def test_a_large_file_is_read_once(data: Path, reads: list[Path]) -> None:
    first = ask(data.parent)
    assert first == files.digest(data.read_bytes())
    assert ask(data.parent) == first
    assert reads == [data]


def test_a_small_file_is_always_read(data: Path, reads: list[Path]) -> None:
    data.write_bytes(b"a" * (LARGE - 1))
    assert ask(data.parent) == ask(data.parent) == files.digest(data.read_bytes())
    assert reads == [data, data]
    assert not (data.parent / files.CACHE).exists()


def test_a_file_changed_behind_its_times_is_read_again(data: Path) -> None:
    before = data.stat()
    first = ask(data.parent)
    with data.open("r+b") as file:
        file.write(b"b")
    os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ask(data.parent) == files.digest(data.read_bytes()) != first


def test_another_file_in_its_place_is_read(data: Path) -> None:
    first = ask(data.parent)
    other = data.with_name("other")
    other.write_bytes(b"b" * LARGE)
    other.replace(data)
    assert ask(data.parent) == files.digest(data.read_bytes()) != first


def test_a_file_of_this_moment_is_not_remembered(
    data: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashes, "settled", stamps.settled)
    data.write_bytes(b"b" * LARGE)
    assert ask(data.parent) == ask(data.parent) == files.digest(data.read_bytes())
    assert reads == [data, data]


@pytest.mark.parametrize("text", ["", "[]", '{"data.bin": 1}', '{"data.bin": []}', '{"data.bin": ["x"]}'])
def test_a_broken_memory_is_an_empty_one(data: Path, text: str) -> None:
    files.write(data.parent / files.CACHE / hashes.FILE, text.encode())
    assert ask(data.parent) == files.digest(data.read_bytes())


def test_what_is_gone_is_forgotten(data: Path) -> None:
    ask(data.parent)
    data.unlink()
    assert ask(data.parent) is None
    assert files.read_json(data.parent / files.CACHE / hashes.FILE) == {}


def test_a_disk_that_refuses_changes_no_hash(data: Path) -> None:
    (data.parent / files.CACHE).write_text("in the way")
    assert ask(data.parent) == files.digest(data.read_bytes())
