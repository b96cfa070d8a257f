"""The desk: the pages wing at work on one project, with what it remembers and the folder that its pages go to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from generator import maker, memory
from generator.config import Settings
from generator.model import Origin
from generator.pages import posts, site
from generator.pages.posts import Content
from generator.pages.readings import Readings
from generator.pages.render import Compiled
from generator.pages.site import Assembly
from generator.pages.typesetting import Texts, Typesetting
from generator.shelf import Shelf, TreeReport


class Desk:
    """One build's desk, to be left by a with statement: whatever did not come to an end is put away.

    With `writable`, the pages of the site are written on a stage in `output`, and `publish` moves them into place.
    """

    def __init__(
        self, project: Path, settings: Settings, output: Path, *, writable: bool, compiled: Compiled | None = None
    ) -> None:
        self._project, self._settings, self._compiled = project, settings, compiled
        self._memory = memory.open_memory(project, maker.digest())
        self._readings = Readings(project, settings, self._memory)
        self._shelf = Shelf(project, output, self._memory, writable=writable)
        self._typesetting: Typesetting | None = None

    def read(self, *, drafts: bool, future: bool, now: datetime) -> Content:
        """What the author wrote (see `posts.read`)."""
        return posts.read(self._project, self._settings, drafts=drafts, future=future, now=now, readings=self._readings)

    def typeset(self, content: Content) -> Typesetting:
        """Begin to typeset what was not yet; something else may be done meanwhile."""
        self._typesetting = Typesetting(content, self._memory, self._readings)
        return self._typesetting

    def assemble(
        self,
        content: Content,
        texts: Texts,
        hidden: Collection[str],
        awaited: Collection[str],
        origins: Collection[Origin],
    ) -> Assembly:
        """The site, and what is wrong with it (see `site.assemble`)."""
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
        return self._shelf.update(assembly.outputs)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        if self._typesetting:
            self._typesetting.give_up()
        self._shelf.discard()
        self._memory.close()
