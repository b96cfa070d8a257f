"""Spark's reads: what author code asks Spark to read is noted, and found where the author's code stands.

The JVM's working directory is that of the build, and no audit event tells of what it opens. While a source runs, the
session's readers therefore tell the observer first; a relative path that exists beside the post becomes an absolute
one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from glob import has_magic
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

from generator.charts.observing import Observer

READERS = ("csv", "json", "load", "orc", "parquet", "text", "xml")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")


@contextmanager
def watched(session: Any, observer: Observer) -> Iterator[None]:
    """Tell `observer` what the readers of `session` (classic or Connect) read while this lasts."""
    reader = type(session.read)
    with ExitStack() as stack:
        for name in READERS:
            if method := getattr(reader, name, None):
                stack.enter_context(mock.patch.object(reader, name, _watched_reader(method, observer)))
        for name in ("jdbc", "option"):
            if method := getattr(reader, name, None):
                stack.enter_context(mock.patch.object(reader, name, _watched_url(method, observer)))
        stack.enter_context(mock.patch.object(type(session), "sql", _watched_sql(type(session).sql, observer)))
        yield


def _watched_reader(method: Callable[..., Any], observer: Observer) -> Callable[..., Any]:
    # All that parquet is given in a row are paths; of the others, the first one is, which may be a list.
    count = None if method.__name__ == "parquet" else 1

    @functools.wraps(method)
    def read(self: Any, *arguments: Any, **options: Any) -> Any:
        places = [_found(item, observer) for item in arguments[:count]]
        named: dict[str, Any] = {key: _found(options[key], observer) for key in ("path", "paths") if key in options}
        frame = method(self, *places, *arguments[len(places) :], **{**options, **named})
        if not places and not named:  # .option("path", …).load()
            _note_frame(frame, observer)
        return frame

    return read


def _watched_url(method: Callable[..., Any], observer: Observer) -> Callable[..., Any]:
    """``jdbc(url, …)`` and ``option("url", …)``: a database is an outside input, noted without what may be secret."""

    @functools.wraps(method)
    def read(self: Any, *arguments: Any, **options: Any) -> Any:
        key, value = ("url", *arguments)[:2] if method.__name__ == "jdbc" else (*arguments, "", "")[:2]
        url = options.get("url", value if str(key).lower() == "url" else "")
        if url:
            observer.outside.add(re.sub(r"//[^/@]*@", "//", re.split(r"[?;]", str(url))[0]))
        return method(self, *arguments, **options)

    return read


def _watched_sql(method: Callable[..., Any], observer: Observer) -> Callable[..., Any]:
    @functools.wraps(method)
    def sql(self: Any, *arguments: Any, **options: Any) -> Any:
        frame = method(self, *arguments, **options)
        _note_frame(frame, observer)
        return frame

    return sql


def _note_frame(frame: Any, observer: Observer) -> None:
    """Note the files that Spark says it reads for `frame`, and their folders."""
    for address in frame.inputFiles():
        parts = urlsplit(address)
        if parts.scheme == "file":
            path = Path(unquote(parts.path))
            observer.read(path)
            observer.read(path.parent)
        else:
            observer.outside.add(address)


def _found(place: Any, observer: Observer) -> Any:
    """`place` as Spark shall read it: a path, or a list of them."""
    if isinstance(place, list | tuple):
        return [_found(item, observer) for item in place]
    if isinstance(place, Path):
        place = str(place)
    if not isinstance(place, str):
        return place  # a frame of texts: Spark's csv and json readers take one
    if place.startswith("file:"):
        _note(unquote(urlsplit(place).path), observer)
        return place
    if _SCHEME.match(place):
        observer.outside.add(place)
        return place
    return _note(place, observer)


def _note(place: str, observer: Observer) -> str:
    """Note a local path or pattern; what does not exist here is Spark's to find, or to complain of."""
    path = Path.cwd() / place
    matches: Sequence[Path] = [path]
    if has_magic(place):
        anchor = Path(path.anchor)
        matches = sorted(anchor.glob(str(path.relative_to(anchor))))
        for folder in {match.parent for match in matches}:
            observer.read(folder)
    for match in matches:
        if match.exists():
            observer.read_tree(match)
    return (
        path.as_uri() if matches and matches[0].exists() and not has_magic(place) else str(path) if matches else place
    )
