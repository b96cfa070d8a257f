"""Files: content hashes and whole-file replacement."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from generator.errors import VisualpostsError

CACHE = ".visualposts"
PIECE = 1 << 20
"""Bytes of a file that are read at once for its hash: data may be larger than memory."""
STAGE = ".stage"
"""Ending of a folder's name in the cache: there new files wait until all of them are written."""
_LEFTOVER = re.compile(r"\..+\.\d+\.tmp")


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data, path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    return True


def put(project: Path, path: str, data: bytes) -> bool:
    """As `write` for the file `path` of a project: a killed build leaves nothing half written beside it.

    What has not been moved into place yet lies in ``.visualposts``, where `sweep` finds it.
    """
    target, cache = project / path, make_cache(project)
    if _holds(target, data):
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, cache if on_one_disk(cache, target.parent) else target.parent)
    except OSError as error:
        raise _refused(path, error) from error
    return True


def _replace(path: Path, data: bytes, aside: Path) -> None:
    temporary = aside / f".{path.name[:100]}.{os.getpid()}.tmp"
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def on_one_disk(folder: Path, other: Path) -> bool:
    """Whether a file of `folder` can be moved to the folder `other`, which may be mounted from elsewhere."""
    if folder.stat().st_dev != other.stat().st_dev:
        return False
    try:
        # Nothing moves to a path that ends in a dot; but first the kernel looks whether both are on one mount.
        os.rename(folder, os.path.join(other, "."))
    except OSError as error:
        return error.errno != errno.EXDEV
    return True


def make_cache(project: Path) -> Path:
    """The folder ``.visualposts``, made if it isn't there; git ignores it whatever the project's own file says.

    Raises VisualpostsError for a file system that refuses.
    """
    cache = project / CACHE
    try:
        begin_cache(cache)
    except OSError as error:
        raise _refused(CACHE, error) from error
    if not os.access(cache, os.W_OK | os.X_OK):
        raise VisualpostsError(f"{CACHE} can't be written: {os.strerror(errno.EACCES)}")
    return cache


def begin_cache(cache: Path) -> None:
    """Make the folder `cache`, and tell git to ignore it: what is remembered may be of drafts. Raises OSError."""
    ignoring, text = cache / ".gitignore", b"*\n"
    if not _holds(ignoring, text):
        cache.mkdir(exist_ok=True)
        _replace(ignoring, text, cache)


def sweep(project: Path, *folders: str) -> None:
    """Remove what killed builds left half written or unmoved, in ``.visualposts`` and the project's `folders`."""
    for folder in (CACHE, *folders):
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(project / folder)):
                if folder == CACHE and entry.name.endswith(STAGE):
                    shutil.rmtree(entry.path, ignore_errors=True)
                elif _LEFTOVER.fullmatch(entry.name):
                    with contextlib.suppress(OSError):
                        os.unlink(entry.path)


def _refused(path: Path | str, error: OSError) -> VisualpostsError:
    what = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        what = "a file stands in the place of a folder"
    elif isinstance(error, IsADirectoryError):
        what = "a folder stands in its place"
    return VisualpostsError(f"{path} can't be written: {what}")


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
    """Write `value` as `json_text`: equal values are equal bytes and merge well."""
    write(path, json_text(value).encode())


def json_text(value: object) -> str:
    """`value` with sorted keys, an entry a line."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def remove_cache(project: Path) -> None:
    """Remove ``.visualposts/``: all that the project remembers between builds and can find out again."""
    shutil.rmtree(project / CACHE, ignore_errors=True)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
