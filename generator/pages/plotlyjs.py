"""plotly.js: the one library of a site, as the installed plotly package brings it."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from pathlib import Path


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
