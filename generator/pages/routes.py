"""Routes: which address each page and file of the site has, and that no two claim the same one.

An *address* is a path below the site's root as a reader thinks of it: it begins with ``/``, is not percent-encoded, and
ends in ``/`` for a page that is a folder's ``index.html``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from generator.config import Settings
from generator.errors import Place, Problem
from generator.model import Document
from generator.pages.posts import PAGES
from generator.pages.tree import STATIC

INDEX, TAGS, ARCHIVE, CHARTS, SEARCH, NOT_FOUND = "/", "/tags/", "/archive/", "/charts/", "/search/", "/404.html"
PAGEFIND = "/pagefind/pagefind.js"
FEED, JSON_FEED, SITEMAP, ROBOTS = "/feed.xml", "/feed.json", "/sitemap.xml", "/robots.txt"
ASSETS = "/assets/"
# A comma or an ampersand would have to be escaped in a srcset or an attribute.
_SAFE = "/-._~!$()*+;=:@"
_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")  # most addresses; quote() is slow, and a page has dozens of links
LONGEST_NAME = 255  # bytes, on the usual file systems


@dataclass(frozen=True, slots=True)
class Claim:
    """Someone's wish for an address: `owner` in words or as a source, `place` where an author can change it."""

    address: str
    owner: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Routes:
    """All that a link can lead to.

    `documents` maps sources to addresses; `folders` those that are a folder's ``index.md``, by that folder; `targets`
    every address to the one that a link to it shall get (an alias leads to its page); `files` are the visible files
    below ``content/``.
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()

    def find(self, address: str) -> str | None:
        """The address that a reader of `address` gets: ``/about`` and ``/about/index.html`` are ``/about/``."""
        if address.endswith("/index.html") and address not in self.targets:
            address = address.removesuffix("index.html")
        return self.targets.get(address) or self.targets.get(f"{address}/")


def address_of(document: Document, settings: Settings) -> str:
    """The address of a document: its own permalink, the site's for posts, or its place below ``content/pages``."""
    if document.permalink or document.kind == "post":
        return expand(document.permalink or settings.permalink, document)
    folder = document.source.removeprefix(PAGES).rpartition("/")[0]
    if document.source.rpartition("/")[2].startswith("index."):
        folder = folder.rpartition("/")[0] if folder else ""
        if document.source.count("/") == PAGES.count("/"):
            return INDEX
    return normal(f"/{folder}/{document.slug}/")


def expand(pattern: str, document: Document) -> str:
    """`pattern` with the document's date, as its author wrote it, and slug put in."""
    path = pattern.replace(":slug", document.slug)
    if ":" in path:
        date = document.date
        for part, form in ((":year", "%Y"), (":month", "%m"), (":day", "%d")):
            path = path.replace(part, date.strftime(form) if date else "")
    return normal(path)


def normal(path: str) -> str:
    """The address that `path` means: one slash between parts, and a folder unless it names an HTML file.

    Jekyll writes ``/about`` to ``about.html``, which some servers find under that address and a disk does not; here it
    is ``/about/``.
    """
    path = unicodedata.normalize("NFC", f"/{path}")
    path = re.sub(r"/{2,}", "/", path) if "//" in path else path
    path = path[: path.rindex("/") + 1] if path.endswith(("/index.html", "/index.htm")) else path
    return path if path.endswith(("/", ".html", ".htm")) else f"{path}/"


def output_path(address: str) -> str:
    """The file of an address, below the output folder."""
    return f"{address}index.html"[1:] if address.endswith("/") else address[1:]


def encode(address: str) -> str:
    """`address` as it stands in a link."""
    return address if _PLAIN.fullmatch(address) else quote(address, safe=_SAFE)


def to_root(address: str) -> str:
    """The way from the page at `address` to the site's root: ``./``, ``../``, ``../../`` …"""
    return "../" * (address.count("/") - 1) or "./"


def way_to_root(address: str, base_url: str) -> str:
    """The way to the root from a page of the site at `base_url`.

    A server shows the page for missing addresses at any depth: only links from the root of its host are right there.
    """
    return urlsplit(base_url).path.rstrip("/") + "/" if address == NOT_FOUND else to_root(address)


def absolute(base_url: str, address: str) -> str:
    """The full URL of `address` on the site at `base_url` (without a slash at its end)."""
    return base_url + encode(address)


def feed_of(tag: str) -> str:
    """The address of the feed of the tag at the address `tag`."""
    return f"{tag}feed.xml"


def sitemap_part(number: int) -> str:
    """The address of one of several sitemaps."""
    return f"/sitemap-{number}.xml"


def static_address(file: str) -> str:
    """The address of a file below ``content/static``."""
    return "/" + file.removeprefix(STATIC)


def collisions(claims: Iterable[Claim]) -> tuple[Problem, ...]:
    """Every address that can't be had: claimed twice, a file where another needs a folder, or too long a name.

    Upper and lower case are one, as they are on the disks of macOS and Windows, and so are the two spellings of an é.
    """
    first: dict[str, Claim] = {}
    problems: list[Problem] = []
    for claim in claims:
        path = output_path(claim.address)
        other = first.setdefault(_folded(path), claim)
        if other is not claim:
            problems.append(_collision(claim, other))
        if any(len(part.encode()) > LONGEST_NAME for part in path.split("/")):
            problems.append(
                Problem(f"a name in '{claim.address}' is too long for a file", claim.place or Place(claim.owner))
            )
    clear: set[str] = set()
    for path, claim in first.items():
        above: list[str] = []
        while (path := path.rpartition("/")[0]) and path not in clear:
            if path in first:
                problems.append(_collision(claim, first[path]))
                break
            above.append(path)
        else:
            clear.update(above)
    return tuple(problems)


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _collision(claim: Claim, other: Claim) -> Problem:
    if claim.place is None and other.place is not None:
        claim, other = other, claim
    what = f"'{claim.address}' is claimed by {other.owner} too"
    if claim.address != other.address:
        what = f"'{claim.address}' can't stand beside '{other.address}' of {other.owner}"
    return Problem(what, claim.place or Place(claim.owner), "give one of them another name, slug or permalink")
