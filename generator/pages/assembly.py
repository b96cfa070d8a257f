"""The assembly: a whole site, made and judged, before anything of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Problem
from generator.model import Output

if TYPE_CHECKING:
    from generator.pages.records import Search


@dataclass(frozen=True, slots=True)
class ChartedPage:
    """A page with charts: its address, the size of its HTML, and the names of its charts in their order."""

    url: str
    bytes: int
    charts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assembly:
    """The finished site and what is wrong with it: with an error among `problems` the outputs are not whole.

    `posts` and `pages` count documents; `notes` are sentences that the author may want to know;
    `search` is there if the site has one.
    """

    outputs: tuple[Output, ...]
    problems: tuple[Problem, ...]
    posts: int
    pages: int
    charted: tuple[ChartedPage, ...] = ()
    notes: tuple[str, ...] = ()
    search: Search | None = None
