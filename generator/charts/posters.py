"""Posters: which charts have none that fits, making those, and removing what fits no chart any more.

A poster's name holds the key of its figure, so it is right or wrong by its name, on every machine. One that is missing
makes no source stale and fails no build: what a machine without Chromium can't make, another one will.
"""

from __future__ import annotations

import base64
import importlib.util
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import files, fragment, poster
from generator.charts import browser, protocol
from generator.charts.child import Child
from generator.charts.contract import ChartSource
from generator.charts.manifest import Manifest
from generator.charts.protocol import PosterAnswer, PosterRequest, PosterSetup
from generator.errors import Place, Problem, warning
from generator.fragment import Fragment
from generator.poster import VARIANTS, Poster
from generator.report import Report, clock, number

EXTRA = ("kaleido", "PIL")
"""The packages of the extra ``[posters]``, as they are imported."""
INSTALL = "pip install 'visualposts[posters]'"
LIMIT = 150.0
"""Seconds that the posters of one chart may take, the start of Chromium included."""
FAREWELL = 5.0
"""Seconds that Chromium gets to end: killed, it would leave its profile behind."""
DEATHS = 2
"""How often Chromium may end in the middle of a chart before a build goes on without it."""

_CACHE = "posters.json"
_STYLE = re.compile(r"""url\(\s*["']/([^"']+\.css)["']\s*\)""")


@dataclass(frozen=True, slots=True)
class Missing:
    """A chart that lacks posters, and where its author says so much of it as its name."""

    chart: Fragment
    place: Place


@dataclass(frozen=True, slots=True)
class Gallery:
    """What the posters in ``includes/`` lack and have too much of: charts without, and files that fit none."""

    missing: tuple[Missing, ...]
    stale: tuple[str, ...]


def survey(project: Path, sources: Iterable[ChartSource], manifest: Manifest) -> Gallery:
    """Compare the charts of `manifest` with the posters that there are; only those of `sources` should have some."""
    includes = project / "includes"
    try:
        present = {name for name in os.listdir(includes) if poster.parse(name)}
    except OSError:
        present = set()
    kept = _kept(project, includes, manifest)
    places = {source.path: source for source in sources}
    wanted: set[str] = set()
    missing: list[Missing] = []
    for path, entry in manifest.entries.items():
        for name, digest in entry.fragments.items():
            for chart, key in kept[digest]:
                own = {Poster(chart, key, variant).file for variant in VARIANTS}
                # A chart of a notebook that a tag names is in two fragments.
                if path in places and own - present and not own <= wanted:
                    found = _chart(includes / f"{name}.html", chart, key)
                    missing += [Missing(found, places[path].place(chart))] if found else []
                wanted |= own
    ours = {name for entry in manifest.entries.values() for name in entry.fragments}
    stale = (name for name in present - wanted if not _by_hand(includes, name, ours))
    return Gallery(tuple(missing), tuple(sorted(stale)))


def _by_hand(includes: Path, name: str, ours: Collection[str]) -> bool:
    """Whether a poster is of a fragment that no source gives: an author's own, and so is the poster."""
    found = poster.parse(name)
    return found is not None and found.name not in ours and (includes / f"{found.name}.html").exists()


def make(project: Path, missing: tuple[Missing, ...], report: Report, environ: Mapping[str, str]) -> None:
    """Make the posters of the charts that are `missing` theirs, all in one session of Chromium.

    What goes wrong is told as warnings: a site without a poster works.
    """
    seconds = clock()
    reason = f"{number(len(missing), 'chart')} without one"
    report.started("posters", 1, 1, reason)
    made, warnings = 0, []
    try:
        for place, problem in enumerate(_taken(project, missing, browser.find(environ), report), 1):
            made += problem is None
            warnings += [problem] if problem else []
            report.progress("posters", f"{place} of {len(missing)}")
        report.finished("posters", seconds(), (f"those of {number(made, 'chart')}",) if made else ())
    finally:
        report.close()
    for problem in warnings:
        report.problem(problem)


def unable(environ: Mapping[str, str]) -> str:
    """What is missing on this machine for making posters, with the remedy; empty if nothing is."""
    if any(importlib.util.find_spec(name) is None for name in EXTRA):
        return f"{INSTALL} and build again"
    return "" if browser.find(environ) else f"install Chromium ({browser.INSTALL}) and build again"


def styles(project: Path) -> tuple[str, ...]:
    """The author's own style sheets, whose colours and fonts posters shall have too: those that templates link to.

    They are found as the docs say to link them: ``<link rel="stylesheet" href="{{ url('/mine.css') }}">``.
    """
    found: dict[str, None] = {}
    for template in sorted((project / "content" / "templates").glob("*.html")):
        for name in _STYLE.findall(_text(template)[0]):
            path = project / "content" / "static" / name
            if path.is_file():
                found[str(path.resolve())] = None
    return tuple(found)


def prune(project: Path, gallery: Gallery) -> None:
    """Remove the posters that fit no chart."""
    for name in gallery.stale:
        files.remove(project / "includes" / name)


def _taken(project: Path, missing: tuple[Missing, ...], path: str, report: Report) -> Iterator[Problem | None]:
    """Make the posters of each chart, and yield None or what was wrong with it. No Chromium outlives the iteration."""
    log = project / files.CACHE / "posters.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:
        child, deaths = None, 0
        try:
            for item in missing:
                if deaths == DEATHS:
                    yield warning(f"Chromium ended {DEATHS} times: no more posters are made in this build")
                    return
                child = child or Child(PosterSetup(path, styles(project)), "camera", errors.fileno(), FAREWELL)
                answer = _answer(child, item.chart)
                if answer is None:
                    deaths += 1
                    how = "it took too long" if child.expired else "Chromium ended"
                    child.end()
                    child = None
                    hint = f"see {files.CACHE}/posters.log"
                    yield warning(f"no poster of the chart '{item.chart.name}': {how}", item.place, hint)
                elif answer.error:
                    yield warning(f"no poster of the chart '{item.chart.name}': {answer.error}", item.place)
                else:
                    _keep(project, item.chart, answer)
                    yield None
        finally:
            if child is not None:
                child.end()


def _answer(child: Child, chart: Fragment) -> PosterAnswer | None:
    request = PosterRequest(chart.name, chart.payload, chart.height)
    return next((protocol.receive_poster_answer(line) for line in child.lines(request, LIMIT)), None)


def _keep(project: Path, chart: Fragment, answer: PosterAnswer) -> None:
    key = poster.key(chart.payload, chart.height)
    for variant in VARIANTS:
        name = Poster(chart.name, key, variant).file
        files.put(project, f"includes/{name}", base64.b64decode(answer.pictures[variant]))


def _chart(path: Path, name: str, key: str) -> Fragment | None:
    """The chart with this name and key in the fragment at `path`."""
    charts = fragment.charts(_text(path)[0])
    return next(
        (chart for chart in charts if (chart.name, poster.key(chart.payload, chart.height)) == (name, key)), None
    )


def _kept(project: Path, includes: Path, manifest: Manifest) -> dict[str, list[tuple[str, str]]]:
    """The charts (name and key) in each fragment of `manifest`, by the fragment's hash: remembered, or read."""
    cache = project / files.CACHE / _CACHE
    value = files.read_json(cache)
    known = value if isinstance(value, dict) else {}
    found: dict[str, list[tuple[str, str]]] = {}
    lasting = {}
    for entry in manifest.entries.values():
        for name, digest in entry.fragments.items():
            if pairs := _pairs(known.get(digest)):
                found[digest] = lasting[digest] = pairs
                continue
            text, now = _text(includes / f"{name}.html")
            found[digest] = [(chart.name, poster.key(chart.payload, chart.height)) for chart in fragment.charts(text)]
            if now == digest:
                lasting[digest] = found[digest]
    if {digest: [list(pair) for pair in pairs] for digest, pairs in lasting.items()} != value:
        files.write_json(cache, lasting)
    return found


def _pairs(value: object) -> list[tuple[str, str]]:
    """What the cache says of a fragment; nothing if it is broken."""
    pairs = value if isinstance(value, list) else []
    whole = all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair) for pair in pairs)
    return [(pair[0], pair[1]) for pair in pairs] if whole else []


def _text(path: Path) -> tuple[str, str]:
    """The text of a fragment and its hash; both empty if it can't be read."""
    try:
        data = path.read_bytes()
        return data.decode("utf-8"), files.digest(data)
    except (OSError, UnicodeDecodeError):
        return "", ""
