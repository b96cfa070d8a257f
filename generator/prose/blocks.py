"""Blocks of Markdown that are not prose: code, comments and raw HTML, found line by line by CommonMark's rules.

Python-Markdown counts in steps of four spaces, CommonMark (and so GitHub) by where an item's content begins. Fenced
code and raw HTML have to be taken out before Python-Markdown looks for HTML, and that takes knowing how far lists,
quotes, footnotes, definitions and admonitions indent what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["fence", "indented", "html", "comment"]

MARKER = re.compile(r"(?P<indent> {0,3})(?P<mark>[-+*]|(?P<number>[0-9]{1,9})[.)])(?P<gap> +|$)")
"""The beginning of a list item, in a line without tabs."""

RULE = re.compile(r" {0,3}(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,}|(?:_[ ]*){3,})$")
DELIMITER_ROW = re.compile(r"(?=.*\|) {0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<ticks>`{3,}(?=[^`]*$)|~{3,})[ ]*(?P<info>.*)$")
_QUOTE = re.compile(r" {0,3}> ?")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_FOUR = re.compile(r"\[\^[^\]]+\]:[ ]*|:[ ]{1,3}(?=\S)|!!! .*$|\?{3}\+? .*$")
"""What Python-Markdown indents by four: a footnote, a definition, an admonition, a folded one."""
_VERBATIM = re.compile(r" {0,3}<(?P<tag>pre|script|style|textarea)\b", re.I)
_COMMENT = re.compile(r" {0,3}<!--")
_HTML = re.compile(r" {0,3}</?(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>]|$)")
_BLOCK_TAGS = re.compile(
    "address|article|aside|audio|blockquote|body|canvas|caption|center|col|colgroup|dd|details|dialog|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|iframe|legend|li|link"
    "|main|math|menu|menuitem|nav|noframes|object|ol|optgroup|option|p|param|search|section|summary|svg|table|tbody"
    "|td|tfoot|th|thead|title|tr|track|ul|video"
)
_VOID_TAGS = frozenset(("col", "frame", "hr", "link", "param", "track"))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `start` to `end` (exclusive, from 0) that hold no prose.

    `prefix` is what stands before the block on its first line (quote signs, list markers, indentation), `text` the
    block without it. For a fence `info` is what follows the opening ticks, and `text` the code between the fences.
    `nested` says that it stands inside a list item, a quote or another container.
    """

    kind: Kind
    start: int
    end: int
    prefix: str
    text: str
    info: str = ""
    nested: bool = False


def scan(lines: Sequence[str]) -> tuple[Block, ...]:
    """The blocks among `lines` that are not prose, in their order."""
    scanner = _Scanner()
    for number, line in enumerate(lines):
        scanner.feed(number, line)
    scanner.close(len(lines))
    return tuple(scanner.blocks)


def starts_block(line: str) -> bool:
    """Whether a line without indentation begins something other than a paragraph (and so is no lazy continuation)."""
    return bool(_QUOTE.match(line) or _HEADING.match(line) or RULE.match(line) or _FENCE.match(line))


def item_marker(line: str, *, in_paragraph: bool = False) -> re.Match[str] | None:
    """The list marker that `line` begins with; after a line of a paragraph only a bullet or a 1, with text."""
    match = MARKER.match(line)
    if match is None or RULE.match(line) or DELIMITER_ROW.match(line):
        return None
    if in_paragraph and (match.end() == len(line) or (match["number"] is not None and int(match["number"]) != 1)):
        return None
    return match


def content_offset(marker: re.Match[str]) -> int:
    """The column at which the item's content begins; more than four spaces after the marker begin indented code."""
    blank = marker.end() == len(marker.string)
    return marker.end() if not blank and len(marker["gap"]) <= 4 else marker.end("mark") + 1


@dataclass(slots=True)
class _Open:
    """A block whose end has not come yet."""

    kind: Kind
    start: int
    depth: int
    column: int
    prefix: str
    stop: re.Pattern[str]
    lines: list[str]
    info: str = ""

    def runs_on(self, raw: str) -> bool:
        """Take a line of code that can't be the end of it, as most are; for a fence outside of all containers."""
        if self.kind != "fence" or "```" in raw or "~~~" in raw:
            return False
        self.lines.append(_cut(raw, 0, self.column) if self.column else raw)
        return True


class _Scanner:
    """CommonMark's line machine, as far as it is needed to tell prose from what is not."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._stack: list[int] = []  # the containers that are open: their content's indentation, 0 for a quote
        self._open: _Open | None = None
        self._paragraph = False  # whether the last line belongs to a paragraph, which lines can continue
        self._raw = ""  # the top-level HTML element that is open: up to its end tag Python-Markdown leaves it raw
        self._raw_depth = 0

    def feed(self, number: int, raw: str) -> None:
        if raw[:1].isalpha() and self._open is None and not self._stack and not self._raw:
            self._paragraph = True  # most lines are such
            return
        if self._open is not None and not self._stack and self._open.runs_on(raw):
            return
        line = raw.expandtabs(4).rstrip() if "\t" in raw else raw.rstrip()
        column, depth = self._follow(line)
        if self._open is not None and self._continue(number, raw, line, column, depth):
            return
        if not line[column:]:
            self._paragraph = False
            return
        if depth < len(self._stack):
            rest = line[column:]
            lazy = self._paragraph and not starts_block(rest) and item_marker(rest) is None
            if lazy:
                return
            del self._stack[depth:]
            self._paragraph = False
        if not self._raw:
            column = self._enter(line, column)
        self._leaf(number, raw, line, column)

    def close(self, end: int) -> None:
        """Everything ends here."""
        if self._open is not None:
            block, self._open = self._open, None
            text = "\n".join(block.lines)
            if block.kind == "fence":
                text = text + "\n" if block.lines else ""
            self.blocks.append(
                Block(block.kind, block.start, end, block.prefix, text, block.info, nested=bool(block.depth))
            )

    def _follow(self, line: str) -> tuple[int, int]:
        """How many of the open containers the line goes on with, and the column behind what says so."""
        column = 0
        for depth, width in enumerate(self._stack):
            if width == 0:
                if not (match := _QUOTE.match(line, column)):
                    return column, depth
                column = match.end()
            elif column >= len(line):
                continue
            elif line.startswith(" " * width, column):
                column += width
            else:
                return column, depth
        return column, len(self._stack)

    def _continue(self, number: int, raw: str, line: str, column: int, depth: int) -> bool:
        """Whether the line belongs to the open block, which it may end."""
        block = self._open
        assert block is not None
        if depth < block.depth:
            self.close(number)
            return False
        if block.kind == "fence":
            if block.stop.fullmatch(line, column):
                self.close(number + 1)
            else:
                block.lines.append(_cut(raw, column, block.column))
            return True
        if block.stop.pattern == "$":  # raw HTML in a container ends before a blank line
            if line[column:]:
                block.lines.append(line[column:])
                return True
            self.close(number)
            return False
        block.lines.append(_cut(raw, column, 0))
        if block.stop.search(line, column):
            self.close(number + 1)
        return True

    def _enter(self, line: str, column: int) -> int:
        """Open the containers that begin on this line; the column behind their beginnings."""
        while True:
            rest = line[column:]
            if match := _QUOTE.match(rest):
                self._stack.append(0)
                column += match.end()
            elif match := item_marker(rest, in_paragraph=self._paragraph):
                width = content_offset(match)
                self._stack.append(width)
                column = min(column + width, len(line))
            elif match := _FOUR.match(rest):
                self._stack.append(4)
                column += match.end()
            else:
                return column
            self._paragraph = False

    def _leaf(self, number: int, raw: str, line: str, column: int) -> None:
        rest = line[column:]
        indented = rest.startswith("    ")
        if not rest or (indented and self._raw):
            return
        if indented:
            if not self._paragraph:
                self.blocks.append(Block("indented", number, number + 1, line[:column], rest, nested=bool(self._stack)))
            return
        if match := _FENCE.match(rest):
            stop = re.compile(rf" {{0,3}}{re.escape(match['ticks'][0])}{{{len(match['ticks'])},}}[ ]*")
            prefix = line[: column + match.end("indent")]
            self._begin("fence", number, prefix, stop, [], len(match["indent"]), match["info"])
        elif _COMMENT.match(rest):
            self._verbatim("comment", number, raw, line, column, "-->")
        elif match := _VERBATIM.match(rest):
            self._verbatim("html", number, raw, line, column, f"</{match['tag']}>")
        elif self._html(number, line, column):
            return
        else:
            self._paragraph = not (_HEADING.match(rest) or RULE.match(rest))

    def _html(self, number: int, line: str, column: int) -> bool:
        """Whether the line begins or goes on with an HTML element that Python-Markdown leaves as it is."""
        rest = line[column:]
        match = _HTML.match(rest)
        tag = match["tag"].lower() if match else ""
        if self._stack:
            if not _BLOCK_TAGS.fullmatch(tag) or "markdown=" in rest:
                return False
            self._begin("html", number, line[:column], re.compile("$"), [rest])
            return True
        if not self._raw:
            if (
                not _BLOCK_TAGS.fullmatch(tag)
                or tag in _VOID_TAGS
                or rest.lstrip().startswith("</")
                or "markdown=" in rest
            ):
                return False
            self._raw, self._raw_depth = tag, 0
        self._paragraph = False
        for end in re.findall(rf"<(/?){self._raw}(?=[\s/>]|$)", rest, re.I):
            self._raw_depth += -1 if end else 1
        if self._raw_depth <= 0:
            self._raw = ""
        return True

    def _verbatim(self, kind: Kind, number: int, raw: str, line: str, column: int, end: str) -> None:
        self._begin(kind, number, line[:column], re.compile(re.escape(end), re.I), [_cut(raw, column, 0)])
        if end.lower() in line[column:].lower():
            self.close(number + 1)

    def _begin(
        self,
        kind: Kind,
        number: int,
        prefix: str,
        stop: re.Pattern[str],
        lines: list[str],
        column: int = 0,
        info: str = "",
    ) -> None:
        self._paragraph = False
        self._open = _Open(kind, number, len(self._stack), column, prefix, stop, lines, info)


def _cut(raw: str, column: int, indent: int) -> str:
    """The line without its first `column` columns and without up to `indent` spaces more; later tabs stay tabs."""
    if "\t" not in raw:
        rest = raw[column:]
        return rest[min(indent, len(rest) - len(rest.lstrip(" "))) :]
    limit, seen = column + indent, 0
    for index, char in enumerate(raw):
        if seen >= limit or (seen >= column and char not in " \t"):
            return " " * (seen - limit) + raw[index:]
        seen += 4 - seen % 4 if char == "\t" else 1
    return ""
