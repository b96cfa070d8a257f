"""Listing: what an author has written, as tables: posts, drafts, posts of the future, charts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from generator import config
from generator.charts import freeze, plan, survey
from generator.errors import AuthorError
from generator.model import Document
from generator.pages import posts
from generator.report import Report, size

KINDS = ("posts", "drafts", "future", "charts")


def tell(project: Path, kind: str, report: Report, now: datetime | None = None) -> None:
    """Print the table of one of `KINDS`, the newest first.

    Raises AuthorError, after that, with what could not be read.
    """
    if kind == "charts":
        _charts(project, report)
    else:
        _documents(project, kind, now or datetime.now(UTC), report)


def _documents(project: Path, kind: str, now: datetime, report: Report) -> None:
    settings = config.load(project)
    content = posts.read(project, settings, drafts=True, future=True, now=now)
    found = sorted(content.documents, key=lambda item: (item.date is None, item.date or now, item.source), reverse=True)
    rows = [(_day(item), _state(item, now), item.title, item.source) for item in _of_kind(found, kind, now)]
    if kind == "posts":
        report.table(("date", "", "title", "file"), rows, "no posts")
    else:
        one_line = [(date, title, source) for date, _, title, source in rows]
        report.table(("date", "title", "file"), one_line, "no drafts" if kind == "drafts" else "no posts of the future")
    if content.problems:
        raise AuthorError(content.problems)


def _of_kind(documents: Iterable[Document], kind: str, now: datetime) -> Iterable[Document]:
    if kind == "drafts":
        return (item for item in documents if item.draft)
    written = (item for item in documents if item.kind == "post")
    return written if kind == "posts" else (item for item in written if _state(item, now) == "future")


def _state(document: Document, now: datetime) -> str:
    if document.draft:
        return "draft"
    return "future" if document.date is not None and document.date > now else ""


def _day(document: Document) -> str:
    """A draft without a date stands at today's, as it does when it is built."""
    return f"{document.date:%Y-%m-%d}" if document.date else ""


def _charts(project: Path, report: Report) -> None:
    found = survey.survey(project, config.load(project).charts)
    known = freeze.alive(found)
    rows = []
    for step in plan.plan(found.sources, known, found.facts):
        entry = known.entries.get(step.source.path)
        names = {name for name, _, _ in step.source.names} | set(entry.fragments if entry else ())
        for name in names:
            path = project / "includes" / f"{name}.html"
            weight = size(path.stat().st_size) if path.is_file() else ""
            rows.append((name, weight, f"stale: {step.reason}" if step.reason else "current", step.source.path))
    report.table(("chart", "size", "state", "from"), sorted(rows), "no charts")
    if found.problems:
        raise AuthorError(found.problems)
