"""Folder: the built site as a server sees it: which file an address stands for, and what kind of file that is."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path

NOT_FOUND = "404.html"

_TYPES = mimetypes.MimeTypes()
for _suffix, _type in {
    ".avif": "image/avif",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}.items():
    _TYPES.add_type(_type, _suffix)
"""What browsers are told, on every machine alike: the system's own table of types is not looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address: a file, or the address with a slash that is to be asked for instead."""

    file: Path | None = None
    instead: str = ""


class Folder:
    """The folder at `root`. `prefix` is the path at which the site will be published, without a slash at its end.

    The site is shown from the root of the server, and below its prefix too: links from the root work as they will.
    """

    def __init__(self, root: Path, prefix: str = "") -> None:
        self.root = root
        self.prefix = prefix

    def find(self, path: str) -> Found:
        """What the decoded path of a request stands for; neither a file nor another address where there is nothing."""
        found = self._find(path)
        if found != Found() or not self.prefix:
            return found
        if path == self.prefix:
            return Found(instead=f"{path}/")
        if path.startswith(f"{self.prefix}/"):
            found = self._find(path[len(self.prefix) :])
            found = Found(found.file, self.prefix + found.instead if found.instead else "")
        return found

    def _find(self, path: str) -> Found:
        parts = path.split("/")
        if not path.startswith("/") or any(not part for part in parts[1:-1]) or any(map(_strange, parts)):
            return Found()
        target = self.root.joinpath(*parts)
        try:
            root = os.path.realpath(self.root)
            # No link is followed, not even within the site: the build makes none.
            if os.path.realpath(target) != os.path.join(root, *filter(None, parts)).rstrip(os.sep):
                return Found()
            if target.is_dir():
                index = target / "index.html"
                if not index.is_file() or index.is_symlink():
                    return Found()
                return Found(index) if path.endswith("/") else Found(instead=f"{path}/")
            return Found(target) if target.is_file() and not path.endswith("/") else Found()
        except (OSError, ValueError):  # a name that is too long, or that this system doesn't allow
            return Found()

    @property
    def missing(self) -> Path | None:
        """The page for what is not there."""
        return self._find(f"/{NOT_FOUND}").file


def media_type(file: Path) -> str:
    """The type of a file by its name, with its encoding where it is a text."""
    found = _TYPES.guess_type(file.name, strict=False)[0] or "application/octet-stream"
    text = found.startswith("text/") or found.endswith(("/json", "+json", "/xml", "+xml"))
    return f"{found}; charset=utf-8" if text else found


def _strange(part: str) -> bool:
    """Whether no file of a site is called so: dot files, ways upwards, separators and drives of other systems."""
    return part.startswith(".") or any(character in part for character in "\\:\0")
