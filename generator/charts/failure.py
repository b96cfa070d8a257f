"""Failure: an exception in author code as a problem at the author's innermost line, with the author's frames."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from generator.charts.loading import is_local
from generator.errors import Place, Problem

SHOWN = 5
"""Frames shown of either end of a long chain of calls."""


def problem(error: BaseException, project: Path, source: str) -> Problem:
    """What `error` says, placed at the innermost line that the author wrote; at `source` if none was reached."""
    frames = tuple(_frames(error.__traceback__, project))
    places = [place for place, _ in frames]
    if isinstance(error, SyntaxError) and error.filename and is_local(Path(error.filename).resolve(), project):
        path = Path(error.filename).resolve().relative_to(project).as_posix()
        places.append(Place(path, error.lineno or 1, error.offset or 1))
        return Problem(f"this is not Python: {error.msg}", places[-1])
    notes = _folded(tuple(f"{place.path}:{place.line} in {name}" for place, name in reversed(frames)))
    return Problem(message(error), places[-1] if places else Place(source, 1, 1), notes=notes if len(notes) > 1 else ())


def _folded(notes: tuple[str, ...]) -> tuple[str, ...]:
    """The innermost and the outermost frames: a function that calls itself without end has a thousand between."""
    left_out = len(notes) - 2 * SHOWN
    return notes if left_out < 2 else (*notes[:SHOWN], f"… {left_out} more", *notes[-SHOWN:])


def message(error: BaseException) -> str:
    """``Type: first line``; of a Java exception that came through Spark, the line that says what is wrong."""
    text = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    name = type(error).__name__
    if isinstance(error, SystemExit):
        return f"the code ended itself with sys.exit({error.code!r})"
    java = getattr(error, "java_exception", None)
    if java is not None:
        text = str(java.toString()).splitlines()[0]
    return f"{name}: {text}" if text else name


def _frames(trace: TracebackType | None, project: Path) -> Iterator[tuple[Place, str]]:
    for frame in traceback.extract_tb(trace):
        path = Path(frame.filename)
        if path.is_absolute() and is_local(path.resolve(), project):
            name = path.resolve().relative_to(project).as_posix()
            yield Place(name, frame.lineno or 1, (frame.colno or 0) + 1), frame.name
