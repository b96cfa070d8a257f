"""Loading: runs an author's module from its source text, in a namespace of its own, and notes what it imported.

Local modules are compiled from their source, never taken from a ``.pyc``: a byte-code file is chosen by modification
time, and a helper edited twice within a second would run in its old form.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from generator import files
from generator.charts import surroundings

PACKAGE = Path(__file__).resolve().parent.parent
OURS = "generator.charts."
"""Modules of ours that authors import; their text is part of what a chart depends on."""


class _SourceLoader(SourceFileLoader):
    """Compiles the text of the file each time, and notes what it compiled."""

    def __init__(self, fullname: str, path: str, noted: dict[Path, str]) -> None:
        super().__init__(fullname, path)
        self._noted = noted

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        text = self.get_data(path)
        self._noted[Path(path).resolve()] = files.digest(text)
        return self.source_to_code(text, path)


class Finder:
    """Finds modules as Python does and notes the local ones: those of the project, and ours.

    `local` maps the files of the project to the hash of the text that ran, `library` holds the names of our modules;
    `names` is what must be forgotten before the next source, so that each starts from fresh modules.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self.local: dict[Path, str] = {}
        self.library: set[str] = set()
        self.names: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is None and not fullname.startswith("generator"):
            # A folder without __init__.py: another post may have a module of that name.
            places = [Path(place).resolve() for place in spec.submodule_search_locations or ()]
            self.names += [fullname] if any(is_local(place, self._project) for place in places) else []
        if spec is None or not spec.origin or not isinstance(spec.loader, SourceFileLoader):
            return spec
        origin = Path(spec.origin).resolve()
        if fullname.startswith(OURS) and origin.is_relative_to(PACKAGE):
            self.library.add(fullname)
            self.names.append(fullname)
        elif is_local(origin, self._project):
            self.names.append(fullname)
            spec.loader = _SourceLoader(fullname, spec.origin, self.local)
            spec.cached = None
        return spec


def is_local(path: Path, project: Path) -> bool:
    """Whether the resolved `path` is a file of the author's: in the project, neither ours nor an installed package."""
    if not path.is_relative_to(project) or path.is_relative_to(PACKAGE):
        return False
    return not any(path.is_relative_to(place) for place in _installed(project))


def _installed(project: Path) -> Iterator[Path]:
    """Folders below the project that hold installed packages: a virtual environment often lives there."""
    for prefix in {sys.prefix, sys.base_prefix}:
        place = Path(prefix).resolve()
        if place != project and place.is_relative_to(project):
            yield place


@contextlib.contextmanager
def isolated(project: Path, folder: Path) -> Iterator[Finder]:
    """Run author code in `folder`, and give back afterwards all that it may have changed for the next source.

    The surroundings are restored, local modules are forgotten. Yields the finder that notes the imports.
    """
    finder = Finder(project)
    with surroundings.kept():
        sys.path[:] = [str(folder), *sys.path, str(project)]
        # Before Python's own finder, which stays: importlib.metadata asks it for the installed distributions.
        sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
        importlib.invalidate_caches()
        os.chdir(folder)
        try:
            yield finder
        finally:
            sys.meta_path.remove(finder)
            for name in finder.names:
                _forget(name)


def _forget(name: str) -> None:
    sys.modules.pop(name, None)
    parent, _, child = name.rpartition(".")
    if parent in sys.modules and hasattr(sys.modules[parent], child):
        delattr(sys.modules[parent], child)


def execute(path: Path, finder: Finder) -> ModuleType:
    """The module in the file at `path`, executed now from its source text, which `finder` notes."""
    module = ModuleType("charts")
    module.__file__ = str(path)
    text = path.read_bytes()
    finder.local[path.resolve()] = files.digest(text)
    code = compile(text, str(path), "exec", dont_inherit=True)
    # Pickle, dataclasses and pyspark look a function's module up by name.
    sys.modules["charts"] = module
    exec(code, module.__dict__)
    return module
