"""Engine: builds the site anew whenever something has been saved: the pages at once, the charts as they come.

The pages are built in one thread, one build after the other, with the charts as they are; what is saved meanwhile is
built next. The charts that are stale are run beside it (`charts.bench`), and what comes of one is a reason to build
the pages again. Both write in turn, and in turn with other processes. Posters and the search are left to
`visualposts build`.
"""

from __future__ import annotations

import itertools
import threading
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from generator import build
from generator.build import Options, Preview
from generator.charts.bench import Bench
from generator.charts.manifest import Manifest
from generator.charts.plan import Step
from generator.charts.protocol import Setup
from generator.config import FILE, Settings
from generator.errors import AuthorError, Problem, UsageError, VisualpostsError
from generator.pages.render import Compiled
from generator.report import Report, clock, number
from generator.serving.state import Running, State
from generator.serving.turns import Turns
from generator.serving.voice import Voice

_ALWAYS = ("content/", "includes/")


@dataclass(slots=True)
class _News:
    """What has happened since the last build. `due` says that there is a reason for one."""

    changed: set[str]
    due: bool = True


class Engine:
    """Keeps the site of `project` up to date in the output of `options`, and calls `tell` when its state changes."""

    def __init__(self, project: Path, options: Options, report: Report, tell: Callable[[State], None]) -> None:
        self._project, self._options, self._tell = project, options, tell
        self._voice = Voice(report, self.moved)
        self._condition = threading.Condition()
        self._news = _News(set())
        self._compiled = Compiled()
        self._closing = False
        self._problems: tuple[Problem, ...] = ()
        self._manifest = Manifest()
        self._turns = Turns(project, self._waits)
        self._notice = ""
        self._bench = Bench(project, self._voice, self._setup, self._again, self._turns.turn)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._begun = False
        self._looks, self._told, self._telling = itertools.count(1), 0, threading.Lock()
        self.prefix = ""
        """The path at which the site will be published, by the settings of the last good build."""

    def begin(self) -> None:
        """Build for the first time, in this thread: nothing else runs yet, and the work can be shared by forks."""
        self._build(frozenset())
        self._begun = True

    def start(self) -> None:
        """Build whenever there is a reason, beginning with whatever was saved since `begin`."""
        self._bench.start()
        self._thread.start()

    def changed(self, paths: Collection[str]) -> None:
        """These files have been saved, added or removed; from any thread."""
        matter = set(filter(self._matters, paths))
        self._wake(_News(matter, bool(matter) or not paths))

    def moved(self) -> None:
        """Tell how it stands now, say after a chart has come further; from any thread."""
        look = next(self._looks)
        stages = self._voice.stages.copy()
        running = tuple(Running(source, stages.get(source, "")) for source in self._bench.waiting)
        state = State((*self._problems, *self._bench.problems), running, self._notice)
        with self._telling:
            if look > self._told:  # else another thread has looked later, and was quicker
                self._told = look
                self._tell(state)

    def close(self) -> None:
        """End all that runs."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._turns.close()
        self._bench.close()
        self._thread.join()

    def _waits(self, text: str) -> None:
        """Another process builds, and we wait; or no more."""
        if text:
            self._voice.line(text)
        self._notice = text
        self.moved()

    def _again(self) -> None:
        """Something came of a chart."""
        self._wake(_News(set()))

    def _wake(self, news: _News) -> None:
        with self._condition:
            self._news.changed |= news.changed
            self._news.due |= news.due
            self._condition.notify()

    def _matters(self, path: str) -> bool:
        """Whether the site may depend on a file: all of its content, and what its charts have read."""
        if path.startswith(_ALWAYS) or path == FILE or self._bench.problems:
            return True
        return any(
            path in entry.files or any(path.startswith(f"{folder}/") for folder in entry.folders)
            for entry in self._manifest.entries.values()
        )

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._news.due or self._closing)
                if self._closing:
                    return
                changed, self._news = frozenset(self._news.changed), _News(set(), due=False)
            try:
                self._build(changed)
            except Exception as error:
                # Ours, and no reason to end: what is saved next may build.
                self._problems = (self._mistake(error),)
                self._voice.tell(self._problems)
                self.moved()

    def _build(self, changed: frozenset[str]) -> None:
        """Build the pages, say what came of it, and see to the charts."""
        broken = bool(self._problems)
        preview, problems, seconds = self._preview()
        if preview is not None:
            self._manifest, problems = preview.found.manifest, preview.problems
            self.prefix = unquote(urlsplit(preview.settings.base_url).path).rstrip("/")
        self._problems = tuple(problem for problem in problems if problem.severity == "error")
        self.moved()
        new = self._voice.tell((*problems, *self._voice.heard(), *self._bench.problems))
        if preview is None:
            if new:
                self._voice.line(f"{number(len(self._problems), 'error')}; the last good site is shown")
            return
        if not self._begun or preview.tree.written or preview.tree.removed or broken:
            self._voice.line(_summary(changed, preview, seconds) + ("; mended" if broken else ""))
        if self._begun:
            self._bench.plan(preview.settings, preview.found, preview.steps, changed)
            self.moved()

    def _preview(self) -> tuple[Preview | None, tuple[Problem, ...], float]:
        """What came of a build, what stood in its way, and the seconds that it took; the wait for its turn is none."""
        seconds = clock()
        try:
            with self._turns.turn() as mine:
                seconds = clock()
                made = build.preview(self._project, self._options, self._voice, self._compiled) if mine else None
                return made, (), seconds()
        except AuthorError as error:
            problems = error.problems
        except UsageError as error:
            problems = (Problem(error.message, hint=error.hint),)
        except VisualpostsError as error:
            problems = (Problem(str(error)),)
        except Exception as error:
            problems = (self._mistake(error),)
        return None, problems, seconds()

    def _mistake(self, error: Exception) -> Problem:
        """What is told of an exception that is none of the author's."""
        trace = tuple(traceback.format_exception(error)) if self._options.debug else ()
        hint = "this is a mistake of ours: please report it with the output of --debug"
        notes = tuple(line for part in trace for line in part.splitlines())
        return Problem(f"{type(error).__name__}: {error}", hint=hint, notes=notes)

    def _setup(self, settings: Settings, step: Step) -> Setup:
        setup = build.setup(self._project, settings, (step,), self._options, self._voice)
        # An archive of classes is made after a build, when Java has ended.
        return replace(setup, archive=None) if setup.archive and setup.archive.classes else setup


def _summary(changed: Collection[str], preview: Preview, seconds: float) -> str:
    around = {parent.as_posix() for path in changed for parent in PurePosixPath(path).parents}
    first, *others = sorted(set(changed) - around) or [""]
    more = f" and {number(len(others), 'other')}" if others else ""
    what = f"{first}{more}: " if first else ""
    tree = preview.tree
    removed = f", {tree.removed} removed" if tree.removed else ""
    return f"{what}{number(tree.written, 'file')} written{removed}; {seconds:.2f} s"
