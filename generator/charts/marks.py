"""Marks: how a point and a centre are drawn, the same in every two-dimensional figure."""

from __future__ import annotations

from generator.charts.furniture import Part
from generator.charts.palette import NEUTRAL, Look

EDGE = "rgba(128,128,128,0.5)"
"""A thin edge that shows a light colour on a white page and a dark one on a black page."""


def point_marker(look: Look | None, rows: int) -> Part:
    """A point of a group, or a neutral one, as large as the number of `rows` in the figure lets it be."""
    size = 8 if rows <= 400 else 6 if rows <= 1500 else 4
    if look is None:
        return {"color": NEUTRAL, "size": size, "opacity": 0.9}
    hollow = look.symbol.endswith("-open")
    edge = {"width": 1.6, "color": look.colour} if hollow else {"width": 0.6, "color": EDGE}
    return {"color": look.colour, "symbol": look.symbol, "size": size, "opacity": 0.9, "line": edge}


def centre_marker(look: Look) -> Part:
    """A centre: large, full, and with a white edge, which keeps it apart from its points on a white page as well."""
    symbol = look.symbol.removesuffix("-open")
    return {"color": look.colour, "symbol": symbol, "size": 18, "line": {"color": "#FFFFFF", "width": 2.5}}
