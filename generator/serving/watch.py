"""Watch: tells which files of a project are saved, as it happens."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import watchfiles
from watchfiles import Change, DefaultFilter

STEP = 10
"""Milliseconds of silence after which a change is told: an editor writes, renames and touches what it saves."""
BURST = 200
"""Milliseconds after which a burst of changes, say of a git checkout, is told so far as it has come."""
SOON = 100
"""Milliseconds after which a watch sees whether it is to end."""
_OTHERS = frozenset({"node_modules", "__pycache__"})


class Watch:
    """Watches `project` but for hidden files and folders, the folders `outputs` and virtual environments.

    `told` is called with the changed paths below the project (POSIX), from several threads. What is saved after
    `start` is not missed.
    """

    def __init__(
        self,
        project: Path,
        outputs: Iterable[Path],
        told: Callable[[frozenset[str]], None],
        say: Callable[[str], None],
    ) -> None:
        self._project, self._told, self._say = project.resolve(), told, say
        self._outputs = frozenset(path.resolve() for path in outputs)
        self._editors = DefaultFilter()
        self._polling = False
        self._over, self._renewed = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; returns when all is watched."""
        for target in (self._watch_top, self._watch_folders):
            ready = threading.Event()
            thread = threading.Thread(target=target, args=(ready,), daemon=True)
            self._threads.append(thread)
            thread.start()
            ready.wait()

    def close(self) -> None:
        self._over.set()
        self._renewed.set()
        for thread in self._threads:
            thread.join()

    def _watch_top(self, ready: threading.Event) -> None:
        """Watch the files at the top of the project; its folders come and go, and it may be away itself for a while."""
        while not self._over.is_set():
            for changed in self._changes((self._project,), self._over, recursive=False):
                ready.set()
                away = not self._project.is_dir()
                if away or any(not (self._project / path).is_file() for path in changed):
                    self._renewed.set()
                if changed:
                    self._told(changed)
                if away:
                    break

    def _watch_folders(self, ready: threading.Event) -> None:
        """Watch the folders at the top of the project, and all below them."""
        while True:
            self._renewed.clear()
            if self._over.is_set():  # looked at last: `close` may just have been called
                return
            try:
                folders = self._folders()
            except OSError:  # the project is away
                self._over.wait(SOON / 1000)
                continue
            for number, changed in enumerate(self._changes(folders, self._renewed, recursive=True)):
                # Between two watches something may have been saved.
                if changed or (ready.is_set() and not number):
                    self._told(changed)
                ready.set()

    def _folders(self) -> tuple[Path, ...]:
        """The folders at the top of the project that may hold what a site is made of."""
        found = (path for path in sorted(self._project.iterdir()) if path.is_dir() and self._counts(path))
        return tuple(path for path in found if not (path / "pyvenv.cfg").exists())

    def _changes(self, places: tuple[Path, ...], over: threading.Event, *, recursive: bool) -> Iterator[frozenset[str]]:
        """Sets of changed paths, and an empty one as soon as `places` are watched, until `over` is set."""
        try:
            for found in watchfiles.watch(
                *places,
                watch_filter=self._filter,
                debounce=BURST,
                step=STEP,
                stop_event=over,
                rust_timeout=SOON,
                yield_on_timeout=True,
                raise_interrupt=False,
                force_polling=self._polling or None,
                recursive=recursive,
                ignore_permission_denied=True,
            ):
                yield frozenset(os.path.relpath(path, self._project).replace(os.sep, "/") for _, path in found)
        except FileNotFoundError:  # a folder that has just gone
            over.wait(SOON / 1000)
        except OSError as error:
            if self._polling:
                raise
            self._polling = True
            self._say(f"the system watches no more folders ({error}): they are looked at three times a second instead")
            yield from self._changes(places, over, recursive=recursive)

    def _filter(self, change: Change, path: str) -> bool:
        return self._editors(change, path) and self._counts(Path(path))

    def _counts(self, path: Path) -> bool:
        """Whether a file or folder may have to do with the site."""
        parts = path.relative_to(self._project).parts if path.is_relative_to(self._project) else (path.name,)
        if any(part.startswith(".") or part in _OTHERS for part in parts):
            return False
        return not any(path.is_relative_to(output) for output in self._outputs)
