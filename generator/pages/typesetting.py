"""Typesetting: the Markdown of a site's documents as HTML, by as many processes as there is work for.

A text that was typeset before, by a build of the same code, is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator import prose, team, values
from generator.memory import Memory
from generator.model import Document
from generator.pages.briefs import Brief, brief
from generator.pages.posts import Content
from generator.pages.readings import Readings
from generator.prose import Prose
from generator.team import Team

KIND = "texts"
BATCH = 16
"""Texts that a process is given at once: some hundredths of a second's work."""
ENOUGH = 48
"""Texts that are worth starting processes for, which takes as long as typesetting some of them."""
SOME = 200
"""Texts that are remembered at once."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What is to be typeset."""

    body: str
    math: bool
    description: str


class Texts(Mapping[str, Prose]):
    """The finished texts of documents, by source. `briefs` has the brief of each."""

    def __init__(self, content: Content, memory: Memory, readings: Readings | None) -> None:
        self.briefs = dict(content.briefs)
        self._content, self._memory, self._readings = content, memory, readings
        self._documents = {document.source: document for document in content.documents}
        self._held: dict[str, str] = {}

    def hold(self, source: str, text: str, brief: Brief) -> None:
        """Take what was typeset of a document."""
        self.briefs[source] = brief
        self._held[source] = text
        if self._readings:
            self._readings.typeset(source, brief)
        if self._memory.alive and len(self._held) >= SOME:
            self._put()  # while the team is at work
            self._memory.commit()

    def save(self) -> None:
        """Remember what was typeset, and hold only what the memory would not take."""
        self._put()
        if self._readings and self._documents:
            self._memory.keep(KIND, frozenset(self._content.texts.values()))
            self._readings.save()
        self._memory.commit()

    def _put(self) -> None:
        keys = self._content.texts
        self._memory.put(KIND, [(keys[source], text) for source, text in self._held.items()])
        if self._readings:
            self._readings.put()
        if self._memory.alive:
            self._held.clear()

    def __getitem__(self, source: str) -> Prose:
        text = self._held.get(source) or self._memory.get(KIND, self._content.texts[source])
        if text is not None:
            try:
                return values.loads(Prose, text)
            except ValueError:
                pass  # a broken memory is an empty one
        document = self._documents[source]
        return prose.render(self.whole(document).body, math=document.math)

    def whole(self, document: Document) -> Document:
        """A document with its Markdown, which is read once more if need be."""
        body = self._documents[document.source].body
        if not body and self._readings:
            again = self._readings.anew(document.source).document
            body = again.body if again else ""
        return replace(document, body=body)

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


class Typesetting:
    """The work on a site's texts, begun while they are read, so that something else may be done meanwhile."""

    def __init__(self, memory: Memory | None = None, readings: Readings | None = None) -> None:
        self._memory, self._readings = memory or Memory(), readings
        self._waiting: list[Document] = []
        self._given = 0
        self._team: Team[Copy, tuple[str, str]] | None = None

    def take(self, document: Document) -> None:
        """Let a document be typeset."""
        self._waiting.append(document)
        if self._team is None and len(self._waiting) == ENOUGH and (members := team.size()) > 1:
            _ = prose.render  # imported here, once, and not by each member
            self._team = Team(typeset, members)
        if self._team and len(self._waiting) - self._given >= BATCH:
            self._give()

    @property
    def shared(self) -> bool:
        """Whether other processes are at work, so that this one has time."""
        return self._team is not None

    def finish(self, content: Content) -> Texts:
        """The texts of `content`, of which those without a brief were taken, when all are done; to be asked once."""
        texts = Texts(content, self._memory, self._readings)
        done: Iterable[tuple[str, str]]
        if self._team:
            self._give()
            done = self._team.gather()
        else:
            done = map(typeset, map(_copy, self._waiting))
        for document, (text, short) in zip(self._waiting, done, strict=True):
            texts.hold(document.source, text, values.loads(Brief, short))
        texts.save()
        return texts

    def give_up(self) -> None:
        """Stop: what is not yet typeset is not wanted any more."""
        if self._team:
            self._team.dismiss()

    def _give(self) -> None:
        """Give the team what it has not got yet."""
        assert self._team
        for start in range(self._given, len(self._waiting), BATCH):
            self._team.give([_copy(document) for document in self._waiting[start : start + BATCH]])
        self._given = len(self._waiting)


def typeset(copy: Copy) -> tuple[str, str]:
    """The text and the brief of a document, both as JSON: fit to be sent, and to be remembered."""
    rendered = prose.render(copy.body, math=copy.math)
    return values.dumps(rendered), values.dumps(brief(copy.description, rendered))


def _copy(document: Document) -> Copy:
    return Copy(document.body, document.math, document.description)
