"""Files: content hashes, whole-file replacement, and the one transaction that brings ``site/`` up to date."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import VisualpostsError
from generator.model import Output

CACHE = ".visualposts"
STAGE = ".visualposts-stage"
"""Folder below the output in which new files wait until all of them are written."""
PIECE = 1 << 20
"""Bytes of a file that are read at once for its hash: data may be larger than memory."""
KEPT = frozenset({".git", ".gitignore", STAGE})
"""Names at the top of the output that are never ours and never reported."""


def digest(data: bytes) -> str:
    """The content hash of `data`: 32 hex digits of BLAKE2b, line ends of text counted as ``\\n``.

    A checkout on Windows may hold ``\\r\\n`` where another holds ``\\n``; for a text that is no change.
    """
    if b"\r\n" in data and b"\0" not in data:
        data = data.replace(b"\r\n", b"\n")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def file_digest(path: Path) -> str | None:
    """The `digest` of the file at `path`, read piece by piece, or None where there is no readable file."""
    raw, text, held = hashlib.blake2b(digest_size=16), hashlib.blake2b(digest_size=16), b""
    binary = False
    try:
        if not path.is_file():  # a pipe would be waited for
            return None
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                raw.update(piece)
                binary = binary or b"\0" in piece
                if not binary:
                    # A line end may be cut in two.
                    piece = held + piece
                    held = piece[-1:] if piece.endswith(b"\r") else b""
                    text.update(piece.removesuffix(held).replace(b"\r\n", b"\n"))
    except OSError:
        return None
    text.update(held)
    return (raw if binary else text).hexdigest()


def write(path: Path, data: bytes) -> bool:
    """Replace the file at `path` by `data` as a whole; leave it alone, and return False, if it holds just that.

    Raises VisualpostsError for a file system that refuses.
    """
    if _holds(path, data):
        return False
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        _discard(temporary)
        raise VisualpostsError(f"{path} can't be written: {error.strerror or error}") from error
    except BaseException:
        _discard(temporary)
        raise
    return True


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def remove(path: Path) -> None:
    """Remove the file at `path`; raises VisualpostsError for a file system that refuses."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise VisualpostsError(f"{path} can't be removed: {error.strerror or error}") from error


def read_json(path: Path) -> object:
    """The JSON value in the file at `path`; None if it is missing or broken: a broken cache is an empty one."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def write_json(path: Path, value: object) -> None:
    """Write `value` with sorted keys, an entry a line, so that equal values are equal bytes and merge well."""
    write(path, (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


@dataclass(frozen=True, slots=True)
class TreeReport:
    """What `update_tree` did: numbers of files, and the paths in the output that the build does not own."""

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


def differences(project: Path, output: Path, outputs: Iterable[Output]) -> Differences:
    """Compare the folder `output` with `outputs`, byte by byte."""
    wanted = {item.path: item.data for item in outputs}
    there = set(_walk(output))
    changed = (path for path in there & wanted.keys() if not _holds(output / path, wanted[path]))
    owned = owned_paths(project, output)
    rest = there - wanted.keys()
    return Differences(
        tuple(sorted(wanted.keys() - there)),
        tuple(sorted(changed)),
        tuple(sorted(rest & owned)),
        tuple(sorted(rest - owned)),
    )


def check_output(project: Path, output: Path) -> None:
    """Raise VisualpostsError if building into `output` would write over the project's own sources."""
    project, output = project.resolve(), output.resolve()
    sources = [project, *(project / name for name in ("content", "includes", CACHE, ".git"))]
    if any(source == output or source.is_relative_to(output) for source in sources) or any(
        output.is_relative_to(source) for source in sources[1:]
    ):
        raise VisualpostsError(f"the output folder {output} would write over the project's own files")
    if output.exists() and not output.is_dir():
        raise VisualpostsError(f"the output {output} is a file, not a folder")


def update_tree(project: Path, output: Path, outputs: Iterable[Output]) -> TreeReport:
    """Make `output` hold just `outputs`, file by file, each replaced whole.

    All new files are written to a stage on the same disk before the first one is moved into place, so that a full
    disk changes nothing. What an earlier build wrote and this one does not is removed; what no build wrote stays.
    Raises VisualpostsError for a file system that refuses.
    """
    wanted = {item.path: item.data for item in outputs}
    record = _record(project, output)
    owned = owned_paths(project, output)
    stage = output / STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)
        changed = [path for path, data in wanted.items() if not _holds(output / path, data)]
        staged = _staged(stage, changed, wanted)
        # Until the last move both the old and the new paths are ours; a killed build is healed by the next one.
        write_json(record, sorted(owned | wanted.keys()))
        obsolete = sorted(owned - wanted.keys())
        removed = sum(_remove(output, path) for path in obsolete)
        for path, waiting in staged:
            target = output / path
            _make_folder(output, target.parent)
            waiting.replace(target)
        shutil.rmtree(stage, ignore_errors=True)
        write_json(record, sorted(wanted))
    except (OSError, VisualpostsError) as error:
        shutil.rmtree(stage, ignore_errors=True)
        if isinstance(error, VisualpostsError):
            raise
        raise VisualpostsError(f"the site can't be written: {error}") from error
    foreign = tuple(sorted(set(_walk(output)) - wanted.keys()))
    return TreeReport(len(changed), len(wanted) - len(changed), removed, foreign)


def clean_tree(project: Path, output: Path) -> int:
    """Remove the files that builds wrote into `output`, and return their number; foreign files stay."""
    removed = sum(_remove(output, path) for path in sorted(owned_paths(project, output)))
    _record(project, output).unlink(missing_ok=True)
    return removed


def remove_cache(project: Path) -> None:
    """Remove ``.visualposts/``: all that the project remembers between builds and can find out again."""
    shutil.rmtree(project / CACHE, ignore_errors=True)


def owned_paths(project: Path, output: Path) -> frozenset[str]:
    """The paths below `output` that the last build wrote there."""
    found = read_json(_record(project, output))
    return frozenset(path for path in found if _safe(path)) if isinstance(found, list) else frozenset()


def _safe(path: object) -> bool:
    return isinstance(path, str) and bool(path) and not path.startswith("/") and ".." not in path.split("/")


def _record(project: Path, output: Path) -> Path:
    """The list of what the build owns in `output`; one list for each output folder of a project."""
    place = os.path.relpath(output.resolve(), project.resolve()).replace(os.sep, "/")
    name = "site" if place == "site" else f"site-{digest(place.encode())[:8]}"
    return project / CACHE / f"{name}.json"


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _staged(stage: Path, paths: Iterable[str], wanted: Mapping[str, bytes]) -> list[tuple[str, Path]]:
    staged = []
    for number, path in enumerate(paths):
        if not number:
            stage.mkdir(parents=True)
        waiting = stage / str(number)
        waiting.write_bytes(wanted[path])
        staged.append((path, waiting))
    return staged


def _remove(output: Path, path: str) -> bool:
    """Remove one file and the folders that it leaves empty."""
    target = output / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        return False
    for folder in target.parents:
        if folder == output:
            break
        try:
            folder.rmdir()
        except OSError:
            break
    return True


def _make_folder(output: Path, folder: Path) -> None:
    """Make `folder`; a file in its way that no route claims any more has been removed before."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        place = folder.relative_to(output).as_posix()
        raise VisualpostsError(f"a file stands where the site needs the folder {place}") from error


def _walk(folder: Path, prefix: str = "") -> Iterator[str]:
    """The paths of all files below `folder`, relative and POSIX, without following links."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if not prefix and entry.name in KEPT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name
