"""Policy: the Content-Security-Policy of a page, made from its finished HTML.

A page of ours needs nothing but the site's own files, so everything else is forbidden. What an author put there by hand
is allowed on that page alone: an inline script or an ``onclick`` by its hash, a picture, a frame, a film or a script of
another host by that host's name, and a map by the hosts of its tiles. `unsafe-eval` is never among it.

The policy stands in a ``<meta>`` at the top of ``<head>``: it works on every server, and from disk, where ``'self'`` is
every file (Chromium, Firefox and WebKit agree). A template that brings a policy of its own keeps it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator import maps
from generator.pages.eithercase import EitherCase
from generator.pages.links import ATTRIBUTES

_STRICT = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'", "'unsafe-inline'"),  # Plotly places its parts by inline styles
    "img-src": ("'self'", "data:", "blob:"),  # a chart is saved as a picture by way of both
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "media-src": ("'self'",),
    "frame-src": ("'self'",),
    "form-action": ("'self'",),
    "manifest-src": ("'self'",),
    "base-uri": ("'none'",),
}
BARE = "default-src 'none'; form-action 'none'; base-uri 'none'"
"""For a page that shows nothing: a redirect."""

_NAMES = (
    *("audio", "button", "embed", "form", "frame", "iframe", "image", "img", "input", "link", "object"),
    *("script", "source", "style", "track", "use", "video"),
)
_ELEMENT = EitherCase(rf"<({'|'.join(_NAMES)})(?=[\s/>])({ATTRIBUTES})>")
# Two patterns, each of which begins with a literal: that is five times as fast as one that doesn't.
_HANDLERS = (re.compile(r" on[A-Za-z]+\s*="), re.compile(r"\non[A-Za-z]+\s*="))
_TAG = re.compile(rf"<[A-Za-z][^\s/>]*({ATTRIBUTES})>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_STYLED = re.compile(r"""(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^\s"')]+)""", re.IGNORECASE)
_WRITTEN = re.compile(r"""["'`]((?:(?:https?|wss?):)?//[^\s"'`<>\\]+)""")
_HOST = re.compile(r"(?:(https?|wss?):)?//([\w.-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)", re.IGNORECASE)
# The policy rules what stands below it; the encoding goes first, since it has to stand in the first 1,024 bytes.
_TOPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"<meta\s+charset=[^>]*>", r"<head(?:\s[^>]*)?>", r"<html(?:\s[^>]*)?>", r"<!doctype[^>]*>")
)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
# What the attributes of an element have that may load something else than a file of the site: a host, a URL with a
# scheme, a page within, or a character in disguise. Most have none of it, and need no closer look.
_ELSEWHERE = ("//", "data:", "blob:", "srcdoc", "&#")
_ALWAYS = frozenset({"embed", "object"})
_OWN = re.compile(r"<meta\s[^>]*http-equiv\s*=\s*[\"']?content-security-policy", re.IGNORECASE)
_CODE = re.compile(r"(?:(?:text|application)/(?:x-)?(?:java|ecma)script|module|importmap|speculationrules)?", re.I)
_NAMESPACES = frozenset({"www.w3.org"})
"""Hosts that scripts name without ever asking them."""
_TRUSTED = ("script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "frame-src")
"""What a host may give whose script the author runs: the script could do all of it anyway."""
_PLACES = {
    "audio": {"src": "media-src"},
    "embed": {"src": "object-src"},
    "frame": {"src": "frame-src"},
    "iframe": {"src": "frame-src"},
    "image": {"href": "img-src", "xlink:href": "img-src"},
    "img": {"src": "img-src", "srcset": "img-src"},
    "input": {"src": "img-src", "formaction": "form-action"},
    "button": {"formaction": "form-action"},
    "form": {"action": "form-action"},
    "object": {"data": "object-src"},
    "source": {"src": "media-src", "srcset": "img-src"},
    "track": {"src": "media-src"},
    "use": {"href": "img-src", "xlink:href": "img-src"},
    "video": {"src": "media-src", "poster": "img-src"},
}
"""What each attribute of an element loads."""
_NAMED = 3
"""Pages that a note names."""
_LINKS = {
    "stylesheet": ("style-src", "font-src", "img-src"),
    "icon": ("img-src",),
    "apple-touch-icon": ("img-src",),
    "manifest": ("manifest-src",),
    "modulepreload": _TRUSTED,
}


@dataclass(slots=True)
class _Wishes:
    """What a page asks for beyond the strict policy: sources by directive, and names of hosts for its author."""

    sources: dict[str, dict[str, None]] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)

    def add(self, source: str, *directives: str) -> None:
        for directive in directives:
            self.sources.setdefault(directive, {})[source] = None

    def url(self, url: str, *directives: str) -> None:
        """Allow what a URL names, if it is not a file of the site."""
        url = url.strip()
        if url[:5].lower() in ("data:", "blob:"):
            self.add(url[:5].lower(), *directives)
        elif match := _HOST.match(url):
            try:
                host = match[2].lower() if match[2].isascii() else match[2].encode("idna").decode()
            except UnicodeError:
                return
            self.add(f"{match[1].lower()}://{host}" if match[1] else host, *directives)
            self.hosts.add(host)

    def hash(self, code: str) -> None:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        self.add(f"'sha256-{digest}'", "script-src")


def guarded(page: str, *, compiles: bool = False) -> tuple[str, tuple[str, ...]]:
    """The HTML of a page with its policy, and the other hosts that this allows, sorted.

    With `compiles` the page may run WebAssembly: the search does.
    """
    head = page[: page.find("<body")].lower()
    if "content-security-policy" in head and _OWN.search(head):
        return page, ()
    wishes = _wishes(page)
    if compiles:
        wishes.add("'wasm-unsafe-eval'", "script-src")
    tops = (pattern.search(page, 0, 4096) for pattern in _TOPS)
    end = next((top.end() for top in tops if top), 0)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{_text(wishes)}">'
    return f"{page[:end]}\n{meta}{page[end:]}".lstrip("\n"), tuple(sorted(wishes.hosts))


def notes(asked: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """A sentence for each outside host, with the addresses of the pages that ask it; `asked` are hosts by address."""
    pages: dict[str, list[str]] = {}
    for address, hosts in asked.items():
        for host in hosts:
            pages.setdefault(host, []).append(address)
    for host in sorted(pages):
        addresses = pages[host]
        more = f" and {len(addresses) - _NAMED} more" if len(addresses) > _NAMED else ""
        yield f"readers of {', '.join(addresses[:_NAMED])}{more} ask {host}"


def _text(wishes: _Wishes) -> str:
    directives = {name: dict.fromkeys(sources) for name, sources in _STRICT.items()}
    for name, sources in wishes.sources.items():
        directives.setdefault(name, {}).update(sources)
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def _wishes(page: str) -> _Wishes:
    wishes = _Wishes()
    for match in _ELEMENT.of(page).finditer(page):
        name = match[1].lower()
        if name == "script":
            _script(page, match, wishes)
        elif name == "style":
            _styles(page[match.end() :].partition("</")[0], wishes)
        elif name in _ALWAYS or _leads_elsewhere(match[2]):
            _element(name, _attributes(match[2]), wishes)
    if any(pattern.search(page) for pattern in _HANDLERS):
        _handlers(page, wishes)
    if "url(" in page:
        for match in _TAG.finditer(page):
            if "url(" in match[1]:
                _styles(_attributes(match[1]).get("style", ""), wishes)
    return wishes


def _leads_elsewhere(attributes: str) -> bool:
    found = attributes.lower()
    return any(sign in found for sign in _ELSEWHERE)


def _element(name: str, attributes: dict[str, str], wishes: _Wishes) -> None:
    """Allow what an element of another kind than script and style loads."""
    if name == "link":
        _link(attributes, wishes)
        return
    if name in ("embed", "object"):
        wishes.add("'self'", "object-src")
    for key, directive in _PLACES[name].items():
        value = attributes.get(key, "")
        for url in re.split(r",\s+", value) if key == "srcset" else (value,):
            wishes.url(url, directive)
    if inner := attributes.get("srcdoc"):
        # Such a frame has the policy of its page.
        deeper = _wishes(inner)
        wishes.hosts |= deeper.hosts
        for directive, sources in deeper.sources.items():
            for source in sources:
                wishes.add(source, directive)


def _link(attributes: dict[str, str], wishes: _Wishes) -> None:
    for word in attributes.get("rel", "").lower().split():
        if word in _LINKS:  # a canonical address, say, is named and not asked
            wishes.url(attributes.get("href", ""), *_LINKS[word])


def _script(page: str, match: re.Match[str], wishes: _Wishes) -> None:
    if " src=" in match[2] and not _leads_elsewhere(match[2]):
        return
    attributes = _attributes(match[2])
    end = _SCRIPT_END.search(page, match.end())
    code = page[match.end() : end.start() if end else len(page)]
    if not _CODE.fullmatch(attributes.get("type", "").strip().partition(";")[0]):
        if "json" in attributes.get("type", ""):  # no script but data
            _figure(code, wishes)
    elif "src" in attributes:
        wishes.url(attributes["src"], *_TRUSTED)
    else:
        wishes.hash(code)
        for url in _WRITTEN.findall(code):
            _trust(url, wishes)


def _figure(payload: str, wishes: _Wishes) -> None:
    """Allow what a map needs. Its hosts are no news here: the charts wing warns of them."""
    for source in maps.hosts(payload):
        wishes.add(source, "connect-src", "img-src")
    if maps.tiled(payload):
        wishes.add("blob:", "worker-src")


def _trust(url: str, wishes: _Wishes) -> None:
    """Allow a host that stands in an author's own script, whatever it is asked for."""
    match = _HOST.match(url)
    if match and "." in match[2] and match[2].lower() not in _NAMESPACES:
        wishes.url(url, *_TRUSTED)


def _styles(css: str, wishes: _Wishes) -> None:
    for url in _STYLED.findall(css):
        wishes.url(url, "style-src", "font-src", "img-src")


def _handlers(page: str, wishes: _Wishes) -> None:
    for match in _TAG.finditer(page):
        for name, value in _attributes(match[1]).items():
            if name.startswith("on") and value:
                wishes.hash(value)
                wishes.add("'unsafe-hashes'", "script-src")


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a tag by name in lower case; the first of two counts, as in a browser."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        quoted = value[:1] in ("'", '"')
        found.setdefault(name.lower(), html.unescape(value[1:-1] if quoted else value))
    return found
