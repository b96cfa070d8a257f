"""Prose: Markdown in, HTML out, code and include tags to the letter, and the same text always the same HTML."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.prose import Heading, IncludeTag, highlight, locate, render, slug, stylesheet

CASES = Path(__file__).parent / "prose"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    rendered = render(path.read_text(encoding="utf-8"), math=path.stem == "formulas")
    assert f"{rendered.html}\n" == path.with_suffix(".html").read_text(encoding="utf-8")
    assert rendered.troubles == ()


LISTS = {
    "two spaces": ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
    "three spaces under a number": ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
    "two spaces under a number": ("1. a\n  - b", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
    "four spaces": ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "a wide marker": ("10. a\n    - b\n11. c", '<ol start="10"><li>a<ul><li>b</li></ul></li><li>c</li></ol>'),
    "numbers in bullets": ("- a\n  1. b\n  2. c", "<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>"),
    "after a line of text": ("text\n- a\n- b", "<p>text</p><ul><li>a</li><li>b</li></ul>"),
    "1 after a line of text": ("text\n1. a", "<p>text</p><ol><li>a</li></ol>"),
    "a year after a line of text": ("It was in\n1986. A good year", "<p>It was in 1986. A good year</p>"),
    "a start after a blank line": ("7) a\n8) b", '<ol start="7"><li>a</li><li>b</li></ol>'),
    "loose between items": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "loose within an item": ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
    "loose inside, tight outside": (
        "- a\n  - b\n\n    c\n- d",
        "<ul><li>a<ul><li><p>b</p><p>c</p></li></ul></li><li>d</li></ul>",
    ),
    "other signs begin other lists": ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
    "a rule ends it": ("- a\n---\n- b", "<ul><li>a</li></ul><hr><ul><li>b</li></ul>"),
    "a heading underlined": ("text\n-", '<h2 id="text">text</h2>'),
    "a rule of stars": ("* * *", "<hr>"),
    "emphasis is no bullet": ("*a*\n**b**", "<p><em>a</em> <strong>b</strong></p>"),
    "lazy": ("- a\nb\n  - c\nd", "<ul><li>a b<ul><li>c d</li></ul></li></ul>"),
    "too deep to be an item": ("- a\n     - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "text that looks like an item": (
        "1.  a\n - b\n\ntext\n    - c",
        "<ol><li>a</li></ol><ul><li>b</li></ul><p>text - c</p>",
    ),
    "an item that begins with a list": ("- - a\n  - b", "<ul><li><ul><li>a</li><li>b</li></ul></li></ul>"),
    "an empty item": ("- a\n-\n- b", "<ul><li>a</li><li></li><li>b</li></ul>"),
    "an empty item before a line": ("*\ntext", "<ul><li></li></ul><p>text</p>"),
    "a text below its marker": ("-\n  a\n1.\n   b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
    "a quote in it": ("- > a\n  > b\n- c", "<ul><li><blockquote><p>a b</p></blockquote></li><li>c</li></ul>"),
    "in a quote": (
        "> text\n> 1. a\n>    - b",
        "<blockquote><p>text</p><ol><li>a<ul><li>b</li></ul></li></ol></blockquote>",
    ),
    "a number after a quote": ("> a\n2. b", '<blockquote><p>a</p></blockquote><ol start="2"><li>b</li></ol>'),
    "a heading in it": ("- # A\n- b", '<ul><li><h1 id="a">A</h1></li><li>b</li></ul>'),
    "a paragraph after it": ("- a\n\ntext", "<ul><li>a</li></ul><p>text</p>"),
    "a tab": ("-\ta\n\t- b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "html in it": ("- a\n\n  <div>*x*</div>", "<ul><li><p>a</p><div>*x*</div></li></ul>"),
}


@pytest.mark.parametrize(("text", "html"), LISTS.values(), ids=LISTS)
def test_lists_as_on_github(text: str, html: str) -> None:
    assert compact(render(text).html) == html


def compact(html: str) -> str:
    """HTML without the line ends that only a reader of the source sees."""
    return re.sub(r"\s*(</?(?:ul|ol|li|p|hr|blockquote|h\d|div)\b[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", html))


def test_code_in_an_item_keeps_its_lines() -> None:
    html = render("1. a\n\n   ```\n   if x:\n       y\n\n   z\n   ```\n2. b\n\n       indented\n         more\n").html
    assert "<code>if x:\n    y\n\nz\n</code>" in html
    assert "<code>indented\n  more\n</code>" in html
    assert html.count("<ol") == 1


def test_lists_in_code_html_and_tables_stay_what_they_are() -> None:
    html = render("```\n- a\n  - b\n```\n\n<pre>\n- a\n</pre>\n\n| a | b |\n| - | - |\n| - c | d |\n").html
    assert "- a\n  - b\n" in html
    assert "<pre>\n- a\n</pre>" in html
    assert "<li>" not in html
    assert "<td>- c</td>" in html


def test_includes_are_numbered_as_they_stand_and_code_is_left_alone() -> None:
    text = (
        'See `{% include a.html %}`[^n] {% include b.html key="x|\\"y\\"" n=3 %}.\n\n[^n]: {%- include c/d.html -%}\n'
    )
    rendered = render(text)
    assert rendered.includes == (
        IncludeTag("b.html", (("key", 'x|"y"'), ("n", "3")), '{% include b.html key="x|\\"y\\"" n=3 %}'),
        IncludeTag("c/d.html", (), "{%- include c/d.html -%}"),
    )
    assert "<code>{% include a.html %}</code>" in rendered.html


@pytest.mark.parametrize(
    "text",
    ["{{ x }}", "{% y %}", "{% y x.html %}", "{% include_cached x.html %}", "{%include2 %}", "`{% include` and `%}`"],
)
def test_other_template_syntax_is_text(text: str) -> None:
    rendered = render(text)
    assert re.sub("</?(?:p|code)>", "", rendered.html) == text.replace("`", "")
    assert rendered.troubles == ()


@pytest.mark.parametrize(
    ("text", "message", "needle"),
    [
        ("a {% include %} b", "an include tag that can't be read: {% include %}", "{% include %}"),
        (
            "{% include a.html x= %}",
            "an include tag that can't be read: {% include a.html x= %}",
            "{% include a.html x= %}",
        ),
        ("a\n{% include a.html\n\nb", "this include tag has no end", "{% include a.html\n"),
        (
            "{% Inclde a.html x=1 %}",
            "there is no tag 'Inclde': {% Inclde a.html x=1 %}",
            "{% Inclde a.html x=1 %}",
        ),
        (
            "{% include a.html x=page.title %}",
            "the value of 'x' in this include is not in quotes: page.title",
            "{% include a.html x=page.title %}",
        ),
        (
            '<a href="{% include a.html %}">x</a>',
            "an include can't stand inside an HTML tag or an address",
            "{% include a.html %}",
        ),
    ],
)
def test_trouble_with_a_tag(text: str, message: str, needle: str) -> None:
    rendered = render(text)
    assert [(one.message, one.needle) for one in rendered.troubles] == [(message, needle)]
    assert rendered.troubles[0].hint
    assert locate(text, needle) != (0, 0)
    assert rendered.includes == ()


def test_a_tag_without_an_end_is_not_taken_for_one_that_begins_like_it() -> None:
    text = 'a {% include a.html n="1" %}\n\nb {% include a.html\n'
    (trouble,) = render(text).troubles
    assert locate(text, trouble.needle) == (3, 3)


def test_code_says_no_trouble() -> None:
    text = "`{% include %}` `{% inclde a.html %}`\n\n    {% include x\n\n<!-- {% include y=1 %} -->"
    assert render(text).troubles == ()


def test_headings() -> None:
    rendered = render("# One *two* `x`\n## C++ & C#[^1]\n## Own {#my-id}\n## my id\n\n[^1]: n")
    assert rendered.headings == (
        Heading(1, "one-two-x", "One two x"),
        Heading(2, "c--c", "C++ & C#"),
        Heading(2, "my-id", "Own"),
        Heading(2, "my-id-1", "my id"),
    )
    assert '<h2 id="my-id-1">' in rendered.html


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Hello, World!", "hello-world"),
        ("a  b", "a--b"),
        ("snake_case-kebab", "snake_case-kebab"),
        ("Größe über 10 %", "größe-über-10-"),
        ("日本語 と", "日本語-と"),
        ("हिन्दी", "हिन्दी"),
        ("½ 🎉 x²", "--x"),
        ("???", "section"),
    ],
)
def test_slug_as_github(text: str, anchor: str) -> None:
    assert slug(text, {}) == anchor


def test_slugs_of_repeated_headings() -> None:
    taken: dict[str, int] = {}
    given = [slug(text, taken) for text in ("a", "a", "a-1", "a", "a 1")]
    assert given == ["a", "a-1", "a-1-1", "a-2", "a-1-2"]


def test_summary_is_the_first_paragraph_with_words() -> None:
    text = (
        "# T\n\n![](x.png)\n\n> quoted\n\n{% include c.html %}\n\nFirst[^1] {% include d.html %}.\n\nSecond.\n\n[^1]: n"
    )
    assert render(text).summary == '<p>First <vp-include n="1"></vp-include>.</p>'


def test_summary_ends_at_more() -> None:
    text = "# T\n\nOne[^1].\n\n- two <!-- more --> three\n\n[^1]: n"
    assert compact(render(text).summary) == "<p>One.</p><ul><li>two</li></ul>"
    assert render("a\n\n```\n<!-- more -->\n```\n").summary == "<p>a</p>"


def test_words() -> None:
    assert render("One two-three, isn't `x`.\n\n```\nnot counted\n```\n").words == 4
    assert render("日本語").words == 3


def test_formula_troubles() -> None:
    rendered = render("$x_$, $\\nope$, $\\frac{a$ and ${% include a.html %}$", math=True)
    assert [(one.message, one.needle) for one in rendered.troubles] == [
        ("this formula can't be read: missing super script or subscript", "x_"),
        ("this formula can't be read: \\nope is not a command that is known here", "\\nope"),
        ("this formula can't be read: a '{' is not closed", "\\frac{a"),
        ("this formula can't be read: an include can't stand in it", "{% include a.html %}"),
    ]


def test_without_math_a_dollar_is_a_dollar() -> None:
    assert render("$x$ \\(y\\)").html == "<p>$x$ (y)</p>"


def test_the_same_text_gives_the_same_html_whatever_came_before() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.md"))]
    first = [render(text) for text in texts]
    assert [render(text) for text in reversed(texts)] == first[::-1]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_odd_characters(end: str) -> None:
    assert render(f"a{end}{end}- b\x00\x1a{end}  - c\ud800\x0e0\x0f").html == render("a\n\n- b\n  - c\ufffd0").html
    assert render("\ufeff# T").html == '<h1 id="t">T</h1>'


@pytest.mark.parametrize(
    "text", ["", " \n", "> " * 1200 + "x", "- " * 1200 + "x", "<div>" * 500, "`" * 1000, "{% include " * 200]
)
def test_nothing_that_is_written_raises(text: str) -> None:
    render(text, math=True)


def test_links_are_not_linked_twice() -> None:
    html = render('<a href="https://a.org">https://a.org</a> [https://b.org](c) <https://d.org> `https://e.org`').html
    assert html.count("<a ") == 3


def test_locate() -> None:
    body = "`x` x\n\n    x\n\n```\nx\n```\n<!-- x -->\n- a\n  x x"
    assert [locate(body, "x", nth) for nth in range(4)] == [(1, 5), (10, 3), (10, 5), (0, 0)]
    assert locate("a\r\nb x", "x") == (2, 3)
    assert locate("1. a\n\n   ```\n   x\n   ```\n   x", "x") == (6, 4)
    assert locate("> ```\n> x\n> ```\n> x", "x") == (4, 3)


def test_highlight() -> None:
    html = highlight("x = '<a>'\n", "python")
    assert html.startswith(
        '<div class="highlight" data-language="python"><pre tabindex="0" role="group" aria-label="Python code">'
    )
    assert "<span class=\"s1\">'&lt;a&gt;'" in html
    assert re.sub("<[^>]*>", "", html) == "x = '&lt;a&gt;'\n"
    assert "<code>a &lt; b</code>" in highlight("a < b", "no such language")


def test_colours_of_code_are_easy_to_read() -> None:
    for pairs in zip(*re.findall(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", stylesheet()), strict=True):
        ground, *colours = pairs
        assert len(colours) > 15
        assert min(contrast(colour, ground) for colour in colours) >= 7


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_only_formulas_import_their_library() -> None:
    code = "import sys; from generator.prose import render; render('a'); print('latex2mathml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_footnote_that_says_nothing() -> None:
    made = render("One.[^a] Two.[^b]\n\n[^a]:\n\n[^b]: text\n")
    assert [(trouble.message, trouble.needle) for trouble in made.troubles] == [("this footnote says nothing", "[^a]:")]
    assert render("One.[^a]\n\n[^a]:\n    text\n").troubles == ()
    linked = render("One.[^b] Two.[^a]\n\n[^a]: [x]: /address\n\n[^b]: - a list")  # nothing but a link's definition
    assert [(trouble.message, trouble.needle) for trouble in linked.troubles] == [
        ("this footnote says nothing", "[^a]:")
    ]


def test_what_is_nested_too_deep_spoils_nothing_else() -> None:
    before = render("A *b*.\n\n- c\n")
    (trouble,) = render("a\n: b\n" * 5000).troubles
    assert trouble.message == "this text is nested too deep"
    assert render("A *b*.\n\n- c\n") == before
