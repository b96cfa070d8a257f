"""Includes: found by name, filled in, and put where they belong without breaking the HTML around them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import html5lib
import pytest

from generator.errors import Place
from generator.fragment import Fragment, notebook
from generator.pages.includes import Content, Includes, contents, feed_form
from generator.pages.insertion import insert
from generator.pages.views import Picture
from generator.prose import IncludeTag, render

HEAT = Fragment(
    "heat",
    '{"data":[\n{"type":"heatmap"}\n],"layout":{}}',
    alt="A < B",
    caption="The <em>caption</em>",
    table="<table><tr><td>1</td></tr></table>",
)


@dataclass(frozen=True)
class Page:
    title: str = "A page"


def no_poster(fragment: Fragment) -> Picture | None:
    return None


def place(needle: str, count: int) -> Place:
    return Place("post.md", count + 1, len(needle))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "includes"
    folder.mkdir()
    (folder / "heat.html").write_text(HEAT.to_html())
    return folder


def filled(folder: Path, text: str, **files: str) -> tuple[str, list[str]]:
    """The HTML of `text` with includes put in, and the problems; `files` are hand-written includes."""
    for name, content in files.items():
        (folder / f"{name}.html").write_text(content)
    rendered = render(text)
    found, problems = contents(rendered.includes, Includes(folder), Page(), {"title": "A site"}, place)
    return insert(rendered.html, [content.html for content in found]), [str(problem) for problem in problems]


def test_a_chart_is_pasted_as_it_is(folder: Path) -> None:
    found, problems = contents([IncludeTag("heat.html", (), "")], Includes(folder), Page(), {}, place)
    assert found == (Content("heat.html", HEAT.to_html(), HEAT),)
    assert problems == ()


def test_a_chart_shown_again_gets_another_anchor(folder: Path) -> None:
    (folder / "heat-2.html").write_text(Fragment("heat-2", "{}").to_html())
    html, problems = filled(
        folder,
        "{% include heat.html %}\n\n{% include pair.html %}\n\n{% include heat-2.html %}\n\n{% include heat.html %}",
        pair="<div>{% include heat.html %}</div>",
    )
    ids = [part.partition('"')[0] for part in html.split('<figure class="chart" id="')[1:]]
    assert ids == ["chart-heat", "chart-heat-2", "chart-heat-2-2", "chart-heat-3"]
    assert html.count('data-chart="heat"') == 3
    assert problems == []


def test_a_notebook_is_pasted_as_it_is_and_a_second_time_with_other_anchors(folder: Path) -> None:
    inner = '<h2 id="study-end">End {{</h2>\n<p><a href="#study-end">up</a> <a href="#other">o</a></p>\n'
    study = notebook("study", inner + HEAT.to_html())
    html, problems = filled(folder, "{% include study.html %}\n\n{% include study.html %}", study=study)
    assert problems == []
    first, second = html.split("</article>", 1)
    assert first + "</article>\n" == study
    assert '<h2 id="study-2-end">End {{</h2>\n<p><a href="#study-2-end">up</a> <a href="#other">o</a></p>' in second
    assert 'id="chart-heat-2" data-chart="heat"' in second
    assert 'data-notebook="study"' in second
    fed = feed_form(html, "https://example.org/", no_poster)
    assert (fed.count("<script"), fed.count("Interactive chart")) == (0, 2)


def test_a_damaged_notebook_is_a_problem(folder: Path) -> None:
    html, problems = filled(folder, "{% include study.html %}", study=notebook("study", "<p>x</p>")[:-9])
    assert html == ""
    assert problems[0].startswith("includes/study.html: error: this notebook is damaged: it is not as it was written")


def test_a_damaged_chart_is_a_problem(folder: Path) -> None:
    html, problems = filled(folder, "{% include heat.html %}", heat=HEAT.to_html()[:-20])
    assert html == ""
    assert problems == [
        "includes/heat.html: error: this chart is damaged: it is not as it was written\n"
        "  hint: make it again: visualposts build --rerun --only heat"
    ]


def test_a_hand_written_include_sees_parameters_page_and_site(folder: Path) -> None:
    html, problems = filled(
        folder,
        """{% include note.html text='a "b" <i>' %}""",
        note="<p>{{ include.text }}, {{ page.title }}, {{ site.title }}{{ include.none }}{{ page.no.such }}"
        "{% if include.none %}!{% endif %}</p><style>a{#b{c:d}}</style>\n",
    )
    assert html == '<p>a "b" <i>, A page, A site</p><style>a{#b{c:d}}</style>'
    assert problems == []


def test_an_include_may_include_as_in_jekyll_and_as_in_jinja(folder: Path) -> None:
    html, problems = filled(
        folder,
        "{% include outer.html name='x' %}",
        outer="""{% include inner.html a=include.name b="it's" -%}
        |{% include 'inner.html' %}|{% include ["plain.html"] %}""",
        inner="[{{ include.a }} {{ include.b }}]",
        plain="{{ include.name }}",
    )
    assert html == "[x it's]|[ ]|x"
    assert problems == []


NEAR = "there is no include 'het.html'\n  hint: did you mean 'heat.html'?"
BROKEN = {
    "a\n{{ no.such }}": (2, "this include can't be filled in: 'no' is undefined"),
    "{{ 1 /\n 0 }}": (1, "this include can't be filled in: division by zero"),
    "a\n\n{% if %}": (3, "this include can't be read: Expected an expression, got 'end of statement block'"),
    "{{ x | nope }}": (1, "this include can't be read: No filter named 'nope'."),
    "\n{% include het.html %}": (2, NEAR),
    "\n{% include ['het.html'] %}": (2, NEAR),
    "\n{% include bad.html %}": (2, "this include includes itself: bad.html → bad.html"),
    "\n{% include ['bad.html'] %}": (2, "this include can't be filled in: it includes itself, or nests too deep"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_hand_written_include(folder: Path, text: str) -> None:
    line, message = BROKEN[text]
    problem = f"includes/bad.html:{line}: error: {message}"
    assert filled(folder, "{% include bad.html %}", bad=text) == ("", [problem])


def test_missing_includes_are_problems_where_the_tag_stands(folder: Path) -> None:
    html, problems = filled(folder, "{% include haet.html %} x\n\n{% include haet.html %}\n\n{% include zzz.html %}")
    assert html.strip() == "<p> x</p>"
    assert problems == [
        "post.md:1:23: error: there is no include 'haet.html'\n  hint: did you mean 'heat.html'?",
        "post.md:2:23: error: there is no include 'haet.html'\n  hint: did you mean 'heat.html'?",
        "post.md:1:22: error: there is no include 'zzz.html'",
    ]


def test_an_awaited_include_may_be_missing(folder: Path) -> None:
    tags = [IncludeTag("soon.html", (), ""), IncludeTag("heat.html", (), "")]
    found, problems = contents(tags, Includes(folder, hidden={"heat.html"}), Page(), {}, place, awaited={"soon.html"})
    assert [content.html for content in found] == ["<em>soon is yet to be computed.</em>", ""]
    assert [problem.message for problem in problems] == ["there is no include 'heat.html'"]


@pytest.mark.parametrize("name", ["../secret.html", "a/../../secret.html", "/etc/passwd", "..\\secret.html"])
def test_names_that_leave_the_folder(folder: Path, name: str) -> None:
    (folder.parent / "secret.html").write_text("secret")
    html, problems = filled(folder, f"{{% include {name} %}}")
    assert html == ""
    assert problems[0].splitlines()[0].endswith(f"error: an include can't lie outside includes/: '{name}'")


def test_links_that_leave_the_folder(folder: Path) -> None:
    (folder.parent / "secret.html").write_text("secret")
    (folder / "link.html").symlink_to(folder.parent / "secret.html")
    (folder / "dir").symlink_to(folder.parent)
    (folder / "circle.html").symlink_to(folder / "circle.html")
    (folder / "inside.html").symlink_to(folder / "heat.html")
    assert Includes(folder).names == ("heat.html", "inside.html")
    _, problems = filled(folder, "{% include link.html %}\n\n{% include dir/secret.html %}")
    assert [problem.splitlines()[0].partition("error: ")[2] for problem in problems] == [
        "includes/link.html is a link that leads out of includes/",
        "includes/dir/secret.html is a link that leads out of includes/",
    ]


def test_what_is_no_include(folder: Path) -> None:
    (folder / ".hidden.html").write_text("x")
    (folder / "manifest.json").write_text("{}")
    (folder / "sub").mkdir()
    (folder / "sub/latin.html").write_bytes(b"\xff")
    includes = Includes(folder)
    assert includes.names == ("heat.html", "sub/latin.html")
    _, problems = contents([IncludeTag("sub/latin.html", (), "")], includes, Page(), {}, place)
    assert [str(problem) for problem in problems] == [
        "includes/sub/latin.html: error: this include is not a text in UTF-8"
    ]
    assert Includes(folder.parent / "no-such-folder").names == ()


FIGURE = "<figure>F</figure>"
PLACES = {
    "on its own": ("{% include b %}", FIGURE),
    "between words": ("a {% include b %} b", f"<p>a</p>\n{FIGURE}\n<p>b</p>"),
    "on its own line": ("a\n{% include b %}\nb", f"<p>a</p>\n{FIGURE}\n<p>b</p>"),
    "at the end": ("a {% include b %}", f"<p>a</p>\n{FIGURE}"),
    "alone in inline elements": ("***{% include b %}***", FIGURE),
    "in inline elements": (
        "a *b **c {% include b %} d** e* f",
        f"<p>a <em>b <strong>c </strong></em></p>\n{FIGURE}\n<p><em><strong> d</strong> e</em> f</p>",
    ),
    "twice": ("a {% include b %} b {% include b %} c", f"<p>a</p>\n{FIGURE}\n<p>b</p>\n{FIGURE}\n<p>c</p>"),
    "inline": ("a {% include i %} b", '<p>a <abbr title="x">i</abbr> b</p>'),
    "inline and block": ("{% include i %} a {% include b %}", f'<p><abbr title="x">i</abbr> a</p>\n{FIGURE}'),
    "a picture stays": ("![](x.png) {% include b %}", f'<p><img alt="" src="x.png"></p>\n{FIGURE}'),
    "an id stays single": (
        "a {% include b %} b\n{: #p .q}",
        f'<p class="q" id="p">a</p>\n{FIGURE}\n<p class="q">b</p>',
    ),
    "in an item": ("- a {% include b %}", f"<ul>\n<li>a {FIGURE}</li>\n</ul>"),
    "in a loose item": (
        "- a {% include b %}\n\n- c",
        f"<ul>\n<li>\n<p>a</p>\n{FIGURE}\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>",
    ),
    "in a heading": ("# a {% include i %}", '<h1 id="a">a <abbr title="x">i</abbr></h1>'),
    "in a quote": ("> a\n> {% include b %}", f"<blockquote>\n<p>a</p>\n{FIGURE}\n</blockquote>"),
    "in raw html": ("<div>\n{% include b %}\n</div>", f"<div>\n{FIGURE}\n</div>"),
    "in a raw paragraph": ("<p>a <b>{% include b %}</b></p>", f"<p>a <b></b></p>\n{FIGURE}"),
}


@pytest.mark.parametrize(("text", "html"), PLACES.values(), ids=PLACES)
def test_blocks_leave_paragraphs(text: str, html: str) -> None:
    rendered = render(text)
    given = {"b": FIGURE, "i": '<abbr title="x">i</abbr>'}
    done = insert(rendered.html, [given[tag.name] for tag in rendered.includes])
    assert done == html
    html5lib.HTMLParser(strict=True).parseFragment(done.replace("<p>a <b></b></p>", ""))


def test_insertion_leaves_what_it_does_not_know(folder: Path) -> None:
    assert insert('<p>a <vp-include n="3"></vp-include></p>', ["x"]) == '<p>a <vp-include n="3"></vp-include></p>'
    assert insert("<p>a", []) == "<p>a"
    assert insert('<p>a<div><vp-include n="0"></vp-include></div>', [FIGURE]) == f"<p>a<div>{FIGURE}</div>"


def test_a_chart_in_a_feed(folder: Path) -> None:
    assert feed_form(HEAT.to_html(), "https://example.org/a/?b&c", no_poster) == (
        "<figure>\n<p>A &lt; B</p>\n<table><tr><td>1</td></tr></table>\n"
        '<p><a href="https://example.org/a/?b&amp;c#chart-heat">Interactive chart</a></p>\n'
        "<figcaption>The <em>caption</em></figcaption>\n</figure>\n"
    )
    text, _ = filled(folder, "a {% include heat.html %} b\n\n{% include heat.html %}")
    fed = feed_form(text, "https://example.org/", no_poster)
    assert "script" not in fed
    assert fed.count("<figure>") == 2
    assert 'href="https://example.org/#chart-heat-2"' in fed
    assert feed_form("<p>nothing</p>", "", no_poster) == "<p>nothing</p>"
