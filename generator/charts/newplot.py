"""Figures in HTML: reads what Plotly's own ``to_html`` and older notebook renderers wrote back into data and layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

_CALL = re.compile(r"Plotly\.(?:newPlot|plot|react)\(")
_FRAMES = re.compile(r"Plotly\.addFrames\(")
_ID = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\")\s*,")
_DECODER = json.JSONDecoder()


def figures(markup: str) -> tuple[Mapping[str, object], ...]:
    """The figures that scripts in `markup` draw: ``data``, ``layout`` and, where there are some, ``frames``.

    Only calls whose arguments are written out, as Plotly itself writes them, are understood.
    """
    frames = {place: value for place, value, _ in _calls(_FRAMES, markup)}
    found = []
    for place, data, rest in _calls(_CALL, markup):
        if not isinstance(data, list):
            continue
        layout = _value(markup, rest)
        figure: dict[str, object] = {"data": data, "layout": layout if isinstance(layout, dict) else {}}
        if isinstance(frames.get(place), list):
            figure["frames"] = frames[place]
        found.append(figure)
    return tuple(found)


def is_plotly(markup: str) -> bool:
    """Whether `markup` is what Plotly puts on a page before its first figure: its library and how to load it."""
    return "PlotlyConfig" in markup or 'require.undef("plotly")' in markup


def _calls(pattern: re.Pattern[str], markup: str) -> Iterator[tuple[str, object, int]]:
    """Of each call: the id that it draws into, its second argument, and where the text goes on."""
    for match in pattern.finditer(markup):
        named = _ID.match(markup, match.end())
        if named is None:
            continue
        start = _skip(markup, named.end())
        try:
            value, end = _DECODER.raw_decode(markup, start)
        except ValueError:
            continue
        yield named[1] or named[2] or "", value, end


def _value(markup: str, start: int) -> object:
    """The next argument after position `start`, or None."""
    start = _skip(markup, start)
    if markup[start : start + 1] != ",":
        return None
    try:
        value: object = _DECODER.raw_decode(markup, _skip(markup, start + 1))[0]
    except ValueError:
        return None
    return value


def _skip(markup: str, start: int) -> int:
    while start < len(markup) and markup[start].isspace():
        start += 1
    return start
