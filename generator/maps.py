"""Maps: which figures make Plotly ask other hosts for outlines or tiles, and which hosts these are."""

from __future__ import annotations

import json
import re

OUTLINES = "https://cdn.plot.ly"
"""Where plotly.js finds the outlines of countries, unless it is told otherwise (its ``topojsonURL``)."""

_KIND = re.compile(r'"type":"(?:(?P<geo>choropleth|scattergeo)|(?:scatter|choropleth|density)(?P<tiles>map|mapbox))"')
_URL = re.compile(r"https?://[\w.-]+(?::\d+)?")
_CARTO = ("https://*.basemaps.cartocdn.com", "https://basemaps.cartocdn.com")
_MAPBOX = ("https://*.tiles.mapbox.com", "https://api.mapbox.com", "https://events.mapbox.com")
_LETTERS = "https://fonts.openmaptiles.org"
"""Where Plotly's own styles find the letters of a trace's text."""
_SATELLITE = ("https://geoserveis.icgc.cat", "https://server.arcgisonline.com", "https://tilemaps.icgc.cat")
_STYLES = {
    "open-street-map": ("https://tile.openstreetmap.org",),
    "satellite": _SATELLITE,
    "satellite-streets": (*_CARTO, *_SATELLITE),
    "white-bg": (),
}
"""The hosts of the styles that plotly.js has names for; the others are CARTO's."""
_TEXT = re.compile(r'"mode":"[a-z+]*text')


def hosts(payload: str) -> tuple[str, ...]:
    """The hosts that Plotly asks to draw the figure whose JSON is `payload`, as a policy names them, sorted.

    Found by the types of its traces, and for tiles by the style of the map, which may be a URL or hold some.
    """
    kinds = list(_KIND.finditer(payload))
    if not kinds:
        return ()
    found = {OUTLINES} if any(kind["geo"] for kind in kinds) else set()
    for name in {kind["tiles"] for kind in kinds if kind["tiles"]}:
        found.update(_tiles(name, payload))
    return tuple(sorted(found))


def tiled(payload: str) -> bool:
    """Whether a trace of the figure lies on tiles, even on none (``white-bg``): Plotly starts a worker for it."""
    return any(kind["tiles"] for kind in _KIND.finditer(payload))


def _tiles(name: str, payload: str) -> tuple[str, ...]:
    """The hosts of the map ``layout.map`` or, in older figures, ``layout.mapbox``."""
    try:
        style = json.loads(payload)["layout"][name]["style"]
    except (ValueError, LookupError, TypeError):
        style = None
    if own := tuple(_URL.findall(json.dumps(style))):
        return own
    named = isinstance(style, str) and (style in _STYLES or style.startswith("carto-"))
    found = _STYLES.get(style, _CARTO) if named or name == "map" else _MAPBOX
    return (*found, _LETTERS) if _TEXT.search(payload) else found
