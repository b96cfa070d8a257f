"""Files: content hashes and whole-file replacement."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

from generator.errors import VisualpostsError

CACHE = ".visualposts"
PIECE = 1 << 20
"""Bytes of a file that are read at once for its hash: data may be larger than memory."""


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


def remove_cache(project: Path) -> None:
    """Remove ``.visualposts/``: all that the project remembers between builds and can find out again."""
    shutil.rmtree(project / CACHE, ignore_errors=True)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
