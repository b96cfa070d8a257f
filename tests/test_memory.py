"""The memory: what is put is there for the next process, and nothing that happens to its file does harm."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from generator.memory import Memory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "memory.sqlite"


def filled(path: Path, maker: str = "me") -> Memory:
    memory = Memory(path, maker)
    memory.put("kind", [("a", "1"), ("b", "2")])
    memory.close()
    return Memory(path, maker)


def test_what_is_put_is_there_for_the_next(path: Path) -> None:
    memory = filled(path)
    assert memory.all("kind") == {"a": "1", "b": "2"}
    assert memory.get("kind", "a") == "1"
    assert memory.get("kind", "c") is None
    assert memory.all("other") == {}
    memory.put("kind", [("a", "é\n")])
    assert memory.get("kind", "a") == "é\n"


def test_what_is_not_committed_is_not_there(path: Path) -> None:
    memory = filled(path)
    memory.put("kind", [("c", "3")])
    assert memory.get("kind", "c") == "3"
    assert Memory(path, "me").get("kind", "c") is None
    memory.commit()
    assert Memory(path, "me").get("kind", "c") == "3"


def test_another_maker_remembers_nothing(path: Path) -> None:
    filled(path)
    other = Memory(path, "you")
    assert other.all("kind") == {}
    other.put("kind", [("z", "26")])
    other.close()
    assert Memory(path, "you").all("kind") == {"z": "26"}


def test_it_does_not_grow_for_ever(path: Path) -> None:
    memory = filled(path)
    memory.put("kind", [(str(number), "") for number in range(1000)])
    memory.keep("kind", {str(number) for number in range(600)})
    assert len(memory.all("kind")) == 1002
    memory.keep("kind", {"1", "2"})
    assert memory.all("kind").keys() == {"1", "2"}


@pytest.mark.parametrize("broken", [b"", b"no database at all, but some words", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_one_is_empty_and_then_whole_again(path: Path, broken: bytes) -> None:
    filled(path).close()
    path.write_bytes(broken)
    memory = Memory(path, "me")
    assert memory.all("kind") == {}
    memory.put("kind", [("a", "1")])
    memory.close()
    filled(path)
    assert Memory(path, "me").all("kind") == {"a": "1", "b": "2"}


def test_tables_of_another_shape_are_nothing(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE maker (name TEXT PRIMARY KEY)")
        base.execute("INSERT INTO maker VALUES ('me')")
        base.execute("CREATE TABLE kind (nonsense TEXT)")
    base.close()
    assert Memory(path, "me").all("kind") == {}
    assert filled(path).all("kind") == {"a": "1", "b": "2"}


def test_one_that_another_process_holds_is_none(path: Path) -> None:
    filled(path).close()
    with sqlite3.connect(path) as base:
        base.execute("BEGIN EXCLUSIVE")
        memory = Memory(path, "me")
        assert memory.all("kind") == {}
        memory.put("kind", [("a", "9")])
        memory.close()
    base.close()
    assert Memory(path, "me").get("kind", "a") == "1"


def test_a_place_that_can_not_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    memory = filled(tmp_path / "cache" / "memory.sqlite")
    assert memory.all("kind") == {}
    assert filled(None).all("kind") == {}  # type: ignore[arg-type]
