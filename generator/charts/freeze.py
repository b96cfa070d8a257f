"""The freeze: runs what is stale, keeps what is current, and says which and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.charts import room, runner, survey
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
    """Run the stale sources; each that succeeds is committed at once, each that fails keeps its last good fragments."""
    includes = project / "includes"
    manifest = alive(found)
    stale = {step.source.path: step for step in steps if step.reason}
    failed = set(found.facts.failed)
    problems: list[Problem] = []
    awaited: set[str] = set()
    number = 0
    sources = [step.source for step in stale.values()]
    try:
        for event in runner.run(sources, setup, settings.charts, settings.chart_timeout):
            if isinstance(event, Started):
                number += 1
                report.started(event.source, number, len(stale), stale[event.source].reason)
                continue
            if isinstance(event, Progress):
                report.progress(event.source, event.text)
                continue
            source = stale[event.source].source
            wrong = tuple(problem for problem in event.problems if problem.severity == "error")
            complaints = event.problems if wrong else room.conflicts(includes, manifest, source, event)
            report.finished(event.source, event.seconds, () if complaints else tuple(sorted(event.fragments)))
            if complaints:
                problems += complaints if not event.output else _with_output(complaints, event)
                awaited |= {name for name, _, _ in source.names}
                failed.add(event.source)
                if event.trace:
                    report.line(event.trace)
            else:
                problems += event.problems
                entry = room.entry(settings.charts, event)
                manifest = room.commit(includes, manifest, event.source, entry, event)
                failed.discard(event.source)
    finally:
        report.close()
        survey.remember_failed(project, frozenset(failed & {source.path for source in found.sources}))
    ran = len(stale.keys() - failed)
    return Frozen(manifest, tuple(problems), ran, frozenset(awaited))


def _with_output(problems: tuple[Problem, ...], answer: Answer) -> tuple[Problem, ...]:
    """What the source printed is shown below its first problem."""
    first, *rest = problems
    shown = tuple(f"| {line}" for line in answer.output.splitlines())
    notes = (*first.notes, *shown)
    return (Problem(first.message, first.place, first.hint, first.severity, notes), *rest)
