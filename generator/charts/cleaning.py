"""Cleaning: HTML that a cell gave, in the form that our pages hold: tables without looks of their own, no styles."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_ACTIVE = re.compile(r"<script\b|\bsrcdoc\s*=|\bjavascript:", re.IGNORECASE)
_HANDLER = re.compile(r"on[a-z]+")
_KEPT = frozenset({"colspan", "rowspan"})
"""Attributes that a cell of a table keeps; pandas and its Styler give classes, borders and random ids."""
_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
_NUMBER = re.compile(r"[-+−]?[\d.,  ]*\d%?(?:e[-+]?\d+)?|NaN|NaT|None|&lt;NA&gt;|-?inf|", re.IGNORECASE)
_PANDAS = re.compile(r'<div>\s*(<div class="table-wrap".*?</table></div>(?:\s*<p>[^<]*</p>)?)\s*</div>', re.DOTALL)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def is_active(markup: str) -> bool:
    """Whether `markup` is more than a text: it holds a script."""
    return _ACTIVE.search(markup) is not None


def clean(markup: str, label: str) -> str:
    """`markup`, not active, without style elements, comments and handlers.

    Tables lose their looks, get scopes on their headings, and stand in a box named `label` that scrolls.
    """
    cleaner = _Cleaner(label)
    cleaner.feed(markup)
    cleaner.close()
    text = "".join(cleaner.parts).strip()
    # pandas puts its table into a <div> for the style that has gone.
    whole = _PANDAS.fullmatch(text)
    return whole[1] if whole else text


class _Cleaner(HTMLParser):
    def __init__(self, label: str) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._label = label
        self._open: list[str] = []  # elements of tables
        self._style = 0
        self._start = 0  # where the outermost table begins in `parts`
        self._cells: list[str] = []  # texts of its data cells
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._style += 1
        if self._style:
            return
        if tag == "table" and not self._open:
            self._start, self._cells = len(self.parts), []
        if tag in _ROWS or tag in ("th", "td", "caption"):
            if not self._open and tag != "table":
                return  # a stray row, which browsers leave out too
            self._open.append(tag)
            self.parts.append(self._cell_tag(tag, dict(attrs)) if tag in ("th", "td") else f"<{tag}>")
            return
        looks = {"style"} if self._open else set()
        kept = [(name, value) for name, value in attrs if not _HANDLER.fullmatch(name) and name not in looks]
        words = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept)
        self.parts.append(f"<{tag}{words}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._style = max(0, self._style - 1)
            return
        if self._style or tag in _VOID:
            return
        if tag in _ROWS or tag in ("th", "td", "caption"):
            if tag not in self._open:
                return
            while self._open and (closed := self._open.pop()) != tag:
                self.parts.append(self._closing(closed))
            self.parts.append(self._closing(tag))
            if not self._open:
                self._box()
            return
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._style or (self._open and self._open[-1] in _ROWS and not data.strip()):
            return
        if self._cell is not None:
            self._cell.append(data)
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _cell_tag(self, tag: str, attrs: dict[str, str | None]) -> str:
        spans = "".join(f' {name}="{escape(attrs[name] or "")}"' for name in sorted(_KEPT & attrs.keys()))
        self._cell = [] if tag == "td" else None
        head = "thead" in self._open
        if tag == "th":
            wide = attrs.get("colspan" if head else "rowspan") not in (None, "1")
            spans = f' scope="{"col" if head else "row"}{"group" * wide}"{spans}'
        return f"<{tag}{spans}>"

    def _closing(self, tag: str) -> str:
        if self._cell is not None and tag == "td":
            self._cells.append("".join(self._cell).strip())
            self._cell = None
        return f"</{tag}>\n" if tag in _ROWS else f"</{tag}>"

    def _box(self) -> None:
        """Put the table that has just ended into its box; one that is mostly numbers is set as such."""
        text = "".join(self.parts[self._start :])
        # The corner above the row headings is no heading.
        text = re.sub(r'<th scope="col(?:group)?"([^>]*)></th>', r"<td\1></td>", text)
        numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in self._cells if cell)
        if numbers * 2 > sum(bool(cell) for cell in self._cells):
            text = text.replace("<table>", '<table class="numbers">', 1)
        label = escape(self._label)
        self.parts[self._start :] = [
            f'<div class="table-wrap" tabindex="0" role="region" aria-label="{label}">{text.strip()}</div>\n'
        ]
