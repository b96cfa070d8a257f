"""The desk: the pages wing at work on one project, with what it remembers and the folder that its pages go to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator import maker, memory, values
from generator.config import Settings
from generator.digests import Digests
from generator.model import Origin
from generator.pages import posts, standing
from generator.pages.assembly import Assembly
from generator.pages.posts import Content
from generator.pages.readings import Readings
from generator.pages.standing import Glance, Standing
from generator.pages.tree import Tree, scan
from generator.pages.typesetting import Texts, Typesetting
from generator.shelf import Shelf, TreeReport

if TYPE_CHECKING:
    from generator.pages.render import Compiled


@dataclass(frozen=True, slots=True)
class Choice:
    """Which posts a build is of: with drafts, with those of the future, and when now is (aware)."""

    drafts: bool
    future: bool
    now: datetime


class Desk:
    """One build's desk, to be left by a with statement: whatever did not come to an end is put away.

    With `writable`, the pages of the site are written on a stage in `output`, and `publish` moves them into place.
    """

    def __init__(
        self, project: Path, settings: Settings, output: Path, *, writable: bool, compiled: Compiled | None = None
    ) -> None:
        self._project, self._settings = project, settings
        self._compiled = compiled
        self._memory = memory.open_memory(project, maker.digest())
        self._digests = Digests(project, self._memory, "stamps of sources")
        self._readings = Readings(project, settings, self._memory, self._digests)
        self._shelf = Shelf(project, output, self._memory, writable=writable)
        self._typesetting: Typesetting | None = None
        self._choice: Choice | None = None
        self._charts = ""
        self._key: Callable[[], str] = str
        self._standing: Standing | None = None
        self._content = Content()

    def read(self, choice: Choice, *, documents: bool = False) -> Content:
        """What the author wrote (see `posts.read`). If all is as it was at the last build, no document is read, but for
        one who wants the `documents` themselves.
        """
        self._choice = choice
        tree = scan(self._project)
        if not documents:
            self._recall(tree, choice)
            if self._standing:
                return self._standing.content(tree)
        self._content = self._read()
        return self._content

    def typeset(self, content: Content) -> Texts:
        """The finished texts of what was read. Work on them began then: what is done in between costs no time."""
        typesetting = self._typesetting or Typesetting(self._memory, self._readings)
        if typesetting.shared:
            self._make_ready()
        return typesetting.finish(content)

    def assemble(
        self,
        content: Content,
        texts: Texts,
        hidden: Collection[str],
        awaited: Collection[str],
        origins: Collection[Origin],
    ) -> Assembly:
        """The site, and what is wrong with it (see `site.assemble`)."""
        self._charts = self._state(hidden, awaited, origins)
        if self._standing:
            if self._standing.charts == self._charts and (found := self._standing.assembly(self._shelf)):
                return found
            self._standing = None
            self._content = content = self._read()
            texts = self.typeset(content)
        from generator.pages import site  # with it come templates, which a site that stands does not need

        return site.assemble(
            self._project,
            self._settings,
            content,
            texts,
            hidden=hidden,
            awaited=awaited,
            origins=origins,
            memory=self._memory,
            shelf=self._shelf,
            compiled=self._compiled,
        )

    def publish(self, assembly: Assembly) -> TreeReport:
        """Bring the output up to date."""
        done = self._shelf.update(assembly.outputs)
        if not self._standing:
            key = self._key()
            standing.remember(self._memory, self._shelf.name, key, self._charts, self._content, assembly)
        self._digests.save()
        return done

    def _recall(self, tree: Tree, choice: Choice) -> None:
        """Find the site that stands there, if everything is as it was."""
        choices = (choice.drafts, choice.future)

        def key(found: Iterable[tuple[str, str | None]]) -> str:
            return standing.everything(found, self._settings, tree, self._memory, choices)

        if standing.stands(self._memory, self._shelf.name):
            found = key(standing.now(self._project, self._digests))
            self._standing = standing.recall(self._memory, self._shelf.name, found, choice.now)
            self._key = lambda: found
        else:  # nothing is gained from reading all files now: the build will, and one by one
            glance = Glance(self._project, self._digests)
            self._key = lambda: key(glance.digests())

    def _read(self) -> Content:
        assert self._choice is not None
        choice = self._choice
        typesetting = self._typesetting = Typesetting(self._memory, self._readings)
        return posts.read(
            self._project,
            self._settings,
            drafts=choice.drafts,
            future=choice.future,
            now=choice.now,
            readings=self._readings,
            take=typesetting.take,
        )

    def _make_ready(self) -> None:
        """While others typeset, prepare for what comes then."""
        from generator.pages import render, site  # noqa: F401

        self._compiled = self._compiled or render.Compiled()
        render.make_ready(self._project, self._compiled)

    def _state(self, hidden: Collection[str], awaited: Collection[str], origins: Collection[Origin]) -> str:
        """What stands for all that the charts wing hands over."""
        sources = sorted({path for origin in origins for path in (origin.source, *origin.modules)})
        code = [(path, self._digests.of(path) or "") for path in sources]
        return values.digest((sorted(hidden), sorted(awaited), list(origins), code))

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        if self._typesetting:
            self._typesetting.give_up()
        self._shelf.discard()
        self._memory.close()
