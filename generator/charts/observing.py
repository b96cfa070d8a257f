"""Observing: notes what a running source reads, so that the freeze knows what its charts depend on.

Python's audit events (PEP 578) show every file that Python code opens and every folder that it lists, whichever
library asked; Spark reads in the JVM, so its readers are watched where author code calls them. What neither sees
(native readers, subprocesses) an author declares in ``INPUTS``.
"""

from __future__ import annotations

import os
import socket
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from generator import files
from generator.charts.loading import is_local

LEFT_OUT = frozenset({".git", ".visualposts", "site"})
"""Folders at the top of the project that are never an input."""
ABSENT = ""
"""What stands for the hash of a file that was looked for and was not there."""


class Observer:
    """What one source read, by project path.

    `files` has the content hash of each file at its first opening (`ABSENT` if there was none), `folders` the hash of
    each listed folder's names, `outside` the paths beyond the project and the addresses asked. Files that the source
    made itself are its output, not its input. Author code may read in several threads.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._busy = threading.local()
        self.files: dict[str, str] = {}
        self.folders: dict[str, str] = {}
        self.outside: set[str] = set()
        self._written: set[Path] = set()

    def event(self, name: str, arguments: tuple[object, ...]) -> None:
        """One audit event. Looking at files raises events of its own, which are not the author's."""
        if getattr(self._busy, "now", False) or _is_import(self._project):
            return
        self._busy.now = True
        try:
            if name == "open":
                self._opened(*arguments)
            elif name in ("os.listdir", "os.scandir"):
                self._listed(arguments[0])
            elif name == "os.rename":
                self._renamed(*arguments[:2])
            elif name == "sqlite3.connect":
                self.read(arguments[0])
            else:
                self._asked(name, arguments)
        finally:
            self._busy.now = False

    def read(self, place: object) -> None:
        """The file or folder at `place` (relative to the working directory) has been read."""
        path = _path(place)
        if path is None:
            return
        inside = self._inside(path)
        if inside is None:
            self._beyond(path)
        elif path.is_dir():
            self._folder(path, inside)
        elif inside not in self.files and path not in self._written:
            value = files.file_digest(path)
            if value is not None:
                self.files[inside] = value

    def read_tree(self, place: Path) -> None:
        """All that lies below `place` has been read, as Spark reads a folder."""
        self.read(place)
        if place.is_dir():
            for path in sorted(place.iterdir()):
                self.read_tree(path)

    def _opened(self, place: object, mode: object, flags: object) -> None:
        how = flags if isinstance(flags, int) else os.O_RDONLY
        if not how & (os.O_WRONLY | os.O_TRUNC):
            self.read(place)  # "r+" reads too: numpy maps files that way
        path = _path(place)
        if path is None:
            return
        if how & (os.O_WRONLY | os.O_RDWR):
            self._made(path)
        elif (inside := self._inside(path)) is not None and path not in self._written and not path.exists():
            self.files.setdefault(inside, ABSENT)

    def _renamed(self, before: object, after: object) -> None:
        source, target = _path(before), _path(after)
        if source in self._written and target is not None:
            self._made(target)

    def _made(self, path: Path) -> None:
        """The source writes the file at `path`: no input, unless it has read what was there."""
        inside = self._inside(path)
        if inside is not None and not self.files.get(inside):
            self.files.pop(inside, None)
            self._written.add(path)

    def _asked(self, name: str, arguments: tuple[object, ...]) -> None:
        """Another host was asked: its address, without what may be secret in it, is an outside input."""
        if name == "urllib.Request":
            parts = urlsplit(str(arguments[0]))
            if parts.scheme != "file" and parts.hostname:
                self.outside.add(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
            return
        host, port = (os.fsdecode(item) if isinstance(item, bytes) else str(item or "") for item in arguments[:2])
        host = host.rpartition("@")[2]
        known = any(urlsplit(place).hostname == host.lower() for place in self.outside if "://" in place)
        if host and host not in _THIS_MACHINE and not known:
            self.outside.add(f"{host}:{port}" if port else host)

    def _listed(self, place: object) -> None:
        path = _path("." if place is None else place)
        if path is not None:
            inside = self._inside(path)
            if inside is not None and path.is_dir():
                self._folder(path, inside)

    def _folder(self, path: Path, inside: str) -> None:
        if inside not in self.folders:
            self.folders[inside] = listing(path)

    def _inside(self, path: Path) -> str | None:
        """The project path of what may be an input."""
        if not is_local(path, self._project):
            return None
        inside = path.relative_to(self._project)
        left_out = inside.parts[:1] and inside.parts[0] in LEFT_OUT
        return None if left_out or "__pycache__" in inside.parts or inside.suffix == ".pyc" else inside.as_posix()

    def _beyond(self, path: Path) -> None:
        installed = any(part.startswith(".") or part in _PACKAGES for part in path.parts)
        machine = installed or any(path.is_relative_to(place) for place in _MACHINE)
        if not machine and not path.is_relative_to(self._project) and path.is_file():
            home = Path.home()
            # One author's home is not another's, and its name is nobody's business.
            self.outside.add(f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else path.as_posix())


def listing(folder: Path) -> str:
    """The hash of the names in `folder`, hidden ones and byte code left out."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith((".", "__pycache__")))
    except OSError:
        return ""
    return files.digest("\n".join(names).encode("utf-8", "surrogateescape"))


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Send audit events to `observer`. A hook can't be taken away again, so one stays and asks who listens."""
    _hook()
    _listening.append(observer)
    try:
        yield
    finally:
        _listening.remove(observer)


_listening: list[Observer] = []
_hooked: list[bool] = []


def _hook() -> None:
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_tell)


def _tell(name: str, arguments: tuple[object, ...]) -> None:
    if _listening and name in _EVENTS:
        for observer in _listening:
            observer.event(name, arguments)


_EVENTS = frozenset(
    {"open", "os.listdir", "os.scandir", "os.rename", "sqlite3.connect", "urllib.Request", "socket.getaddrinfo"}
)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", socket.gethostname()})


def _is_import(project: Path) -> bool:
    """Whether Python's import system is what reads: looking for a module is not reading data.

    The innermost frame that is either the import system's or the author's decides: a helper may read its data while
    it is imported.
    """
    frame: FrameType | None = sys._getframe(1)
    inside = f"{project}{os.sep}"
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(_IMPORTERS) and not name.startswith("importlib.resources"):
            return True
        place = frame.f_code.co_filename
        if place.startswith(inside) and is_local(Path(place), project):
            return False
        frame = frame.f_back
    return False


_IMPORTERS = ("importlib", "pkgutil", "zipimport", "_frozen_importlib", "linecache")


def _path(place: object) -> Path | None:
    if isinstance(place, bytes):
        place = os.fsdecode(place)
    if not isinstance(place, str | os.PathLike) or not str(place) or "\0" in str(place):
        return None
    try:
        return Path(place).resolve()
    except (OSError, RuntimeError):
        return None


def _machine() -> Iterator[Path]:
    """Folders of the machine and of Python, which hold programs and not an author's data."""
    names: Iterable[str | None] = (sys.prefix, sys.base_prefix, tempfile.gettempdir(), *sysconfig.get_paths().values())
    for name in (*names, "/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/opt", "/System", "/Library"):
        if name:
            yield Path(name).resolve()


_PACKAGES = ("site-packages", "dist-packages")
"""Folders of installed packages, which need not lie where this Python is: PYTHONPATH and .pth files name others."""
_MACHINE = frozenset(_machine())
