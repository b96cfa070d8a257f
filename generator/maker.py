"""The maker: what stands for the code that makes pages, so that nothing is remembered of other code's."""

from __future__ import annotations

import functools
import importlib.metadata
import sys
from pathlib import Path

import generator
from generator import digests

LIBRARIES = (
    *("imagesize", "jinja2", "latex2mathml", "markdown", "markupsafe"),
    *("pygments", "pymdown-extensions", "pyyaml", "tzdata"),
)
"""The distributions that have a say in what a page's bytes are."""


@functools.cache  # a process goes on as it began, whatever is installed meanwhile
def digest() -> str:
    """The digest of our own modules, by content, and of the versions of Python and the libraries."""
    folder = Path(generator.__file__).parent
    own = sorted(path for name in (".", "pages", "prose") for path in folder.joinpath(name).glob("*.py"))
    parts = [sys.version, *(f"{name} {_version(name)}" for name in LIBRARIES)]
    parts += (f"{path.relative_to(folder)} {digests.of_bytes(path.read_bytes())}" for path in own)
    return digests.of_bytes("\n".join(parts).encode())


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
