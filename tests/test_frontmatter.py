"""Front matter: both parts of a file, plain values, and the place of everything that is wrong."""

from __future__ import annotations

import pytest

from generator.pages.frontmatter import decode, parse


def complaints(yaml: str) -> list[str]:
    return [str(problem).split("\n")[0] for problem in parse("a.md", f"---\n{yaml}\n---\nBody\n").problems]


def test_a_file_in_its_two_parts() -> None:
    front = parse("a.md", "---\ntitle: One\ntags: [a, 2]\nnone:\n---\n\nBody\n")
    assert front.body == "\nBody\n"
    assert front.body_line == 6
    assert front.fields["title"].value == "One"
    assert front.fields["title"].place.line == 2
    assert front.fields["title"].place.col == 8
    assert [(item.text, item.place.col) for item in front.fields["tags"].items] == [("a", 8), ("2", 11)]
    assert front.fields["none"].empty
    assert not front.problems


def test_a_rule_in_the_body_is_no_fence() -> None:
    front = parse("a.md", "---\ntitle: x\n---\ntext\n\n---\n\nmore\n")
    assert front.body == "text\n\n---\n\nmore\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.md:1:1: error: no front matter"),
        ("title: x\n", "a.md:1:1: error: no front matter"),
        ("\n---\ntitle: x\n---\n", "a.md:1:1: error: no front matter"),
        ("---\ntitle: x\n", "a.md:1:1: error: the front matter has no end"),
        ("---", "a.md:1:1: error: the front matter has no end"),
    ],
)
def test_missing_fences(text: str, message: str) -> None:
    assert [str(problem).split("\n")[0] for problem in parse("a.md", text).problems] == [message]


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("title: a: b", "a.md:2:9: error: YAML: mapping values are not allowed in this context"),
        ("title: x\ntags: [a", "a.md:3:9: error: YAML: did not find expected ',' or ']'"),
        ("just words", "a.md:2:1: error: the front matter is no list of 'key: value' lines"),
        ("- a\n- b", "a.md:2:1: error: the front matter is no list of 'key: value' lines"),
        ("title: x\nö: 1\ntitle: y", "a.md:4:1: error: the key 'title' stands here again"),
        ("a:\n  b: 1\n  b: 2", "a.md:4:3: error: the key 'b' stands here again"),
        ("x: !!python/object/apply:os.system [ls]", "a.md:2:4: error: YAML: could not determine a constructor"),
        ("x: *nowhere", "a.md:2:4: error: YAML: "),
        ("x: &a [*a]", "a.md:2:4: error: YAML: a value holds itself"),
        ("? [a, b]\n: 1", "a.md:2:3: error: a key of the front matter must be a word"),
        ("title: '\x85\x85'\ny: @x", "a.md:3:4: error: YAML: found character that cannot start any token"),
    ],
)
def test_an_error_has_its_place(yaml: str, message: str) -> None:
    found = complaints(yaml)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert complaints("\n".join(lines)) == ["a.md:2:1: error: the front matter has more than 10000 values"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_tower_of_lists_is_refused_before_it_falls(opening: str) -> None:
    """libyaml's composer recurses: some ten thousand levels would end the process."""
    assert complaints(opening * 60_000)[0].startswith("a.md:2:1: error: the front matter is nested more than 50 levels")


def test_what_only_looks_like_a_date_stays_text() -> None:
    front = parse("a.md", "---\nx: 2017-13-45\ny: 1__\n---\n")
    assert front.fields["x"].value == "2017-13-45"
    assert not front.problems


def test_encodings() -> None:
    assert decode("a.md", b"\xef\xbb\xbf---\r\ntitle: x\r---") == ("---\ntitle: x\n---", ())
    _, problems = decode("a.md", b"one\ntw\xc3\xb6 \xff\xfe")
    assert str(problems[0]) == "a.md:2:5: error: not UTF-8: byte 0xff\n  hint: save the file in the encoding UTF-8"
    _, problems = decode("a.md", b"one\ntwo\x00")
    assert str(problems[0]).startswith("a.md:2:4: error: control character U+0000")
