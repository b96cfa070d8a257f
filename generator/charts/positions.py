"""Positions: on which lines of a notebook's JSON the lines of its cells stand; Python's json keeps no marks."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]', re.DOTALL)


def source_lines(text: str) -> tuple[tuple[int, ...], ...]:
    """For each cell of the notebook in `text`, valid JSON, the line (from 1) on which each line of its source stands.

    A source written as one string stands on one line, whatever line ends are in it.
    """
    found: dict[int, _Source] = {}
    path: list[int | str | None] = []  # an index in each list, a key (None before it) in each object
    line, last = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        token = match[0]
        if token in "{[":
            path.append(None if token == "{" else 0)
        elif token in "}]":
            path.pop()
        elif token == ",":
            here = path[-1]
            path[-1] = here + 1 if isinstance(here, int) else None
        elif token != ":":
            if path[-1] is None:
                path[-1] = json.loads(token)
            elif len(path) in (3, 4) and path[0] == "cells" and path[2] == "source":
                assert isinstance(path[1], int)
                found.setdefault(path[1], _Source()).add(json.loads(token), line)
    return tuple(tuple(found[n].lines) if n in found else () for n in range(max(found, default=-1) + 1))


class _Source:
    """The source of one cell, in the pieces that it is written in."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self._begins = True

    def add(self, piece: str, line: int) -> None:
        for part in re.findall(r"[^\n]*\n|[^\n]+", piece):
            if self._begins:
                self.lines.append(line)
            self._begins = part.endswith("\n")
