"""The freeze: runs what is stale, keeps what is current, and says which and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.charts import room, runner, survey
from generator.charts.contract import ChartSource
from generator.charts.manifest import Manifest
from generator.charts.plan import Step
from generator.charts.protocol import Answer, Progress, Setup
from generator.charts.runner import Started
from generator.charts.survey import Survey
from generator.config import Settings
from generator.errors import Problem
from generator.report import Report

MANIFEST_HINT = "run 'visualposts build' without --frozen where Spark is installed, and commit includes/"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The charts as they stand after the runs: what is in ``includes/``, and what went wrong.

    `ran` counts the sources that ran well; `awaited` are the names of charts that a failed source would give.
    """

    manifest: Manifest
    problems: tuple[Problem, ...] = ()
    ran: int = 0
    awaited: frozenset[str] = frozenset()


def alive(found: Survey) -> Manifest:
    """The manifest without the sources that are gone: all that they gave is orphaned."""
    known = {source.path for source in (*found.sources, *found.skipped)}
    return found.manifest.without(frozenset(found.manifest.entries.keys() - known))


def frozen_problems(steps: tuple[Step, ...]) -> tuple[Problem, ...]:
    """An error for each stale source: ``--frozen`` never runs anything."""
    return tuple(Problem(f"stale: {step.reason}", step.source.place(), MANIFEST_HINT) for step in steps if step.reason)


def refresh(
    project: Path, settings: Settings, found: Survey, steps: tuple[Step, ...], setup: Setup, report: Report
) -> Frozen:
    """Run the stale sources; each that succeeds is committed at once, each that fails keeps its last good fragments.

    Where a source gives a name that a source yet to run has had so far, its result waits for the other's.
    """
    stale = {step.source.path: step for step in steps if step.reason}
    outcome = Outcome(project / "includes", settings.charts, alive(found), set(stale), set(found.facts.failed))
    number = 0
    sources = {step.source.path: step.source for step in stale.values()}
    try:
        for event in runner.run(tuple(sources.values()), setup, settings.charts, settings.chart_timeout):
            if isinstance(event, Started):
                number += 1
                report.started(event.source, number, len(stale), stale[event.source].reason)
            elif isinstance(event, Progress):
                report.progress(event.source, event.text)
            elif isinstance(event, Answer):
                good = outcome.take(sources[event.source], event)
                report.finished(event.source, event.seconds, tuple(sorted(event.fragments)) if good else ())
                if event.trace:
                    report.line(event.trace)
        outcome.settle(sources)
    finally:
        report.close()
        survey.remember_failed(project, frozenset(outcome.failed & {source.path for source in found.sources}))
    ran = len(stale.keys() - outcome.failed)
    return Frozen(outcome.manifest, outcome.problems, ran, frozenset(outcome.awaited))


@dataclass(slots=True)
class Outcome:
    """What has come of the runs so far. `unsettled` are the sources that may still give up a name that they have.

    `failures` are the problems of the sources whose last run failed, by source; `failed` are these sources, and those
    of earlier builds.
    """

    includes: Path
    settings: Mapping[str, object]
    manifest: Manifest
    unsettled: set[str]
    failed: set[str]
    waiting: dict[str, Answer] = field(default_factory=dict)
    failures: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for found in self.failures.values() for problem in found)

    def take(self, source: ChartSource, answer: Answer) -> bool:
        """Commit `answer`, or let it wait for the owner of a name, or note what is wrong with it (False)."""
        if any(problem.severity == "error" for problem in answer.problems):
            return self._fail(source, answer, answer.problems)
        owners = {self.manifest.owner(name) for name in answer.fragments} - {source.path}
        if owners & self.unsettled:
            self.waiting[source.path] = answer
            return True
        if wrong := room.conflicts(self.includes, self.manifest, source, answer):
            return self._fail(source, answer, wrong)
        self._commit(answer)
        return True

    def settle(self, sources: Mapping[str, ChartSource]) -> None:
        """Commit the answers that waited: together, since two sources may have exchanged their names."""
        while self.waiting:
            manifest = self.manifest.without(frozenset(self.waiting))
            for path, answer in sorted(self.waiting.items()):
                if wrong := room.conflicts(self.includes, manifest, sources[path], answer):
                    # It keeps the names that it has: whether the others may have theirs is asked again.
                    del self.waiting[path]
                    self._fail(sources[path], answer, wrong)
                    break
                manifest = manifest.with_entry(path, room.entry(self.settings, answer))
            else:
                self.manifest = self.manifest.without(frozenset(self.waiting))
                for _, answer in sorted(self.waiting.items()):
                    self._commit(answer)
                self.waiting.clear()

    def _commit(self, answer: Answer) -> None:
        entry = room.entry(self.settings, answer)
        self.manifest = room.commit(self.includes, self.manifest, answer.source, entry, answer)
        self.unsettled.discard(answer.source)
        self.failed.discard(answer.source)
        self.failures.pop(answer.source, None)

    def _fail(self, source: ChartSource, answer: Answer, wrong: tuple[Problem, ...]) -> bool:
        self.failures[source.path] = _with_output(wrong, answer) if answer.output else wrong
        self.awaited |= {name for name, _, _ in source.names}
        self.unsettled.discard(source.path)
        self.failed.add(source.path)
        return False


def _with_output(problems: tuple[Problem, ...], answer: Answer) -> tuple[Problem, ...]:
    """What the source printed is shown below its first problem."""
    first, *rest = problems
    shown = tuple(f"| {line}" for line in answer.output.splitlines())
    notes = (*first.notes, *shown)
    return (Problem(first.message, first.place, first.hint, first.severity, notes), *rest)
