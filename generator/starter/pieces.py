"""Pieces: a new post, page or chart, where it belongs and never over anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from generator import config, files
from generator.charts import contract, survey
from generator.charts.contract import ChartSource
from generator.config import Settings
from generator.errors import AuthorError, Place, Problem, UsageError, did_you_mean
from generator.model import Document
from generator.pages import posts, routes
from generator.report import Report
from generator.starter import templates

LONGEST = 80  # characters of a slug that is made of a title


def post(
    project: Path,
    title: str,
    report: Report,
    *,
    slug: str = "",
    tags: Sequence[str] = (),
    draft: bool = False,
    now: datetime | None = None,
) -> None:
    """Begin a post of today in a folder of its own."""
    settings = config.load(project)
    now = now or datetime.now(UTC)
    name = f"{now.astimezone(settings.zone):%Y-%m-%d}-{_slug(title, slug)}"
    lines = [f"tags: [{', '.join(templates.yaml_word(tag) for tag in tags)}]"] if tags else []
    lines += ["draft: true"] if draft else []
    path = f"{posts.POSTS}{name}/index.md"
    _write_document(project, settings, path, title, lines, now, report)
    if draft:
        report.line("a draft: 'visualposts build -D' shows it")


def page(project: Path, title: str, report: Report, *, slug: str = "", now: datetime | None = None) -> None:
    """Begin a page, which stands outside the stream of posts."""
    settings = config.load(project)
    path = f"{posts.PAGES}{_slug(title, slug)}.md"
    _write_document(project, settings, path, title, [], now or datetime.now(UTC), report)


def chart(
    project: Path, name: str, report: Report, *, beside: str = "", spark: bool = False, now: datetime | None = None
) -> None:
    """Begin the charts of the post that `beside` names (by default the newest) with one named `name`."""
    settings = config.load(project)
    _check_name(name)
    found = survey.survey(project, settings.charts)
    document = _chosen(project, _documents(project, settings, now or datetime.now(UTC)), beside)
    path = f"{document.folder}/{contract.FILE}"
    for source in found.sources:
        if source.path == path:
            raise AuthorError([_there(source, name)])
    owners = {known: source.place(known) for source in found.sources for known, _, _ in source.names}
    include = f"includes/{name}.html"
    if name in owners or (project / include).exists():
        message = f"there is a chart or an include '{name}' already"
        raise AuthorError([Problem(message, owners.get(name, Place(include)), "give this one another name")])
    text = templates.filled("spark_chart.py" if spark else "chart.py", name=name)
    _write(project, path, text, report)
    report.line(f"put {{% include {name}.html %}} on a line of its own in {document.source}, and build")


def _write_document(
    project: Path, settings: Settings, path: str, title: str, lines: list[str], now: datetime, report: Report
) -> None:
    title = " ".join(title.split())
    for written in (title, templates.quoted(title)):
        text = "\n".join(["---", f"title: {written}", *lines, "---", "", ""])
        parsed = posts.parse(path, text, settings)
        if parsed.document and parsed.document.title == title and not parsed.problems:
            break
    else:
        raise UsageError(f"that can't be a title: {parsed.problems[0].message}" if parsed.problems else "no title")
    address = routes.address_of(parsed.document, settings)
    for other in _documents(project, settings, now):
        if routes.address_of(other, settings).casefold() == address.casefold():
            message = f"its address would be {address}, which is that of this one"
            raise AuthorError([Problem(message, Place(other.source), "say another name: --slug NAME")])
    _write(project, path, text, report)


def _documents(project: Path, settings: Settings, now: datetime) -> tuple[Document, ...]:
    """All that the author has written, as far as it can be read; what is wrong with it is told when it is built."""
    return posts.read(project, settings, drafts=True, future=True, now=now).documents


def _write(project: Path, path: str, text: str, report: Report) -> None:
    if (project / path).exists():
        raise AuthorError([Problem("this is there already", Place(path), "nothing is written over")])
    files.write(project / path, text.encode())
    report.line(f"wrote {path}")


def _slug(title: str, slug: str) -> str:
    """The name of a document in its address: as it is asked for, or made of the title."""
    if slug:
        if posts.slugify(slug) != slug:
            raise UsageError(f"'{slug}' can't stand in an address", _near_slug(slug))
        return slug
    made = posts.slugify(title.lower())
    if len(made) > LONGEST:
        made = made[: LONGEST + 1].rpartition("-")[0] or made[:LONGEST]
    if not made:
        raise UsageError("nothing in the title can stand in an address", "say a name for it: --slug NAME")
    return made


def _near_slug(slug: str) -> str:
    near = posts.slugify(slug.lower())
    return f"did you mean '{near}'?" if near else "letters, digits, '-', '_' and '.' can"


def _check_name(name: str) -> None:
    if not contract.NAME.fullmatch(name):
        made = "-".join(part for part in contract.NAME.findall(name.lower().replace("_", "-")) if part)
        hint = f"did you mean '{made}'?" if made else contract.NAME_RULE
        raise UsageError(f"'{name}' is not a name for a chart", hint)


def _chosen(project: Path, documents: Sequence[Document], beside: str) -> Document:
    """The post that `beside` names: by its path, folder, the folder's name or its slug; without one the newest.

    Of several of one day it is one without charts, if there is such a one, and the one that was written last.
    """
    written = [document for document in documents if document.kind == "post"]
    if not written:
        raise UsageError("there is no post yet", 'begin one: visualposts new post "A title"')
    if beside:
        names = {name: document for document in written for name in _names(document)}
        found = names.get(beside.removeprefix("./").rstrip("/"))
        if found is None:
            raise UsageError(f"there is no post '{beside}'", did_you_mean(beside, names))
    else:
        found = max(written, key=lambda document: _age(project, document))
    if not posts.is_index(found.source):
        stem = found.source.rpartition(".")[0]
        hint = f"move it to {stem}/index.md, or name another post with --post"
        raise UsageError(f"{found.source} is a file alone, and a chart stands in the folder of its post", hint)
    return found


def _age(project: Path, document: Document) -> tuple[float, bool, float]:
    path = project / document.source
    day = document.date.timestamp() if document.date else 0.0
    return (day, not (path.parent / contract.FILE).exists(), path.stat().st_mtime)


def _names(document: Document) -> tuple[str, ...]:
    folder = document.folder.rpartition("/")[2]
    stem = document.source.rpartition("/")[2].rpartition(".")[0]
    own = folder if stem == "index" else stem
    return (document.source, document.folder, own, document.slug)


def _there(source: ChartSource, name: str) -> Problem:
    hint = f'add "{name}": figure to what charts() returns, or name another post with --post'
    return Problem("the post has charts already", source.place(), hint)
