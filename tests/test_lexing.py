"""Lexing: the hurried lexers give just the tokens that Pygments' own give, for whole files and for scraps."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name

import generator
from generator.prose.beginnings import ASCII, beginnings
from generator.prose.lexing import hurried

PACKAGE = Path(generator.__file__).parent
NAMES = (
    *("python", "pycon", "javascript", "css", "html", "json", "yaml", "toml", "bash", "console", "sql", "scala"),
    *("java", "kotlin", "r", "julia", "rust", "go", "c", "cpp", "csharp", "ruby", "php", "diff", "docker", "make"),
    *("ini", "xml", "markdown", "tex", "jinja", "typescript", "haskell", "lua", "perl", "powershell", "http", "text"),
)
FILES = (
    *("fragment.py", "charts/spark.py", "prose/beginnings.py", "theme/static/style.css", "theme/static/page.js"),
    *("theme/templates/base.html", "theme/templates/post.html"),
)
ODD = ("\n", "\n\n", "é", "ſ", "\u212a", "\t", '"', "'''", "<", "{% x %}", "0x1F", "-- a\n", "$")


def scraps(seed: int) -> str:
    """Pieces of our own files, broken off anywhere, and some characters that no program likes."""
    chosen = random.Random(seed)
    texts = [(PACKAGE / name).read_text(encoding="utf-8") for name in FILES]
    found = []
    for _ in range(60):
        text = chosen.choice(texts)
        start = chosen.randrange(len(text))
        found.append(text[start : start + chosen.randint(1, 60)])
        found.append(chosen.choice(ODD))
    return "".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_tokens(name: str) -> None:
    own, ours = get_lexer_by_name(name), hurried(get_lexer_by_name(name))
    whole = [(PACKAGE / file).read_text(encoding="utf-8")[:3000] for file in FILES[:5]]
    for text in (*whole, *map(scraps, range(3)), ""):
        assert list(ours.get_tokens(text)) == list(own.get_tokens(text))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc", "a"),
        ("a|bc|[d-f]", "abdef"),
        ("a?b", "ab"),
        ("(?:a|b)+?c", "ab"),
        (r"(?=x)\d+", "0123456789"),
        (r"(?<!x)\b(a)(?P<n>b)", "a"),
        ("(?i)ab", "aA"),
        ("(?i:a)b|c", "aAc"),
        ("(?i)[ax-z]", "aAxXyYzZ"),
        (r"\s", "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f "),
        ("é|a", "a"),
        ("[é-üœa-cø]x", "abc"),
        ("[a-ü]", "abcdefghijklmnopqrstuvwxyz{|}~\x7f"),
        ("éa?b", ""),
        ("a{2,3}", "a"),
        ("(?>a*)b", "ab"),
        ("^a", "a"),
        ("(?x) a # b\n", "a"),
    ],
)
def test_beginnings(pattern: str, expected: str) -> None:
    assert beginnings(re.compile(pattern)) == frozenset(expected)


@pytest.mark.parametrize("pattern", ["", "a*", "(?=a)", "$", r"(a)?\1", "(?i)ſ", "(?i)[à-ſ]", "a|", r"(a)?(?(1)b|c)"])
def test_what_may_begin_with_anything(pattern: str) -> None:
    assert beginnings(re.compile(pattern)) is None


def test_all_but_one() -> None:
    assert beginnings(re.compile("[^ab]")) == ASCII - {"a", "b"}
    assert beginnings(re.compile("(?i)[^ab]")) == ASCII - {*"abAB"}
    assert "a" in (beginnings(re.compile(".")) or "")
