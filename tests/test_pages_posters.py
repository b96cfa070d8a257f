"""The posters in ``includes/`` as pages show them."""

from __future__ import annotations

from pathlib import Path

from generator import poster
from generator.fragment import Fragment
from generator.pages import posters
from generator.pages.posters import Posters
from generator.poster import NARROW, VARIANTS, WIDE, Poster

CHART = Fragment("rings", '{"data":[],"layout":{}}', alt="Two rings.", height=500)
KEY = poster.key(CHART.payload, CHART.height)


def test_a_chart_s_posters_are_those_of_its_figure() -> None:
    files = [Poster("rings", KEY, variant).file for variant in VARIANTS]
    found = Posters([*files, Poster("rings", "0" * 12, "light").file, "rings.html", "manifest.json"])
    assert found.files(CHART) == tuple(sorted(files))
    picture = found.picture(CHART)
    assert picture is not None
    assert (picture.src, picture.narrow_dark) == (
        f"/charts/rings.{KEY}.light.webp",
        f"/charts/rings.{KEY}.narrow-dark.webp",
    )
    assert (picture.alt, picture.width, picture.height) == ("Two rings.", WIDE, 500)


def test_without_one_by_day_or_with_that_of_another_figure_there_is_no_picture() -> None:
    assert Posters([Poster("rings", KEY, "dark").file]).picture(CHART) is None
    assert Posters([Poster("rings", "0" * 12, "light").file]).picture(CHART) is None


def test_a_missing_variant_is_left_empty() -> None:
    picture = Posters([Poster("rings", KEY, "light").file]).picture(CHART)
    assert picture is not None
    assert (picture.dark, picture.narrow, picture.narrow_dark) == ("", "", "")


def test_a_narrow_poster_may_have_a_height_of_its_own() -> None:
    files = [Poster("rings", KEY, variant).file for variant in VARIANTS]
    sizes = {files[0]: (1600, 1000), files[2]: (688, 1980)}
    picture = Posters(files, sizes.get).picture(CHART)
    assert picture is not None
    assert (picture.width, picture.height) == (WIDE, 500)
    assert (picture.narrow_width, picture.narrow_height) == (NARROW, 990)


def test_gather_reads_the_folder_and_takes_a_missing_one_for_empty(tmp_path: Path) -> None:
    assert posters.gather(tmp_path / "no", lambda _: None).picture(CHART) is None
    (tmp_path / Poster("rings", KEY, "light").file).write_bytes(b"")
    assert posters.gather(tmp_path, lambda _: None).picture(CHART) is not None
