"""The dialect of Markdown: Python-Markdown with the extensions that we chose, and what GitHub does beyond them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import punctuation
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension, AttrListTreeprocessor
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.md_in_html import MarkdownInHtmlExtension
from markdown.extensions.tables import TableExtension, TableProcessor
from markdown.inlinepatterns import BacktickInlineProcessor, InlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE, STX, AtomicString
from pymdownx.betterem import BetterEmExtension
from pymdownx.details import DetailsExtension
from pymdownx.quotes import QuotesExtension
from pymdownx.tasklist import TasklistExtension
from pymdownx.tilde import DeleteSubExtension

from generator.prose import brackets, lists
from generator.prose.blocks import DELIMITER_ROW
from generator.prose.footnotes import Footnotes
from generator.prose.hurry import hurry

_FOOTNOTES = {
    "SEPARATOR": "-",
    "USE_DEFINITION_ORDER": False,
    "BACKLINK_TEXT": "&#8617;&#xFE0E;",
    "BACKLINK_TITLE": "Back to footnote {} in the text",
}
_CODE_SPAN = r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<![\\`])(`+)(?!`)(.+?)(?<!`)\2(?!`))"
"""Python-Markdown's own takes two of three backticks for the beginning of a code span; `location` would disagree."""


@cache
def converter(math: bool) -> Markdown:
    """The process's one converter with or without formulas. Its caller resets it before each text."""
    md = Markdown(extensions=[*_extensions(math)], output_format="html")
    md.ESCAPED_CHARS = [*punctuation]
    md.preprocessors.deregister("normalize_whitespace")  # `rendering` does it, and puts Python-Markdown's own signs in
    md.parser.blockprocessors.register(SpacedHeading(md.parser), "hashheader", 70)
    lists.register(md.parser)
    md.parser.blockprocessors.register(StashedBlock(md.parser), "stashed", 77)
    md.parser.blockprocessors.register(TableAfterText(md.parser, {"use_align_attribute": False}), "table", 75)
    md.treeprocessors.register(Attributes(md), "attr_list", 8)
    md.inlinePatterns.register(BacktickInlineProcessor(_CODE_SPAN), "backtick", 190)
    md.inlinePatterns.register(HardBreak(r"\\\n"), "hardbreak", 101)
    md.inlinePatterns.register(BareUrl(BareUrl.PATTERN, md), "bareurl", 85)
    if math:
        md.inlinePatterns.register(FormulaInText(FormulaInText.PATTERN), "formula", 189.95)
    brackets.register(md)
    hurry(md)
    return md


def _extensions(math: bool) -> Iterator[Extension]:
    # Not by their names: Python-Markdown would look each up among all that is installed.
    yield AdmonitionExtension()
    yield AttrListExtension()
    yield DefListExtension()
    yield MarkdownInHtmlExtension()
    yield TableExtension()
    yield BetterEmExtension()
    yield DetailsExtension()
    yield QuotesExtension(callouts=True)
    yield TasklistExtension()
    yield DeleteSubExtension(subscript=False)
    if math:
        from pymdownx.arithmatex import ArithmatexExtension

        yield ArithmatexExtension(generic=True, block_syntax=["dollar", "square"])
    yield Footnotes(**_FOOTNOTES)


class SpacedHeading(HashHeaderProcessor):
    """A heading begins with up to three spaces, a ``#`` and a space: ``#tag`` is text."""

    RE = re.compile(r"(?:^|\n) {0,3}(?P<level>#{1,6})(?P<header>(?: +(?!#+ *(?:\n|$))[^\n]*?)?)(?: +#+)? *(?:\n|$)")


class StashedBlock(BlockProcessor):
    """Parts a block at a line that stands for code or raw HTML, which need no blank lines around them."""

    _LINE = re.compile(rf"(?:^|\n) {{0,3}}({HTML_PLACEHOLDER % '[0-9]+'}) *(?:\n|$)")

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        match = self._LINE.search(block) if STX in block else None
        return match is not None and match[0] != block

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = self._LINE.search(block)
        assert match is not None
        parts = (block[: match.start()], match[1], block[match.end() :])
        blocks[:0] = [part for part in parts if part]


class TableAfterText(TableProcessor):
    """Tables that may follow a line of text at once, as on GitHub."""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return "|" in block and self._header(block) is not None

    def _header(self, block: str) -> int | None:
        lines = block.split("\n")
        for index in range(1, len(lines)):
            if DELIMITER_ROW.match(lines[index]):
                rows = "\n".join(lines[index - 1 :])
                return index - 1 if super().test(ElementTree.Element("div"), rows) else None
        return None

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        header = self._header(blocks[0])
        assert header is not None
        lines = blocks[0].split("\n")
        if header:
            self.parser.parseBlocks(parent, ["\n".join(lines[:header])])
            blocks[0] = "\n".join(lines[header:])
        super().run(parent, blocks)


class Attributes(AttrListTreeprocessor):
    """``{: .class key=value}``, ``{#id}`` and ``{.class}``; any other braces are the author's text: the set {1, 2}."""

    _LIST = r"\{(?::[ ]*|(?=[#.][\w-]))([^\}\n][^\n]*)\}"

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        for name, pattern in (("HEADER", "[ ]+{}[ ]*$"), ("BLOCK", "\n[ ]*{}[ ]*$"), ("INLINE", "^{}")):
            setattr(self, f"{name}_RE", re.compile(pattern.format(self._LIST)))

    def run(self, doc: ElementTree.Element) -> None:
        if any("{" in text for text in doc.itertext()):  # few texts have any, and it looks at each element
            super().run(doc)


class HardBreak(InlineProcessor):
    """A backslash at the end of a line."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # type: ignore[override] # noqa: N802
        return ElementTree.Element("br"), m.start(), m.end()


class BareUrl(InlineProcessor):
    """Addresses without angle brackets, as GitHub links them: without the punctuation that ends a sentence."""

    PATTERN = r"(?<![\w/.:@\"'=])(?:https?://(?=[\w\[])|www\.(?=[\w-]+\.\w))[^\s<\x02\x0e]+"
    ANCESTOR_EXCLUDES = ("a",)
    _TAIL = re.compile(r"(?:[?!.,:*_~'\"]|&[a-z0-9]+;)+$")

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element | None, int | None, int | None]:  # type: ignore[override] # noqa: N802
        url = m[0]
        while True:
            shorter = self._TAIL.sub("", url)
            closing = len(shorter) - len(shorter.rstrip(")"))
            shorter = shorter[: len(shorter) - max(0, min(closing, shorter.count(")") - shorter.count("(")))]
            if shorter == url:
                break
            url = shorter
        if self._in_link(data, m):
            return None, None, None
        link = ElementTree.Element("a", {"href": url if url.startswith("http") else f"http://{url}"})
        link.text = AtomicString(url)
        return link, m.start(), m.start() + len(url)

    def _in_link(self, data: str, m: re.Match[str]) -> bool:
        """Whether the address stands between the author's own ``<a …>`` and ``</a>``."""
        inline = self.md.treeprocessors["inline"]
        assert isinstance(inline, InlineTreeprocessor)
        inside = False
        for placeholder in INLINE_PLACEHOLDER_RE.finditer(data, 0, m.start()):
            node = inline.stashed_nodes.get(placeholder[1])
            stashed = HTML_PLACEHOLDER_RE.match(node) if isinstance(node, str) else None
            if stashed:
                tag = str(self.md.htmlStash.rawHtmlBlocks[int(stashed[1])]).lower()
                inside = tag.startswith(("<a ", "<a\n")) or (inside and not tag.startswith("</a"))
        return inside


class FormulaInText(InlineProcessor):
    """``$$…$$`` and ``\\[…\\]`` within a paragraph: a line of their own if they fill theirs, else like ``$…$``."""

    PATTERN = r"(?<!\\)\$\$(?P<dollars>[^$\x02\x03]+?)\$\$|(?<!\\)\\\[(?P<square>[^\x02\x03]+?)\\\]"

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # type: ignore[override] # noqa: N802
        before, after = data[: m.start()].rstrip(" "), data[m.end() :].lstrip(" ")
        alone = before[-1:] in ("", "\n") and after[:1] in ("", "\n")
        element = ElementTree.Element("span", {"class": "arithmatex"})
        tex = m["dollars"] or m["square"]
        element.text = AtomicString(f"\\[{tex}\\]" if alone or m["square"] else f"\\({tex}\\)")
        return element, m.start(), m.end()
