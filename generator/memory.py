"""Memory: what a build leaves for the next one, by kind and key, in one file below ``.visualposts/``.

Only a shortcut: whatever is missing is found out again. A memory that is broken, or was made by other code or other
versions of the libraries that make pages, is an empty one; one that another process holds, or that can't be written, is
none. SQLite keeps it whole when a build is killed. Its values are text: reading it runs nothing.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from generator import files

FILE = "memory.sqlite"
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH)
_WAIT = 0.2
"""Seconds to wait for another process: it may be about to end; a build without a memory is only slower."""
_SPARE = 200
"""How many values that this build had no use for are kept beside half as many as it used: drafts come and go."""


class Memory:
    """The memory in the file `path`; with None for it, one that forgets everything.

    `maker` stands for the code that made what is remembered. A forked process must not use its parent's: each opens its
    own, and the parent's is closed meanwhile (`close`; it opens again when it is next asked).
    """

    def __init__(self, path: Path | None = None, maker: str = "") -> None:
        self._path, self._maker = path, maker
        self._base: sqlite3.Connection | None = None
        self._kinds: set[str] = set()  # those that have a table

    @property
    def alive(self) -> bool:
        """Whether what is put will be found again, as far as is known."""
        return self._path is not None

    def all(self, kind: str) -> dict[str, str]:
        """Every value of a kind, by key."""
        return dict(self._asked(f'SELECT key, value FROM "{kind}"', kind))

    def get(self, kind: str, key: str) -> str | None:
        """One value, or None."""
        found = self._asked(f'SELECT value FROM "{kind}" WHERE key = ?', kind, (key,))
        return found[0][0] if found else None

    def put(self, kind: str, values: Iterable[tuple[str, str]]) -> None:
        """Remember values by their keys, in the place of older ones; for good with `commit`."""
        self._told(f'INSERT OR REPLACE INTO "{kind}" VALUES (?, ?)', kind, values)

    def keep(self, kind: str, keys: Collection[str]) -> None:
        """Forget the values of a kind whose key is not among `keys`, once they are many."""
        known = {key for (key,) in self._asked(f'SELECT key FROM "{kind}"', kind)}
        if len(unused := known.difference(keys)) > len(keys) // 2 + _SPARE:
            self._told(f'DELETE FROM "{kind}" WHERE key = ?', kind, ((key,) for key in unused))

    def commit(self) -> None:
        """Make what was put last."""
        with self._guarded():
            if self._base:
                self._base.commit()

    def close(self) -> None:
        """Commit and let go of the file."""
        with self._guarded():
            if self._base:
                self._base.commit()
        self._let_go()

    def _asked(self, query: str, kind: str, parameters: Sequence[str] = ()) -> list[Any]:
        with self._guarded():
            if base := self._open(kind):
                return base.execute(query, parameters).fetchall()
        return []

    def _told(self, order: str, kind: str, values: Iterable[tuple[str, ...]]) -> None:
        with self._guarded():
            if base := self._open(kind):
                base.executemany(order, values)

    def _open(self, kind: str) -> sqlite3.Connection | None:
        """The base with a table for `kind`."""
        if self._path is None:
            return None
        if self._base is None:
            files.begin_cache(self._path.parent)
            self._base = sqlite3.connect(self._path, timeout=_WAIT, check_same_thread=False)
            # A crash of the machine may break it, and then it is empty; a crash of ours can't.
            self._base.execute("PRAGMA synchronous = OFF")
            self._base.execute("CREATE TABLE IF NOT EXISTS maker (name TEXT PRIMARY KEY)")
            if self._base.execute("SELECT name FROM maker").fetchall() != [(self._maker,)]:
                self._begin_anew()
        if kind not in self._kinds:
            self._base.execute(f'CREATE TABLE IF NOT EXISTS "{kind}" (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
            self._kinds.add(kind)
        return self._base

    def _begin_anew(self) -> None:
        """Forget what other code remembered."""
        assert self._base is not None
        for (table,) in self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            self._base.execute(f'DROP TABLE "{table}"')
        self._base.execute("CREATE TABLE maker (name TEXT PRIMARY KEY)")
        self._base.execute("INSERT INTO maker VALUES (?)", (self._maker,))
        self._base.commit()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever goes wrong, this process goes on without a memory; a broken one is removed for the next."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            if self._path and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)
            self._path = None

    def _let_go(self) -> None:
        if self._base:
            with contextlib.suppress(sqlite3.Error):
                self._base.close()
        self._base, self._kinds = None, set()


def open_memory(project: Path, maker: str) -> Memory:
    """The memory of a project."""
    return Memory(project / files.CACHE / FILE, maker)
