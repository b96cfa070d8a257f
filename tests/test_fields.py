"""Fields: the types of the front matter's keys."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from generator.pages.fields import Fields, moment
from generator.pages.frontmatter import parse

BERLIN = ZoneInfo("Europe/Berlin")


def fields(yaml: str) -> Fields:
    return Fields(parse("a.md", f"---\n{yaml}\n---\n").fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-04-18", "2017-04-18T00:00:00+02:00"),
        ("2017-1-8", "2017-01-08T00:00:00+01:00"),
        ("2017-04-18 10:00", "2017-04-18T10:00:00+02:00"),
        ("2017-04-18 10:00:00 +0200", "2017-04-18T10:00:00+02:00"),
        ("2017-04-18T10:00:00-08:00", "2017-04-18T10:00:00-08:00"),
        ("2017-04-18T10:00:00.25Z", "2017-04-18T10:00:00+00:00"),
        ("2017-04-18 10:00:00 UTC", "2017-04-18T10:00:00+00:00"),
    ],
)
def test_times(text: str, expected: str) -> None:
    found = moment(text, BERLIN)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize("text", ["", "soon", "2017-02-30", "2017-04-18 25:00", "0001-01-01 00:00 +1000", "18.4.2017"])
def test_what_is_no_time(text: str) -> None:
    assert moment(text, BERLIN) is None


def test_a_time_without_a_zone_is_the_sites() -> None:
    found = fields("date: 2017-12-24 18:00").moment(BERLIN, "date")
    assert found is not None
    assert found.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("tags: [K-Means, machine learning, k-means, 2017, yes]", ("K-Means", "machine learning", "2017", "yes")),
        ("tags: one two", ("one", "two")),
        ("tags: machine learning, spark", ("machine learning", "spark")),
        ("tags:\n- a\n-\n- ' b  c '", ("a", "b c")),
        ("tags:", ()),
        ("tags: []", ()),
    ],
)
def test_tags(yaml: str, expected: tuple[str, ...]) -> None:
    found = fields(yaml)
    assert found.words("tags") == expected
    assert not found.problems


def test_text_is_what_was_written() -> None:
    assert fields("title: 1.10").text("title") == "1.10"
    assert fields("title: No").text("title") == "No"
    assert fields("title: >\n  two\n  lines").text("title") == "two lines"
    assert fields("summary:\nsubtitle: x").text("description", "summary", "subtitle") == "x"


@pytest.mark.parametrize(
    ("yaml", "key", "message"),
    [
        ("title: [a]", "text", "a.md:2:8: error: 'title' must be text"),
        ('title: "a\\0b"', "text", "a.md:2:8: error: 'title' holds the control character U+0000"),
        ("title: maybe", "flag", "a.md:2:8: error: 'title' must be true or false"),
        ("title: soon", "moment", "a.md:2:8: error: 'title' is not a date: 'soon'"),
        ("title: {a: b}", "words", "a.md:2:8: error: 'title' must be a list of texts"),
        ("title: [a, [b]]", "words", "a.md:2:12: error: each of 'title' must be text"),
        ("title: [/a/, b]", "paths", "a.md:2:14: error: 'b' is no address of this site"),
        ("title: /a/../b", "paths", "a.md:2:8: error: '/a/../b' is no address of this site"),
    ],
)
def test_wrong_types(yaml: str, key: str, message: str) -> None:
    found = fields(yaml)
    if key == "moment":
        found.moment(BERLIN, "title")
    else:
        getattr(found, key)("title")
    assert [str(problem).split("\n")[0] for problem in found.problems] == [message]


def test_unknown_keys_are_kept_and_slips_are_told() -> None:
    found = fields("titel: x\ncolour: blue\ncategory: y\nPublished: true")
    assert found.unknown() == {"titel": "x", "colour": "blue", "category": "y", "Published": True}
    assert [str(problem) for problem in found.problems] == [
        "a.md:2:1: warning: unknown key 'titel'\n  hint: did you mean 'title'?",
        "a.md:5:1: warning: unknown key 'Published'\n  hint: did you mean 'published'?",
    ]
