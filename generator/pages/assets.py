"""Assets: the files that pages load: the theme's style and scripts, and the one plotly.js of the site."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from generator import prose
from generator.digests import Digests
from generator.errors import VisualpostsError
from generator.memory import Memory
from generator.model import Output
from generator.pages.plotlyjs import find_plotly, plotly_version
from generator.pages.routes import ASSETS, encode
from generator.pages.tree import THEME

OWNER = "the theme"
PLOTLY = "plotly.js"
CLIENT, CHARTS_STYLE = "charts.js", "charts.css"
_PARTS = ("look", "controls", "keys", "legend", "tools", "webgl", "chart", "turns")
_FAVICONS = ("favicon.svg", "favicon.png", "favicon.ico")


@dataclass(frozen=True, slots=True)
class Assets:
    """The theme's files, and for each name that a template may ask for its encoded path below the root.

    `plotly` is the path of plotly.min.js on this machine, `plotly_path` its place in the site.
    """

    outputs: tuple[Output, ...]
    names: dict[str, str]
    plotly: Path | None = None
    plotly_path: str = ""

    def library(self, memory: Memory) -> Output:
        """The site's plotly.js, for a site that has charts. Its digest is remembered: it has megabytes."""
        if self.plotly is None:
            raise VisualpostsError("the site has charts, but plotly.js is missing: install the package plotly")
        known = Digests(self.plotly.parent, memory, "stamps of plotly")
        digest = known.of(self.plotly.name)
        known.save()
        return Output(self.plotly_path, self.plotly if digest else self.plotly.read_bytes(), OWNER, digest or "")


def gather(files: frozenset[str], static: str, theme: Path = THEME) -> Assets:
    """The theme's assets. A favicon of the author's among `files`, at the top of the folder `static`, goes first.

    Style and scripts carry a hash of their content, so that a browser never shows a new page with an old style.
    """
    own_favicon = next((name for name in _FAVICONS if f"{static}{name}" in files), "")
    found = {
        path.name: path.read_bytes()
        for path in (theme / "static").iterdir()
        if path.is_file() and not path.name.startswith(".") and not (own_favicon and path.name in _FAVICONS)
    }
    if "style.css" in found:
        found["style.css"] += b"\n" + prose.stylesheet().encode()
    if (theme / "charts").is_dir():
        found |= {CLIENT: client(theme), CHARTS_STYLE: (theme / "charts" / CHARTS_STYLE).read_bytes()}
    outputs = [Output(ASSETS[1:] + name, data, OWNER) for name, data in sorted(found.items())]
    names = {name: encode(ASSETS[1:] + name) + _version(name, data) for name, data in found.items()}
    if own_favicon:
        names["favicon.svg"] = own_favicon
    plotly = find_plotly()
    plotly_path = f"{ASSETS[1:]}plotly-{plotly_version(plotly)}.min.js" if plotly else f"{ASSETS[1:]}plotly.min.js"
    names[PLOTLY] = plotly_path
    return Assets(tuple(outputs), names, plotly, plotly_path)


def client(theme: Path = THEME) -> bytes:
    """The chart client: its parts as one classic script, since a page that is opened from disk runs no other.

    Each part uses what those before it declare, and nothing of it is seen outside.
    """
    parts = [(theme / "charts" / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
    return "\n".join(('"use strict";\n\n(() => {', *parts, "})();\n")).encode()


def _version(name: str, data: bytes) -> str:
    return f"?v={hashlib.blake2b(data, digest_size=4).hexdigest()}" if name.endswith((".css", ".js")) else ""
