"""Pagefind: the index of a site's search, made by the program of that name, and kept until a text changes.

The program is a package (the extra ``[search]``). It reads records from a folder and writes an index of small files, of
which a reader's browser fetches the few that hold the words asked for.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from generator import digests, files
from generator.errors import VisualpostsError
from generator.model import Output

FOLDER = "pagefind/"
"""Where the index stands in the site."""
OWNER = "the search"
MISSING = "pip install 'visualposts[search]'"
"""What brings the program."""
_BINARIES = ("pagefind_bin_extended", "pagefind_bin")
_OURS = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
_SUFFIXES = (".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter", ".pagefind")
"""The files that our own page needs; Pagefind brings pages and styles of its own besides."""
_CONTENTS = "contents.json"


def installed() -> bool:
    """Whether the program is there; runs nothing."""
    return importlib.util.find_spec("pagefind") is not None and any(map(importlib.util.find_spec, _BINARIES))


class Index:
    """The index that a project keeps in its cache."""

    def __init__(self, project: Path) -> None:
        self._folder = project / files.CACHE / "search"

    def outputs(
        self, key: str, records: Callable[[], Iterable[tuple[str, str]]], *, later: bool = False
    ) -> Iterator[Output]:
        """The files of the index of `records` (a path and HTML each), for which `key` stands.

        The program runs only if that is another key than last time. With `later` it does not run at all: the index is
        the last one, whatever it knows. Raises VisualpostsError if the program fails.
        """
        key = f"{key} {_version()}"
        kept = self._kept()
        if not later and (kept is None or kept[0] != key):
            self._make(key, records())
            kept = self._kept()
        for path, digest in sorted(kept[1].items()) if kept else ():
            yield Output(FOLDER + path, self._folder / path, OWNER, digest)

    def _kept(self) -> tuple[str, dict[str, str]] | None:
        """The key of the kept index, and its files with their digests; None if there is none, or not all of it."""
        found = files.read_json(self._folder / _CONTENTS)
        if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
            return None
        paths = {str(path): str(digest) for path, digest in found["files"].items()}
        there = {path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*")}
        return (str(found.get("key")), paths) if paths and paths.keys() <= there else None

    def _make(self, key: str, records: Iterable[tuple[str, str]]) -> None:
        """Make the index anew. The old one is replaced as a whole: a build that is killed leaves one or none."""
        site, new = self._folder.with_name("search.site"), self._folder.with_name("search.new")
        try:
            for folder in (site, new):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
            for path, text in records:
                target = site / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            _run(site, new)
            found = {path.relative_to(new).as_posix(): path for path in new.rglob("*") if path.is_file()}
            kept = {path: digests.of_bytes(file.read_bytes()) for path, file in found.items() if _needed(path)}
            (new / _CONTENTS).write_text(json.dumps({"key": key, "files": kept}), encoding="utf-8")
            shutil.rmtree(self._folder, ignore_errors=True)
            new.rename(self._folder)
        except OSError as error:
            raise VisualpostsError(f"the search index can't be written: {error.strerror or error}") from error
        finally:
            for folder in (site, new):
                shutil.rmtree(folder, ignore_errors=True)


def _run(site: Path, output: Path) -> None:
    """Run the program; nothing of the project's or the environment's own settings of Pagefind reaches it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    command = [sys.executable, "-m", "pagefind", "--site", str(site.resolve()), "--output-path", str(output.resolve())]
    done = subprocess.run(
        [*command, "--silent"], cwd=site, env=environ, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode or not (output / _OURS[0]).is_file():
        said = (done.stderr or done.stdout).strip().splitlines()
        raise VisualpostsError(f"the search index can't be made: {said[-1] if said else 'Pagefind says nothing'}")


def _needed(path: str) -> bool:
    return path in _OURS or path.endswith(_SUFFIXES)


def _version() -> str:
    """The versions of the program, which decide what an index looks like."""
    found = []
    for name in ("pagefind", *_BINARIES):
        try:
            found.append(importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            found.append("-")
    return " ".join(found)
