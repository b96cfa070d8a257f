"""Checks: what shows only when the whole site is known: layouts, the header's links, anchors on finished pages."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from generator.config import FILE, NavItem
from generator.errors import Place, Problem
from generator.model import Document, Output
from generator.pages.articles import place_of_link
from generator.pages.fields import place_of
from generator.pages.links import Anchor
from generator.pages.nearest import Nearest, nearest_name
from generator.pages.printed import Printed
from generator.pages.routes import Routes
from generator.pages.views import NavEntry

_ID = re.compile(r"""<(?:[aA]\s(?:[^<>]*?\s)?name|[a-zA-Z][^<>]*?\sid)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_RAW = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_LISTS = frozenset({"index", "tag", "tags", "archive", "charts", "code", "search", "404"})
_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def layout(document: Document, known: Collection[str]) -> tuple[str, Problem | None]:
    """The template of a document, and what is wrong with its ``layout``. Jekyll's ``default`` means the usual one."""
    if not document.layout or document.layout == "default":
        return f"{document.kind}.html", None
    layouts = frozenset(known) - _LISTS
    if document.layout in layouts:
        return f"{document.layout}.html", None
    place = place_of(document.source, document.places, "layout")
    hint = nearest_name(document.layout, layouts)
    return f"{document.kind}.html", Problem(f"there is no layout '{document.layout}'", place, hint)


def navigation(
    items: Iterable[NavItem], routes: Routes, nearest: Nearest, settings_text: str
) -> tuple[list[NavEntry], list[Problem]]:
    """The header's entries with their addresses, and those that lead nowhere, at their line of the settings."""
    entries: list[NavEntry] = []
    problems: list[Problem] = []
    for item in items:
        path, mark, fragment = item.url.partition("#")
        address = routes.find(unquote(path)) if path.startswith("/") else None
        if _EXTERNAL.match(item.url):
            entries.append(NavEntry(item.title, item.url))
        elif address is not None:
            entries.append(NavEntry(item.title, address + mark + fragment))
        else:
            hint = nearest.link(path, FILE) if path.startswith("/") else "begin it with / or https://"
            message = f"the header's link '{item.url}' leads nowhere"
            problems.append(Problem(message, in_settings(item.url, settings_text), hint))
    return entries, problems


def anchors(
    printed: Iterable[tuple[Document, Printed]],
    routes: Routes,
    pages: Mapping[str, Output],
    whole: Callable[[Document], Document],
) -> Iterator[Problem]:
    """The links to a place of a page where that place is missing.

    `pages` are the finished ones by their address; `whole` gives a document its body, for the place of a link.
    """
    ids: dict[str, frozenset[str]] = {}
    for document, made in printed:
        for anchor in made.anchors:
            if anchor.address not in pages:
                continue
            if anchor.address not in ids:
                ids[anchor.address] = _ids(pages[anchor.address].read())
            known = ids[anchor.address]
            if anchor.name not in known:
                where = "this page" if anchor.address == routes.documents[document.source] else anchor.address
                place = anchor.place or place_of_link(whole(document), anchor.written, anchor.count)
                hint = nearest_name(anchor.name, known)
                yield Problem(f"there is no '#{anchor.name}' on {where}", place, hint)


def unsettled(anchors: tuple[Anchor, ...], address: str, page: bytes) -> tuple[Anchor, ...]:
    """Those of the links to places that the finished page at `address` itself does not answer.

    Most links to a place are those of footnotes, on their own page: once it is known, nobody need read it again.
    """
    if all(anchor.address != address for anchor in anchors):
        return anchors
    known = _ids(page)
    return tuple(anchor for anchor in anchors if anchor.address != address or anchor.name not in known)


def _ids(page: bytes) -> frozenset[str]:
    found = _ID.findall(_RAW.sub("", page.decode()))
    return frozenset(html.unescape(double or single or bare) for double, single, bare in found)


def settings_text(project: Path) -> str:
    """The text of the settings, for the line of a dead link; a site built of values alone has none."""
    try:
        return (project / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def in_settings(url: str, text: str) -> Place:
    """The place of a link of the header in the settings' text."""
    for number, line in enumerate(text.split("\n"), 1):
        for quoted in (f'"{url}"', f"'{url}'"):
            if quoted in line:
                return Place(FILE, number, line.index(quoted) + 1)
    return Place(FILE)
