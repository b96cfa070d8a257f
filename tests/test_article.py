"""Articles: a notebook and its outputs as HTML, without a kernel."""

from __future__ import annotations

import base64
import json
import re

import plotly.graph_objects as go
import pytest

from generator import fragment
from generator.charts import article, notebook
from tests import notebooks
from tests.notebooks import code, markdown, printed, shown

PATH = "content/posts/a/study.ipynb"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02rest").decode()
FIGURE = json.loads(go.Figure(go.Bar(y=[1, 2]), layout={"meta": {"alt": "Two bars."}}).to_json())
PLOTLY = "application/vnd.plotly.v1+json"


def fragments(*cells: dict[str, object]) -> tuple[dict[str, str], list[str]]:
    found, problems = notebook.parse(PATH, notebooks.text(*cells, execute=False))
    assert problems == ()
    given, problems = article.fragments(found, "/home/me/blog")
    return given, [str(problem).partition("\n")[0] for problem in problems]


def body(*cells: dict[str, object]) -> str:
    given, problems = fragments(*cells)
    assert problems == []
    assert fragment.is_fragment(given["study"])
    assert fragment.notebook_name(given["study"]) == "study"
    return given["study"].split("\n", 1)[1].removesuffix("\n</article>\n")


def test_headings_stand_below_the_title_of_the_post() -> None:
    assert body(markdown("# Title"), markdown("###### Deep")) == (
        '<h2 id="study-title">Title</h2>\n<h6 id="study-deep">Deep</h6>'
    )
    assert body(markdown("## Part")) == '<h2 id="study-part">Part</h2>'


def test_anchors_are_the_notebooks_own_and_links_between_cells_find_them() -> None:
    text = body(markdown("[on](#end) [out](#elsewhere)\n\n## End"), markdown("## End\n\n[back](#end)"))
    assert '<a href="#study-end">on</a>' in text
    assert '<a href="#elsewhere">out</a>' in text
    assert '<h2 id="study-end-2">End</h2>\n<p><a href="#study-end-2">back</a></p>' in text


def test_footnotes_of_two_cells_are_told_apart() -> None:
    text = body(markdown("A[^1]\n\n[^1]: one"), markdown("B[^1]\n\n[^1]: two"))
    ids = [part.split('"')[0] for part in text.split('id="')[1:]]
    assert len(ids) == len(set(ids)) == 4


def test_markdown_with_formulas_attachments_and_template_tags() -> None:
    text = body(
        markdown(
            "$x$ ![a dot](attachment:dot.png) {% include x.html %} `{{ y }}`",
            attachments={"dot.png": {"image/png": "QUJD"}},
        )
    )
    assert "<math" in text
    assert '<img alt="a dot" src="data:image/png;base64,QUJD">' in text
    assert "{%" not in text
    assert "{{" not in text
    assert "&#123;% include x.html %}" in text


def test_a_broken_formula_is_told_at_its_line() -> None:
    _, problems = fragments(markdown("one\n\n$\\frac{1$ two"))
    assert problems == [f"{PATH}:10:1: error: this formula can't be read: a '{{' is not closed"]


LONG = "\n".join(f"x{n} = {n}" for n in range(26))


@pytest.mark.parametrize(
    ("source", "tags", "code_shown", "output_shown"),
    [
        ("x", [], "open", "open"),
        (LONG, [], "folded", "open"),
        ("x", ["hide-input"], "folded", "open"),
        ("x", ["hide_output"], "open", "folded"),
        ("x", ["remove-input"], "no", "open"),
        ("x", ["remove-output"], "open", "no"),
        ("x", ["remove-cell"], "no", "no"),
    ],
)
def test_tags_and_folds(source: str, tags: list[str], code_shown: str, output_shown: str) -> None:
    text = body(code(source, outputs=[printed("out\n")], tags=tags))
    outside = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
    for needle, state in (("<code>", code_shown), ("<samp>out</samp>", output_shown)):
        assert (needle in text, needle in outside) == (state != "no", state == "open")


def test_printed_text_is_the_same_everywhere() -> None:
    noisy = "\x1b[31mred\x1b[0m <object at 0x7f12ab>\n10 %\r99 %\n/home/me/blog/content/posts/a/_h.py:1\n"
    noisy += "/x/lib/python3.12/site-packages/pandas/core.py:3: W\n"
    text = body(code("x", outputs=[printed("a", "stderr"), printed("b"), printed(noisy), printed("c", "stderr")]))
    assert "<samp>bred &lt;object at 0x…&gt;\n99 %\ncontent/posts/a/_h.py:1\npandas/core.py:3: W</samp>" in text
    assert text.index("<samp>bred") < text.index("<samp>ac</samp>")


def test_tables_lose_their_looks() -> None:
    frame = (
        '<div>\n<style scoped>\n .dataframe {}\n</style>\n<table border="1" class="dataframe">\n  <thead>\n'
        '    <tr style="text-align: right;">\n      <th></th>\n      <th>a &amp; b</th>\n    </tr>\n  </thead>\n'
        "  <tbody>\n    <tr>\n      <th>0</th>\n      <td>1.5</td>\n    </tr>\n  </tbody>\n</table>\n"
        "<p>1 rows</p>\n</div>"
    )
    text = body(code("x", outputs=[shown({"text/html": frame, "text/plain": "x"})], tags=["remove-input"]))
    assert text == (
        '<div class="output">\n<div class="table-wrap" tabindex="0" role="region" aria-label="Output of cell 1">'
        '<table class="numbers"><thead><tr><td></td><th scope="col">a &amp; b</th></tr>\n</thead>\n'
        '<tbody><tr><th scope="row">0</th><td>1.5</td></tr>\n</tbody>\n</table></div>\n\n<p>1 rows</p>\n</div>'
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text/markdown": "**b**", "text/plain": "p"}, "<strong>b</strong>"),
        ({"text/latex": "$\\displaystyle x$", "text/plain": "p"}, "<math"),
        ({"text/latex": "\\begin{nothing}x", "text/plain": "plain"}, "<samp>plain</samp>"),
        ({"text/html": "<b onclick='x()'>b</b>", "text/plain": "p"}, "<b>b</b>"),
        ({"text/plain": "<b>"}, "<samp>&lt;b&gt;</samp>"),
        (
            {"application/vnd.jupyter.widget-view+json": {"model_id": "1f"}, "text/plain": "Slider()"},
            "<samp>Slider()</samp>",
        ),
        (
            {"image/png": PNG, "text/plain": "<Figure>"},
            f'<img src="data:image/png;base64,{PNG}" alt="A dot." width="3" height="2">',
        ),
        ({"image/svg+xml": '<svg id="a%">{{</svg>'}, "data:image/svg+xml,&lt;svg id=%22a%25%22&gt;%7B%7B&lt;/svg&gt;"),
    ],
)
def test_outputs_of_every_kind(data: dict[str, object], expected: str) -> None:
    assert expected in body(code("x", outputs=[shown(data)], alt="A dot."))


def test_a_picture_without_words_and_one_that_is_heavy() -> None:
    _, problems = fragments(code("x", outputs=[shown({"image/png": PNG + "A" * 100_000})]))
    assert problems == [
        f"{PATH}:18:1: warning: the picture of cell 1 has no alt text",
        f"{PATH}:18:1: warning: the picture of cell 1 weighs 100.1 KB",
    ]


@pytest.mark.parametrize(
    "markup", ["<script>x</script>", "<iframe srcdoc='x'></iframe>", "<a href='javascript:x'>x</a>"]
)
def test_scripts_are_left_out_and_told(markup: str) -> None:
    given, problems = fragments(
        code("x", outputs=[shown({"text/html": markup, "text/plain": "<IPython.HTML object>"})])
    )
    assert problems == [f"{PATH}:19:1: warning: cell 1 gave HTML with a script, which is left out"]
    assert "output" not in given["study"]


def test_figures_become_charts_of_ours() -> None:
    output = shown({PLOTLY: FIGURE, "text/html": "<div>never</div>"})
    named = code("x", outputs=[output], tags=["chart:bars", "remove-output"])
    given, problems = fragments(code("x", outputs=[output, output]), named)
    assert problems == []
    assert sorted(given) == ["bars", "study"]
    chart = fragment.parse(given["bars"])
    assert chart is not None
    assert (chart.name, chart.alt) == ("bars", "Two bars.")
    assert 'data-chart="study-1"' in given["study"]
    assert 'data-chart="study-2"' in given["study"]
    assert 'data-chart="bars"' not in given["study"]


@pytest.mark.parametrize("library", ["cdn", True, False])
def test_figures_in_plotlys_own_html(library: object) -> None:
    figure = go.Figure(go.Bar(y=[1, 2]), frames=[go.Frame(data=[go.Bar(y=[2, 1])])])
    given, problems = fragments(
        code("x", outputs=[shown({"text/html": figure.to_html(include_plotlyjs=library)})], tags=["chart:bars"])
    )
    assert problems == []
    chart = fragment.parse(given["bars"])
    assert chart is not None
    assert [list(json.loads(chart.payload)[key][0]) for key in ("data", "frames")] == [["type", "y"], ["data"]]
    assert len(given["bars"]) < 1000


def test_a_tag_without_a_figure_and_an_error_that_nobody_expects() -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    _, problems = fragments(code("x", tags=["chart:bars"]), code("y", outputs=[error]))
    assert problems[0] == f"{PATH}:10:1: error: the cell tagged chart:bars gives no Plotly figure"
    assert problems[1].endswith("error: the saved output of cell 2 is an error: KeyError: 'x'")
    assert '<pre class="output error"' in body(code("y", outputs=[error], tags=["raises-exception"]))
