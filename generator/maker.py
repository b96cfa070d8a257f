"""The maker: what stands for the code that makes pages, so that nothing is remembered of other code's."""

from __future__ import annotations

import functools
import os
import re
import sys
from pathlib import Path

import generator
from generator import digests

LIBRARIES = (
    *("imagesize", "jinja2", "latex2mathml", "markdown", "markupsafe"),
    *("pygments", "pymdown-extensions", "pyyaml", "tzdata"),
)
"""The distributions that have a say in what a page's bytes are."""
_INSTALLED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*?)-([0-9][^-]*)(?:-.*)?\.(?:dist|egg)-info\Z")


@functools.cache  # a process goes on as it began, whatever is installed meanwhile
def digest() -> str:
    """The digest of our own modules, by content, and of the versions of Python and the libraries."""
    folder = Path(generator.__file__).parent
    own = sorted(path for name in (".", "pages", "prose") for path in folder.joinpath(name).glob("*.py"))
    versions = _versions()
    parts = [sys.version, *(f"{name} {versions.get(name, '')}" for name in LIBRARIES)]
    parts += (f"{path.relative_to(folder)} {digests.of_bytes(path.read_bytes())}" for path in own)
    return digests.of_bytes("\n".join(parts).encode())


def _versions() -> dict[str, str]:
    """The installed version of each library, read off the names of the folders that installers leave.

    `importlib.metadata` would say the same, and take longer than all else here.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for match in filter(None, map(_INSTALLED.match, names)):
            found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return found
