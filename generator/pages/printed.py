"""Printed: what the rest of the site may know of a finished page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors import Problem
from generator.pages.exhibits import Exhibit
from generator.pages.links import Anchor
from generator.pages.views import Picture


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished page but for its bytes, and what the rest of the site wants to know of it.

    `digest` and `size` are those of its bytes, empty where a template is broken. `text` stands for the text of a
    document, includes put in. `words` counts those of includes too; `charts` are names in their order; `picture` is the
    author's, or else the poster of the first chart; `copied` maps the files that links name to their addresses;
    `anchors` are links to places that are still to be looked for, on other pages or in vain on its own; `asked` are the
    other hosts that its readers ask; `exhibits` are its charts as it shows them.
    """

    digest: str = ""
    size: int = 0
    text: str = ""
    words: int = 0
    charts: tuple[str, ...] = ()
    picture: Picture | None = None
    anchors: tuple[Anchor, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    asked: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
