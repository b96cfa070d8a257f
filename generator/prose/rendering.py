"""Rendering: Markdown text in, a finished piece of HTML out."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from generator.prose import footnotes
from generator.prose.blocks import scan
from generator.prose.captions import with_captions
from generator.prose.code import box, highlight
from generator.prose.dialect import converter
from generator.prose.formulas import typeset
from generator.prose.names import named
from generator.prose.outline import summary, with_anchors, word_count
from generator.prose.result import IncludeTag, Prose, Trouble
from generator.prose.tags import CLOSE, MARK, OPEN, Found, hide, show

# Everything that has no business in a text: control characters (two of them are ours, two are Python-Markdown's), and
# halves of surrogate pairs, which can't be written to a file.
_DROPPED = dict.fromkeys([*range(9), *range(0x0B, 0x20), 0x7F])
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # the same, which is faster for text of other letters too
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"^ +$", re.MULTILINE)
_LANGUAGE = re.compile(r"\{?\s*\.?([\w+#.-]*)")

_INCLUDES = re.compile(
    rf"<p>(?P<alone>(?:\s*{OPEN}[0-9]+{CLOSE})+)\s*</p>"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<code><(?P<tag>pre|code)\b[^<]*+(?:<(?!/(?P=tag)>)[^<]*+)*</(?P=tag)>)"
    r"|(?P<inside></?[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>)"
    rf"|{OPEN}(?P<number>[0-9]+){CLOSE}",
    re.DOTALL,
)
_INDENTED_CODE = re.compile(r"<pre><code>(.*?)</code></pre>", re.DOTALL)
_TABLE = re.compile(r"<(/?)table\b[^>]*>")


def render(text: str, *, math: bool = False) -> Prose:
    """Markdown as HTML. With `math`, ``$…$``, ``$$…$$``, ``\\(…\\)`` and ``\\[…\\]`` are formulas.

    Never raises for anything that an author can write; what is wrong stands in `Prose.troubles`. The same text gives
    the same result, whatever was rendered before. Not for two threads at once: a process has one converter.
    """
    try:
        return _rendered(text, math)
    except RecursionError:
        # Python-Markdown's parser is in the middle of something: the next text gets a new one.
        converter.cache_clear()
        trouble = Trouble("this text is nested too deep", "", "leave blank lines between its parts, or divide it")
        return Prose("", "", (), (), 0, (trouble,))


def _rendered(text: str, math: bool) -> Prose:
    hidden, found = hide(clean(text))
    md = converter(math)
    md.reset()
    shelved = _Shelved()
    html = md.convert(_even(_without_blocks(hidden, found, md.htmlStash.store, shelved)))
    html = _INDENTED_CODE.sub(lambda match: box(match[1]), html)
    troubles: tuple[Trouble, ...] = ()
    if math:
        html, troubles = typeset(html, found)
    html, tags, misplaced = _with_includes(html, found)
    html, headings = with_anchors(named(with_captions(_boxed_tables(html))))
    return Prose(
        shelved.back(html),
        shelved.back(summary(html)),
        headings,
        tags,
        word_count(html),
        (*misplaced, *footnotes.troubles(md), *troubles),
    )


class _Shelved:
    """Highlighted code, out of the way until all else is done: it has a tag for each word, and nothing to be found."""

    # The text was cleaned of such a sign.
    _PLACE = re.compile("<pre>\x11([0-9]+)</pre>")

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def put(self, html: str) -> str:
        """What stands for the code: an element that all treat as they would treat the code."""
        self._pieces.append(html)
        return f"<pre>\x11{len(self._pieces) - 1}</pre>"

    def back(self, html: str) -> str:
        """The HTML with the code in its places."""
        return self._PLACE.sub(lambda place: self._pieces[int(place[1])], html) if self._pieces else html


def clean(text: str) -> str:
    """The text with Unix line ends and without characters that can't stand in HTML."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.translate(_DROPPED)
    return _CONTROL.sub("", _SURROGATE.sub("\ufffd", text))


def _even(text: str) -> str:
    """`text` as Python-Markdown wants it: tabs as spaces, nothing on blank lines, an empty line at the end."""
    text = text.expandtabs(4)
    if " \n" in text or text.endswith(" "):
        text = _BLANK.sub("", text)
    return text + "\n\n"


def _without_blocks(text: str, found: tuple[Found, ...], stash: Callable[[str], str], shelved: _Shelved) -> str:
    """`text` with its fenced code and the raw HTML inside lists and quotes put away as finished HTML, code shelved.

    What is at the top level and raw HTML or indented code, Python-Markdown handles well itself.
    """
    if "`" * 3 not in text and "~" * 3 not in text and "<" not in text:
        return text
    lines = text.rstrip("\n").split("\n")
    kept: list[str] = []
    position = 0
    for block in scan(lines):
        if block.kind == "fence":
            html = shelved.put(highlight(show(block.text, found), _language(show(block.info, found))))
        elif block.nested and block.kind in ("html", "comment"):
            html = block.text
        else:
            continue
        kept += lines[position : block.start]
        kept.append(block.prefix + stash(html))
        position = block.end
    return "\n".join(kept + lines[position:])


def _language(info: str) -> str:
    """The language that the words after a fence name: ``python``, ``{.python #id}``, ``python title="…"``."""
    match = _LANGUAGE.match(info)
    return match[1].lower() if match else ""


def _with_includes(html: str, found: tuple[Found, ...]) -> tuple[str, tuple[IncludeTag, ...], tuple[Trouble, ...]]:
    """`html` with a place for each include tag outside code, the tags, and what is wrong with some."""
    if not found:
        return html, (), ()
    misplaced: set[int] = set()

    def settled(match: re.Match[str]) -> str:
        if match["alone"]:
            return match["alone"].strip()
        if match["code"]:
            return show(match[0], _escaped(found))
        if match["comment"]:
            return show(match[0], found)
        if match["inside"] and OPEN in match[0]:
            misplaced.update(int(number) for number in MARK.findall(match[0]))
            return show(match[0], _escaped(found))
        return match[0]

    html = _INCLUDES.sub(settled, html)
    standing = sorted({int(number) for number in MARK.findall(html)})
    tags: list[IncludeTag] = []
    places: dict[int, str] = {}
    troubles = [(index, _misplaced(found[index].text)) for index in misplaced]
    for index in standing:
        meaning = found[index].meaning
        if isinstance(meaning, IncludeTag):
            places[index] = f'<vp-include n="{len(tags)}"></vp-include>'
            tags.append(meaning)
        else:
            places[index] = escape(found[index].text, quote=False)
            troubles.append((index, meaning))
    html = MARK.sub(lambda match: places[int(match[1])], html)
    return html, tuple(tags), tuple(trouble for _, trouble in sorted(troubles, key=lambda pair: pair[0]))


def _escaped(found: tuple[Found, ...]) -> tuple[Found, ...]:
    return tuple(Found(escape(one.text), one.meaning) for one in found)


def _misplaced(text: str) -> Trouble:
    return Trouble(
        "an include can't stand inside an HTML tag or an address", text, "put the whole element into the include"
    )


def _boxed_tables(html: str) -> str:
    """Each table in a box of its own, which scrolls on a narrow screen and can be reached by keyboard."""
    depth = number = 0

    def boxed(match: re.Match[str]) -> str:
        nonlocal depth, number
        if match[1]:
            depth -= 1
            return f"{match[0]}</div>" if depth == 0 else match[0]
        depth += 1
        if depth > 1:
            return match[0]
        number += 1
        return f'<div class="table-wrap" tabindex="0" role="region" aria-label="Table {number}">{match[0]}'

    return _TABLE.sub(boxed, html) if "<table" in html else html
