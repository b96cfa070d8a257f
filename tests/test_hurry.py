"""Hurry: a converter in a hurry gives what one that takes its time gives, and is not long over what nobody writes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from markdown import Markdown

from generator.prose import brackets, dialect, render, rendering

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted([*(ROOT / "tests/prose").glob("*.md"), *(ROOT / "content").rglob("*.md"), *(ROOT / "docs").glob("*.md")])


PIECES = [
    *("[", "]", "(", ")", "![", "[a]", "(b)", "<", ">", "<b>", "</b>", "<a href='x'>", "</a>", '"', "'", "<!--", "-->"),
    *("`", " ", "\n", "a", "  \n", "\\", "*", "[r]", '[r]: /u "t"\n\n', "&", "http://x.y)", "![r][]", "[x][r]", "[^1]"),
    *("<i <b>>", "(<", "<u>)", "_", "~~", "&amp;", "![a](b.png)", '[a](b "c")', "- ", "> ", "# ", "|", "\n\n"),
]
LONG = {
    "brackets": "[" * 20_000,
    "pairs of brackets": "[" * 10_000 + "]" * 10_000,
    "pictures without end": "![x" * 10_000,
    "links without end": "[x](" * 10_000,
    "references without end": "[a][" * 10_000,
    "sections of XML": "<![CDATA[" * 3_000,
    "a picture of 20,000 lines": "<svg>" + '<path d="M0 0L1 1"/>' * 20_000 + "</svg>",
    "links in one paragraph": "[a](b) [c] " * 3_000,
    "lines that break": ("a" + " " * 50 + "\n") * 5_000,
    "an address and brackets": "http://a" + ")" * 20_000,
    "a footnote often": "[^1] " * 3_000 + "\n\n[^1]: Once.",
    "underlined headings": "a\n-\n" * 2_500,
    "quotes": ">" * 20_000 + " a",
    "lists": "- " * 20_000 + "a",
    "emphasis": "*a " * 10_000 + "*" * 10_000,
}
"""What took minutes or takes long where each sign makes the converter look through all that follows."""


def converters(math: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[Markdown, Markdown]:
    """One in a hurry, and one that takes its time."""
    hurried = dialect.converter.__wrapped__(math)
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "hurry", lambda md: None)
        patch.setattr(brackets, "register", lambda md: None)
        slow = dialect.converter.__wrapped__(math)
    assert type(hurried.treeprocessors["inline"]) is not type(slow.treeprocessors["inline"])
    return hurried, slow


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_same_html(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8") + "\n\n"
    for math in (False, True):
        hurried, slow = converters(math, monkeypatch)
        assert hurried.convert(text) == slow.convert(text)


def test_the_same_html_of_whatever_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried, slow = converters(False, monkeypatch)
    dice = random.Random(7)
    for _ in range(400):
        text = "".join(dice.choices(PIECES, k=dice.randint(1, 40)))
        given = rendering._even(f"{text}\n\n[r]: /ref\n\n[^1]: note")
        assert hurried.reset().convert(given) == slow.reset().convert(given), repr(text)


@pytest.mark.parametrize("name", LONG)
def test_no_text_takes_long(name: str) -> None:
    assert render(LONG[name]).troubles == ()
