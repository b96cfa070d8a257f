"""Records: documents as the search knows them: what their author wrote, and what charts say in words.

A record is HTML for Pagefind, made of a document's text and not of its page: no template, link or theme changes it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from generator import fragment
from generator.fragment import FIGURE
from generator.pages.orders import Order
from generator.pages.render import human_date
from generator.pages.routes import output_path

_UNREAD = re.compile(r"<(script|style|math|svg)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<td\b[^>]*>[\s\d.,:%+−–-]*</td>", re.IGNORECASE)
_SPAN = re.compile(r"</?span\b[^>]*>")
_MARK = re.compile(r'<a class="footnote-(?:ref|backref)".*?</a>', re.DOTALL)
_CODE = re.compile(r"<pre\b")  # found, but after prose
_PICTURE = re.compile(r"<img (?=[^>]*\balt=)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Search:
    """What there is to search. `key` stands for all records, which are made when they are asked for.

    A record is the path of its page below the output folder, and its HTML.
    """

    key: str
    records: Callable[[], Iterator[tuple[str, str]]]


def record(order: Order, text: str, language: str) -> tuple[str, str]:
    """The record of a document: the path of its page, and HTML; `text` has its includes put in."""
    document = order.document
    title = html.escape(document.title)
    date = _date(document.date, language) if document.date else ""
    tags = " · ".join(html.escape(tag.name) for tag in order.tags)
    return output_path(order.address), (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n{date}'
        f"<title>{title}</title>\n</head>\n<body data-pagefind-body>\n<h1>{title}</h1>\n"
        f"{_words(text)}\n{f'<p>{tags}</p>' if tags else ''}\n</body>\n</html>\n"
    )


def _date(date: datetime, language: str) -> str:
    """The date for readers and for machines."""
    words = {"date": human_date(date, language), "day": f"{date:%Y-%m-%d}"}
    return "".join(f'<meta data-pagefind-meta="{key}[content]" content="{word}">\n' for key, word in words.items())


def _words(text: str) -> str:
    """A text without what nobody searches for: the numbers and the JSON of charts, formulas, marks of footnotes."""
    if 'class="chart"' in text:
        text = FIGURE.sub(lambda match: _chart(match[0]), text)
    text = _SPAN.sub("", _MARK.sub("", _UNREAD.sub("", text)))  # code has more colours than words
    text = _CODE.sub('<pre data-pagefind-weight="0.1"', _NUMBER.sub("", text))
    return _PICTURE.sub('<img data-pagefind-index-attrs="alt" ', text)


def _chart(text: str) -> str:
    chart = fragment.parse(text)
    return f"<p>{html.escape(chart.alt)}</p>\n<p>{chart.caption}</p>\n" if chart else ""
