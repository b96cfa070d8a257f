"""Hurry: Python-Markdown spared the searches that can find nothing, on which it spends more than on anything else.

A profile of 300 posts of 600 words: some 650 times a post, one of twenty patterns is tried on a piece of text that
lacks the sign which each of its matches has. To look for the sign first takes a fraction of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import HtmlInlineProcessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_SIGNS = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "hardbreak": ("\\\n",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "bareurl": ("http", "www."),
    "entity": ("&",),
    "delimiter": ("*", "_", "~"),
}
"""What one of stands in every match of a pattern; the patterns of formulas are left alone."""

_BLOCK_SIGNS = {"hashheader": "#", "quote": ">", "deflist": ":", "footnote": "[^", "reference": "]:"}
"""What stands in every block that a block processor does something with."""


def hurry(md: Markdown) -> None:
    """Make a configured converter faster. What it gives stays the same."""
    for name, sign in _BLOCK_SIGNS.items():
        processor = md.parser.blockprocessors[name]
        processor.test = partial(_signed, processor.test, sign)  # type: ignore[method-assign]
    md.block_level_elements = set(md.block_level_elements)  # type: ignore[assignment]  # it is asked 170 times a post
    if all(
        hasattr(InlineProcessor, f"_InlineProcessor__{name}") for name in ("handleInline", "applyPattern", "stashNode")
    ):
        md.treeprocessors.register(_Inline(md), "inline", 20)


def _signed(test: Callable[[Element, str], bool], sign: str, parent: Element, block: str) -> bool:
    return sign in block and test(parent, block)


class _Inline(InlineProcessor):
    """The inline patterns, each tried only on text with its sign."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        signs: dict[object, tuple[str, ...]] = {md.inlinePatterns[name]: found for name, found in _SIGNS.items()}
        self.inlinePatterns = tuple(md.inlinePatterns)  # type: ignore[assignment]  # a registry asks if it is sorted
        self._signs = tuple(signs.get(pattern, ("",)) for pattern in self.inlinePatterns)
        every = sorted({sign for found in self._signs for sign in found})
        html = md.inlinePatterns["html"]
        assert isinstance(html, HtmlInlineProcessor)
        self._html, self._tags = html, list(md.inlinePatterns).index(html)
        self._any = re.compile("|".join(map(re.escape, every)))

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        # In the place of the private method of that name, by the same steps.
        if isinstance(data, AtomicString) or not self._any.search(data):
            return data
        for index in range(patternIndex, len(self._signs)):
            if index == self._tags:
                data = self._without_tags(data) if "<" in data else data
                continue
            start = 0
            first, *others = self._signs[index]
            while data.find(first, start) >= 0 or (others and any(data.find(sign, start) >= 0 for sign in others)):
                data, matched, start = self._InlineProcessor__applyPattern(  # type: ignore[attr-defined]
                    self.inlinePatterns[index], data, index, start
                )
                if not matched:
                    break
        return data

    def _without_tags(self, data: str) -> str:
        """`data` with its HTML tags put away: all of them at once, since an inline picture may have ten thousands."""
        pattern = self._html
        parts, position = [], 0
        for match in pattern.getCompiledRegExp().finditer(data):
            node, _, _ = pattern.handleMatch(match, data)
            parts.append(data[position : match.start()])
            parts.append(self._InlineProcessor__stashNode(node, pattern.type()))  # type: ignore[attr-defined]
            position = match.end()
        return "".join(parts) + data[position:]
