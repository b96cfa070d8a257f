"""The poster: a picture of a chart, shown until a script draws it and wherever none does; its file's name.

Posters lie in ``includes/`` beside the fragments, as ``NAME.KEY.VARIANT.webp``. The key is a hash of the figure, so
that the name alone says whether a poster fits its chart; the charts wing makes posters, the pages wing shows them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, get_args

Variant = Literal["light", "dark", "narrow-light", "narrow-dark"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
WIDE, NARROW = 800, 344
"""Widths in CSS pixels: between those of a chart on a wide page, and that on most phones. The height is the chart's."""
LIMIT = 30_000
"""Bytes that a poster may have."""

_FILE = re.compile(rf"([a-z0-9][a-z0-9-]*)\.([0-9a-f]{{12}})\.({'|'.join(VARIANTS)})\.webp")


@dataclass(frozen=True, slots=True)
class Poster:
    """One poster of the chart `name`; `key` is that of the figure that it shows."""

    name: str
    key: str
    variant: Variant

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.{self.key}.{self.variant}.webp"

    @property
    def width(self) -> int:
        """Its width on a page, in CSS pixels: the picture itself may have more of them, or fewer."""
        return NARROW if self.variant.startswith("narrow") else WIDE


def key(payload: str, height: int) -> str:
    """The key of a figure of `height` CSS pixels whose JSON is `payload`: 12 hex digits of BLAKE2b."""
    return hashlib.blake2b(f"{height}\n{payload}".encode(), digest_size=6).hexdigest()


def parse(file: str) -> Poster | None:
    """The poster whose file has this name, or None if it is no poster's."""
    match = _FILE.fullmatch(file)
    return Poster(match[1], match[2], match[3]) if match else None  # type: ignore[arg-type]
