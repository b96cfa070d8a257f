"""Assets: the files that pages load: the theme's style and scripts, and the one plotly.js of the site."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from generator import prose
from generator.errors import VisualpostsError
from generator.model import Output
from generator.pages.render import THEME
from generator.pages.routes import ASSETS, encode

OWNER = "the theme"
PLOTLY = "plotly.js"
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

    def library(self) -> Output:
        """The site's plotly.js, for a site that has charts."""
        if self.plotly is None:
            raise VisualpostsError("the site has charts, but plotly.js is missing: install the package plotly")
        return Output(self.plotly_path, self.plotly.read_bytes(), OWNER)


def gather(files: frozenset[str], static: str, theme: Path = THEME) -> Assets:
    """The theme's assets. A favicon of the author's among `files`, at the top of the folder `static`, goes first.

    Style and scripts carry a hash of their content, so that a browser never shows a new page with an old style.
    """
    outputs: list[Output] = []
    names: dict[str, str] = {}
    own_favicon = next((name for name in _FAVICONS if f"{static}{name}" in files), "")
    for path in sorted((theme / "static").iterdir()):
        if path.name.startswith(".") or not path.is_file() or (own_favicon and path.name in _FAVICONS):
            continue
        data = path.read_bytes()
        if path.name == "style.css":
            data += b"\n" + prose.stylesheet().encode()
        outputs.append(Output(ASSETS[1:] + path.name, data, OWNER))
        version = f"?v={hashlib.blake2b(data, digest_size=4).hexdigest()}" if path.suffix in (".css", ".js") else ""
        names[path.name] = encode(ASSETS[1:] + path.name) + version
    if own_favicon:
        names["favicon.svg"] = own_favicon
    plotly = find_plotly()
    plotly_path = f"{ASSETS[1:]}plotly-{plotly_version(plotly)}.min.js" if plotly else f"{ASSETS[1:]}plotly.min.js"
    names[PLOTLY] = plotly_path
    return Assets(tuple(outputs), names, plotly, plotly_path)


def find_plotly() -> Path | None:
    """The plotly.min.js of the installed plotly package, found without running a line of it."""
    spec = importlib.util.find_spec("plotly")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "package_data" / "plotly.min.js"
        if path.is_file():
            return path
    return None


def plotly_version(path: Path) -> str:
    """The version that the library's opening comment names, or else a hash of the file."""
    with path.open("rb") as file:
        head = file.read(300)
    if match := re.search(rb"plotly\.js v(\d+(?:\.\d+)+[\w.-]*)", head):
        return match[1].decode()
    return hashlib.blake2b(path.read_bytes(), digest_size=4).hexdigest()
