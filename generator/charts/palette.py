"""The palette: how a cluster looks in every figure, by colour and by symbol, so that colour is never the only sign.

The first six colours are those of Okabe and Ito, *Color Universal Design* (2008), <https://jfly.uni-koeln.de/color/>,
without their black and yellow, of which one vanishes on a dark page and the other on a white one. The violet and the
crimson that follow are the pair, among those with a contrast of 3 to a white and to a near-black page, that stays
furthest from the six for all three kinds of colour blindness (simulated by Machado, Oliveira and Fernandes, 2009).
A test holds both properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#9D71F4", "#AC394C")
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open")
"""Only shapes that plotly.js draws in 3-D as well: a cluster keeps its shape in every figure."""

GLYPHS = ("●", "■", "◆", "✚", "✖", "○", "□", "◇")
"""The symbols as characters, for axis labels."""

NEUTRAL = "#808080"
"""For lines and points that belong to no cluster: as visible on white as on black."""

SEQUENTIAL = ((0.0, "#F1F5F9"), (0.25, "#C6DCEB"), (0.5, "#98C1DE"), (0.75, "#68A5CF"), (1.0, "#418BC1"))
DIVERGING = ((0.0, "#418BC1"), (0.25, "#98C1DE"), (0.5, "#F5F5F3"), (0.75, "#F3B98C"), (1.0, "#E07B39"))
INK = "#101418"
"""Text on a cell of either scale, of which each colour is light enough for it (contrast 4.5 and more)."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one group looks: the name that a reader sees, its place in the palette, colour, symbol and glyph."""

    name: str
    index: int

    @property
    def colour(self) -> str:
        return COLOURS[self.index]

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.index]

    @property
    def glyph(self) -> str:
        return GLYPHS[self.index]

    def veil(self, opacity: float) -> str:
        """The colour, see-through, as ``rgba(…)``."""
        red, green, blue = (int(self.colour[start : start + 2], 16) for start in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity:g})"


def looks(labels: Iterable[object], names: Mapping[object, str] | None = None) -> dict[object, Look]:
    """The look of each of `labels`: distinct, and in the order in which labels other than integers take colours.

    An integer is its own place in the palette: cluster 2 looks the same in a figure where cluster 1 is missing.
    `names` are what a reader sees instead of ``Cluster 2``. Raises ValueError for more groups than
    there are colours, and for two of one name.
    """
    chosen = names or {}
    found: dict[object, Look] = {}
    for place, label in enumerate(labels):
        whole = isinstance(label, int) and not isinstance(label, bool)
        index = label if isinstance(label, int) and whole else place
        if not 0 <= index < len(COLOURS):
            raise ValueError(f"group {label!r} has no colour: the palette has {len(COLOURS)}, for clusters 0 to 7")
        found[label] = Look(chosen.get(label, f"Cluster {label}" if whole else str(label)), index)
    shown = [look.name for look in found.values()]
    if twice := [name for place, name in enumerate(shown) if name in shown[:place]]:
        raise ValueError(f"two groups are named '{twice[0]}'")
    return found
