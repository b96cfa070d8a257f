"""The shelf: an output folder as builds left it, and the one transaction that brings it up to date."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from generator import digests, files
from generator.digests import Digests
from generator.errors import AuthorError, VisualpostsError
from generator.memory import Memory
from generator.model import Output
from generator.obstacles import obstacles

STAGE = ".visualposts-stage"
"""Folder below an output on another disk that serves as the stage."""
KEPT = frozenset({".git", ".gitignore", STAGE})
"""Names at the top of the output that are never ours and never reported."""


@dataclass(frozen=True, slots=True)
class TreeReport:
    """What `Shelf.update` did: numbers of files, and the paths in the output that the build does not own."""

    written: int
    unchanged: int
    removed: int
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """How an output folder differs from what it should hold: paths below it, each sorted.

    `obsolete` files are of an earlier build, `foreign` ones of no build.
    """

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    obsolete: tuple[str, ...]
    foreign: tuple[str, ...]


class Shelf:
    """The folder `output` of a project. What stands in it is known by its stamps, which `memory` keeps.

    One that is not `writable` is only looked at.
    """

    def __init__(self, project: Path, output: Path, memory: Memory | None = None, *, writable: bool = True) -> None:
        self.writable, self._prepared = writable, False
        self.name = name = _name(project, output)
        self._project, self._output, self._root = project, output, f"{output}{os.sep}"
        self._stage = project / files.CACHE / (name + files.STAGE)
        self._record = project / files.CACHE / f"{name}.json"
        self._digests = Digests(output, memory or Memory(), f"stamps of {name}")
        self._waiting: tuple[Path, Iterator[int]] | None = None

    def holds(self, path: str, digest: str) -> Path | None:
        """The file at `path` below the output, if it has just the bytes that `digest` stands for."""
        return Path(self._root + path) if self._digests.of(path) == digest else None

    def prepare(self) -> None:
        """Make an empty stage on the output's disk, once. Raises VisualpostsError for a file system that refuses."""
        if self._prepared:
            return
        files.make_cache(self._project)
        try:
            self._output.mkdir(parents=True, exist_ok=True)
            for folder in (self._stage, self._output / STAGE):
                shutil.rmtree(folder, ignore_errors=True)
            self._stage.mkdir()
            if not files.on_one_disk(self._stage, self._output):
                self._stage.rmdir()
                self._stage = self._output / STAGE
                self._stage.mkdir()
        except OSError as error:
            raise _refused(error) from error
        self._prepared, self._waiting = True, None

    def put(self, data: bytes) -> Path:
        """Write bytes that are to go to the output, if all goes well; another process may do so too."""
        # Each process has a folder: two that make files in one wait for each other.
        if not self._waiting or self._waiting[0].name != str(os.getpid()):
            self._waiting = self._stage / str(os.getpid()), count()
        folder, numbers = self._waiting
        number = next(numbers)
        path = folder / str(number)
        try:
            if not number:
                folder.mkdir()
            with open(path, "wb") as file:
                file.write(data)
        except OSError as error:
            raise _refused(error) from error
        return path

    def discard(self) -> None:
        """Remove the stage, and the output's folder if nothing ever came to stand in it."""
        if self._prepared:
            shutil.rmtree(self._stage, ignore_errors=True)
            _remove_empty(self._output)
            self._prepared = False

    def update(self, outputs: Iterable[Output]) -> TreeReport:
        """Make the output hold just `outputs`, file by file, each replaced whole.

        All new files are written to a stage on the same disk before the first one is moved into place, so that a full
        disk changes nothing. What an earlier build wrote and this one does not is removed; what no build wrote stays.
        Raises AuthorError with all that is in the way, VisualpostsError for a file system that refuses.
        """
        wanted = {item.path: item for item in outputs}
        owned = self.owned()
        try:
            changed = [item for item in wanted.values() if not self._stands(item)]
            staged = [(item, self._staged(item)) for item in changed]
            going = sorted(owned - wanted.keys())
            way = (item.path for item in changed)
            if found := obstacles(self._output, _shown(self._project, self._output), way, going):
                raise AuthorError(found)
            # Until the last move both the old and the new paths are ours; a killed build is healed by the next one.
            self._own(owned | wanted.keys())
            removed = sum(_remove(self._output, path) for path in going)
            made = {""}
            for item, waiting in staged:
                if (folder := item.path.rpartition("/")[0]) not in made:
                    os.makedirs(self._root + folder, exist_ok=True)
                    made.add(folder)
                os.replace(waiting, self._root + item.path)
            self.discard()
            self._own(wanted.keys())
        except OSError as error:
            raise _refused(error) from error
        finally:
            self.discard()
        for item in changed:
            self._digests.learn(item.path, item.digest or digests.of_bytes(item.read()))
        self._digests.save()
        return TreeReport(len(changed), len(wanted) - len(changed), removed, self._foreign(wanted))

    def differences(self, outputs: Iterable[Output]) -> Differences:
        """Compare the output with `outputs`, byte by byte."""
        wanted = {item.path: item for item in outputs}
        there = set(_walk(self._output))
        changed = (path for path in there & wanted.keys() if not self._same(wanted[path]))
        owned = self.owned()
        rest = there - wanted.keys()
        return Differences(
            tuple(sorted(wanted.keys() - there)),
            tuple(sorted(changed)),
            tuple(sorted(rest & owned)),
            tuple(sorted(rest - owned)),
        )

    def clean(self) -> int:
        """Remove the files that builds wrote into the output, and return their number; foreign files stay."""
        removed = sum(_remove(self._output, path) for path in sorted(self.owned()))
        self._record.unlink(missing_ok=True)
        return removed

    def owned(self) -> frozenset[str]:
        """The paths below the output that the last build wrote there."""
        found = files.read_json(self._record)
        return frozenset(path for path in found if _safe(path)) if isinstance(found, list) else frozenset()

    def _own(self, paths: Iterable[str]) -> None:
        files.write_json(self._record, sorted(paths))

    def _stands(self, item: Output) -> bool:
        if isinstance(item.data, Path):
            if str(item.data) == self._root + item.path:
                return True  # `holds` gave it
            return self.holds(item.path, item.digest) is not None
        digest = item.digest or digests.of_bytes(item.data)
        return self.holds(item.path, digest) is not None

    def _same(self, item: Output) -> bool:
        try:
            found = (self._output / item.path).read_bytes()
        except OSError:
            return False
        return found == item.data or (bool(item.digest) and digests.of_bytes(found) == item.digest)

    def _staged(self, item: Output) -> Path:
        if isinstance(item.data, Path) and item.data.parent.parent == self._stage:
            return item.data
        self.prepare()
        return self.put(item.read())

    def _foreign(self, wanted: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(_walk(self._output)).difference(wanted)))


def check(project: Path, output: Path) -> None:
    """Raise VisualpostsError if building into `output` would write over the project's own sources."""
    shown = _shown(project, output)
    project, output = _real(project), _real(output)
    sources = [project / name for name in ("content", "includes", ".git")]
    around = any(source.is_relative_to(output) for source in (project, project / files.CACHE))
    # Below the caches an output may lie: that of `visualposts serve` does.
    if around or any(output.is_relative_to(source) or source.is_relative_to(output) for source in sources):
        raise VisualpostsError(f"the output folder {shown} would write over the project's own files")
    if os.path.lexists(output) and not output.is_dir():
        what = "a link that leads nowhere" if output.is_symlink() else "a file"
        raise VisualpostsError(f"the output {shown} is {what}, not a folder")


def _shown(project: Path, output: Path) -> str:
    """The output as an author names it."""
    inside = output != project and output.is_relative_to(project)
    return output.relative_to(project).as_posix() if inside else str(output)


def _real(path: Path) -> Path:
    """The path without links; for a link in a circle, which pathlib may raise for, the path that it stands at."""
    return Path(os.path.realpath(path))


def _refused(error: OSError) -> VisualpostsError:
    return VisualpostsError(f"the site can't be written: {error.strerror or error}")


def _safe(path: object) -> bool:
    if not isinstance(path, str) or not path or path.startswith("/") or "\0" in path or ".." in path.split("/"):
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _name(project: Path, output: Path) -> str:
    """The name by which this output of the project is remembered: each has a memory of its own."""
    place = os.path.relpath(_real(output), _real(project)).replace(os.sep, "/")
    return "site" if place == "site" else f"site-{files.digest(place.encode())[:8]}"


def _remove(output: Path, path: str) -> bool:
    """Remove one file and the folders that it leaves empty; never what a link in the place of a folder leads to."""
    target = output / path
    try:
        if os.path.realpath(target.parent) != os.path.join(os.path.realpath(output), *path.split("/")[:-1]):
            return False
        target.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        return False
    for folder in target.parents:
        if folder == output or not _remove_empty(folder):
            break
    return True


def _remove_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _walk(folder: Path | str, prefix: str = "") -> Iterator[str]:
    """The paths of all files below `folder`, relative and POSIX, without following links."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if not prefix and entry.name in KEPT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name
