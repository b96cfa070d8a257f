"""Insertion: finished HTML with what its include tags stand for in their places, and valid HTML afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKER = re.compile(r'<vp-include n="([0-9]+)"></vp-include>')

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_TOKEN = re.compile(rf'(<vp-include n="[0-9]+"></vp-include>|<!--.*?-->|</?[a-zA-Z]{_ATTRIBUTES}>)', re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_ID = re.compile(r"""\sid\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""")
_BLOCK = re.compile(
    r"<(?:address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|hgroup|hr|main|menu|nav|ol|p|pre|search|section|summary|table|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|template|svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SHOWN = re.compile(
    r"<(?:audio|button|canvas|embed|iframe|img|input|math|meter|object|picture|progress|select|svg|textarea|video)\b",
    re.I,
)
_PARAGRAPH = re.compile(rf"<p(?:\s{_ATTRIBUTES})?>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\s*>", re.IGNORECASE)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def insert(text: str, contents: Sequence[str]) -> str:
    """`text` with include number n replaced by ``contents[n]``.

    A block (a figure, a table …) can't stand inside a paragraph: the paragraph and the inline elements that are open at
    that point end before it and begin again after it, unless nothing would be left in them. Inline content stays in its
    paragraph. In headings, table cells, items and elements of the author's own everything is put where its tag stood.
    """

    def content(match: re.Match[str]) -> str:
        number = int(match[1])
        return contents[number] if number < len(contents) else match[0]

    blocks = {number for number, one in enumerate(contents) if is_block(one)}
    parts: list[str] = []
    position = 0
    for match in MARKER.finditer(text):
        if int(match[1]) not in blocks or match.start() < position:
            continue
        if span := _paragraph_around(text, match.start(), position):
            parts.append(MARKER.sub(content, text[position : span[0]]))
            parts.append(_parted(text[span[0] : span[1]], contents, blocks))
            position = span[1]
    parts.append(MARKER.sub(content, text[position:]))
    return "".join(parts)


def is_block(content: str) -> bool:
    """Whether the content ends a paragraph that it stands in: it holds an element that can't be part of one."""
    return bool(_BLOCK.match(content) or _BLOCK.search(_UNSEEN.sub("", content)))


def _paragraph_around(text: str, position: int, limit: int) -> tuple[int, int] | None:
    """Beginning and end of the paragraph, not before `limit`, that the position lies in."""
    start = position
    while (start := text.rfind("<p", limit, start)) >= 0:
        if opening := _PARAGRAPH.match(text, start):
            between = text[opening.end() : position]
            end = _PARAGRAPH_END.search(text, position)
            inside = end and not _PARAGRAPH_END.search(between) and not is_block(MARKER.sub("", between))
            return (start, end.end()) if end and inside else None
    return None


def _parted(paragraph: str, contents: Sequence[str], blocks: set[int]) -> str:
    """The paragraph in pieces, with its blocks between them."""
    opening = _PARAGRAPH.match(paragraph)
    assert opening is not None
    inner = paragraph[opening.end() : paragraph.rindex("</")]
    start = opening[0]
    parts: list[str] = []
    piece = ""
    tags: list[tuple[str, str]] = []  # the inline elements that are open: their names and their start tags

    def finish() -> None:
        nonlocal start
        whole = piece + "".join(f"</{name}>" for name, _ in reversed(tags))
        if _TOKEN.sub("", whole).strip() or _SHOWN.search(whole):
            parts.append(f"{start}{whole.strip()}</p>\n")
            start = _ID.sub("", start)

    for token in _TOKEN.split(inner):
        marker = MARKER.fullmatch(token)
        number = int(marker[1]) if marker else -1
        if number in blocks:
            finish()
            parts.append(contents[number].strip("\n") + "\n")
            piece = "".join(_ID.sub("", tag) for _, tag in tags)
        elif 0 <= number < len(contents):
            piece += contents[number]
        else:
            piece += token
            _follow(tags, token)
    finish()
    return "".join(parts).rstrip("\n")


def _follow(tags: list[tuple[str, str]], token: str) -> None:
    """Bring the list of open elements up to date with one tag."""
    match = _TAG.match(token)
    if match is None or match[2].lower() in _VOID or token.endswith("/>"):
        return
    name = match[2].lower()
    if not match[1]:
        tags.append((name, token))
    elif any(name == other for other, _ in tags):
        while tags.pop()[0] != name:
            pass
