"""Posters: the pictures of charts that lie in ``includes/``, as pages, cards, feeds and other sites show them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.fragment import Fragment
from generator.pages.routes import CHARTS
from generator.pages.views import Picture
from generator.poster import WIDE, Poster, Variant, key, parse


class Posters:
    """The posters of a site, by chart and key: one that shows another state of its figure is none."""

    def __init__(self, files: Iterable[str] = ()) -> None:
        found: dict[tuple[str, str], dict[Variant, Poster]] = {}
        for file in files:
            if poster := parse(file):
                found.setdefault((poster.name, poster.key), {})[poster.variant] = poster
        # Without the wide one by day, which everybody else falls back to, there is no picture.
        self._found: Mapping[tuple[str, str], Mapping[Variant, Poster]] = {
            which: variants for which, variants in found.items() if "light" in variants
        }

    def files(self, chart: Fragment) -> tuple[str, ...]:
        """The names of the files in ``includes/`` that show the chart as it is now."""
        return tuple(sorted(poster.file for poster in self._of(chart).values()))

    def picture(self, chart: Fragment) -> Picture | None:
        """The chart's poster, or None where there is none that shows it as it is now."""
        variants = self._of(chart)
        if not variants:
            return None
        addresses = {variant: CHARTS + poster.file for variant, poster in variants.items()}
        return Picture(
            src=addresses["light"],
            dark=addresses.get("dark", ""),
            narrow=addresses.get("narrow-light", ""),
            narrow_dark=addresses.get("narrow-dark", ""),
            alt=chart.alt,
            width=WIDE,
            height=chart.height,
        )

    def variants(self, name: str, key: str) -> Mapping[Variant, Poster]:
        """The posters of a chart whose figure has this key."""
        return self._found.get((name, key), {})

    def _of(self, chart: Fragment) -> Mapping[Variant, Poster]:
        return self.variants(chart.name, key(chart.payload, chart.height))


def gather(includes: Path) -> Posters:
    """The posters in the folder `includes`."""
    try:
        return Posters(sorted(os.listdir(includes)))
    except OSError:
        return Posters()
