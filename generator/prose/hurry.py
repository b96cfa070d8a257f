"""Hurry: Python-Markdown spared the searches that can find nothing, on which it spends more than on anything else.

A profile of 300 posts of 600 words: some 650 times a post, one of twenty patterns is tried on a piece of text that
lacks the sign which each of its matches has. To look for the sign first takes a fraction of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor, MarkdownInHTMLPostprocessor
from markdown.inlinepatterns import HtmlInlineProcessor
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import HTML_PLACEHOLDER, INLINE_PLACEHOLDER_PREFIX, STX, AtomicString

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

_PLAIN = re.compile(r"(?:(?:\*\*?|__?|[\"'(`])?[^\W\d_][^\n|\x02]*+(?:\n|\Z))+\Z")
"""A block that nothing but a paragraph can be: each line begins with a letter, or with a sign and a letter."""


def hurry(md: Markdown) -> None:
    """Make a configured converter faster. What it gives stays the same."""
    for name, sign in _BLOCK_SIGNS.items():
        processor = md.parser.blockprocessors[name]
        processor.test = partial(_signed, processor.test, sign)  # type: ignore[method-assign]
    processors = tuple(md.parser.blockprocessors)
    paragraph = md.parser.blockprocessors["paragraph"]
    md.parser.parseBlocks = partial(_parse_blocks, processors, paragraph)  # type: ignore[method-assign]
    md.is_block_level = lru_cache(256)(md.is_block_level)  # type: ignore[method-assign]  # it is asked 170 times a post
    md.preprocessors.register(_HtmlBlocks(md), "html_block", 20)
    md.treeprocessors.register(_Unescape(md), "unescape", 0)
    md.postprocessors.register(_RawHtml(md), "raw_html", 30)
    if all(hasattr(InlineProcessor, f"_InlineProcessor__{name}") for name in _REPLACED):
        md.treeprocessors.register(_Inline(md), "inline", 20)


def _signed(test: Callable[[Element, str], bool], sign: str, parent: Element, block: str) -> bool:
    return sign in block and test(parent, block)


def _parse_blocks(
    processors: tuple[BlockProcessor, ...], paragraph: BlockProcessor, parent: Element, blocks: list[str]
) -> None:
    """In the place of `BlockParser.parseBlocks`: most blocks are paragraphs, which that asks every processor about."""
    while blocks:
        if _PLAIN.match(blocks[0]):
            paragraph.run(parent, blocks)
            continue
        for processor in processors:
            if processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                break


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Raw HTML, looked for only in text with its signs."""

    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if any("<" in line or "&" in line for line in lines) else lines


class _Unescape(UnescapeTreeprocessor):
    """Escaped signs, looked for only in text that has some."""

    def unescape(self, text: str) -> str:
        return super().unescape(text) if STX in text else text


class _RawHtml(MarkdownInHTMLPostprocessor):
    """Raw HTML back in its place; most of it has none in itself."""

    _PLACE = HTML_PLACEHOLDER % "([0-9]+)"
    _PLACES = re.compile(f"<p>{_PLACE}</p>|{_PLACE}")

    def run(self, text: str) -> str:
        stash = self.md.htmlStash

        def restored(match: re.Match[str]) -> str:
            key = int(match[1] or match[2])
            if key >= stash.html_counter:
                return match[0]
            html = self.stash_to_string(stash.rawHtmlBlocks[key])
            if match[1] and not self.isblocklevel(html):
                html = f"<p>{html}</p>"
            return self._PLACES.sub(restored, html) if STX in html else html

        return self._PLACES.sub(restored, text) if stash.html_counter else text


_REPLACED = ("handleInline", "applyPattern", "processPlaceholders", "stashNode")
"""The private methods of Python-Markdown that the next class replaces or calls."""


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

    def _InlineProcessor__processPlaceholders(  # noqa: N802
        self,
        data: str | None,
        parent: Element,
        isText: bool = True,  # noqa: N803
    ) -> list[tuple[Element, list[str]]]:
        # Most text has no element in it.
        if data and INLINE_PLACEHOLDER_PREFIX in data:
            found: list[tuple[Element, list[str]]]
            found = super()._InlineProcessor__processPlaceholders(data, parent, isText)  # type: ignore[misc]
            return found
        if data and isText:
            parent.text = parent.text + data if parent.text else data
        elif data:
            parent.tail = parent.tail + data if parent.tail else data
        return []
