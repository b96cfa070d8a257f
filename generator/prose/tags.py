"""Include tags: found in the Markdown, and kept out of its way behind marks until the HTML is done.

A mark is a number between two control characters that no text holds (`rendering` drops them from what an author
wrote). Markdown sees an ordinary word without any special character in it, so neither a quote nor a ``|`` inside a tag
can be mangled. Every mark becomes either a place for an include or, inside code and comments, the letters it stood for.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from generator.prose.result import IncludeTag, Trouble

OPEN, CLOSE = "\x0e", "\x0f"
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")

_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'%{}=]+)"""
# A tag that can be read is taken whole; of one that can't, only its beginning, so that what follows stays Markdown:
# in "`{% include` begins a tag that `%}` ends" there are two code spans and no tag.
_TAG = re.compile(
    r"\{%-?\s*include(?![\w.-])"
    rf"(?:\s+(?P<name>[^\s\"'=%{{}}]+?)(?P<parameters>(?:\s+[\w-]+\s*=\s*{_VALUE})*)\s*-?%\}})?"
    # Other tags are text, but for one that names a file and looks like a slip of ours.
    r"|\{%-?\s*(?P<slip>[A-Za-z]+)\s+[\w./-]+\.html\b[^%{}]*%\}",
    re.DOTALL,
)
_PARAMETER = re.compile(rf"([\w-]+)\s*=\s*({_VALUE})", re.DOTALL)
_LITERAL = re.compile(r"-?\d+(?:\.\d+)?|true|false")
_SHOWN = "to show a tag instead of using it, put it into `backticks`"


@dataclass(frozen=True, slots=True)
class Found:
    """What stands behind a mark: the letters, and the tag that they are or the trouble with them."""

    text: str
    meaning: IncludeTag | Trouble


def hide(text: str) -> tuple[str, tuple[Found, ...]]:
    """`text` with marks for its include tags, wherever they stand, and what each mark means."""
    if "{%" not in text:
        return text, ()
    found: list[Found] = []

    def mark(match: re.Match[str]) -> str:
        if match["slip"] and not difflib.get_close_matches(match["slip"].lower(), ["include"], cutoff=0.75):
            return match[0]
        found.append(Found(match[0], _read(match)))
        return f"{OPEN}{len(found) - 1}{CLOSE}"

    return _TAG.sub(mark, text), tuple(found)


def show(text: str, found: tuple[Found, ...]) -> str:
    """`text` with the letters of every tag back in their place."""
    return MARK.sub(lambda match: found[int(match[1])].text, text) if found and OPEN in text else text


def _read(match: re.Match[str]) -> IncludeTag | Trouble:
    raw = match[0]
    if match["slip"]:
        return Trouble(f"there is no tag '{match['slip']}': {raw}", raw, f"did you mean 'include'? {_SHOWN}")
    if match["name"] is None:
        rest = match.string[match.start() : match.start() + 500]
        end = rest.find("%}")
        line = rest.split("\n", 1)[0]
        # With the line's end, which a whole tag that begins in the same way doesn't have there.
        needle = rest[: end + 2] if 0 <= end <= len(line) else rest[: len(line) + 1]
        if end < 0:
            return Trouble("this include tag has no end", needle, f"close it with '%}}'; {_SHOWN}")
        return Trouble(
            f"an include tag that can't be read: {needle.rstrip()}",
            needle,
            'write {% include name.html key="value" %}; ' + _SHOWN,
        )
    parameters = []
    for key, value in _PARAMETER.findall(match["parameters"]):
        if value[0] in "\"'":
            parameters.append((key, value[1:-1].replace("\\" + value[0], value[0])))
        elif _LITERAL.fullmatch(value):
            parameters.append((key, value))
        else:
            hint = f'there are no variables here: write {key}="…"'
            return Trouble(f"the value of '{key}' in this include is not in quotes: {value}", raw, hint)
    return IncludeTag(match["name"], tuple(parameters), raw)
