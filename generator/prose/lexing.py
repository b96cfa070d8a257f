"""Lexing: a lexer's tokens, found by the first character of what is left.

Pygments tries the rules of a state one after the other, some thirty patterns at each token, of which nearly none can
begin with the character that stands there. Which can is read off the patterns: of 1.4 ms that highlighting took of an
average post of our benchmark, 0.4 are left. Where a pattern says too little, its rule is tried always; a lexer that
does more than follow its rules is left to itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

from generator.prose.beginnings import ASCII, beginnings

_Rule = tuple[Any, Any, Any]
"""A pattern's ``match``, what to do with a match, and the state that follows."""


class _State(dict[str, tuple[_Rule, ...]]):
    """The rules of a state that can match before a character, by character; an empty one is the end of the text."""

    def __init__(self, rules: list[_Rule]) -> None:
        super().__init__()
        self._rules = rules
        self._beginnings: list[frozenset[str] | None] | None = None

    def __missing__(self, character: str) -> tuple[_Rule, ...]:
        if self._beginnings is None:
            self._beginnings = [_beginnings(rule) for rule in self._rules]
        known = character in ASCII
        self[character] = found = tuple(
            rule
            for rule, first in zip(self._rules, self._beginnings, strict=True)
            if first is None or not known or character in first
        )
        return found


def _beginnings(rule: _Rule) -> frozenset[str] | None:
    pattern = getattr(rule[0], "__self__", None)
    return beginnings(pattern) if isinstance(pattern, re.Pattern) else None


def hurried(lexer: Lexer) -> Lexer:
    """The lexer, which from now on gives the same tokens sooner, if it can."""
    if type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed:
        rules: Mapping[str, list[_Rule]] = lexer._tokens  # type: ignore[attr-defined]
        states = {name: _State(found) for name, found in rules.items()}
        lexer.get_tokens_unprocessed = partial(_tokens, lexer, states)  # type: ignore[method-assign]
    return lexer


def _tokens(
    lexer: Lexer, rules: Mapping[str, _State], text: str, stack: tuple[str, ...] = ("root",)
) -> Iterator[tuple[int, _TokenType, str]]:
    """What `RegexLexer.get_tokens_unprocessed` gives, by the same steps."""
    states = list(stack)
    state = rules[states[-1]]
    position, end = 0, len(text)
    while True:
        for match_at, action, following in state[text[position] if position < end else ""]:
            match = match_at(text, position)
            if match is None:
                continue
            if action is not None:
                if type(action) is _TokenType:
                    yield position, action, match.group()
                else:
                    yield from action(lexer, match)
            position = match.end()
            if following is not None:
                _follow(states, following)
                state = rules[states[-1]]
            break
        else:
            if position >= end:
                return
            if text[position] == "\n":
                # What is broken is not so for longer than its line.
                states = ["root"]
                state = rules["root"]
                yield position, Whitespace, "\n"
            else:
                yield position, Error, text[position]
            position += 1


def _follow(states: list[str], following: Any) -> None:
    if isinstance(following, tuple):
        for state in following:
            if state == "#pop":
                if len(states) > 1:
                    states.pop()
            elif state == "#push":
                states.append(states[-1])
            else:
                states.append(state)
    elif isinstance(following, int):
        # Its root stays, however far it pops.
        if abs(following) >= len(states):
            del states[1:]
        else:
            del states[following:]
    else:
        states.append(states[-1])
