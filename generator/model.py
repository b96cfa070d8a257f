"""The values that both wings and ``build.py`` speak of: frozen and slotted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

Kind = Literal["post", "page"]


@dataclass(frozen=True, slots=True)
class Document:
    """A post or a page as its author wrote it: front matter checked, body still Markdown.

    `source` is the path relative to the project (POSIX); `folder` the path of the post's own folder, or of the folder
    that the file lies in; `body_line` the line of the file on which `body` begins (from 1). `date` and `updated` are
    aware. `extra` holds the front matter that is not ours, for templates.
    """

    source: str
    kind: Kind
    title: str
    slug: str
    body: str
    body_line: int = 1
    date: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    description: str = ""
    author: str = ""
    image: str = ""
    draft: bool = False
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    layout: str = ""
    toc: bool = True
    math: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of each value of the front matter, for errors found later."""

    @property
    def folder(self) -> str:
        return self.source.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is left out on purpose, and why: a draft, a post of the future."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where charts come from: a chart source, the modules of the project that it imports, and the names of its charts.

    Paths are relative to the project.
    """

    source: str
    modules: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        return self.source.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site: its path below the output folder (POSIX), its content, and which source claims it.

    `data` is its bytes, or a file that holds them; `digest` stands for them (`digests.of_bytes`), and is there wherever
    `data` is a file.
    """

    path: str
    data: bytes | Path
    owner: str
    digest: str = ""

    def read(self) -> bytes:
        """The bytes of the file."""
        return self.data.read_bytes() if isinstance(self.data, Path) else self.data

    def size(self) -> int:
        """How many bytes it has."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)
