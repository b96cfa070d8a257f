"""Brackets: where each one closes, found for a whole text at once.

Python-Markdown asks at each ``[``, for each of six patterns, and goes through all that follows to answer: a text with
ten thousand that close nowhere takes it a minute. The answers here are the same, in time that grows with the text.
"""

from __future__ import annotations

import re
from functools import partial

from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor

_PATTERNS = ("reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref")
_KINDS = {"[": re.compile(r"[][]"), "(": re.compile(r"[()]")}
_Target = tuple[str, str | None, int, bool]


def register(md: Markdown) -> None:
    """Let the patterns of links and pictures ask us."""
    closings = Closings()
    for name in _PATTERNS:
        processor = md.inlinePatterns[name]
        assert isinstance(processor, LinkInlineProcessor)
        processor.getText = closings.text  # type: ignore[method-assign]
        processor.getLink = partial(_link, closings, processor)  # type: ignore[method-assign]


class Closings:
    """Where the brackets of the text that was asked about last close: the next question is mostly about it too.

    One answer is found by going through what follows; once that has been as long as the text, all of them are.
    """

    def __init__(self) -> None:
        self._data = ""
        self._gone = 0
        self._found: dict[int, int] | None = None

    def of(self, data: str, index: int) -> int | None:
        """The position of the bracket that closes the one at `index` of `data`, None if there is none."""
        if data is not self._data:
            self._data, self._gone, self._found = data, 0, None
        if self._found is None and self._gone > len(data):
            self._found = _pairs(data)
        if self._found is not None:
            return self._found.get(index)
        end = _closing(data, index)
        self._gone += (len(data) if end is None else end) - index
        return end

    def hopeless(self, data: str, index: int) -> bool:
        """Whether no address and title can stand in the round brackets that open at `index`."""
        # In a title brackets count for nothing.
        return self.of(data, index) is None and max(data.rfind(quote, index) for quote in "\"'") < 0

    def text(self, data: str, index: int) -> tuple[str, int, bool]:
        """What stands in the square brackets that open just before `index`, the index behind them, and whether they
        close: `LinkInlineProcessor.getText`."""
        end = self.of(data, index - 1)
        return (data[index:], len(data), False) if end is None else (data[index:end], end + 1, True)


def _closing(data: str, index: int) -> int | None:
    opening = data[index]
    depth = 0
    for match in _KINDS[opening].finditer(data, index):
        depth += 1 if match[0] == opening else -1
        if not depth:
            return match.start()
    return None


def _pairs(data: str) -> dict[int, int]:
    """Each opening bracket that closes, with the position where it does; round ones and square ones apart."""
    found: dict[int, int] = {}
    for opening, kind in _KINDS.items():
        waiting: list[int] = []
        for match in kind.finditer(data):
            if match[0] == opening:
                waiting.append(match.start())
            elif waiting:
                found[waiting.pop()] = match.start()
    return found


def _link(closings: Closings, processor: LinkInlineProcessor, data: str, index: int) -> _Target:
    """`LinkInlineProcessor.getLink`, which is not asked where it would find nothing."""
    opening = processor.RE_LINK.match(data, index)
    if not opening:
        return "", None, index, False
    if not opening[1] and closings.hopeless(data, index):
        return "", None, index, False
    return LinkInlineProcessor.getLink(processor, data, index)
