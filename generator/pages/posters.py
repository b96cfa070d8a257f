"""Posters: the pictures of charts that lie in ``includes/``, as pages, cards, feeds and other sites show them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.fragment import Fragment
from generator.pages.routes import CHARTS
from generator.pages.views import Picture
from generator.poster import NARROW, WIDE, Poster, Variant, key, parse


@dataclass(frozen=True, slots=True)
class Shown:
    """A poster's file in ``includes/`` and its height in CSS pixels, 0 if the file does not say."""

    file: str
    height: int


class Posters:
    """The posters of a site, by chart and key: one that shows another state of its figure is none.

    `files` are the names in ``includes/``, `measure` gives the size of one in pixels of its own.
    """

    def __init__(
        self, files: Iterable[str] = (), measure: Callable[[str], tuple[int, int] | None] = lambda _: None
    ) -> None:
        found: dict[tuple[str, str], dict[Variant, Poster]] = {}
        for file in files:
            if poster := parse(file):
                found.setdefault((poster.name, poster.key), {})[poster.variant] = poster
        # Without the wide one by day, which everybody else falls back to, there is no picture.
        self._found = {which: variants for which, variants in found.items() if "light" in variants}
        self._measure = measure

    def variants(self, name: str, key: str) -> Mapping[Variant, Shown]:
        """The posters of the chart `name` whose figure has this key."""
        return {
            variant: Shown(poster.file, _height(poster, self._measure(poster.file)))
            for variant, poster in self._found.get((name, key), {}).items()
        }

    def files(self, chart: Fragment) -> tuple[str, ...]:
        """The names of the files in ``includes/`` that show the chart as it is now."""
        return tuple(sorted(shown.file for shown in self._of(chart).values()))

    def picture(self, chart: Fragment) -> Picture | None:
        """The chart's poster, or None where there is none that shows it as it is now."""
        variants = self._of(chart)
        if not variants:
            return None
        addresses = {variant: CHARTS + shown.file for variant, shown in variants.items()}
        narrow = variants.get("narrow-light")
        return Picture(
            src=addresses["light"],
            dark=addresses.get("dark", ""),
            narrow=addresses.get("narrow-light", ""),
            narrow_dark=addresses.get("narrow-dark", ""),
            alt=chart.alt,
            width=WIDE,
            height=variants["light"].height or chart.height,
            narrow_width=NARROW if narrow else 0,
            narrow_height=(narrow.height or chart.height) if narrow else 0,
        )

    def _of(self, chart: Fragment) -> Mapping[Variant, Shown]:
        return self.variants(chart.name, key(chart.payload, chart.height))


def _height(poster: Poster, size: tuple[int, int] | None) -> int:
    """The height beside the width that the poster has on a page: a narrow one may be higher than its chart."""
    return round(poster.width * size[1] / size[0]) if size else 0


def gather(includes: Path, measure: Callable[[str], tuple[int, int] | None]) -> Posters:
    """The posters in the folder `includes`."""
    try:
        return Posters(sorted(os.listdir(includes)), measure)
    except OSError:
        return Posters()
