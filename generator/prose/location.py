"""The location of a piece of text in the Markdown that an author wrote."""

from __future__ import annotations

import re

from generator.prose.blocks import scan

_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")


def locate(body: str, needle: str, nth: int = 0) -> tuple[int, int]:
    """Line and column, from 1, of occurrence `nth` (from 0) of `needle` outside code and comments.

    (0, 0) where there is none.
    """
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    hidden = _hidden(body)
    start = -1
    while needle and (start := body.find(needle, start + 1)) >= 0:
        if any(first <= start < end for first, end in hidden):
            continue
        if nth == 0:
            return body.count("\n", 0, start) + 1, start - (body.rfind("\n", 0, start) + 1) + 1
        nth -= 1
    return 0, 0


def _hidden(body: str) -> list[tuple[int, int]]:
    """The ranges of `body` that are code or comments."""
    lines = body.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    hidden = [
        (offsets[block.start] + (len(block.prefix) if block.kind != "indented" else 0), offsets[block.end])
        for block in scan(lines)
        if block.kind != "html" or block.text.lstrip().lower().startswith("<pre")
    ]
    blank = list(body)
    for first, end in hidden:
        blank[first:end] = ["\n" if char == "\n" else "\x00" for char in body[first:end]]
    rest = "".join(blank)
    hidden += [comment.span() for comment in _COMMENT.finditer(rest)]
    for paragraph in _PARAGRAPH.finditer(rest):
        hidden += [span.span() for span in _SPAN.finditer(rest, paragraph.start(), paragraph.end())]
    return hidden
