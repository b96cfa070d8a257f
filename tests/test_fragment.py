"""The fragment: what is written is read again, and the JSON harms neither HTML nor Liquid."""

from __future__ import annotations

import html
import json
import re

import pytest

from generator import fragment
from generator.fragment import Fragment

PAYLOAD = fragment.payload([{"x": [1, 2], "text": "</script> {{ a }} {% b %}"}], {"height": 3}, [{"name": "1"}])


@pytest.mark.parametrize(
    "chart",
    [
        Fragment("a", PAYLOAD),
        Fragment("3dkmeans", PAYLOAD, 'Alt "text" <b> & more', "A <a href='x'>caption</a>.", "<table></table>", 600),
        Fragment("a", PAYLOAD, table="<table>1</table>\n<table>2</table>").anchored("a-2"),
    ],
)
def test_round_trip(chart: Fragment) -> None:
    assert fragment.is_fragment(chart.to_html())
    assert fragment.parse(chart.to_html()) == chart


def test_the_payload_is_safe_where_it_stands() -> None:
    assert "</" not in PAYLOAD
    assert "{{" not in PAYLOAD
    assert "{%" not in PAYLOAD
    assert json.loads(PAYLOAD) == {
        "data": [{"x": [1, 2], "text": "</script> {{ a }} {% b %}"}],
        "frames": [{"name": "1"}],
        "layout": {"height": 3},
    }


@pytest.mark.parametrize("braces", ["{{ a }}", "{% a %}", "{# a #}", "{{{ a }}}", "{{% a %}}", "{{{{{{"])
def test_no_template_language_finds_a_tag_in_a_fragment(braces: str) -> None:
    text = fragment.payload([{"text": braces}], {"meta": {braces: 1}}, [{"name": braces}])
    chart = Fragment("a", text, braces, f"<em>{braces}</em>", f"<table><tr><td>{braces}</td></tr></table>")
    markup = chart.to_html()
    assert not re.search(r"\{[{%#]", markup)
    read = fragment.parse(markup)
    assert read is not None
    assert json.loads(read.payload)["data"] == [{"text": braces}]
    assert (read.alt, html.unescape(read.caption)) == (braces, f"<em>{braces}</em>")
    assert html.unescape(read.table) == chart.table


def test_one_trace_a_line_in_sorted_order() -> None:
    text = fragment.payload([{"b": 1, "a": 2}, {"c": 3}], {})
    assert text == '{"data":[\n{"a":2,"b":1},\n{"c":3}\n],"layout":{}}'


def test_json_has_no_infinity() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        fragment.payload([{"x": float("inf")}], {})


@pytest.mark.parametrize(
    "text", ["", "<figure>", Fragment("a", PAYLOAD).to_html()[:-20], "<p>" + Fragment("a", "{}").to_html()]
)
def test_anything_else_is_no_fragment(text: str) -> None:
    assert fragment.parse(text) is None
