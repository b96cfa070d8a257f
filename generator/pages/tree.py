"""Tree: the files below ``content/``, found once, without what is hidden, odd, or outside the project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import generator
from generator.errors import Place, Problem
from generator.model import Skipped

CONTENT = "content"
STATIC = f"{CONTENT}/static/"
TEMPLATES = f"{CONTENT}/templates"
INCLUDES = "includes"
THEME = Path(generator.__file__).parent / "theme"
WELL_KNOWN = ".well-known"
_FOLDERS = frozenset(f"{CONTENT}/{name}" for name in ("drafts", "pages", "posts", "static", "templates"))
_NO_FOLDER = "this must be a folder"
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_LEAVES = "a symbolic link that leaves the project"


@dataclass(frozen=True, slots=True)
class Tree:
    """Paths of files, relative to the project and POSIX: all that a page may be made of, link to or copy."""

    files: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()


def scan(project: Path) -> Tree:
    """The tree below ``content/`` in the folder `project`.

    Left out: names that begin with a dot, but ``.well-known`` in ``content/static``; outside of that folder, which is
    copied as it is, also names that begin with ``_``; and links to folders, which may run in circles.
    """
    content = project / CONTENT
    if not os.path.lexists(content):
        return Tree()
    if not content.is_dir():
        return Tree(problems=(Problem(_NO_FOLDER, Place(CONTENT), "a site's content is a folder"),))
    if not content.resolve().is_relative_to(project.resolve()):
        return Tree(problems=(Problem(_LEAVES, Place(CONTENT), "a site's content lies in its project"),))
    walk = _Walk(project)
    return Tree(frozenset(walk.folder(CONTENT)), tuple(walk.skipped), tuple(walk.problems))


class _Walk:
    def __init__(self, project: Path) -> None:
        self._project, self._root = project, project.resolve()
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []

    def folder(self, folder: str) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(self._project / folder), key=lambda entry: entry.name)
        except OSError as error:
            self.problems.append(Problem(f"the folder can't be read: {error.strerror}", Place(folder)))
            return
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if _hidden(path, entry.name):
                continue
            if complaint := _name_problem(entry.name):
                shown = path.encode("utf-8", "backslashreplace").decode()
                self.problems.append(Problem(complaint, Place(shown), "rename the file"))
            elif entry.is_symlink():
                if self._link(path, Path(entry.path)):
                    yield path
            elif entry.is_dir():
                yield from self.folder(path)
            elif entry.is_file():
                if path in _FOLDERS:
                    self.problems.append(Problem(_NO_FOLDER, Place(path), "move it away, or remove it"))
                yield path
            else:
                self.skipped.append(Skipped(path, "neither a file nor a folder"))

    def _link(self, path: str, link: Path) -> bool:
        """Whether the symbolic link leads to a file of the project."""
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self.problems.append(Problem("a symbolic link that leads nowhere", Place(path)))
            return False
        if not target.is_relative_to(self._root):
            self.problems.append(Problem(_LEAVES, Place(path), "copy what it leads to into the project"))
            return False
        if not target.is_file():
            self.skipped.append(Skipped(path, "a symbolic link to a folder"))
            return False
        return True


def _hidden(path: str, name: str) -> bool:
    if path.startswith(STATIC):
        return name.startswith(".") and path != STATIC + WELL_KNOWN
    return name.startswith((".", "_"))


def _name_problem(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return "the file's name is not UTF-8"
    return "the file's name holds a control character" if _CONTROL.search(name) else ""
