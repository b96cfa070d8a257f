"""The protocol between the build and its workers: one JSON object a line, requests down, answers up.

The parent never imports pyspark, pandas or Plotly; a worker never writes into the project. All that passes between
them is text: what to run, and the fragments that came of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import BinaryIO

from generator.charts.archive import Archive
from generator.charts.contract import ChartSource
from generator.errors import Place, Problem

STOP = b"stop\n"
"""A request to stop the source that runs; its answer comes all the same, and is not looked at."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told first: where Spark runs, on which Java (None: on none here), and where Java's words go."""

    project: str
    master: str
    conf: Mapping[str, str]
    java: tuple[str, str, str, str] | None
    log: str
    debug: bool = False
    archive: Archive | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Run a chart source; `settings` is the author's table."""

    source: ChartSource
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running source is, in words for a person."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: fragments (name to HTML) and what they depend on, or problems.

    `files`, `folders` and `patterns` map project paths to content hashes, as they were when they were read; `outside`
    are inputs beyond the project, `settings` the keys that were asked for. `last` says that this worker can run no
    more, its Spark being gone; `stranded` that its Spark did not start, and it will not try again.
    """

    source: str
    seconds: float = 0.0
    fragments: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    output: str = ""
    trace: str = ""
    last: bool = False
    stranded: bool = False


@dataclass(frozen=True, slots=True)
class PosterSetup:
    """What a camera is told first: the path of its Chromium, and style sheets that come after the theme's."""

    browser: str
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PosterRequest:
    """Make the posters of the chart `name`; `payload` is its JSON, `height` in CSS pixels."""

    name: str
    payload: str
    height: int


@dataclass(frozen=True, slots=True)
class PosterAnswer:
    """The posters of a chart, WebP in base64 by variant, or the error that is why there are none."""

    name: str
    pictures: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


Message = Setup | Request | Progress | Answer | PosterSetup | PosterRequest | PosterAnswer


def send(stream: BinaryIO, value: Message) -> None:
    """Write one message and flush it; raises OSError where nobody reads any more."""
    stream.write(json.dumps(asdict(value), ensure_ascii=True, default=dated).encode() + b"\n")
    stream.flush()


def dated(value: object) -> dict[str, str]:
    """A date, a time or both, which TOML has and JSON has not, as a table that says which."""
    if not isinstance(value, date | time):
        raise TypeError(f"{type(value).__name__} is not a value of TOML")
    return {f"toml:{type(value).__name__}": value.isoformat()}


def _undated(table: dict[str, object]) -> object:
    for kind in (datetime, date, time):
        text = table.get(f"toml:{kind.__name__}")
        if isinstance(text, str):
            return kind.fromisoformat(text)
    return table


def receive_setup(line: bytes) -> Setup:
    value = json.loads(line)
    value["java"] = tuple(value["java"]) if value["java"] else None
    value["archive"] = Archive(**value["archive"]) if value["archive"] else None
    return Setup(**value)


def receive_request(line: bytes) -> Request:
    value = json.loads(line, object_hook=_undated)
    source = value["source"]
    source["parameters"] = tuple(source["parameters"])
    source["names"] = tuple((name, line, col) for name, line, col in source["names"])
    return Request(ChartSource(**source), value["settings"])


def receive_poster_setup(line: bytes) -> PosterSetup:
    value = json.loads(line)
    return PosterSetup(value["browser"], tuple(value["styles"]))


def receive_poster_request(line: bytes) -> PosterRequest:
    return PosterRequest(**json.loads(line))


def receive_poster_answer(line: bytes) -> PosterAnswer:
    return PosterAnswer(**json.loads(line))


def receive(line: bytes) -> Progress | Answer:
    value = json.loads(line)
    if "text" in value:
        return Progress(**value)
    value["problems"] = tuple(_problem(item) for item in value["problems"])
    for key in ("outside", "library", "settings"):
        value[key] = tuple(value[key])
    return Answer(**value)


def _problem(value: dict[str, object]) -> Problem:
    place, notes = value.pop("place"), value.pop("notes")
    assert isinstance(notes, list)
    return Problem(**value, place=Place(**place) if isinstance(place, dict) else None, notes=tuple(notes))  # type: ignore[arg-type]
