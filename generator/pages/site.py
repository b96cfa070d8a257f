"""Site: articles, lists, feeds and files assembled into one tree of outputs; the pages wing's story after Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from generator import prose
from generator.config import FILE, Settings
from generator.errors import Place, Problem
from generator.model import Document, Output
from generator.pages import assets, checks, feeds, posters, routes
from generator.pages.articles import Article, article
from generator.pages.atlas import Atlas, draw
from generator.pages.bodies import Body, Inserter
from generator.pages.compose import Composer
from generator.pages.includes import FOLDER, feed_form
from generator.pages.links import at_root, neutral_address
from generator.pages.nearest import Nearest
from generator.pages.posts import Content
from generator.pages.render import THEME, Renderer, TemplateError
from generator.pages.routes import Claim
from generator.pages.tree import STATIC
from generator.pages.views import NavEntry, Page, PageView, SiteView


@dataclass(frozen=True, slots=True)
class ChartedPage:
    """A page with charts: its address, the size of its HTML, and the names of its charts in their order."""

    url: str
    bytes: int
    charts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assembly:
    """The finished site and what is wrong with it: with an error among `problems` the outputs are not whole.

    `posts` and `pages` count documents; `notes` are sentences that the author may want to know.
    """

    outputs: tuple[Output, ...]
    problems: tuple[Problem, ...]
    posts: int
    pages: int
    charted: tuple[ChartedPage, ...] = ()
    notes: tuple[str, ...] = ()


def assemble(
    project: Path,
    settings: Settings,
    content: Content,
    bodies: Mapping[str, prose.Prose],
    *,
    hidden: Collection[str] = (),
    awaited: Collection[str] = (),
    theme: Path = THEME,
) -> Assembly:
    """The site of `content`, whose Markdown is rendered in `bodies` by source.

    `hidden` are files of ``includes/`` that are about to go and count as missing; `awaited` those that will be there
    once their source runs, so that a tag without them is no mistake of the author's. Problems are all that this stage
    finds, `content.problems` not among them.
    """
    atlas = draw(content, settings)
    documents = (*atlas.posts, *atlas.others)
    nearest = Nearest(atlas.routes)
    articles = {
        document.source: article(document, bodies[document.source], atlas.routes, nearest) for document in documents
    }
    files = assets.gather(content.files, STATIC, theme)
    site, problems = _site(project, settings, atlas, nearest)
    problems += [*atlas.problems, *(problem for item in articles.values() for problem in item.problems)]
    renderer = Renderer(project, site, files.names, theme)
    layouts, found = _layouts(documents, renderer)
    problems += found

    composer = Composer(settings, atlas, articles, layouts)
    views = {document.source: composer.view(document) for document in documents}
    inserter = Inserter(project, site, atlas.routes, nearest, hidden, awaited, posters.gather(project / FOLDER))
    texts = {source: inserter.body(item, views[source]) for source, item in articles.items()}
    problems += inserter.problems
    pages = (composer.document_page(document, views[document.source], texts[document.source]) for document in documents)
    rendered, found = _render(chain(pages, composer.lists(texts)), renderer, settings)
    problems += found
    problems += checks.anchors(articles.values(), texts, rendered)

    copies = _copies(articles, texts)
    outputs = list(rendered.values())
    outputs += _machine_files(settings, atlas, articles, texts, views)
    outputs += files.outputs
    if any(text.charts for text in texts.values()):
        outputs.append(files.library())
    copied, found = _read_files(project, [*((path, path.removeprefix(STATIC)) for path in atlas.static), *copies])
    problems += found
    problems += routes.collisions(_claims(atlas, files.outputs, copies))
    charted = _charted(articles, texts, rendered)
    notes = (
        () if settings.base_url else ("no base_url in the settings: the site gets no feed, sitemap and social tags",)
    )
    return Assembly(
        (*outputs, *copied), tuple(dict.fromkeys(problems)), len(atlas.posts), len(atlas.others), charted, notes
    )


def _site(project: Path, settings: Settings, atlas: Atlas, nearest: Nearest) -> tuple[SiteView, list[Problem]]:
    """What every template sees of the site. Without a ``nav`` of the author's the header leads to all pages."""
    problems: list[Problem] = []
    if settings.nav is None:
        pages = sorted(atlas.others, key=lambda page: (page.title.casefold(), page.source))
        found = [(page.title, atlas.routes.documents[page.source]) for page in pages]
        nav = [NavEntry(title, address) for title, address in found if address != routes.NOT_FOUND]
        nav += [NavEntry("Archive", routes.ARCHIVE), NavEntry("Tags", routes.TAGS)]
    else:
        nav, problems = checks.navigation(settings.nav, atlas.routes, nearest, _settings_text(project))
    site = SiteView(
        title=settings.title,
        description=settings.description,
        author=settings.author,
        language=settings.language,
        base_url=settings.base_url,
        feed=routes.FEED if settings.base_url else "",
        nav=tuple(nav),
        tags=atlas.tagging.tags,
    )
    return site, problems


def _settings_text(project: Path) -> str:
    """The text of the settings, for the line of a dead link; a site built of values alone has none."""
    try:
        return (project / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _layouts(documents: Iterable[Document], renderer: Renderer) -> tuple[dict[str, str], list[Problem]]:
    known = renderer.layouts()
    found = {document.source: checks.layout(document, known) for document in documents}
    problems = [problem for _, problem in found.values() if problem]
    return {source: template for source, (template, _) in found.items()}, problems


def _render(pages: Iterable[Page], renderer: Renderer, settings: Settings) -> tuple[dict[str, Output], list[Problem]]:
    """The pages as outputs, by address. One broken template is one problem, however many pages it would make."""
    rendered: dict[str, Output] = {}
    problems: dict[Problem, None] = {}
    for page in pages:
        address = page.view.url
        try:
            text = renderer.render(page, routes.way_to_root(address, settings.base_url))
            rendered[address] = _output(address, text, page.owner)
        except TemplateError as error:
            problems[error.problem] = None
    return rendered, list(problems)


def _machine_files(
    settings: Settings,
    atlas: Atlas,
    articles: Mapping[str, Article],
    texts: Mapping[str, Body],
    views: Mapping[str, PageView],
) -> Iterator[Output]:
    """Redirects, robots.txt, and what needs a ``base_url``: feed and sitemap."""
    base = settings.base_url
    for alias in atlas.aliases:
        document = alias.document
        target = atlas.routes.documents[document.source]
        page = feeds.redirect(alias.address, target, document.title, settings.language, base)
        yield _output(alias.address, page, document.source)
    if routes.ROBOTS not in atlas.replaced:
        yield _output(routes.ROBOTS, feeds.robots(base), "robots.txt")
    if base:
        entries = (_entry(post, articles, texts, views, base) for post in atlas.posts[: feeds.LENGTH])
        feed = feeds.atom(base, settings.title, settings.description, settings.author, settings.language, entries)
        yield _output(routes.FEED, feed, "the feed")
        lists = [routes.INDEX, routes.ARCHIVE, routes.TAGS, *(tag.url for tag in atlas.tagging.tags)]
        written = [
            (articles[document.source].address, document.updated or document.date)
            for document in (*atlas.posts, *atlas.others)
            if articles[document.source].address != routes.NOT_FOUND
        ]
        pages = [(address, None) for address in lists] + written
        yield _output(routes.SITEMAP, feeds.sitemap(base, pages), "the sitemap")


def _entry(
    post: Document, articles: Mapping[str, Article], texts: Mapping[str, Body], views: Mapping[str, PageView], base: str
) -> feeds.Entry:
    article, view = articles[post.source], views[post.source]
    assert post.date is not None
    return feeds.Entry(
        title=post.title,
        address=article.address,
        published=post.date,
        updated=max(post.date, post.updated or post.date),
        content=at_root(feeds.quiet(feed_form(texts[post.source].text, neutral_address(article.address))), f"{base}/"),
        summary=article.description,
        author=post.author,
        tags=tuple(tag.name for tag in view.tags),
    )


def _copies(articles: Mapping[str, Article], texts: Mapping[str, Body]) -> list[tuple[str, str]]:
    """The files beside posts that links name, each with its path in the site; each once."""
    pairs = (
        (file, address[1:])
        for source, item in articles.items()
        for copied in (item.copied, texts[source].copied)
        for file, address in copied.items()
    )
    return sorted(set(pairs))


def _read_files(project: Path, paths: Iterable[tuple[str, str]]) -> tuple[list[Output], list[Problem]]:
    outputs: list[Output] = []
    problems: list[Problem] = []
    for source, path in paths:
        try:
            outputs.append(Output(path, (project / source).read_bytes(), source))
        except OSError as error:
            problems.append(Problem(f"the file can't be read: {error.strerror}", Place(source)))
    return outputs, problems


def _claims(atlas: Atlas, theme: Iterable[Output], copies: Iterable[tuple[str, str]]) -> Iterator[Claim]:
    yield from (Claim(f"/{output.path}", output.owner) for output in theme)
    yield from atlas.claims
    yield from (Claim(f"/{path}", source, Place(source)) for source, path in copies)


def _charted(
    articles: Mapping[str, Article], texts: Mapping[str, Body], rendered: Mapping[str, Output]
) -> tuple[ChartedPage, ...]:
    return tuple(
        ChartedPage(item.address, len(rendered[item.address].data), texts[source].charts)
        for source, item in articles.items()
        if texts[source].charts and item.address in rendered
    )


def _output(address: str, text: str, owner: str) -> Output:
    return Output(routes.output_path(address), text.encode(), owner)
