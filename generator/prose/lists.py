"""Lists as CommonMark and GitHub have them: a block processor in the place of Python-Markdown's own three.

Where an item's text begins decides what belongs to the item, so lists nest by two spaces, three, or four. A list may
follow a line of text at once; a list is loose when a blank line parts its items or the blocks of one of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, ListIndentProcessor
from markdown.util import HTML_PLACEHOLDER_RE, nearing_recursion_limit

from generator.prose.blocks import content_offset, item_marker, starts_block

_POSSIBLE = re.compile(r"^ {0,3}(?:[-+*]|[0-9]{1,9}[.)])(?: |$)", re.MULTILINE)
_HEADING_OR_RULE = re.compile(r"#{1,6}(?: |$)|(?:[-*_] *){3,}$|[=-]+ *$")


@dataclass(slots=True)
class _List:
    """A list being read: what its markers look like, its items' lines, and the content offset of the last of them."""

    ordered: bool
    sign: str
    start: int
    loose: bool = False
    items: list[list[str]] = field(default_factory=list)
    offset: int = 0

    def open_item(self, marker: re.Match[str]) -> None:
        self.offset = content_offset(marker)
        self.items.append([marker.string[self.offset :]])


class ListProcessor(BlockProcessor):
    """Builds ``<ul>`` and ``<ol>`` out of blocks of text."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        # The last block without a list; its end, which comes back when its beginning is done, has none.
        self._barren = ""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return _POSSIBLE.search(block) is not None and not nearing_recursion_limit()

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> bool | None:
        if self._barren.endswith(f"\n{blocks[0]}") and not item_marker(blocks[0].partition("\n")[0]):
            return False
        lines = blocks[0].split("\n")
        first = _first_item(lines)
        if first is None:
            self._barren = blocks[0]
            return False
        if first:
            before, blocks[0] = "\n".join(lines[:first]), "\n".join(lines[first:])
            self.parser.parseBlocks(parent, [before])
            return None
        self._build(parent, _collect(blocks))
        return None

    def _build(self, parent: ElementTree.Element, found: _List) -> None:
        element = ElementTree.SubElement(parent, "ol" if found.ordered else "ul")
        if found.ordered and found.start != 1:
            element.set("start", str(found.start))
        # Not in the state "list", in which Python-Markdown writes a paragraph's text into the item itself: each item is
        # parsed as a loose one, and a tight list loses its paragraphs afterwards.
        self.parser.state.set("item")
        for lines in found.items:
            item = ElementTree.SubElement(element, "li")
            self.parser.parseChunk(item, "\n".join(lines))
            if not found.loose:
                _tighten(item)
        self.parser.state.reset()


def _first_item(lines: list[str]) -> int | None:
    """The index of the line that begins a list, among the lines of one block."""
    in_paragraph = quoted = False
    for index, line in enumerate(lines):
        if item_marker(line, in_paragraph=in_paragraph):
            return index
        quoted = quoted or line.lstrip().startswith(">")  # a list ends a quote, it doesn't interrupt its paragraph
        in_paragraph = _is_text(line) and not quoted
    return None


def _is_text(line: str) -> bool:
    """Whether the line can be one of a paragraph."""
    return bool(line) and not (_HEADING_OR_RULE.match(line) or HTML_PLACEHOLDER_RE.fullmatch(line.strip()))


def _collect(blocks: list[str]) -> _List:
    """The list that `blocks` begin with; its lines are taken away from them."""
    marker = item_marker(blocks[0].partition("\n")[0])
    assert marker is not None
    number = marker["number"]
    found = _List(number is not None, marker["mark"][-1], int(number or 1))
    blank = False
    for index, block in enumerate(blocks):
        lines = block.split("\n")
        for position, line in enumerate(lines):
            if not line:
                blank = True
            elif not _take(found, line, blank):
                blocks[: index + 1] = ["\n".join(lines[position:])]
                return _finished(found)
            else:
                blank = False
        blank = True
    blocks.clear()
    return _finished(found)


def _take(found: _List, line: str, blank: bool) -> bool:
    """Whether `line`, with a blank line before it or none, belongs to the list; if so, it is added."""
    item = found.items[-1] if found.items else []
    gap = [""] if blank else []
    if item and line.startswith(" " * found.offset) and not (blank and item == [""]):
        item += [*gap, line[found.offset :]]
        return True
    marker = item_marker(line)
    if marker and (not item or (marker["mark"][-1] == found.sign)):
        found.loose = found.loose or bool(item and blank)
        found.open_item(marker)
        return True
    if item and not blank and _is_text(item[-1].strip()) and _continues(line, marker):
        item.append(_escaped(line.lstrip()))
        return True
    return False


def _continues(line: str, marker: re.Match[str] | None) -> bool:
    """Whether a line that is indented too little can still go on with the paragraph before it."""
    return marker is None and _is_text(line.lstrip()) and not starts_block(line)


def _escaped(text: str) -> str:
    """A line of a paragraph without its indentation, which alone kept it from beginning a block."""
    if marker := item_marker(text):
        sign = marker.end("mark") - 1
        return f"{text[:sign]}\\{text[sign:]}"
    return f"\\{text}" if starts_block(text) else text


def _finished(found: _List) -> _List:
    found.loose = found.loose or any(map(_has_gap, found.items))
    return found


def _has_gap(lines: list[str]) -> bool:
    """Whether a blank line parts two blocks of the item itself, not of a list inside it."""
    inner, sign = 0, ""  # the content offset and the sign of the inner list's item that the walk is in
    blank = False
    for line in lines if lines[0] else lines[1:]:  # an item's text may begin on the line after its marker
        if not line:
            blank = True
            continue
        if not (inner and line.startswith(" " * inner)):
            marker = item_marker(line)
            if blank and not (inner and marker and marker["mark"][-1] == sign):
                return True
            if marker:
                inner, sign = content_offset(marker), marker["mark"][-1]
            elif blank or starts_block(line):
                inner = 0
        blank = False
    return False


def _tighten(item: ElementTree.Element) -> None:
    """Put the text of the item's own paragraphs straight into the item."""
    last: ElementTree.Element | None = None
    for child in list(item):
        if child.tag != "p":
            last = child
            continue
        text = (child.text or "") + (child.tail or "")
        if last is None:
            item.text = (item.text or "") + text
        else:
            last.tail = (last.tail or "").rstrip("\n") + "\n" + text
        item.remove(child)


def register(parser: BlockParser) -> None:
    """Put CommonMark's lists in the place of Python-Markdown's, before what could split a list's first block."""
    for name in ("indent", "olist", "ulist"):
        parser.blockprocessors.deregister(name)
    parser.blockprocessors.register(ListProcessor(parser), "list", 78)
    definitions = parser.blockprocessors["defindent"]
    assert isinstance(definitions, ListIndentProcessor)
    definitions.ITEM_TYPES, definitions.LIST_TYPES = ["dd"], ["dl"]
