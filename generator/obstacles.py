"""Obstacles: what stands in the way of files that are about to be moved into an output folder, all of it at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from generator.errors import Place, Problem

_HINT = "move it away, or remove it"


def obstacles(output: Path, shown: str, paths: Iterable[str], going: Collection[str]) -> tuple[Problem, ...]:
    """What keeps `paths` from being written below the folder `output`, which the author knows as `shown`.

    What is `going` is to be removed before. A link in the place of a folder is an obstacle too: nothing is written past
    the output.
    """
    way = _Way(output, shown, frozenset(going))
    for path in paths:
        way.look(path)
    for path in going:
        way.fits(path.rpartition("/")[0])
    return tuple(way.problems)


class _Way:
    """The folders of an output, each looked at once."""

    def __init__(self, output: Path, shown: str, going: frozenset[str]) -> None:
        self._output, self._shown, self._going = str(output), shown, going
        self._fit: dict[str, bool] = {}
        self.problems: list[Problem] = []

    def look(self, path: str) -> None:
        """Note what is in the way of the file `path`."""
        if self.fits(path.rpartition("/")[0]) and stat.S_ISDIR(self._mode(path)) and not self._empties(path):
            self._complain(path, "a folder stands where the site needs a file", _HINT)

    def fits(self, folder: str) -> bool:
        """Whether `folder` is there and takes files; what is wrong with it is noted."""
        if folder not in self._fit:
            around = not folder or self.fits(folder.rpartition("/")[0])
            self._fit[folder] = around and self._is_fit(folder)
        return self._fit[folder]

    def _is_fit(self, folder: str) -> bool:
        mode = self._mode(folder) if folder else stat.S_IFDIR
        if stat.S_ISDIR(mode):
            if os.access(f"{self._output}/{folder}", os.W_OK | os.X_OK):
                return True
            self._complain(folder, "this folder can't be written")
        elif mode and folder not in self._going:
            what = "link" if stat.S_ISLNK(mode) else "file"
            self._complain(folder, f"a {what} stands where the site needs a folder", _HINT)
        return False

    def _mode(self, path: str) -> int:
        """What stands at `path`; 0 for nothing."""
        try:
            return os.lstat(f"{self._output}/{path}").st_mode
        except OSError:
            return 0

    def _empties(self, folder: str) -> bool:
        """Whether nothing is left in `folder` once what is going has gone."""
        top = f"{self._output}/{folder}"
        found = (os.path.relpath(f"{place}/{name}", self._output) for place, _, names in os.walk(top) for name in names)
        return all(path.replace(os.sep, "/") in self._going for path in found)

    def _complain(self, path: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(message, Place(f"{self._shown}/{path}".rstrip("/")), hint))
