"""The result of rendering: finished HTML and what the rest of the site wants to know about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text: its level from 1, its anchor, and its words without markup."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class IncludeTag:
    """An include tag outside code: the name and the parameters that it gives, and the tag as it was written."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong in the text. `needle` is the piece of Markdown where it stands: `locate` finds its line."""

    message: str
    needle: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A rendered text. Include number n stands in `html` and `summary` as ``<vp-include n="N"></vp-include>``.

    Links and picture addresses are as the author wrote them. `words` counts the words that a reader reads: no code,
    no formulas.
    """

    html: str
    summary: str
    headings: tuple[Heading, ...]
    includes: tuple[IncludeTag, ...]
    words: int
    troubles: tuple[Trouble, ...]
