"""Pictures: the images of a text with the size of their files, so that nothing moves when they arrive."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import unquote

from generator.pages.eithercase import EitherCase
from generator.pages.links import ROOT
from generator.pages.tree import STATIC

Size = tuple[int, int]
"""Width and height in CSS pixels, as a browser would show the file: turned if its camera says so."""

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_TAG = EitherCase(
    r"<(?:!--.*?-->|(?P<raw>script|style|template|textarea)\b[^<]*+(?:<(?!/(?P=raw)\s*>)[^<]*+)*</(?P=raw)\s*>"
    rf"|(?P<name>img|iframe)(?P<more>\s{_ATTRIBUTES}?)(?P<end>\s*/?)>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_LATER = re.compile(r"<h2\b|\sdata-chart=")


class Sizes:
    """The sizes of picture files of a project, looked up when they are asked for and read once."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._known: dict[str, Size | None] = {}

    def of(self, file: str) -> Size | None:
        """The size of a file relative to the project; None for what has none that can be read."""
        if file not in self._known:
            self._known[file] = _measure(self._project / file)
        return self._known[file]


def _measure(path: Path) -> Size | None:
    import imagesize  # only a site with pictures needs it

    width, height = (round(side) for side in imagesize.get(path))  # -1 where it can't say; an SVG may be 12.5 wide
    return (width, height) if width > 0 and height > 0 else None


def files(copied: Mapping[str, str], known: Collection[str]) -> Callable[[str], str]:
    """What gives the file behind an address of the site, or an empty string: `copied` maps files to addresses,
    `known` are all files of the project's content."""
    sources = {address: file for file, address in copied.items()}

    def file(address: str) -> str:
        static = STATIC + address[1:]
        return static if static in known else sources.get(address, "")

    return file


def framed(text: str, file: Callable[[str], str], sizes: Sizes, *, at_once: bool = True) -> str:
    """Neutral `text` (see `links`) whose pictures have their size and wait until the reader is near.

    With `at_once` the first one, if it stands above the first section and chart, does not wait: a reader sees it first.
    What an author wrote on a tag stays; of a picture with a width only, the height is worked out.
    """
    if "<img" not in text and "<iframe" not in text:
        return text
    first = at_once

    def frame(match: re.Match[str]) -> str:
        nonlocal first
        name = (match["name"] or "").lower()
        if not name:
            return match[0]
        given = {found[1].lower(): (found[2] or "").strip("\"'") for found in _ATTRIBUTE.finditer(match["more"])}
        added = ""
        if name == "img":
            added = _size(html.unescape(given.get("src", "")), given, file, sizes)
        seen = first and name == "img" and not _LATER.search(text, 0, match.start())
        first = first and name != "img"
        if "loading" not in given and not seen:
            added += ' loading="lazy"'
        if name == "img" and "decoding" not in given:
            added += ' decoding="async"'
        return f"<{match['name']}{match['more']}{added}{match['end']}>"

    return _TAG.of(text).sub(frame, text)


def _size(src: str, given: Mapping[str, str], file: Callable[[str], str], sizes: Sizes) -> str:
    """The attributes that say how large the picture is, as far as `given` lacks them."""
    if not src.startswith(ROOT) or "height" in given:
        return ""
    path = file(unquote(src.removeprefix(ROOT).partition("?")[0].partition("#")[0]))
    size = sizes.of(path) if path else None
    if size is None:
        return ""
    width, height = size
    wanted = given.get("width")
    if wanted is None:
        return f' width="{width}" height="{height}"'
    return f' height="{max(1, round(int(wanted) * height / width))}"' if wanted.isdecimal() else ""
