"""Maps: the hosts that a figure makes Plotly ask."""

from __future__ import annotations

from typing import Any

import pytest

from generator import fragment
from generator.maps import hosts, tiled

CARTO = ("https://*.basemaps.cartocdn.com", "https://basemaps.cartocdn.com")
SATELLITE = ("https://geoserveis.icgc.cat", "https://server.arcgisonline.com", "https://tilemaps.icgc.cat")
OUTLINES = "https://cdn.plot.ly"


@pytest.mark.parametrize(
    ("kind", "layout", "asked"),
    [
        ("scatter", {}, ()),
        ("choropleth", {}, (OUTLINES,)),
        ("scattergeo", {"geo": {"scope": "europe"}}, (OUTLINES,)),
        ("scattermap", {}, CARTO),
        ("choroplethmap", {"map": {"style": "carto-positron"}}, CARTO),
        ("densitymap", {"map": {"style": "white-bg"}}, ()),
        ("scattermap", {"map": {"style": "satellite"}}, SATELLITE),
        ("scattermap", {"map": {"style": "https://tiles.example.org/style.json"}}, ("https://tiles.example.org",)),
        ("scattermap", {"map": {"style": {"sources": {"t": {"tiles": ["https://a.test/{z}"]}}}}}, ("https://a.test",)),
        ("scattermapbox", {"mapbox": {"style": "open-street-map"}}, ("https://tile.openstreetmap.org",)),
        ("scattermapbox", {}, ("https://*.tiles.mapbox.com", "https://api.mapbox.com", "https://events.mapbox.com")),
    ],
)
def test_what_a_map_asks(kind: str, layout: dict[str, Any], asked: tuple[str, ...]) -> None:
    assert hosts(fragment.payload([{"type": kind}], layout)) == asked


def test_letters_on_a_map_come_from_a_host_too() -> None:
    text = {"type": "scattermap", "mode": "markers+text", "text": ["here"]}
    assert hosts(fragment.payload([text], {"map": {"style": "white-bg"}})) == ("https://fonts.openmaptiles.org",)


def test_a_name_is_no_kind() -> None:
    assert hosts(fragment.payload([{"type": "bar", "name": 'x","type":"choropleth"'}], {})) == ()


def test_a_figure_that_can_not_be_read_asks_what_its_kind_usually_does() -> None:
    assert hosts('{"data":[{"type":"scattermap"') == CARTO


@pytest.mark.parametrize(("kind", "on_tiles"), [("choroplethmap", True), ("choropleth", False), ("scattergeo", False)])
def test_a_map_of_tiles_starts_a_worker(kind: str, on_tiles: bool) -> None:
    assert tiled(fragment.payload([{"type": kind}], {"map": {"style": "white-bg"}})) is on_tiles
