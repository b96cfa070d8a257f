"""Prose: Markdown and highlighting, text to HTML, for posts and notebooks alike.

The steps of `render`: include tags are put behind marks (`tags`), fenced code and nested raw HTML are taken out
(`blocks`, `code`), Python-Markdown does the rest in our dialect (`dialect`, `lists`), and the HTML gets its formulas
(`formulas`), places for includes, `names` for what has no words, `captions`, anchors and outline (`outline`).

Each name is imported when it is first asked for: a build with nothing to typeset needs no Markdown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.prose.anchors import slug
    from generator.prose.code import highlight, stylesheet
    from generator.prose.location import locate
    from generator.prose.outline import word_count
    from generator.prose.rendering import render
    from generator.prose.result import Heading, IncludeTag, Prose, Trouble

__all__ = [
    "Heading",
    "IncludeTag",
    "Prose",
    "Trouble",
    "highlight",
    "locate",
    "render",
    "slug",
    "stylesheet",
    "word_count",
]

_MODULES = {
    "slug": "anchors",
    "highlight": "code",
    "stylesheet": "code",
    "locate": "location",
    "word_count": "outline",
    "render": "rendering",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_MODULES.get(name, 'result')}"), name)
    globals()[name] = value
    return value
