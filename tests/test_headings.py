"""Headings: one first-level heading a page, and a link on each that has an id."""

from __future__ import annotations

import pytest

from generator import prose
from generator.pages.headings import below, linked


def settled(markdown: str, title: str = "The title") -> tuple[str, list[tuple[int, str]]]:
    rendered = prose.render(markdown)
    text, headings = below(title, rendered.html, rendered.headings)
    return text, [(heading.level, heading.text) for heading in headings]


def test_a_text_without_headings_of_the_first_level_stays_as_it_is() -> None:
    assert settled("## One\n\n### Two") == (prose.render("## One\n\n### Two").html, [(2, "One"), (3, "Two")])


def test_a_heading_that_says_the_title_again_goes() -> None:
    text, headings = settled("# The  *title*\n\nText.\n\n## One")
    assert text == '<p>Text.</p>\n<h2 id="one">One</h2>'
    assert headings == [(2, "One")]


def test_other_headings_of_the_first_level_move_all_a_level_down() -> None:
    text, headings = settled("# One\n\n## Two\n\n###### Six\n\n    <h1>code</h1>\n\n# The title")
    assert headings == [(2, "One"), (3, "Two"), (6, "Six"), (2, "The title")]
    assert '<h2 id="one">One</h2>' in text
    assert "&lt;h1&gt;" in text
    assert "<h1" not in text


def test_a_title_said_again_above_others_of_its_level() -> None:
    text, headings = settled("# The title\n\n# One\n\n## Two")
    assert headings == [(2, "One"), (3, "Two")]
    assert "The title" not in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<h2 id="a">A <em>b</em></h2>', '<h2 id="a"><a class="anchor" href="#a">A <em>b</em></a></h2>'),
        ('<h3 class="x" id="a">A</h3>', '<h3 class="x" id="a"><a class="anchor" href="#a">A</a></h3>'),
        (
            '<h2 id="a">A <a href="x">b</a></h2>',
            '<h2 id="a">A <a href="x">b</a> <a class="anchor" href="#a" aria-label="Link to this section"></a></h2>',
        ),
        ("<h2>A</h2>", "<h2>A</h2>"),
        ('<h1 id="a">A</h1>', '<h1 id="a">A</h1>'),
        ('<a href="x"><h2 id="a">A</h2></a>', '<a href="x"><h2 id="a">A</h2></a>'),
        ('<h2 data-id="a">A</h2>', '<h2 data-id="a">A</h2>'),
    ],
)
def test_a_heading_is_a_link_to_itself(before: str, after: str) -> None:
    assert linked(before) == after
