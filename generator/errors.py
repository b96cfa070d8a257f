"""Problems: what is wrong, where, and what would mend it.

The exceptions of the package::

    VisualpostsError
    ├── AuthorError    the author's mistakes, all of a stage at once   exit 1
    └── UsageError     the command can't be carried out as typed        exit 2

Anything else that is raised is our mistake and ends in "please report".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

# What neither HTML nor XML can hold: control characters but tab and line feed, and two non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
# What a terminal takes for an order, or shows in another place: control characters, and those that turn text round.
_ORDERS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in an author's file: path relative to the project (POSIX), line and column from 1, 0 for unknown."""

    path: str
    line: int = 0
    col: int = 0

    def __str__(self) -> str:
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.col:
                parts.append(str(self.col))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a single line of text, its place, a hint, and further lines shown below it as they are."""

    message: str
    place: Place | None = None
    hint: str = ""
    severity: Severity = "error"
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{self.place}: " if self.place else ""
        lines = [f"{head}{self.severity}: {self.message}"]
        lines += [f"  {note}" for note in self.notes]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(map(_shown, lines))

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Where the problem stands in a listing: by place, then by message."""
        place = self.place or Place("")
        return (place.path, place.line, place.col, self.message)


def _shown(line: str) -> str:
    """A line for a terminal: what an author's text holds is shown, and gives the terminal no orders."""
    return _ORDERS.sub(lambda match: match[0].encode("unicode_escape").decode(), line)


class VisualpostsError(Exception):
    """Something that the person at the keyboard can mend."""


class AuthorError(VisualpostsError):
    """The author's mistakes: every problem that a stage found, errors and warnings alike."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.order))
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(VisualpostsError):
    """The command can't be carried out as it was typed."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def warning(message: str, place: Place | None = None, hint: str = "") -> Problem:
    """A problem that fails a build only under ``--strict``."""
    return Problem(message, place, hint, "warning")


def not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    """The problem of a file whose `data` are no UTF-8, at the byte that `error` stopped at."""
    start = data.rfind(b"\n", 0, error.start) + 1
    col = len(data[start : error.start].decode("utf-8", "replace")) + 1
    place = Place(path, data.count(b"\n", 0, error.start) + 1, col)
    return Problem(f"not UTF-8: byte 0x{data[error.start]:02x}", place, "save the file in the encoding UTF-8")


def strictly(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems with every warning turned into an error."""
    return tuple(replace(problem, severity="error") for problem in problems)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'title'?`` for the name in `known` that is nearest to `name`, or an empty string.

    The ``.html`` that all files of a folder share makes none of them nearer.
    """
    ending = ".html" if name.endswith(".html") else ""
    names = {other.removesuffix(ending): other for other in sorted(known)}
    near = difflib.get_close_matches(name.removesuffix(ending), sorted(names), n=1, cutoff=0.6)
    return f"did you mean '{names[near[0]]}'?" if near else ""
