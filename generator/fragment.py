"""The fragment: one chart as HTML text, the format of the files in ``includes/`` that both wings share.

The charts wing writes fragments, the pages wing reads them; neither needs more of the other. Format 1::

    <figure class="chart" id="chart-NAME" data-chart="NAME" data-format="1" style="--chart-height:450px">
    <div class="chart-box"><p class="chart-alt">ALT</p></div>
    <script type="application/json">{"data":[
    TRACE,
    TRACE
    ],"frames":[ … ],"layout":LAYOUT}</script>
    <figcaption>CAPTION
    <details class="chart-data"><summary>Data of this chart</summary>
    TABLE
    </details>
    </figcaption>
    </figure>

The caption comes last, since HTML wants it first or last in a figure; the table is a part of it.
The JSON has sorted keys, one trace or frame a line (a change is a small diff) and no ``<`` (it can't end the script
element). Nowhere is there a ``{{``, ``{%`` or ``{#``: Liquid, Jinja and Go templates pass a fragment through unchanged.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

FORMAT = 1
DEFAULT_HEIGHT = 450

_NOTEBOOK = '<article class="notebook" data-notebook="'
_NOTEBOOK_END = "</article>\n"

FIGURE = re.compile(r'<figure class="chart" id="chart-.*?</figure>\n?', re.DOTALL)
"""A chart in a text that holds others too: a page, a notebook."""

_TEMPLATE_TAG = re.compile(r"\{(?=[{%#])")
_OPENING = re.compile(
    r'\A<figure class="chart" id="chart-(?P<id>[a-z0-9-]+)" data-chart="(?P<name>[a-z0-9][a-z0-9-]*)"'
    r' data-format="\d+" style="--chart-height:(?P<height>\d+)px">\n'
    r'<div class="chart-box"><p class="chart-alt">(?P<alt>[^<]*)</p></div>\n'
    r'<script type="application/json">(?P<payload>[^<]*)</script>\n'
    r"(?:<figcaption>(?P<caption>[^\n]*)\n"
    r'(?:<details class="chart-data"><summary>[^<]*</summary>\n(?P<table>.*?)\n</details>\n)?'
    r"</figcaption>\n)?</figure>\n?\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One chart.

    `alt` is plain text, `caption` (one line) and `table` are HTML, `height` is in CSS pixels, `payload` is JSON.
    """

    name: str
    payload: str
    alt: str = ""
    caption: str = ""
    table: str = ""
    height: int = DEFAULT_HEIGHT
    anchor: str = ""
    """The element's id without ``chart-`` where it isn't the name: a chart included twice on one page."""

    @property
    def id(self) -> str:
        return f"chart-{self.anchor or self.name}"

    def to_html(self, poster: str = "", files: str = "") -> str:
        """The text of the file ``includes/NAME.html``.

        On a page it gets a `poster`, and links to its `files` below the table; both are HTML.
        """
        data = "\n".join(filter(None, (self.table, files)))
        fold = (
            f'<details class="chart-data"><summary>Data of this chart</summary>\n{data}\n</details>\n' if data else ""
        )
        alt = inert(html.escape(self.alt, quote=False))
        words = self.caption.replace("\n", " ")
        caption = f"<figcaption>{words}\n{fold}</figcaption>\n" if self.caption or fold else ""
        return (
            f'<figure class="chart" id="{self.id}" data-chart="{self.name}" data-format="{FORMAT}"'
            f' style="--chart-height:{self.height}px">\n'
            f'<div class="chart-box">{poster}<p class="chart-alt">{alt}</p></div>\n'
            f'<script type="application/json">{self.payload}</script>\n{inert(caption)}</figure>\n'
        )

    def anchored(self, anchor: str) -> Fragment:
        """The same chart under another id, for its second appearance on a page."""
        return replace(self, anchor=anchor)


def is_fragment(text: str) -> bool:
    """Whether the text of an include was generated, a chart or a notebook; anything else is written by hand."""
    return text.startswith(('<figure class="chart" id="chart-', _NOTEBOOK))


def notebook(name: str, body: str) -> str:
    """The text of the file ``includes/NAME.html`` of a notebook: its `body` is HTML with charts of ours among it.

    Every id in it but those of the charts begins with the name and a hyphen.
    """
    return f'{_NOTEBOOK}{name}" data-format="{FORMAT}">\n{body.strip()}\n{_NOTEBOOK_END}'


def notebook_name(text: str) -> str:
    """The name of the notebook in `text`, or an empty string if it is not a whole one."""
    match = re.match(rf'{_NOTEBOOK}([a-z0-9][a-z0-9-]*)" data-format="\d+">\n', text)
    return match[1] if match and text.endswith(f"\n{_NOTEBOOK_END}") else ""


def parse(text: str) -> Fragment | None:
    """The chart in `text`, or None if it is not a whole chart of ours."""
    match = _OPENING.match(text) if text.startswith("<figure") else None
    if match is None:
        return None
    return Fragment(
        name=match["name"],
        payload=match["payload"],
        alt=html.unescape(match["alt"]),
        caption=match["caption"] or "",
        table=match["table"] or "",
        height=int(match["height"]),
        anchor="" if match["id"] == match["name"] else match["id"],
    )


def charts(text: str) -> Iterator[Fragment]:
    """The charts in a text that holds others too, in their order."""
    if 'class="chart"' in text:
        yield from filter(None, (parse(match[0]) for match in FIGURE.finditer(text)))


def inert(markup: str) -> str:
    """HTML (no script) of the same meaning, with nothing in it that a template language takes for its own."""
    return _TEMPLATE_TAG.sub("&#123;", markup)


def payload(
    data: Sequence[Mapping[str, object]],
    layout: Mapping[str, object],
    frames: Sequence[Mapping[str, object]] = (),
) -> str:
    """The JSON text of a figure: sorted keys, one trace or frame a line, safe inside HTML and templates.

    Raises ValueError for NaN or infinity, which JSON does not have (the caller makes them null).
    """
    parts = [f'{{"data":{_lines(data)}']
    if frames:
        parts.append(f'"frames":{_lines(frames)}')
    parts.append(f'"layout":{_json(layout)}}}')
    return ",".join(parts)


def _lines(items: Sequence[Mapping[str, object]]) -> str:
    return "[\n" + ",\n".join(map(_json, items)) + "\n]" if items else "[]"


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    # Structure never holds these pairs, so each is inside a string, where an escape means the same character.
    return _TEMPLATE_TAG.sub(r"\\u007b", text.replace("<", "\\u003c"))
