"""Footnotes: Python-Markdown's, and those of its author's that say nothing, which it can't number."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension

from generator.prose.result import Trouble


class Footnotes(FootnoteExtension):
    """The extension; `empty` are the names of the footnotes without a text."""

    def reset(self) -> None:
        super().reset()
        self.empty: list[str] = []
        self._latest: dict[str, str] = {}

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """A name for one more reference to a footnote: ``fnref-a``, ``fnref2-a``, and on from the last one."""
        if not found:
            return reference
        name = self._latest.get(reference, reference)
        while name in self.used_refs:
            sign, _, rest = name.partition(self.get_separator())
            name = f"fnref{int(sign.removeprefix('fnref') or 1) + 1}{self.get_separator()}{rest}"
        self._latest[reference] = name
        self.used_refs.add(name)
        self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        return name

    def makeFootnotesDiv(self, root: Element) -> Element | None:  # noqa: N802
        """The footnotes; one that holds nothing but a link's definition would be an item that leads nowhere back."""
        div = super().makeFootnotesDiv(root)
        for name, item in zip(self.footnotes, div.findall("ol/li") if div is not None else (), strict=True):
            if not len(item):
                self.empty.append(name)
                line = SubElement(item, "p")
                line.text = "…"
                SubElement(line, "a", {"href": f"#{self.makeFootnoteRefId(name)}", "class": "footnote-backref"})
        return div

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802 - Python-Markdown's name
        if not text.strip():
            self.empty.append(id)
        super().setFootnote(id, text if text.strip() else "…")


def troubles(md: Markdown) -> Iterator[Trouble]:
    """What is wrong with the footnotes of the text that was just converted."""
    for extension in md.registeredExtensions:
        for name in extension.empty if isinstance(extension, Footnotes) else ():
            yield Trouble("this footnote says nothing", f"[^{name}]:", "write its text on the same line")
