"""References: what many pages look up and none owns: where links lead, includes, posters, sizes of pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.pages import posters
from generator.pages.includes import FOLDER, Includes
from generator.pages.nearest import Nearest
from generator.pages.pictures import Sizes
from generator.pages.posters import Posters
from generator.pages.routes import Routes


@dataclass(frozen=True, slots=True)
class References:
    """`nearest` only guesses for error messages; `awaited` are includes that may be missing for now.

    `code` maps the names of charts to the addresses at which their code can be read, where a site shows it.
    """

    routes: Routes
    nearest: Nearest
    includes: Includes
    sizes: Sizes
    posters: Posters = field(default_factory=Posters)
    awaited: frozenset[str] = frozenset()
    code: Mapping[str, str] = field(default_factory=dict)


def gather(
    project: Path, routes: Routes, hidden: Collection[str], awaited: Collection[str], code: Mapping[str, str]
) -> References:
    """The references of a project; `hidden` files of ``includes/`` count as missing."""
    folder = project / FOLDER
    sizes = Sizes(project)
    return References(
        routes,
        Nearest(routes),
        Includes(folder, hidden=hidden),
        sizes,
        posters.gather(folder, lambda file: sizes.of(f"{FOLDER}/{file}")),
        frozenset(awaited),
        code,
    )
