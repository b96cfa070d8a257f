"""Records: what the search knows of a document, and what it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generator.fragment import Fragment, payload
from generator.model import Document
from generator.pages.orders import Order
from generator.pages.records import record
from generator.pages.views import Tag

POST = Document("a.md", "post", "Rings & <things>", "rings", "", date=datetime(2026, 1, 2, tzinfo=UTC))
ORDER = Order(
    POST, "", description="", template="post.html", address="/posts/rings/", tags=(Tag("K-Means", "k-means", "/k/"),)
)
CHART = Fragment(
    "c",
    payload([{"type": "bar", "text": ["json"]}], {}),
    "Two <rings>.",
    "A <em>caption</em>.",
    "<table><tr><td>table</td></tr></table>",
)


def text(body: str) -> str:
    return record(ORDER, body, "en")[1]


def test_a_record_says_where_and_when() -> None:
    path, page = record(ORDER, '<h2 id="one">One</h2>\n<p>Words.</p>', "de-AT")
    assert path == "posts/rings/index.html"
    assert '<html lang="de-AT">' in page
    assert "<h1>Rings &amp; &lt;things&gt;</h1>\n" in page
    assert '<h2 id="one">One</h2>\n<p>Words.</p>' in page
    assert '<meta data-pagefind-meta="date[content]" content="2026-01-02">' in page
    assert "<p>K-Means</p>" in page
    assert 'content="2 January 2026"' in text("")
    assert "data-pagefind-meta" not in record(replace(ORDER, document=replace(POST, date=None)), "", "en")[1]


def test_of_a_chart_the_words_are_known_and_not_the_numbers() -> None:
    page = text(f"<p>before</p>\n{CHART.to_html()}<p>after</p>")
    assert "<p>Two &lt;rings&gt;.</p>\n<p>A <em>caption</em>.</p>\n<p>after</p>" in page
    assert "json" not in page
    assert "table" not in page


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("<p>a<script>b</script><style>c</style><!-- d --><svg><text>e</text></svg></p>", "<p>a</p>"),
        ("<p>so <math><mi>x</mi></math></p>", "<p>so </p>"),
        ("<td>-1,234.5 %</td><td>x 1</td><td></td>", "<td>x 1</td>"),
        ('<p>x<sup id="f"><a class="footnote-ref" href="#1">1</a></sup></p>', '<p>x<sup id="f"></sup></p>'),
        ('<img src="a.png" alt="A map">', '<img data-pagefind-index-attrs="alt" src="a.png" alt="A map">'),
        ('<img src="a.png">', '<img src="a.png">'),
        ("<pre><code>run()</code></pre>", '<pre data-pagefind-weight="0.1"><code>run()</code></pre>'),
    ],
)
def test_what_nobody_searches_for_is_left_out(body: str, known: str) -> None:
    assert f"</h1>\n{known}\n<p>K-Means</p>" in text(body)
