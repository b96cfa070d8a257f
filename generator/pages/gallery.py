"""Gallery: the pages about charts: all of them, page by page, and the code that made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from generator.config import Settings
from generator.pages.compose import canonical
from generator.pages.exhibits import Exhibit
from generator.pages.orders import Order
from generator.pages.printed import Printed
from generator.pages.routes import CHARTS
from generator.pages.sources import Code, Listing
from generator.pages.views import ChartCard, Html, Page, PageView, Pagination

SIZE = 48
"""Charts on a page of the gallery."""


def cards(orders: Mapping[str, Order], printed: Mapping[str, Printed]) -> tuple[ChartCard, ...]:
    """Each chart of the site where it is shown first, those of the newest post first; both arguments by source."""
    found: dict[str, ChartCard] = {}
    for source, made in printed.items():
        order = orders[source]
        for exhibit in made.exhibits:
            if exhibit.name not in found:
                found[exhibit.name] = _card(exhibit, order.address, order.document.title, order.document.date)
    return tuple(found.values())


def _card(exhibit: Exhibit, address: str, title: str, date: datetime | None) -> ChartCard:
    return ChartCard(
        name=exhibit.name,
        url=f"{address}#{exhibit.id}",
        title=title,
        page=address,
        date=date,
        alt=exhibit.alt,
        caption=Html(exhibit.caption),
        picture=exhibit.picture,
    )


def pages(shown: Sequence[ChartCard], settings: Settings) -> Iterator[Page]:
    """The gallery; a site without a chart has an empty one."""
    total = max(1, -(-len(shown) // SIZE))
    for number in range(1, total + 1):
        title = "Charts" if number == 1 else f"Charts, page {number}"
        place = "" if number == 1 else f", page {number} of {total}"
        description = f"All charts of {settings.title}{place}."
        view = PageView("charts", title, _address(number), description, canonical(_address(number), settings))
        newer = _address(number - 1) if number > 1 else ""
        older = _address(number + 1) if number < total else ""
        on_page = tuple(shown[(number - 1) * SIZE : number * SIZE])
        pagination = Pagination(number, total, newer, older)
        yield Page(view, "charts.html", "the gallery", pagination=pagination, charts=on_page)


def code_pages(
    listings: Iterable[Listing], code: Code, shown: Sequence[ChartCard], settings: Settings
) -> Iterator[Page]:
    """The pages of code, each with the charts that it made."""
    for listing in listings:
        title = f"How the charts of “{listing.document.title}” were made" if listing.document else listing.origin.source
        whose = f"“{listing.document.title}”" if listing.document else settings.title
        view = PageView(
            "code",
            title,
            listing.address,
            f"The code that made the charts of {whose}.",
            canonical=canonical(listing.address, settings),
            content=code.of(listing.origin),
        )
        charts = tuple(card for card in shown if card.name in listing.origin.charts)
        yield Page(view, "code.html", listing.claim.owner, charts=charts)
    code.save()


def _address(number: int) -> str:
    return CHARTS if number == 1 else f"{CHARTS}page/{number}/"
