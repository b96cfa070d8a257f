"""Posters' file names and keys."""

from __future__ import annotations

import pytest

from generator import poster
from generator.poster import NARROW, VARIANTS, WIDE, Poster


def test_a_file_s_name_says_which_figure_it_shows_and_how() -> None:
    for variant in VARIANTS:
        made = Poster("k-means-3", poster.key("{}", 450), variant)
        assert poster.parse(made.file) == made


@pytest.mark.parametrize(
    "name",
    [
        "heatmap.html",
        "heatmap.light.webp",
        "heatmap.0123456789ab.light.png",
        "heatmap.0123456789AB.light.webp",
        "heatmap.0123456789ab.bright.webp",
        "../heatmap.0123456789ab.light.webp",
    ],
)
def test_other_files_are_no_posters(name: str) -> None:
    assert poster.parse(name) is None


def test_the_key_is_that_of_the_figure_and_its_height() -> None:
    assert poster.key("{}", 450) == poster.key("{}", 450)
    assert len({poster.key("{}", 450), poster.key("{}", 451), poster.key("[]", 450)}) == 3


def test_phones_get_a_narrower_one() -> None:
    widths = {variant: Poster("a", "0" * 12, variant).width for variant in VARIANTS}
    assert widths == {"light": WIDE, "dark": WIDE, "narrow-light": NARROW, "narrow-dark": NARROW}
