"""Values: every value of the pages wing comes back from its text, and no two have the same digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from generator import values
from generator.model import Document
from generator.pages.views import Html, Picture, PostCard, Tag

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = (
    datetime(2026, 11, 23, 10, 0, 0, 5, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
    datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN),  # a time that no clock there showed
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
)


@dataclass(frozen=True, slots=True)
class One:
    only: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Many:
    one: One | None
    pair: tuple[str, One]
    ones: tuple[One, ...]
    places: Mapping[str, tuple[int, int]]
    extra: Mapping[str, object] = field(default_factory=dict)


@pytest.mark.parametrize(
    "value",
    [
        One((1, 2)),
        Many(
            None, ("a", One()), (One((3,)),), {"x": (1, 2)}, {"a": [1, None, {"b": date(2026, 1, 1)}], "é\ud800": 1.5}
        ),
        Many(One((1,)), ("", One()), (), {}, {"when": MOMENTS[1], "deep": [[MOMENTS[0]]]}),
        PostCard("T", "/t/", MOMENTS[0], Html("<b>"), tags=(Tag("a", "a", "/tags/a/"),), picture=Picture("/x.webp")),
        *(Document("a.md", "post", "A", "a", "", date=moment) for moment in MOMENTS),
    ],
)
def test_there_and_back(value: object) -> None:
    text = values.dumps(value)
    again = values.loads(type(value), text)
    assert again == value
    assert repr(again) == repr(value)
    assert values.dumps(again) == text


def test_html_stays_html() -> None:
    again = values.loads(PostCard, values.dumps(PostCard("T", "/t/", MOMENTS[0], Html("<b>"))))
    assert again.summary.__html__() == "<b>"


def test_each_field_counts() -> None:
    card = PostCard("T", "/t/", MOMENTS[0])
    others = [replace(card, **{name: "x"}) for name in ("title", "url", "summary", "description")]
    others += [replace(card, date=moment) for moment in MOMENTS[1:]]
    others += [replace(card, words=1), replace(card, has_charts=True), replace(card, picture=Picture(""))]
    assert len({values.digest(value) for value in (card, *others)}) == len(others) + 1


@pytest.mark.parametrize("value", [{1, 2}, b"x", object(), datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")).time()])
def test_what_is_no_value(value: object) -> None:
    with pytest.raises(TypeError):
        values.dumps(value)


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '{"a": 1}', "null", "[[1],[2]]", '["a", ["a", 3], [], {}, {}]'])
def test_a_text_that_holds_no_value(text: str) -> None:
    with pytest.raises(ValueError):
        values.loads(Many, text)
