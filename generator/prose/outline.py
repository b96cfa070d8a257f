"""The outline of finished HTML: its headings, its summary, its number of words."""

from __future__ import annotations

import re
from html import unescape

from generator.prose.anchors import slug
from generator.prose.result import Heading

# What goes up to an end tag, in long steps: code has a tag for each word.
_HEADING = re.compile(
    r"<!--.*?-->|<(?P<pre>pre|script|style)\b[^<]*+(?:<(?!/(?P=pre)>)[^<]*+)*</(?P=pre)>"
    r"|<h([1-6])\b([^>]*)>(.*?)</h\2>",
    re.DOTALL,
)
_ID = re.compile(r"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_FOOTNOTE = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)
# No possessive group around possessive parts: before 3.11.5 Python loses matches of such (its issue 106052).
_NOT_PROSE = re.compile(r"<(pre|script|style|math|svg)\b[^<]*+(?:<(?!/\1>)[^<]*+)*</\1>")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’.,-][^\W_]+)*")
_SIGNS = bytes(97 if chr(code).isalnum() and code < 128 else 46 if chr(code) in "'.,-" else 32 for code in range(256))
"""What counts for ASCII text: each letter and digit an a, each sign within words a dot, all else a space."""
_MORE = re.compile(r"<!--\s*more\s*-->")
_PART = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")


def plain(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(_TAG.sub("", html))


def with_anchors(html: str) -> tuple[str, tuple[Heading, ...]]:
    """`html` with an id on each heading, GitHub's unless the author gave one, and the headings."""
    own = [_ID.search(match[3]) for match in _HEADING.finditer(html) if match[2]]
    taken = {(match[1] or match[2] or match[3] or ""): 0 for match in own if match}
    headings: list[Heading] = []

    def anchored(match: re.Match[str]) -> str:
        if not match[2]:
            return match[0]
        text = " ".join(plain(_FOOTNOTE.sub("", match[4])).split())
        given = _ID.search(match[3])
        anchor = (given[1] or given[2] or given[3] or "") if given else slug(text, taken)
        headings.append(Heading(int(match[2]), anchor, text))
        return match[0] if given else f'<h{match[2]} id="{anchor}"{match[3]}>{match[4]}</h{match[2]}>'

    return _HEADING.sub(anchored, html), tuple(headings)


def word_count(html: str) -> int:
    """How many words a reader reads; a Chinese or Japanese sign counts as one."""
    text = plain(_NOT_PROSE.sub(" ", html))
    if not text.isascii():
        return len(_WORD.findall(text))
    # The same in a tenth of the time: two signs in a row part words, and one that stands alone is none.
    words = text.encode().translate(_SIGNS).replace(b"..", b" ").split()
    return len(words) - words.count(b".")


def summary(html: str) -> str:
    """The HTML before ``<!-- more -->``, else the first paragraph; without headings, footnote references and ids."""
    if more := _MORE.search(html):
        text = html[: more.start()]
        text += "".join(f"</{tag}>" for tag in reversed(_open_tags(text)))
        text = re.sub(r"<h([1-6])\b.*?</h\1>\s*", "", text, flags=re.DOTALL)
    else:
        text = _first_paragraph(html)
    text = _FOOTNOTE.sub("", text)
    return _TAG.sub(lambda tag: _ID.sub("", tag[0]), text).strip()


def _first_paragraph(html: str) -> str:
    """The first paragraph of the text itself that has words in it."""
    depth, start = 0, -1
    for match in _PART.finditer(html):
        tag = (match[2] or "").lower()
        if not tag or _VOID.fullmatch(tag):
            continue
        if match[1]:
            depth -= 1
            if depth == 0 and start >= 0 and tag == "p":
                if plain(html[start : match.end()]).strip():
                    return html[start : match.end()]
                start = -1
        else:
            if depth == 0 and tag == "p":
                start = match.start()
            depth += 1
    return ""


def _open_tags(html: str) -> list[str]:
    """The elements that are open at the end of `html`."""
    stack: list[str] = []
    for match in _PART.finditer(html):
        tag = (match[2] or "").lower()
        if not tag or _VOID.fullmatch(tag):
            continue
        if not match[1]:
            stack.append(tag)
        elif tag in stack:
            while stack.pop() != tag:
                pass
    return stack
