"""Footnotes: Python-Markdown's, and those of its author's that say nothing, which it can't number."""

from __future__ import annotations

from collections.abc import Iterator

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension

from generator.prose.result import Trouble


class Footnotes(FootnoteExtension):
    """The extension; `empty` are the names of the footnotes without a text."""

    def reset(self) -> None:
        super().reset()
        self.empty: list[str] = []

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802 - Python-Markdown's name
        if not text.strip():
            self.empty.append(id)
        super().setFootnote(id, text if text.strip() else "…")


def troubles(md: Markdown) -> Iterator[Trouble]:
    """What is wrong with the footnotes of the text that was just converted."""
    for extension in md.registeredExtensions:
        for name in extension.empty if isinstance(extension, Footnotes) else ():
            yield Trouble("this footnote says nothing", f"[^{name}]:", "write its text on the same line")
