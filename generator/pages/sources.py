"""Sources: how charts were made: the code of a chart source, on a page of its own, where a site shows its code."""

from __future__ import annotations

import html
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import prose, values
from generator.digests import Digests
from generator.memory import Memory
from generator.model import Document, Origin
from generator.pages.routes import CHARTS, Claim
from generator.pages.views import Html

CODE = f"{CHARTS}code/"
_NOTEBOOK = ".ipynb"
_REMOVED = frozenset(("remove-cell", "remove-input"))
"""Tags of cells whose code nobody is shown."""
_KIND = "code"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of code: the source that it shows, its address, and the document beside which the source lies."""

    origin: Origin
    address: str
    document: Document | None = None

    @property
    def claim(self) -> Claim:
        return Claim(self.address, f"the code of {self.origin.source}")


def listings(origins: Iterable[Origin], documents: Iterable[Document]) -> tuple[Listing, ...]:
    """A page for each source, whether it comes to be linked to or not."""
    beside: dict[str, Document] = {}
    for document in documents:
        beside.setdefault(document.folder, document)
    return tuple(Listing(origin, address_of(origin), beside.get(origin.folder)) for origin in origins)


def address_of(origin: Origin) -> str:
    """The address of a source's page: below ``/charts/code/`` as the source lies below ``content/``."""
    folder = origin.folder.partition("/")[2]
    name = origin.source.rpartition("/")[2]
    return f"{CODE}{folder}/{name.removesuffix(_NOTEBOOK)}/" if name.endswith(_NOTEBOOK) else f"{CODE}{folder}/"


def links(found: Iterable[Listing], notebooks: Mapping[str, str]) -> dict[str, str]:
    """Where each chart's code stands: on the page of its source, or on the one that shows its notebook.

    `notebooks` maps the names of includes to the address of the first page that shows them.
    """
    addresses: dict[str, str] = {}
    for listing in found:
        name = listing.origin.source.rpartition("/")[2].removesuffix(_NOTEBOOK)
        shown = notebooks.get(f"{name}.html") if listing.origin.source.endswith(_NOTEBOOK) else None
        addresses |= dict.fromkeys(listing.origin.charts, shown or listing.address)
    return addresses


def shown(found: Iterable[Listing], linked: Collection[str]) -> Iterator[Listing]:
    """The pages that a chart on the site links to: the code of anything else is nobody's to read."""
    return (listing for listing in found if listing.address in linked)


class Code:
    """The code of sources as HTML, highlighted once for each state of their files."""

    def __init__(self, project: Path, memory: Memory) -> None:
        self._project, self._memory = project, memory
        self._digests = Digests(project, memory, "stamps of code")
        self._seen: dict[str, str] = {}

    def of(self, origin: Origin) -> Html:
        """The code of a source and of the modules that it brings along."""
        key = values.digest([(path, self._digests.of(path)) for path in (origin.source, *origin.modules)])
        text = self._memory.get(_KIND, key)
        if text is None:
            text = self._seen[key] = _code(self._project, origin)
        else:
            self._seen.setdefault(key, "")
        return Html(text)

    def save(self) -> None:
        """Remember what was highlighted."""
        self._memory.put(_KIND, [(key, text) for key, text in self._seen.items() if text])
        self._memory.keep(_KIND, self._seen)
        self._digests.save()


def _code(project: Path, origin: Origin) -> str:
    parts = []
    for path in (origin.source, *origin.modules):
        text = _text(project / path)
        if path.endswith(_NOTEBOOK):
            parts += [prose.highlight(cell, "python") for cell in _cells(text)]
        else:
            name = path.removeprefix(f"{origin.folder}/")
            parts.append(f"<h2>{html.escape(name)}</h2>\n{prose.highlight(text, 'python')}")
    return "\n".join(parts)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def _cells(text: str) -> Iterator[str]:
    """The code of a notebook's cells but those whose author had it removed by a tag, as in the notebook's article."""
    try:
        cells = json.loads(text).get("cells", [])
    except (ValueError, AttributeError):
        return
    for cell in cells:
        match cell:
            case {"cell_type": "code", "metadata": {"tags": [*tags]}} if _REMOVED & {_tag(tag) for tag in tags}:
                continue
            case {"cell_type": "code", "source": [*lines]}:
                yield "".join(map(str, lines))
            case {"cell_type": "code", "source": str(source)}:
                yield source


def _tag(value: object) -> str:
    return str(value).replace("_", "-")
