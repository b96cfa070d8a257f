"""Articles: where in the source a link of the page stands, and the first words of a text."""

from __future__ import annotations

import pytest

from generator import prose
from generator.model import Document
from generator.pages.articles import article, place_of_link
from generator.pages.briefs import brief, plain
from generator.pages.nearest import Nearest
from generator.pages.routes import Routes

ROUTES = Routes(documents={"a.md": "/a/"})
BODY = """\
The map.png is big. See [map.png](map.png), ![m]( map.png "M") and <img src="map.png">.

`[no](map.png)` [ref] <a href='x?a=1&amp;b=2'>x</a> [y](<a b.png>) []() []()

[ref]: bigmap.png
"""


@pytest.mark.parametrize(
    ("written", "count", "place"),
    [
        ("map.png", 0, "a.md:11:35"),
        ("map.png", 1, "a.md:11:51"),
        ("map.png", 2, "a.md:11:78"),
        ("map.png", 9, "a.md:11:78"),
        ("bigmap.png", 0, "a.md:15:8"),
        ("bigmap.png", 1, "a.md:15:8"),
        ("x?a=1&b=2", 0, "a.md:13:32"),
        ("a b.png", 0, "a.md:13:58"),
        ("", 0, "a.md:13:69"),
        ("", 1, "a.md:13:74"),
        ("nowhere", 0, "a.md"),
    ],
)
def test_the_place_of_a_link(written: str, count: int, place: str) -> None:
    assert str(place_of_link(Document("a.md", "post", "A", "a", BODY, body_line=11), written, count)) == place


def test_every_dead_link_has_the_place_where_it_stands() -> None:
    document = Document("a.md", "post", "A", "a", BODY, body_line=11)
    found = article(document, prose.render(BODY), ROUTES, Nearest(ROUTES))
    places = sorted(str(problem.place) for problem in found.problems)
    assert places == sorted(
        [
            *("a.md:11:35", "a.md:11:51", "a.md:11:78", "a.md:13:32"),
            *("a.md:13:58", "a.md:13:69", "a.md:13:74", "a.md:15:8"),
        ]
    )


def test_a_summary_without_its_charts() -> None:
    body = "Look at {% include a.html %} this.\n\n{% include a.html %}\n\nMore.\n\n<!-- more -->\n\nRest."
    found = brief("", prose.render(body))
    assert "vp-include" not in found.summary
    assert found.summary.count("<p>") == 2
    assert found.includes == ("a.html", "a.html")
    assert found.description == "Look at this. More."


def test_a_description_of_one_look() -> None:
    assert plain("<p>a <b>&amp;</b>\n b<script>x</script></p>") == "a & b"
    long = plain(f"<p>{'word ' * 100}</p>")
    assert long.endswith("word …")
    assert len(long) <= 202


def test_the_same_slip_twice_is_told_twice() -> None:
    body = "{% include %}\n\n`{% include %}` and {% include %}\n"
    found = article(Document("a.md", "post", "A", "a", body), prose.render(body), ROUTES, Nearest(ROUTES))
    assert [str(problem.place) for problem in found.problems] == ["a.md:1:1", "a.md:3:21"]
