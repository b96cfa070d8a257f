"""Sight: what a reader of a page has before the eyes, as two hashes: all of the page, and its style alone.

A page that is open in a browser knows those that it was served with. It is shown anew when the first one is another
now, and gets a new style when only the second is.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from generator import stamps
from generator.serving.folder import Folder

_STYLE = re.compile(r"""<link\b(?=[^>]*\srel=["']?stylesheet\b)[^>]*?\shref=["']([^"']*)["'][^>]*>""", re.IGNORECASE)
_PART = re.compile(r"<(?:script|img|source|iframe|video|audio|object|embed)\b([^>]*)>", re.IGNORECASE)
_ADDRESSES = re.compile(r"""\s(?:src|srcset|poster|data)=["']([^"']*)["']""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sight:
    """Two short hashes."""

    page: str
    style: str


def sight(text: str, path: str, folder: Folder) -> Sight:
    """The sight of a page whose HTML is `text` at `path`, with the files of the folder that it shows.

    The addresses of its style sheets, which hold a hash of their contents, count as style.
    """
    styles = [f"{address} {_stamp(address, path, folder)}" for address in _STYLE.findall(text)]
    rest = _STYLE.sub("<link>", text)
    values = (value for part in _PART.findall(rest) for value in _ADDRESSES.findall(part))
    parts = [_stamp(address, path, folder) for value in values for address in _addresses(value)]
    return Sight(_hash(rest, *parts), _hash(*styles))


def _addresses(value: str) -> list[str]:
    """The addresses in a ``src`` or a ``srcset``."""
    return [part.split()[0] for part in value.split(",") if part.strip()] if "," in value or " " in value else [value]


def _stamp(address: str, path: str, folder: Folder) -> str:
    """What the disk says of a file of the site; nothing of what lies elsewhere."""
    try:
        target = urlsplit(urljoin(path, html.unescape(address)))
    except ValueError:  # no address at all, as its author wrote it
        return ""
    file = None if target.scheme or target.netloc else folder.find(unquote(target.path)).file
    return str(stamps.stamp(file)) if file else ""


def _hash(*texts: str) -> str:
    found = hashlib.blake2b(digest_size=8)
    for text in texts:
        found.update(text.encode("utf-8", "replace") + b"\0")
    return found.hexdigest()
