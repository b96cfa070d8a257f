"""Printing: all pages of a site, but those that an earlier build printed and that nothing has happened to since.

What is remembered of a page is the digest of its whole value, and what it looked up (`lookups`); if both are what they
were, so is the page. Only pages with which nothing is wrong are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from generator import team, values
from generator.memory import Memory
from generator.model import Document, Output
from generator.pages.lookups import Lookups
from generator.pages.orders import Order
from generator.pages.printed import Printed
from generator.pages.references import References
from generator.pages.routes import output_path
from generator.pages.views import CountedTag, PostCard, PostLine, SiteView, Tag
from generator.shelf import Shelf
from generator.team import Team
from generator.values import Digester

T = TypeVar("T")
V = TypeVar("V", covariant=True)
BATCH = 16
"""Pages that a process is given at once: some hundredths of a second's work."""
ENOUGH = 40
"""Pages that are worth a process more."""


@dataclass(frozen=True, slots=True)
class Job(Generic[V]):
    """A page to be printed: its address, who claims it, and what gives the value that it is printed from.

    `grounds` stand for all that the value is made from, where that is known: then it need not be made.
    """

    address: str
    owner: str
    value: Callable[[], V]
    grounds: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and where its bytes are; None where a template is broken. `token` stands for all that is in `printed`."""

    printed: Printed
    output: Output | None
    token: str


@dataclass(frozen=True, slots=True)
class _Record:
    """What is remembered of a page, under its address: the digests of the grounds of its value, and of the value."""

    grounds: str
    key: str
    asked: Mapping[str, str]
    token: str
    printed: Printed


Print = Callable[[T, References, SiteView], tuple[Printed, bytes]]


class Printing:
    """One build's printing. `context` stands for all that every page depends on: settings, templates and assets.

    Pages that stand on the `shelf` are not made again; new ones wait on its stage, or, if it may not be written, here.
    """

    def __init__(self, lookups: Lookups, context: str, memory: Memory, shelf: Shelf | None) -> None:
        self._lookups, self._memory, self._shelf = lookups, memory, shelf
        self._stage = shelf if shelf and shelf.writable else None
        self._known = memory.all("pages")
        self._context = context
        self._digester = Digester(context, (Document, PostCard, PostLine, Tag, CountedTag, Order, Printed))
        self._seen: set[str] = set()
        self._news: list[tuple[str, str]] = []

    def learn(self, value: object, digest: str) -> None:
        """Take `digest` for what stands for a document: its file's is at hand, and need not be worked out."""
        self._digester.learn(value, digest)

    def all(self, jobs: Sequence[Job[T]], make: Print[T]) -> dict[str, Made]:
        """The pages of `jobs` by address, in their order."""
        found = self._remembered(jobs)
        waiting = [job for job in jobs if job.address not in found]
        for job, (printed, asked, data) in zip(waiting, self._printed(waiting, make), strict=True):
            output = Output(output_path(job.address), data, job.owner, printed.digest) if printed.digest else None
            found[job.address] = Made(printed, output, token := values.digest(printed))
            if not printed.problems:
                record = _Record(self._grounds(job), self._digester.digest(job.value()), asked, token, printed)
                self._news.append((job.address, values.dumps(record)))
        self._seen.update(found)
        return {job.address: found[job.address] for job in jobs}

    def save(self) -> None:
        """Remember what was printed."""
        self._memory.put("pages", self._news)
        self._memory.keep("pages", self._seen)
        self._memory.commit()

    def _remembered(self, jobs: Sequence[Job[T]]) -> dict[str, Made]:
        """The pages that stand on the shelf and are what they would be if they were made now."""
        found: dict[str, Made] = {}
        if self._shelf is None:
            return found
        likely = [job for job in jobs if job.address in self._known]
        records = values.loads_all(_Record, [self._known[job.address] for job in likely])
        for job, record in zip(likely, records, strict=True):
            if record and self._same(job, record) and self._lookups.hold(record.asked):
                path = output_path(job.address)
                if place := self._shelf.holds(path, record.printed.digest):
                    output = Output(path, place, job.owner, record.printed.digest)
                    found[job.address] = Made(record.printed, output, record.token)
        return found

    def _same(self, job: Job[T], record: _Record) -> bool:
        """Whether the value of a page is what it was; found out by its grounds if they are the same."""
        grounds = self._grounds(job)
        if grounds and grounds == record.grounds:
            return True
        if record.key != self._digester.digest(job.value()):
            return False
        if grounds:
            self._news.append((job.address, values.dumps(replace(record, grounds=grounds))))
        return True

    def _grounds(self, job: Job[T]) -> str:
        return f"{self._context} {job.grounds}" if job.grounds else ""

    def _printed(
        self, jobs: Sequence[Job[T]], make: Print[T]
    ) -> Iterator[tuple[Printed, Mapping[str, str], bytes | Path]]:
        """The pages of `jobs`, what they asked, and their bytes or the file that holds them."""
        lookups, stage = self._lookups, self._stage

        def work(number: int) -> tuple[Printed, Mapping[str, str], bytes | Path]:
            references, site, asked = lookups.watched()
            printed, data = make(jobs[number].value(), references, site)
            return printed, asked, stage.put(data) if stage and printed.digest else data

        if jobs and stage:
            stage.prepare()
        members = min(team.size(), len(jobs) // ENOUGH + 1)
        if members == 1 or not team.can_fork():
            yield from map(work, range(len(jobs)))
            return
        first = work(0)  # here, so that the templates are read once for all
        self._memory.close()  # a fork must not use our connection
        crew = Team(work, members)
        for start in range(1, len(jobs), BATCH):
            crew.give(range(start, min(start + BATCH, len(jobs))))
        yield first
        yield from crew.gather()
