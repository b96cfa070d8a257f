"""Includes: what the tags of a post stand for, put into its finished HTML.

A generated chart or notebook is pasted as it is, a hand-written include is filled in first (`handwritten`). Both happen
after Markdown, which therefore can't mangle them.
"""

from __future__ import annotations

import copy
import html
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import poster
from generator.errors import Place, Problem, did_you_mean
from generator.fragment import FIGURE, Fragment, is_fragment, notebook_name, parse
from generator.pages.handwritten import IncludeError, Templates
from generator.pages.links import neutral_address
from generator.pages.views import Picture
from generator.prose import IncludeTag

FOLDER = "includes"
MANIFEST = "manifest.json"

_YET_TO_COME = "<em>{} is yet to be computed.</em>"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")  # NUL delimits comments in `handwritten`, others mean something elsewhere


@dataclass(frozen=True, slots=True)
class Content:
    """What an include tag stands for: HTML, and the chart that it is, unless it was written by hand."""

    name: str
    html: str
    fragment: Fragment | None = None


class Includes:
    """The files below ``includes/`` of a project, each read once, when it is first asked for.

    `names` are their paths within the folder (POSIX), sorted. `hidden` ones are treated as if they weren't there; a
    link that leads out of the folder is no include.
    """

    def __init__(self, folder: Path, *, hidden: Collection[str] = ()) -> None:
        self._folder = folder
        self.names = tuple(name for name in _listed(folder) if name not in hidden)
        self._known = frozenset(self.names)
        self._texts: dict[str, str] = {}
        self._note: Callable[[str], None] | None = None
        self._templates = Templates(self.get, self.names)

    def get(self, name: str) -> str | None:
        """The text of an include, or None if there is none of this name. Raises IncludeError if it can't be read."""
        if self._note:
            self._note(name)
        if name not in self._known:
            return None
        if name not in self._texts:
            place = Place(f"{FOLDER}/{name}")
            try:
                text = (self._folder / name).read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise IncludeError("this include is not a text in UTF-8", place) from None
            except OSError as error:
                raise IncludeError(f"this include can't be read: {error.strerror}", place) from None
            self._texts[name] = _CONTROL.sub("", text.replace("\r\n", "\n"))
        return self._texts[name]

    def missing(self, name: str) -> tuple[str, str]:
        """What to tell the author of a tag whose include `name` isn't there: the message and a hint."""
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            return f"an include can't lie outside {FOLDER}/: '{name}'", f"move the file into {FOLDER}/"
        if any(os.path.islink(self._folder / place) for place in (name, *_above(name))):
            return f"{FOLDER}/{name} is a link that leads out of {FOLDER}/", f"move the file into {FOLDER}/"
        return f"there is no include '{name}'", did_you_mean(name, self.names)

    def fill(self, name: str, parameters: dict[str, object], page: object, site: object) -> str:
        """The HTML of a hand-written include. Raises IncludeError at the line of the include that is wrong."""
        return self._templates.fill(name, parameters, page, site, self.get)

    def watched(self, note: Callable[[str], None]) -> Includes:
        """The same includes; `note` is told the name of each text that is asked for."""
        watched = copy.copy(self)
        watched._note = note
        return watched


def contents(
    tags: Sequence[IncludeTag],
    includes: Includes,
    page: object,
    site: object,
    place: Callable[[str, int], Place],
    *,
    awaited: Collection[str] = (),
) -> tuple[tuple[Content, ...], tuple[Problem, ...]]:
    """What each of a text's `tags` stands for, and what is wrong with some of them (those are empty).

    Hand-written includes see `page` and `site`. ``place(tag, n)`` is where appearance n (from 0) of the tag's text
    stands in the author's file. An include that is `awaited` may be missing for now: a sentence stands in its place.
    """
    found: list[Content] = []
    problems: list[Problem] = []
    anchors = _Anchors()
    before: dict[str, int] = {}
    for tag in tags:
        count = before.get(tag.text, 0)
        before[tag.text] = count + 1
        content = Content(tag.name, "")
        try:
            text = includes.get(tag.name)
            if text is not None:
                content = _content(tag, text, includes, page, site, anchors)
            elif tag.name in awaited:
                content = Content(tag.name, _YET_TO_COME.format(html.escape(tag.name.removesuffix(".html"))))
            else:
                message, hint = includes.missing(tag.name)
                problems.append(Problem(message, place(tag.text, count), hint))
        except IncludeError as error:
            problems.append(Problem(error.message, error.place or place(tag.text, count), error.hint))
        found.append(content)
    return tuple(found), tuple(problems)


def _content(tag: IncludeTag, text: str, includes: Includes, page: object, site: object, anchors: _Anchors) -> Content:
    if not is_fragment(text):
        filled = includes.fill(tag.name, dict(tag.parameters), page, site)
        return Content(tag.name, anchors.apart(filled).strip("\n"))
    if name := notebook_name(text):
        return Content(tag.name, anchors.notebook(name, text))
    fragment = parse(text)
    if fragment is None:
        what = "chart" if text.startswith("<figure") else "notebook"
        raise IncludeError(
            f"this {what} is damaged: it is not as it was written",
            Place(f"{FOLDER}/{tag.name}"),
            f"make it again: visualposts build --rerun --only {tag.name.removesuffix('.html')}",
        )
    settled = anchors.settle(fragment)
    return Content(tag.name, text if settled is fragment else settled.to_html(), settled)


class _Anchors:
    """The anchors of the charts on one page: a chart's second appearance needs another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def settle(self, fragment: Fragment) -> Fragment:
        number, anchor = 1, fragment.name
        while anchor in self._taken:
            number += 1
            anchor = f"{fragment.name}-{number}"
        self._taken.add(anchor)
        return fragment if number == 1 else fragment.anchored(anchor)

    def notebook(self, name: str, text: str) -> str:
        """The text of a notebook with its own anchors, and the charts in it, settled."""
        number, anchor = 1, name
        while f"notebook {anchor}" in self._taken:
            number += 1
            anchor = f"{name}-{number}"
        self._taken.add(f"notebook {anchor}")
        if number > 1:
            text = re.sub(rf'(<[a-z][^<>]*?\s(?:id="|href="#)){name}-', rf"\g<1>{anchor}-", text)
        return self.apart(text)

    def apart(self, text: str) -> str:
        """The text of an include that holds more than a chart, with the charts in it settled."""
        return FIGURE.sub(lambda match: self._settled(match[0]), text) if 'class="chart"' in text else text

    def _settled(self, text: str) -> str:
        fragment = parse(text)
        return self.settle(fragment).to_html() if fragment else text


def feed_form(text: str, url: str, picture: Callable[[Fragment], Picture | None]) -> str:
    """A finished text, includes put in, with every chart as a feed shows it: text and the `url` of its page neutral."""

    def shown(match: re.Match[str]) -> str:
        fragment = parse(match[0])
        return _for_feed(fragment, f"{url}#{fragment.id}", picture(fragment)) if fragment else ""

    return FIGURE.sub(shown, text) if 'class="chart"' in text else text


def _for_feed(fragment: Fragment, url: str, poster: Picture | None) -> str:
    """A chart without script or data: its poster or its words, its table, and a link to where it moves."""
    link, alt = html.escape(url), html.escape(fragment.alt)
    if poster:
        source, size = html.escape(neutral_address(poster.src)), f'width="{poster.width}" height="{poster.height}"'
        shown = f'<p><a href="{link}"><img src="{source}" alt="{alt}" {size}></a></p>\n'
    else:
        shown = f"<p>{html.escape(fragment.alt, quote=False)}</p>\n" if alt else ""
    table = f"{fragment.table}\n" if fragment.table else ""
    caption = f"<figcaption>{fragment.caption}</figcaption>\n" if fragment.caption else ""
    return f'<figure>\n{shown}{table}<p><a href="{link}">Interactive chart</a></p>\n{caption}</figure>\n'


def without_charts(text: str) -> str:
    """A text whose includes are put in, less its charts: what is left is read, not looked at."""
    return FIGURE.sub("", text) if 'class="chart"' in text else text


def _listed(folder: Path) -> Iterator[str]:
    """The files of the folder by name, sorted; dot files and what lies outside it (by a link) left out."""
    root = os.path.realpath(folder)
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder)
        if name.as_posix() == MANIFEST or poster.parse(path.name) or any(part.startswith(".") for part in name.parts):
            continue
        try:
            inside = path.is_file() and path.resolve().is_relative_to(root)
        except (OSError, RuntimeError):  # a link in a circle
            inside = False
        if inside:
            yield name.as_posix()


def _above(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
