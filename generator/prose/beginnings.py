"""Beginnings: the characters that a match of a pattern can begin with, read off the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

try:
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # another Python, which keeps them elsewhere: then nothing is known of any pattern
    parser = None

ASCII = frozenset(map(chr, range(128)))
_BEYOND = re.compile("(?:[^\x00-\x7f](?:-[^\x00-\x7f])?)+")
_Found = tuple[frozenset[str] | None, bool]
"""The ASCII characters that a part can begin with, None where they are not known; and whether it can be empty."""
_UNKNOWN: _Found = (None, True)


@cache  # the states of a lexer share most of their patterns
def beginnings(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """The ASCII characters among those that a match can begin with; None where it may begin with any, or be empty."""
    if parser is None:
        return None
    # Names in all scripts are thousands of ranges, which take longer to read than all else in a lexer. One stands for
    # them: only that there is something beyond ASCII matters.
    tree = parser.parse(_BEYOND.sub("\x80", pattern.pattern), pattern.flags)
    found, empty = _sequence(tree, tree.state.flags)
    return None if empty or found is None else found & ASCII


def _sequence(items: Iterable[tuple[Any, Any]], flags: int) -> _Found:
    begin: frozenset[str] = frozenset()
    for code, value in items:
        found, empty = _item(code, value, flags)
        if found is None:
            return _UNKNOWN
        begin |= found
        if not empty:
            return begin, False
    return begin, True


def _item(code: Any, value: Any, flags: int) -> _Found:
    if code is codes.LITERAL:
        return _cased(frozenset(chr(value)), flags, value > 127), False
    if code in (codes.NOT_LITERAL, codes.ANY):
        return ASCII, False
    if code is codes.IN:
        return _set(value, flags), False
    if code is codes.BRANCH:
        found = [_sequence(branch, flags) for branch in value[1]]
        sets = [one for one, _ in found if one is not None]
        return (frozenset().union(*sets), any(empty for _, empty in found)) if len(sets) == len(found) else _UNKNOWN
    if code is codes.SUBPATTERN:
        _, added, dropped, inner = value
        return _sequence(inner, (flags | added) & ~dropped)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, _, inner = value
        begin, empty = _sequence(inner, flags)
        return begin, empty or least == 0
    if code is codes.ATOMIC_GROUP:
        return _sequence(value, flags)
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return frozenset(), True  # takes nothing: what follows begins
    return _UNKNOWN


def _set(items: Iterable[tuple[Any, Any]], flags: int) -> frozenset[str] | None:
    """A set in brackets."""
    found: frozenset[str] = frozenset()
    negated = beyond = False
    for code, value in items:
        if code is codes.NEGATE:
            negated = True
        elif code is codes.LITERAL:
            found |= {chr(value)}
            beyond = beyond or value > 127
        elif code is codes.RANGE:
            found |= {chr(one) for one in range(value[0], min(value[1], 127) + 1)}
            beyond = beyond or value[1] > 127
        elif code is codes.CATEGORY and value in _CATEGORIES:
            found |= _category(_CATEGORIES[value])
        else:
            return None
    cased = _cased(found, flags, beyond)
    return ASCII - cased if negated and cased is not None else cased


def _cased(found: frozenset[str], flags: int, beyond: bool) -> frozenset[str] | None:
    """The set with both cases of its letters, where case does not count; `beyond` says that it has more than ASCII."""
    if not flags & re.IGNORECASE:
        return found
    # Some letters beyond ASCII have their other case within: the long s, the sign of the Kelvin.
    return None if beyond else found | {other for one in found for other in (one.lower(), one.upper())}


_CATEGORIES = (
    {}
    if parser is None
    else {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
)


@cache
def _category(escape: str) -> frozenset[str]:
    return frozenset(one for one in ASCII if re.match(escape, one))
