"""Site: documents, lists, feeds and files assembled into one tree of outputs; the pages wing's story after Markdown.

The stages, each of them values in, values out:

1. `briefs`: of each document what all the others may know of it;
2. `atlas`: which pages there are and at which addresses;
3. `orders`: what each document's page is made of, complete;
4. `press`: orders to finished pages under their `policy`, which say what the site wants to know of them (`Printed`);
5. `lists` and the `gallery`: pages of cards, complete values too;
6. machine files, the theme's, the charts' and the author's files, and what is wrong with the whole.

So that no page is ever stale, whatever a page depends on is in its order (a document's page) or its `Page` (a list), or
it is looked up in `references`, or it is settings, `SiteView`, or a template. A field that is added to one of these is
seen to by itself. What is read past them, a file say, or another page's result, would be missed: put it into the value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from generator import maker, values
from generator.config import Settings, SparkSettings
from generator.digests import Digests
from generator.errors import Place, Problem
from generator.memory import Memory
from generator.model import Document, Origin, Output
from generator.pages import (
    assets,
    checks,
    exhibits,
    gallery,
    lists,
    machine,
    orders,
    policy,
    references,
    routes,
    sources,
)
from generator.pages.assembly import Assembly, ChartedPage
from generator.pages.atlas import Atlas, draw
from generator.pages.briefs import Brief
from generator.pages.exhibits import Exhibit
from generator.pages.lookups import Lookups
from generator.pages.machine import FeedOrder
from generator.pages.nearest import Nearest
from generator.pages.orders import Orders
from generator.pages.posts import Content, bare
from generator.pages.press import Press
from generator.pages.printed import Printed
from generator.pages.printing import Job, Made, Printing
from generator.pages.records import Search
from generator.pages.render import Compiled, Renderer
from generator.pages.routes import Claim
from generator.pages.tree import STATIC, THEME
from generator.pages.typesetting import Texts
from generator.pages.views import NavEntry, Page, SiteView
from generator.shelf import Shelf


def assemble(
    project: Path,
    settings: Settings,
    content: Content,
    texts: Texts,
    *,
    hidden: Collection[str] = (),
    awaited: Collection[str] = (),
    origins: Iterable[Origin] = (),
    theme: Path = THEME,
    memory: Memory | None = None,
    shelf: Shelf | None = None,
    compiled: Compiled | None = None,
) -> Assembly:
    """The site of `content`, whose Markdown is typeset in `texts`.

    `hidden` are files of ``includes/`` that are about to go and count as missing; `awaited` those that will be there
    once their source runs, so that a tag without them is no mistake of the author's; `origins` are the chart sources
    whose code the site shows, as far as their charts are shown. Problems are all that this stage finds,
    `content.problems` not among them. With a `memory` and a `shelf`, pages that stand there and to which nothing has
    happened are not made again. `compiled` keeps the templates between builds of one process.
    """
    memory = memory or Memory()
    atlas = draw(bare(content), settings)
    documents = (*atlas.posts, *atlas.others)
    listings = sources.listings(origins, documents)
    code = sources.links(listings, _includes(texts.briefs, atlas))
    known = references.gather(project, atlas.routes, hidden, awaited, code)
    files = assets.gather(content.files, STATIC, theme)
    charted = any(item.includes for item in texts.briefs.values())
    site, problems = _site(project, settings, atlas, known.nearest, charted)
    problems += atlas.problems
    renderer = Renderer(project, site, files.names, theme, compiled)
    templates, found = _templates(documents, renderer)
    problems += found

    press = Press(settings, renderer, texts)
    printing = Printing(Lookups(known, site), _context(settings, renderer), memory, shelf)
    ordered = Orders(atlas, content.texts, texts.briefs, templates)
    made = _documents(printing, press, ordered, atlas, content.keys)
    printed = {source: one.printed for source, one in made.items()}
    shown = [exhibit for one in printed.values() for exhibit in one.exhibits]
    code_pages = tuple(sources.shown(listings, {exhibit.code for exhibit in shown}))
    charts = gallery.cards(ordered, printed)
    shows = chain(
        () if routes.CHARTS in atlas.replaced else gallery.pages(charts, settings),
        gallery.code_pages(code_pages, sources.Code(project, memory), charts, settings),
    )
    cards = lists.Cards(atlas, texts.briefs, made, known.sizes, content.keys)
    listing: list[Job[Page | FeedOrder]] = [*lists.jobs(settings, atlas, cards), *map(lists.job, shows)]
    listing += machine.feeds(settings, atlas, ordered, printed)
    listed = printing.all(listing, press.list)
    printing.save()
    everything = {atlas.routes.documents[source]: one for source, one in made.items()} | listed
    problems += (problem for one in everything.values() for problem in one.printed.problems)
    rendered = {address: one.output for address, one in everything.items() if one.output}
    by_document = ((document, printed[document.source]) for document in documents)
    problems += checks.anchors(by_document, atlas.routes, rendered, texts.whole)

    library = [files.library(memory)] if any(one.charts for one in printed.values()) else []
    data = tuple(exhibits.data(shown, known.includes, memory, shelf))
    copies = _copies(made, shown)
    copied, found = _copied(project, [*((path, path.removeprefix(STATIC)) for path in atlas.static), *copies], memory)
    problems += found
    claims = (*(page.claim for page in code_pages), *(Claim(f"/{output.path}", output.owner) for output in data))
    problems += routes.collisions(chain(_claims(atlas, files.outputs, copies), claims))
    return Assembly(
        (
            *rendered.values(),
            *machine.outputs(settings, atlas, printed),
            *files.outputs,
            *library,
            *data,
            *copied,
        ),
        tuple(dict.fromkeys(problems)),
        len(atlas.posts),
        len(atlas.others),
        tuple(_charted(printed, atlas.routes.documents)),
        tuple(_notes(settings, everything)),
        _search(settings, ordered, printed, lambda order: press.record(order, known, site))
        if settings.search
        else None,
    )


def _documents(
    printing: Printing, press: Press, ordered: Orders, atlas: Atlas, keys: Mapping[str, str]
) -> dict[str, Made]:
    """The pages of all documents, by source."""
    documents = (*atlas.posts, *atlas.others)
    for document in documents:
        if key := keys.get(document.source):
            printing.learn(document, key)
    grounds = orders.grounds(atlas, keys)
    addresses = {document.source: atlas.routes.documents[document.source] for document in documents}
    jobs = [
        Job(address, source, partial(ordered.__getitem__, source), grounds.get(source, ""))
        for source, address in addresses.items()
    ]
    pages = printing.all(jobs, press.document)
    return {source: pages[address] for source, address in addresses.items()}


def _copies(made: Mapping[str, Made], shown: Sequence[Exhibit]) -> list[tuple[str, str]]:
    """The files that pages ask for, and the posters of their charts: pairs of a source and its path in the site."""
    asked = sorted({(file, to[1:]) for one in made.values() for file, to in one.printed.copied.items()})
    return [*asked, *exhibits.posters(shown)]


def _notes(settings: Settings, everything: Mapping[str, Made]) -> Iterator[str]:
    """What an author may want to know, and is no mistake."""
    yield from policy.notes({address: one.printed.asked for address, one in everything.items()})
    if not settings.base_url:
        yield "no base_url in the settings: the site gets no feeds, sitemap and social tags"


def _context(settings: Settings, renderer: Renderer) -> str:
    """What stands for all that every page depends on. Charts and Spark are settings of the other wing."""
    return values.digest((replace(settings, charts={}, spark=SparkSettings()), renderer.digest()))


def _search(
    settings: Settings,
    ordered: Mapping[str, orders.Order],
    printed: Mapping[str, Printed],
    record: Callable[[orders.Order], tuple[str, str]],
) -> Search:
    """The records of all documents but the page for missing addresses."""
    found = [order for order in ordered.values() if order.address != routes.NOT_FOUND]
    known = [(order.address, order.document.title, order.document.date, order.tags) for order in found]
    key = values.digest((maker.digest(), settings.language, known, [printed[order.source].text for order in found]))
    return Search(key, lambda: map(record, found))


def _site(
    project: Path, settings: Settings, atlas: Atlas, nearest: Nearest, charted: bool
) -> tuple[SiteView, list[Problem]]:
    """What every template sees of the site. Without a ``nav`` of the author's the header leads to all pages.

    Where no text includes anything (it is not `charted`) nothing leads to the gallery, which is empty.
    """
    problems: list[Problem] = []
    if settings.nav is None:
        pages = sorted(atlas.others, key=lambda page: (page.title.casefold(), page.source))
        found = [(page.title, atlas.routes.documents[page.source]) for page in pages]
        nav = [NavEntry(title, address) for title, address in found if address != routes.NOT_FOUND]
        nav += [NavEntry("Charts", routes.CHARTS)] if charted else []
        nav += [NavEntry("Archive", routes.ARCHIVE), NavEntry("Tags", routes.TAGS)]
    else:
        nav, problems = checks.navigation(settings.nav, atlas.routes, nearest, checks.settings_text(project))
    site = SiteView(
        title=settings.title,
        description=settings.description,
        author=settings.author,
        language=settings.language,
        base_url=settings.base_url,
        feed=routes.FEED if settings.base_url else "",
        gallery=routes.CHARTS if charted else "",
        search=routes.SEARCH if settings.search else "",
        nav=tuple(nav),
        tags=atlas.tagging.tags,
    )
    return site, problems


def _includes(briefs: Mapping[str, Brief], atlas: Atlas) -> dict[str, str]:
    """The first page on which each include stands by a tag of its own."""
    found: dict[str, str] = {}
    for source, item in briefs.items():
        for name in item.includes:
            found.setdefault(name, atlas.routes.documents[source])
    return found


def _templates(documents: Iterable[Document], renderer: Renderer) -> tuple[dict[str, str], list[Problem]]:
    known = renderer.layouts()
    found = {document.source: checks.layout(document, known) for document in documents}
    problems = [problem for _, problem in found.values() if problem]
    return {source: template for source, (template, _) in found.items()}, problems


def _copied(project: Path, paths: Iterable[tuple[str, str]], memory: Memory) -> tuple[list[Output], list[Problem]]:
    """The author's files that go to the site as they are: pairs of a source and its path there."""
    known = Digests(project, memory, "stamps of copies")
    outputs: list[Output] = []
    problems: list[Problem] = []
    for source, path in paths:
        if digest := known.of(source):
            outputs.append(Output(path, project / source, source, digest))
        else:
            problems.append(Problem("the file can't be read", Place(source)))
    known.save()
    return outputs, problems


def _claims(atlas: Atlas, theme: Iterable[Output], copies: Iterable[tuple[str, str]]) -> Iterator[Claim]:
    yield from (Claim(f"/{output.path}", output.owner) for output in theme)
    yield from atlas.claims
    yield from (Claim(f"/{path}", source, Place(source)) for source, path in copies)


def _charted(printed: Mapping[str, Printed], addresses: Mapping[str, str]) -> Iterator[ChartedPage]:
    for source, made in printed.items():
        if made.charts and made.digest:
            yield ChartedPage(addresses[source], made.size, made.charts)
