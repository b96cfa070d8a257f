"""Exhibits: the charts of a page with all that the site shows around them: poster, files, how they were made."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from generator import digests, fragment, poster
from generator.fragment import FIGURE, Fragment
from generator.memory import Memory
from generator.model import Output
from generator.pages import rows
from generator.pages.handwritten import IncludeError
from generator.pages.includes import FOLDER, Includes
from generator.pages.links import neutral_address
from generator.pages.references import References
from generator.pages.routes import CHARTS
from generator.pages.views import Picture
from generator.shelf import Shelf

PHONE = "(max-width: 600px)"
DARK = "(prefers-color-scheme: dark)"
_KIND = "data of charts"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart on a page.

    `id` is its element's there; `key` that of its posters, whose files in ``includes/`` are `posters`. `caption` is
    neutral HTML, `json` and `csv` are the addresses of its files and `code` that of the page with its source; each is
    empty where there is none.
    """

    name: str
    id: str
    key: str
    alt: str = ""
    caption: str = ""
    picture: Picture | None = None
    posters: tuple[str, ...] = ()
    json: str = ""
    csv: str = ""
    code: str = ""


def exhibits(text: str, references: References, address: str) -> tuple[Exhibit, ...]:
    """The charts in the neutral text of the page at `address`, in their order."""
    return tuple(_exhibit(chart, references, address) for chart in fragment.charts(text))


def _exhibit(chart: Fragment, references: References, address: str) -> Exhibit:
    code = references.code.get(chart.name, "")
    key = poster.key(chart.payload, chart.height)
    # A chart that an author pasted by hand is no file of ours to offer.
    ours = _found(chart.name, key, references.includes) is not None
    return Exhibit(
        chart.name,
        chart.id,
        key,
        chart.alt,
        chart.caption,
        references.posters.picture(chart),
        references.posters.files(chart),
        f"{CHARTS}{chart.name}.json" if ours else "",
        f"{CHARTS}{chart.name}.csv" if ours and rows.is_tabular(chart.payload) else "",
        code if ours and code != address else "",
    )


def dressed(text: str, shown: Iterable[Exhibit]) -> str:
    """A page's neutral text with its charts in their posters and with links to their files; `shown` are its exhibits.

    The first chart's picture does not wait for the reader where no section begins before it: it may be the largest
    thing that is seen first.
    """
    waiting = iter(shown)
    first = True

    def dress(start: int, markup: str) -> str:
        nonlocal first
        chart = fragment.parse(markup)
        if chart is None:
            return markup
        exhibit, at_once = next(waiting), first and "<h2" not in text[:start]
        first = False
        return chart.to_html(_picture(exhibit, at_once), _files(exhibit))

    return FIGURE.sub(lambda match: dress(match.start(), match[0]), text)


def _picture(exhibit: Exhibit, at_once: bool) -> str:
    picture = exhibit.picture
    if picture is None:
        return ""
    narrow = f' width="{picture.narrow_width}" height="{picture.narrow_height}"'
    sources = (
        (f"{DARK} and {PHONE}", picture.narrow_dark, narrow),
        (PHONE, picture.narrow, narrow),
        (DARK, picture.dark, ""),
    )
    parts = [
        f'<source media="{media}" srcset="{neutral_address(address)}"{size}>'
        for media, address, size in sources
        if address
    ]
    when = 'fetchpriority="high"' if at_once else 'loading="lazy"'
    return (
        f'<picture class="chart-poster">{"".join(parts)}<img src="{neutral_address(picture.src)}"'
        f' alt="{html.escape(exhibit.alt)}" width="{picture.width}" height="{picture.height}"'
        f' {when} decoding="async"></picture>'
    )


def _files(exhibit: Exhibit) -> str:
    links = [
        f'<a href="{neutral_address(address)}"{more}>{words}</a>'
        for address, more, words in (
            (exhibit.csv, " download", "CSV"),
            (exhibit.json, " download", "JSON"),
            (exhibit.code, "", "How this was made"),
        )
        if address
    ]
    return f'<p class="chart-files">{" ".join(links)}</p>' if links else ""


def posters(shown: Iterable[Exhibit]) -> list[tuple[str, str]]:
    """The files of posters, each with its path in the site."""
    files = dict.fromkeys(file for exhibit in shown for file in exhibit.posters)
    return [(f"{FOLDER}/{file}", CHARTS[1:] + file) for file in files]


def data(shown: Iterable[Exhibit], includes: Includes, memory: Memory, shelf: Shelf | None) -> Iterator[Output]:
    """The files with the data of exhibits, each once; those that stand on the shelf are not made again."""
    remembered = memory.all(_KIND)
    seen: dict[str, str] = {}
    for exhibit in shown:
        which = f"{exhibit.name} {exhibit.key}"
        if which in seen or not exhibit.json:
            continue
        outputs = _standing(exhibit, remembered.get(which, "").split(), shelf)
        if outputs is None:
            made = _made(exhibit, includes)
            outputs = [_output(address, content, digests.of_bytes(content), exhibit) for address, content in made]
        seen[which] = " ".join(output.digest for output in outputs)
        yield from outputs
    memory.put(_KIND, [(which, text) for which, text in seen.items() if remembered.get(which) != text])
    memory.keep(_KIND, seen)


def _standing(exhibit: Exhibit, known: Sequence[str], shelf: Shelf | None) -> list[Output] | None:
    """The files of an exhibit as they stand on the shelf, None if one of them doesn't; `known` are their digests."""
    outputs = []
    for address, digest in zip_longest(filter(None, (exhibit.json, exhibit.csv)), known, fillvalue=""):
        place = shelf.holds(address[1:], digest) if shelf and address and digest else None
        if place is None:
            return None
        outputs.append(_output(address, place, digest, exhibit))
    return outputs


def _made(exhibit: Exhibit, includes: Includes) -> Iterator[tuple[str, bytes]]:
    chart = _found(exhibit.name, exhibit.key, includes)
    if chart:
        yield exhibit.json, chart.payload.encode()
        if exhibit.csv:
            yield exhibit.csv, rows.to_csv(chart.payload).encode()


def _output(address: str, content: bytes | Path, digest: str, exhibit: Exhibit) -> Output:
    return Output(address[1:], content, f"the chart '{exhibit.name}'", digest)


def _found(name: str, key: str, includes: Includes) -> Fragment | None:
    """The chart with this name and key among the fragments: one by itself, or one of a notebook, which has a number."""
    for file in (name, name.rpartition("-")[0]):
        try:
            text = includes.get(f"{file}.html") if file else None
        except IncludeError:
            continue
        for chart in fragment.charts(text or ""):
            if chart.name == name and poster.key(chart.payload, chart.height) == key:
                return chart
    return None
