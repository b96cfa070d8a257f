"""Transcripts: what code printed, as the same text on every machine and at every run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.charts.notebook import Output

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_PACKAGES = re.compile(r"(?:[A-Za-z]:)?[\w/.\\+-]*[/\\](?:site|dist)-packages[/\\]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def settled(text: str, project: str) -> str:
    """`text` without colours, overwritten lines, memory addresses, and paths of this machine."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    while (shorter := re.sub("[^\n\b]\b", "", text)) != text:
        text = shorter
    lines = (_last(line) for line in text.split("\n"))
    text = _CONTROL.sub("", "\n".join(lines)).replace(f"{project.rstrip('/')}/", "")
    return _ADDRESS.sub("at 0x…", _PACKAGES.sub("", text)).strip("\n")


def _last(line: str) -> str:
    """What a terminal shows of a line that was written over, as progress bars do."""
    return next((part for part in reversed(line.split("\r")) if part), "").rstrip()


def ordered(outputs: Iterable[Output]) -> Iterator[Output]:
    """The outputs of a cell, neighbouring pieces of a stream joined.

    The two streams reach us as two, in an order that is chance: between other outputs what was printed on standard
    output comes first, what was printed as an error after it.
    """
    held = {"stdout": "", "stderr": ""}
    for output in outputs:
        if output.kind in ("stdout", "stderr"):
            held[output.kind] += output.text
        else:
            yield from _released(held)
            yield output
    yield from _released(held)


def _released(held: dict[str, str]) -> Iterator[Output]:
    for kind in ("stdout", "stderr"):
        if held[kind].strip():
            yield Output("stdout" if kind == "stdout" else "stderr", held[kind])
        held[kind] = ""
