"""Links: every URL in a page's HTML, resolved against the sources first and the site's addresses second.

A resolved link is written in a *neutral* form, ``ROOT`` and the encoded address, so that one text serves the page, the
lists that quote it and the feed: each puts its own way to the root in the place of ``ROOT``. What is still neutral
when a page is rendered gets the page's way then.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from generator.errors import Place, Problem
from generator.pages.eithercase import EitherCase
from generator.pages.nearest import Nearest
from generator.pages.routes import Routes, encode, static_address
from generator.pages.tree import STATIC

ROOT = "\x1a"
"""Stands for the site's root in neutral HTML; no source can hold this character."""

# Possessive inside, not around: before 3.11.5 Python errs with a possessive group (its issue 106052).
ATTRIBUTES = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*"""
"""A pattern of what stands in a tag before its end."""
_TAG = EitherCase(
    rf"""<(?:!--.*?(?:-->|\Z)
    | (?P<name>script|style|textarea|title)(?:\s{ATTRIBUTES})?(?P<end>>)(?:.*?</(?P=name)\s*>|.*)
    | (?:a|area|audio|embed|iframe|image|img|input|link|object|source|track|use|video)\s{ATTRIBUTES}>)""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?P<name>[^\s=/"'<>]+)(?P<equals>\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s"'<>]+)""")
_LINKING = frozenset({"href", "src", "srcset", "poster", "data", "xlink:href"})
_PICTURES = ("img", "image", "source", "input")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_DOMAIN = re.compile(r"(?:www\.|[\w-]+\.(?:com|org|net|io|dev|edu|gov)(?:/|\Z))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that leads somewhere: the address of a page or file, what follows it, and the source of a file to copy."""

    address: str
    query: str = ""
    fragment: str = ""
    copied: str = ""

    @property
    def neutral(self) -> str:
        return neutral_address(self.address) + self.query + (f"#{self.fragment}" if self.fragment else "")


@dataclass(frozen=True, slots=True)
class Dead:
    """A link that leads nowhere, with what may mend it, or the path that a guess is to be made for."""

    hint: str = ""
    path: str = ""

    def advice(self, nearest: Nearest, source: str) -> str:
        """The hint for the author of the file `source`."""
        return self.hint or nearest.link(self.path, source)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place on a page that a link names; whether it is there is seen when that page is rendered.

    `written` is the link and `count` the number of its appearances in the source before this one; a link in an include
    stands at the `place` of its tag.
    """

    address: str
    name: str
    written: str
    count: int
    place: Place | None = None


def resolve(target: str, source: str, address: str, routes: Routes) -> Link | Dead | None:
    """What `target` means in the file `source` whose page is at `address`; None for what is not ours to resolve."""
    written = target.strip()
    if _SCHEME.match(written):
        return None
    path, fragment = written.partition("#")[::2]
    path, mark, query = path.partition("?")
    query = mark + query
    if not path:
        return Link(address, query, fragment) if written else Dead("write where the link leads to")
    return _by_source(path, query, fragment, source, address, routes) or _by_address(
        path, query, fragment, address, routes
    )


def _by_source(path: str, query: str, fragment: str, source: str, address: str, routes: Routes) -> Link | Dead | None:
    if path.startswith("/"):
        return None
    folder = posixpath.dirname(source)
    for spelling in dict.fromkeys((unquote(path), path)):
        file = posixpath.normpath(posixpath.join(folder, spelling))
        if found := routes.documents.get(file) or routes.folders.get(file):
            return Link(found, query, fragment)
        if file in routes.files:
            place = _copied_to(file, source, address, routes)
            return Link(place[0], query, fragment, place[1]) if isinstance(place, tuple) else place
    return None


def _copied_to(file: str, source: str, address: str, routes: Routes) -> tuple[str, str] | Dead:
    """The address of a file that a page links to, and the file if it is to be copied there.

    A file goes with the post in whose folder it lies, else with the page that links to it, if it lies beside or below.
    """
    if file.startswith(STATIC):
        return static_address(file), ""
    if file.endswith((".md", ".markdown")):
        return Dead("that file is left out of the site: a draft, a post of the future, or no post at all")
    folder = posixpath.dirname(file)
    while folder.count("/") > 1:
        if folder in routes.folders:
            return _below(routes.folders[folder]) + file[len(folder) + 1 :], file
        folder = posixpath.dirname(folder)
    folder = posixpath.dirname(source)
    if file.startswith(f"{folder}/"):
        return _below(address) + file[len(folder) + 1 :], file
    return Dead("only files beside a post are copied: put it beside this one, or into content/static")


def _below(address: str) -> str:
    return address[: address.rindex("/") + 1]


def _by_address(path: str, query: str, fragment: str, address: str, routes: Routes) -> Link | Dead:
    for spelling in dict.fromkeys((unquote(path), path)):
        wanted = posixpath.normpath(posixpath.join(_below(address), spelling)).replace("//", "/")
        if spelling.endswith(("/", "/.", "/..")) or spelling in (".", ".."):
            wanted = wanted.rstrip("/") + "/"
        if found := routes.find(wanted):
            return Link(found, query, fragment)
    if _DOMAIN.match(path):
        return Dead(f"did you mean 'https://{path}'?")
    if posixpath.basename(path).startswith(("_", ".")):
        return Dead("files whose names begin with '_' or '.' are never copied")
    return Dead(path=unquote(path))


def neutral(text: str, replace: Callable[[str, bool], str | None]) -> str:
    """`text` with each URL of its tags replaced by `replace(url, is a picture)`, where that is not None."""

    def in_tag(match: re.Match[str]) -> str:
        tag = match[0][: match.end("end") - match.start()] if match["name"] else match[0]
        if tag.startswith("<!"):
            return tag
        name = re.match(r"<(\w+)", tag)
        picture = name is not None and name[1].lower() in _PICTURES
        changed = _ATTRIBUTE.sub(lambda found: in_attribute(found, picture), tag)
        return changed + match[0][len(tag) :]

    def in_attribute(match: re.Match[str], picture: bool) -> str:
        name = match["name"].lower()
        if name not in _LINKING:
            return match[0]
        value = html.unescape(match["value"].strip("\"'"))
        new = _in_srcset(value, replace) if name == "srcset" else replace(value, picture or name == "poster")
        return match[0] if new is None else f'{match["name"]}="{html.escape(new)}"'

    return _TAG.of(text).sub(in_tag, text)


def _in_srcset(value: str, replace: Callable[[str, bool], str | None]) -> str | None:
    """A list of pictures for several sizes: ``a.png 1x, b.png 2x``."""
    if "data:" in value:
        return None
    found = []
    for part in re.split(r",\s+|(?<=[wx]),", value.strip()):
        url, blank, size = part.strip().partition(" ")
        if url:
            found.append((replace(url, True) or url) + blank + size.strip())
    return ", ".join(found)


class Linker:
    """Makes the HTML of one document neutral, and gathers what its links name and what is wrong with them.

    `place_of` gives the place of the n-th appearance (from 0) of a URL in the document's source; `include` is the file
    that the HTML comes from where it isn't the document's own: then the place is that of its tag.
    """

    def __init__(
        self,
        source: str,
        address: str,
        routes: Routes,
        nearest: Nearest,
        place_of: Callable[[str, int], Place],
        include: str = "",
    ) -> None:
        self._source, self._address, self._routes, self._nearest = source, address, routes, nearest
        self._place_of, self._include = place_of, include
        self._known: dict[str, Link | Dead | None] = {}
        self._seen: dict[str, int] = {}
        self.anchors: list[Anchor] = []
        self.copied: dict[str, str] = {}
        self.problems: list[Problem] = []

    def neutral(self, text: str) -> str:
        """The document's HTML in neutral form."""
        return neutral(text, self._checked) if "<" in text else text

    def _checked(self, target: str, picture: bool) -> str | None:
        link = self._resolved(target)
        if link is None:
            return None
        count = self._seen[target] = self._seen.get(target, -1) + 1
        if isinstance(link, Dead):
            self._complain(target, picture, count, link.advice(self._nearest, self._source))
            return None
        if link.copied:
            self.copied[link.copied] = link.address
        if link.fragment and link.fragment != "top":
            place = self._place_of(target, count) if self._include else None
            self.anchors.append(Anchor(link.address, unquote(link.fragment), target, count, place))
        return link.neutral

    def _complain(self, target: str, picture: bool, count: int, hint: str) -> None:
        what = f"the picture '{target}' is missing" if picture else f"the link '{target}' leads nowhere"
        notes = (f"in {self._include}",) if self._include else ()
        what = what if target.strip() else "the link is empty"
        self.problems.append(Problem(what, self._place_of(target, count), hint, notes=notes))

    def _resolved(self, target: str) -> Link | Dead | None:
        if target not in self._known:
            self._known[target] = resolve(target, self._source, self._address, self._routes)
        return self._known[target]


def quoted(text: str, source: str, address: str, routes: Routes) -> str:
    """A part of the HTML of a document in neutral form; what is wrong with its links is told of the whole."""
    known: dict[str, str | None] = {}

    def written(target: str, _: bool) -> str | None:
        if target not in known:
            link = resolve(target, source, address, routes)
            known[target] = link.neutral if isinstance(link, Link) else None
        return known[target]

    return neutral(text, written) if "<" in text else text


def neutral_address(address: str) -> str:
    """An address of the site in neutral form."""
    return ROOT + encode(address)


def at_root(text: str, root: str, address: str = "") -> str:
    """Neutral `text` for a page from which `root` leads to the site's root.

    On the page at `address` itself, links to its places and to the files beside it are written the short way.
    """
    if address:
        here = neutral_address(address)
        text = text.replace(f"{here}#", "#")
        if address.endswith("/"):
            text = text.replace(here, "./")
    return text.replace(f"{ROOT}/", root)
