"""Imports: which installed distributions a set of Python files imports directly, and in which versions."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from generator import stamps

ALWAYS = "plotly"


def distributions(paths: Iterable[Path], offered: Collection[str] = ()) -> dict[str, str]:
    """Name and version of each distribution that the files import directly, of those `offered`, and of Plotly."""
    names = {ALWAYS, *offered}.union(*(top_level(path.read_bytes()) for path in paths))
    known = importlib.metadata.packages_distributions()
    found = {distribution for name in names - {"generator"} for distribution in known.get(name, ())}
    return {name: importlib.metadata.version(name) for name in sorted(found)}


def installed() -> tuple[int, ...]:
    """What becomes another value when a package is installed, or goes: a process that runs has the old one imported."""
    places = [place for place in sys.path if place.endswith(("site-packages", "dist-packages"))]
    return tuple(stamp[1] for place in places if (stamp := stamps.stamp(place)))


def top_level(text: bytes) -> frozenset[str]:
    """The first parts of the names that a module imports absolutely, without Python's own library.

    As bytes, Python itself sees to the file's encoding.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said already when it ran
        return imported(ast.parse(text))


def imported(tree: ast.Module) -> frozenset[str]:
    """The same of a module that is read already."""
    return frozenset(_names(tree)) - sys.stdlib_module_names


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
