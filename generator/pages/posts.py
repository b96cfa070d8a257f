"""Posts: the Markdown files below ``content/`` read into documents; what is left out is listed, with the reason."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator import digests
from generator.config import Settings, permalink_problem
from generator.errors import Place, Problem
from generator.model import Document, Kind, Skipped
from generator.pages import frontmatter
from generator.pages.briefs import Brief
from generator.pages.fields import Fields, moment
from generator.pages.tree import CONTENT, STATIC, Tree, scan

if TYPE_CHECKING:
    from generator.pages.readings import Readings

POSTS, PAGES, DRAFTS = f"{CONTENT}/posts/", f"{CONTENT}/pages/", f"{CONTENT}/drafts/"
_TEMPLATES = f"{CONTENT}/templates/"
_SUFFIXES = (".md", ".markdown")
_ALIKE = (*_SUFFIXES, ".mdown", ".mkd")
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_DATED = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)")


@dataclass(frozen=True, slots=True)
class Content:
    """What the author wrote. `files` are all visible files below ``content/``, relative to the project.

    `texts` gives what stands for a document's body, by source, and `keys` what stands for all of it, where that is
    known; `briefs` are those that are remembered, with documents that lack their bodies. The same files are the same
    content at any time from `since` on, and before `until`.
    """

    documents: tuple[Document, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    briefs: Mapping[str, Brief] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    since: datetime = _EARLIEST
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file: its document, or None where its errors leave nothing to go on with.

    `text` stands for the document's body and whether it holds formulas; `brief` is there once that was typeset.
    """

    document: Document | None
    problems: tuple[Problem, ...] = ()
    text: str = ""
    brief: Brief | None = None


def read(
    project: Path,
    settings: Settings,
    *,
    drafts: bool,
    future: bool,
    now: datetime,
    tree: Tree | None = None,
    readings: Readings | None = None,
    take: Callable[[Document], object] = lambda _: None,
) -> Content:
    """Read all documents of the project in folder `project`, whose `tree` may be known; `now` (aware) says what is
    future.

    A draft that is left out is no reason to fail: what is wrong with it is told when drafts are asked for. A draft
    without a date stands at the date of `now`. With `readings`, files that were read before are not read again.
    Each document that has no brief yet is handed to `take` as soon as it is read.
    """
    tree = tree or scan(project)
    sources, skipped, problems = _sources(tree.files)
    skipped, problems = [*tree.skipped, *skipped], [*tree.problems, *problems]
    documents: list[Document] = []
    texts: dict[str, str] = {}
    briefs: dict[str, Brief] = {}
    keys: dict[str, str] = {}
    until: datetime | None = None
    if not drafts:
        skipped += [Skipped(path, "a draft") for path in sources if path.startswith(DRAFTS)]
        sources = [path for path in sources if not path.startswith(DRAFTS)]
    found = readings.all(sources) if readings else (parse_file(project, path, settings) for path in sources)
    for path, parsed in zip(sources, found, strict=True):
        document = parsed.document
        if document is not None and document.draft and not drafts:
            skipped.append(Skipped(path, "a draft"))
            continue
        problems += parsed.problems
        if document is None:
            continue
        if document.date is not None and document.date > now and not future:
            until = min(until or document.date, document.date)
            skipped.append(Skipped(path, f"dated {document.date:%Y-%m-%d}, in the future"))
            continue
        if parsed.brief:
            briefs[path] = parsed.brief
        else:
            if readings and not document.body:  # it was left out when it was read
                parsed = readings.anew(path)
                document = parsed.document or document
            take(document)
        texts[path] = parsed.text
        if readings:
            keys[path] = readings.key(path)
        if document.date is None and document.kind == "post":
            today = now.astimezone(settings.zone).replace(hour=0, minute=0, second=0, microsecond=0)
            document = replace(document, date=today)
            keys.pop(path, None)
            until = now  # tomorrow it has another date
        documents.append(document)
    dates = [document.date for document in documents if document.date and not future]
    since = max(dates, default=_EARLIEST)
    return Content(tuple(documents), tuple(skipped), tuple(problems), tree.files, texts, briefs, keys, since, until)


def bare(content: Content) -> Content:
    """The same without the bodies of documents, which are typeset: no page is made of them."""
    documents = tuple(replace(item, body="") if item.body else item for item in content.documents)
    return replace(content, documents=documents)


def parse(path: str, text: str, settings: Settings) -> Parsed:
    """The document in `text` (line feeds as line ends) of the file at `path` relative to the project."""
    front = frontmatter.parse(path, text)
    if not front.fields and front.problems:
        return Parsed(None, front.problems)
    fields = Fields(front.fields)
    kind: Kind = "page" if path.startswith(PAGES) else "post"
    draft = path.startswith(DRAFTS) or fields.flag("draft") is True or fields.flag("published") is False
    written, name = _name(path, kind)
    title = fields.text("title")
    if not title and not any("'title'" in problem.message for problem in fields.problems):
        empty = front.fields.get("title")
        place = empty.place if empty else Place(path, 1, 1)
        message = "'title' is empty" if empty else "the title is missing"
        fields.problems.append(Problem(message, place, "add title: My post"))
    date = fields.moment(settings.zone, "date")
    if date is None and fields.get("date") is None and written:
        date = moment(written, settings.zone)
    if date is None and kind == "post" and not draft and fields.get("date") is None:
        fields.problems.append(_undated(path, written))
    toc = fields.flag("toc")
    document = Document(
        source=path,
        kind=kind,
        title=title,
        slug=_slug(fields, name, path),
        body=front.body,
        body_line=front.body_line,
        date=date,
        updated=fields.moment(settings.zone, "updated", "last_modified_at"),
        tags=fields.words("tags"),
        categories=fields.words("categories"),
        description=fields.text("description", "summary", "subtitle"),
        author=fields.text("author"),
        image=fields.text("image"),
        draft=draft,
        permalink=_permalink(fields, date),
        aliases=fields.paths("aliases"),
        layout=fields.text("layout"),
        toc=toc is not False,
        math=fields.flag("math") is True,
        extra=fields.unknown(),
        places=fields.places(),
    )
    words = f"{'formulas' if document.math else ''}\n{front.body}"
    text = digests.of_bytes(words.encode("utf-8", "surrogatepass"))
    return Parsed(document, (*front.problems, *fields.problems), text)


def slugify(name: str) -> str:
    """`name` as part of an address: letters, digits, dots, ``_`` and ``-`` of any script stay as they are."""
    text = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w.]+|-+", "-", text).strip("-.")


def decoded(path: str, data: bytes, settings: Settings) -> Parsed:
    """The document in the bytes of a file."""
    text, problems = frontmatter.decode(path, data)
    return Parsed(None, problems) if problems else parse(path, text, settings)


def parse_file(project: Path, path: str, settings: Settings) -> Parsed:
    """The document in the file at `path` relative to the project."""
    try:
        data = (project / path).read_bytes()
    except OSError as error:
        return Parsed(None, (Problem(f"the file can't be read: {error.strerror}", Place(path)),))
    return decoded(path, data, settings)


def _sources(files: Iterable[str]) -> tuple[list[str], list[Skipped], list[Problem]]:
    """The files that are documents; those that look like one and are left out; those that can't be one."""
    written = sorted(path for path in files if path.endswith(_SUFFIXES))
    strange = sorted(path for path in files if path.lower().endswith(_ALIKE) and not path.endswith(_SUFFIXES))
    folders = {posixpath.dirname(path) for path in written if is_index(path)}
    found: list[str] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for path in written:
        if path.startswith((STATIC, _TEMPLATES)) or posixpath.basename(path).lower().startswith("readme."):
            continue
        if path.startswith(PAGES):
            found.append(path)
        elif not path.startswith((POSTS, DRAFTS)):
            skipped.append(Skipped(path, f"not below {POSTS} or {PAGES}"))
        elif is_index(path) and path.count("/") == 2:
            hint = "put it into a folder of its own, or into content/pages"
            problems.append(Problem("a post needs a name: this file stands for no folder", Place(path), hint))
        else:
            owner = _post_folder(path, folders)
            if owner is None or (posixpath.dirname(path) == owner and is_index(path)):
                found.append(path)
            else:
                skipped.append(Skipped(path, f"in the folder of a post, which is {owner}/index.md"))
    skipped += [
        Skipped(path, "its name does not end in .md") for path in strange if path.startswith((POSTS, PAGES, DRAFTS))
    ]
    return found, skipped, problems


def _post_folder(path: str, folders: set[str]) -> str | None:
    """The outermost folder around `path` that is a post."""
    parts = path.split("/")
    around = ("/".join(parts[:depth]) for depth in range(3, len(parts)))
    return next((folder for folder in around if folder in folders), None)


def is_index(path: str) -> bool:
    """Whether a file of a post stands for the folder that it lies in."""
    return posixpath.basename(path) in ("index.md", "index.markdown")


def _name(path: str, kind: Kind) -> tuple[str, str]:
    """The date in a file's name, or an empty string, and the rest of the name."""
    folder, _, name = path.rpartition("/")
    stem = posixpath.splitext(name)[0]
    if stem == "index":
        stem = posixpath.basename(folder)
    match = _DATED.fullmatch(stem) if kind == "post" else None
    return (match[1], match[2]) if match else ("", stem)


def _undated(path: str, written: str) -> Problem:
    if written:
        return Problem(
            f"'{written}' in the file's name is not a date", Place(path, 1, 1), "for example 2026-11-23-name.md"
        )
    hint = "add date: 2026-11-23, or begin the name of the file with it: 2026-11-23-name.md"
    return Problem("the post has no date", Place(path, 1, 1), hint)


def _slug(fields: Fields, name: str, path: str) -> str:
    field = fields.get("slug")
    written = fields.text("slug")
    slug = slugify(written or name)
    if field is not None and written and slug != unicodedata.normalize("NFC", written):
        fields.complain(field, f"the slug '{written}' can't stand in an address", f"for example slug: {slug or 'name'}")
    elif not slug:
        place = field.place if field else Place(path)
        fields.problems.append(Problem("nothing in the name can stand in an address", place, "add slug: name"))
    return slug


def _permalink(fields: Fields, date: datetime | None) -> str:
    field = fields.get("permalink")
    text = fields.text("permalink")
    if field is None or not text:
        return ""
    complaint = permalink_problem(text)
    if not complaint and date is None and re.search(r":(year|month|day)", text) and fields.get("date") is None:
        complaint = f"the permalink '{text}' needs a date"
    if complaint:
        fields.complain(field, complaint, "for example permalink: /:year/:month/:slug/")
        return ""
    return text
