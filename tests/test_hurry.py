"""Hurry: a converter in a hurry gives what one that takes its time gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.prose import dialect

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted([*(ROOT / "tests/prose").glob("*.md"), *(ROOT / "content").rglob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_same_html(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8") + "\n\n"
    for math in (False, True):
        hurried = dialect.converter.__wrapped__(math)
        with monkeypatch.context() as patch:
            patch.setattr(dialect, "hurry", lambda md: None)
            slow = dialect.converter.__wrapped__(math)
        assert hurried.convert(text) == slow.convert(text)
        assert type(hurried.treeprocessors["inline"]) is not type(slow.treeprocessors["inline"])
