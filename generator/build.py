"""The build: read, plan, run, assemble, check, write. The story that calls both wings, and nothing else."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator import config, files, lock, pagefind, shelf
from generator.charts import archive, freeze, inspection, java, master, plan, posters, room, survey
from generator.charts.freeze import Frozen
from generator.charts.plan import Step
from generator.charts.protocol import Setup
from generator.charts.survey import Survey
from generator.config import Settings
from generator.errors import AuthorError, Problem, UsageError, did_you_mean, strictly, warning
from generator.pages.assembly import Assembly
from generator.pages.desk import Choice, Desk
from generator.pages.posts import Content, is_index
from generator.pages.typesetting import Texts
from generator.report import Report, clock, number, size
from generator.shelf import Shelf, TreeReport

if TYPE_CHECKING:
    from generator.pages.render import Compiled

OUTPUT = "site"


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a build. `output` and `base_url` override the project's own.

    With `index_later` the search keeps its last index, whatever has changed: a page is on the screen sooner.
    """

    output: Path | None = None
    base_url: str | None = None
    drafts: bool = False
    future: bool = False
    frozen: bool = False
    rerun: bool = False
    only: frozenset[str] = frozenset()
    strict: bool = False
    spark_master: str | None = None
    debug: bool = False
    now: datetime | None = None
    external: bool = False
    index_later: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The site with the charts as they are: those of the stale among `steps` are old, or still missing.

    `problems` are those of chart sources that can't be run; they have no step.
    """

    settings: Settings
    found: Survey
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]
    assembly: Assembly
    tree: TreeReport


HEAVIEST = 10
"""So many pages with charts are told of with their weights."""


def build(project: Path, options: Options, report: Report) -> None:
    """Bring ``includes/`` and ``site/`` of the project up to date.

    Raises AuthorError with all problems of a stage; then every byte of ``site/`` is as before.
    """
    seconds = clock()
    output = options.output or project / OUTPUT
    shelf.check(project, output)
    settings = _settings(project, options)
    with lock.held(project, report.line), Desk(project, _able(settings), output, writable=True) as desk:
        files.sweep(project, "includes")
        content, found = _read(desk, project, settings, options, report)
        steps = _plan(found, options)
        charts = _charts(project, settings, found, steps, options, report)
        gallery, lacking = _posters(project, found, charts, options, report)
        assembly = _assemble(desk, settings, content, desk.typeset(content), found, charts)
        _judge(project, settings, found, charts, assembly, options, report)
        _, pruned, edited = room.prune(project / "includes", charts.manifest)
        posters.prune(project, gallery)
        assembly = _indexed(project, assembly, options)
        tree = desk.publish(assembly)
    _tell_left_out(report, content, found)
    for name in pruned:
        report.line(f"removed includes/{name}.html: no chart source gives it any more")
    for name in edited:
        report.line(f"includes/{name}.html was edited by hand and is given by no chart source: left alone")
    if lacking:
        report.line(f"note: {lacking}")
    _sum_up(report, assembly, tree, steps, charts, output, project, seconds())


def preview(project: Path, options: Options, report: Report, compiled: Compiled | None = None) -> Preview:
    """Bring the output up to date with the charts as they are, posters too; runs nothing and prunes nothing.

    Raises AuthorError with all problems of a stage; then every byte of the output is as before. What is wrong with
    chart sources is no reason to: pages are shown with the charts that there are. `compiled` keeps the templates from
    one preview to the next.
    """
    output = options.output or project / OUTPUT
    shelf.check(project, output)
    settings = _settings(project, options)
    with Desk(project, _able(settings), output, writable=True, compiled=compiled) as desk:
        content, found = _look(desk, project, settings, options)
        _stop(report, content.problems, options)
        steps = _plan(found, options)
        charts = Frozen(freeze.alive(found), awaited=_awaited(steps))
        assembly = _assemble(desk, settings, content, desk.typeset(content), found, charts)
        _judge(project, settings, found, charts, assembly, options, report)
        tree = desk.publish(_indexed(project, assembly, options))
    problems = strictly(found.problems) if options.strict else found.problems
    broken = {item.place.path for item in problems if item.place and item.severity == "error"}
    steps = tuple(step for step in steps if step.source.path not in broken)
    return Preview(settings, found, steps, problems, assembly, tree)


def check(project: Path, options: Options, report: Report) -> None:
    """Every check of a build; runs nothing and writes nothing but what it remembers in `.visualposts`.

    Stale charts are told as warnings.
    """
    settings = _settings(project, options)
    with Desk(project, _able(settings), options.output or project / OUTPUT, writable=False) as desk:
        content, found = _read(desk, project, settings, options, report, documents=True)
        steps = _plan(found, options)
        stale = [replace(problem, severity="warning", hint="") for problem in freeze.frozen_problems(steps)]
        charts = Frozen(freeze.alive(found), tuple(stale), awaited=_awaited(steps))
        texts = desk.typeset(content)
        assembly = _assemble(desk, settings, content, texts, found, charts)
        _judge(project, settings, found, charts, assembly, options, report)
        if options.external:
            from generator import external  # an HTTP client, for this alone
            from generator.pages import outlinks

            links = outlinks.outlinks(project, settings, map(texts.whole, content.documents), texts)
            now = options.now or datetime.now(UTC)
            _stop(report, external.try_links(project, links, settings.base_url, now, report), options)
    _tell_left_out(report, content, found)
    report.line(f"{_contents(assembly)} checked: {number(report.warnings, 'warning')}, no errors")


def finished(project: Path, options: Options, report: Report) -> tuple[Settings, Assembly]:
    """The site that a build would write, where there is nothing to run: what is published.

    Raises AuthorError with everything that is wrong, stale charts and those whose last run failed among it.
    """
    options = replace(options, frozen=True)
    settings = _settings(project, options)
    with Desk(project, _able(settings), options.output or project / OUTPUT, writable=False) as desk:
        content, found = _read(desk, project, settings, options, report)
        steps = _plan(found, options)
        reasons = {step.source.path: step.reason for step in steps}
        steps = tuple(
            replace(step, reason=reasons[step.source.path] or "its last run failed")
            if step.source.path in found.facts.failed
            else step
            for step in steps
        )
        charts = _charts(project, settings, found, steps, options, report)
        assembly = _assemble(desk, settings, content, desk.typeset(content), found, charts)
        _judge(project, settings, found, charts, assembly, options, report)
        assembly = _indexed(project, assembly, options)
    _tell_left_out(report, content, found)
    return settings, assembly


def status(project: Path, options: Options, report: Report) -> None:
    """Print each chart source with its state and the reason."""
    settings = _settings(project, options)
    with Desk(project, settings, project / OUTPUT, writable=False) as desk:
        content, found = _read(desk, project, settings, options, report, documents=True)
    steps = _plan(found, options)
    for step in steps:
        entry = found.manifest.entries.get(step.source.path)
        charts = ", ".join(sorted(entry.fragments)) if entry else "no charts yet"
        report.line(f"{step.source.path} ({charts})")
        report.line(f"  {'stale: ' + step.reason if step.reason else 'current'}")
        for place in entry.outside if entry else ():
            report.line(f"  reads {place}, outside the project: a change there is not seen")
    _tell_left_out(report, content, found)
    stale = sum(bool(step.reason) for step in steps)
    report.line(f"{number(len(steps), 'chart source')}, {stale} stale")


def clean(project: Path, options: Options, report: Report) -> None:
    """Remove what builds wrote into the output, and the caches; never ``includes/``."""
    with suppress(AuthorError):  # a project whose settings are wrong can be cleaned too
        config.load(project)
    output = options.output or project / OUTPUT
    with lock.held(project, report.line):
        files.sweep(project, "includes")
        removed = Shelf(project, output).clean()
        files.remove_cache(project)
    report.line(f"removed {number(removed, 'file')} from {_shown(project, output)}, and {files.CACHE}/")


def _settings(project: Path, options: Options) -> Settings:
    settings = config.load(project)
    if options.base_url is None:
        return settings
    if complaint := config.base_url_problem(options.base_url):
        raise UsageError(complaint)
    return replace(settings, base_url=options.base_url.rstrip("/"))


def _read(
    desk: Desk, project: Path, settings: Settings, options: Options, report: Report, *, documents: bool = False
) -> tuple[Content, Survey]:
    content, found = _look(desk, project, settings, options, documents=documents)
    _stop(report, (*content.problems, *found.problems), options)
    return content, found


def _look(
    desk: Desk, project: Path, settings: Settings, options: Options, *, documents: bool = False
) -> tuple[Content, Survey]:
    """What the author wrote, whatever is wrong with it."""
    choice = Choice(options.drafts, options.future, options.now or datetime.now(UTC))
    content = desk.read(choice, documents=documents)
    left_out = {posixpath.dirname(item.source) for item in content.skipped if is_index(item.source)}
    return content, survey.survey(project, settings.charts, left_out)


def _plan(found: Survey, options: Options) -> tuple[Step, ...]:
    manifest = freeze.alive(found)
    steps = plan.plan(found.sources, manifest, found.facts, frozen=options.frozen)
    known = {name for source in found.sources for name in plan.names(source, manifest)}
    for name in sorted(options.only - known):
        raise UsageError(f"--only {name}: there is no such chart or chart source", did_you_mean(name, known))
    return plan.forced(steps, options.only, manifest, rerun=options.rerun)


def _charts(
    project: Path, settings: Settings, found: Survey, steps: tuple[Step, ...], options: Options, report: Report
) -> Frozen:
    if options.frozen:
        return Frozen(freeze.alive(found), freeze.frozen_problems(steps))
    if not any(step.reason for step in steps):
        return Frozen(freeze.alive(found))
    needed = setup(project, settings, steps, options, report)
    charts = freeze.refresh(project, settings, found, steps, needed, report)
    if needed.java and needed.archive and needed.archive.classes:
        archive.make_later(needed.archive, needed.java[0])
    return charts


def _awaited(steps: tuple[Step, ...]) -> frozenset[str]:
    """The names of charts that are still to come."""
    return frozenset(name for step in steps if step.reason for name, _, _ in step.source.names)


def _posters(
    project: Path, found: Survey, charts: Frozen, options: Options, report: Report
) -> tuple[posters.Gallery, str]:
    """Make the posters that are missing, and return what posters there should be, and why some are still missing."""
    gallery = posters.survey(project, found.sources, charts.manifest)
    if not gallery.missing or any(problem.severity == "error" for problem in charts.problems):
        return gallery, ""
    without = f"{number(len(gallery.missing), 'chart has', 'charts have')} no poster"
    if options.frozen:
        return gallery, f"{without}: --frozen makes none"
    if remedy := posters.unable(os.environ):
        return gallery, f"{without}: {remedy}"
    posters.make(project, gallery.missing, report, os.environ)
    return gallery, ""


def setup(project: Path, settings: Settings, steps: tuple[Step, ...], options: Options, report: Report) -> Setup:
    """What the workers need to know; a Java is looked for only if a source that will run asks for Spark."""
    chosen, _ = master.choose(options.spark_master, os.environ, settings.spark)
    cache = project.resolve() / files.CACHE
    home = kept = None
    if any(step.reason and step.source.wants_spark for step in steps) and not master.is_remote(chosen):
        found = java.choose(os.environ)
        report.detail(f"Java: {found.executable} ({found.reason})")
        home = (str(found.executable), str(found.home), found.version, found.reason)
        if master.is_local(chosen):
            kept = archive.locate(found, settings.spark.conf, cache / "spark.classes", os.environ)
    log = str(cache / "spark.log")
    return Setup(str(project.resolve()), chosen, dict(settings.spark.conf), home, log, options.debug, kept)


def _assemble(
    desk: Desk, settings: Settings, content: Content, texts: Texts, found: Survey, charts: Frozen
) -> Assembly:
    hidden = frozenset(f"{name}.html" for name in charts.manifest.orphans)
    awaited = frozenset(f"{name}.html" for name in charts.awaited)
    origins = tuple(room.origins(found.sources, charts.manifest)) if settings.show_code else ()
    return desk.assemble(content, texts, hidden, awaited, origins)


def _indexed(project: Path, assembly: Assembly, options: Options) -> Assembly:
    """The site with the index of its search, which is made anew if a text has changed."""
    if assembly.search is None:
        return assembly
    search = assembly.search
    index = pagefind.Index(project).outputs(search.key, search.records, later=options.index_later)
    return replace(assembly, outputs=(*assembly.outputs, *index))


def _judge(
    project: Path,
    settings: Settings,
    found: Survey,
    charts: Frozen,
    assembly: Assembly,
    options: Options,
    report: Report,
) -> None:
    """Stop at what is wrong with the charts and the pages, all of it at once."""
    seen = inspection.problems(project / "includes", found.sources, charts.manifest, settings.chart_budget_kb * 1000)
    _stop(report, (*charts.problems, *seen, *assembly.problems, *_without_search(project, settings)), options)


def _able(settings: Settings) -> Settings:
    """The settings less what this machine can't do."""
    return replace(settings, search=settings.search and pagefind.installed())


def _without_search(project: Path, settings: Settings) -> Iterator[Problem]:
    if settings.search and not pagefind.installed():
        place = config.place(project, "search")
        yield warning("the site gets no search: Pagefind is missing", place, pagefind.MISSING)


def _stop(report: Report, problems: Iterable[Problem], options: Options) -> None:
    """Raise if one of `problems` is an error; otherwise tell the warnings."""
    found = strictly(problems) if options.strict else tuple(problems)
    if any(problem.severity == "error" for problem in found):
        raise AuthorError(found)
    for problem in found:
        report.problem(problem)


def _tell_left_out(report: Report, content: Content, found: Survey) -> None:
    for item in content.skipped:
        report.line(f"left out: {item.source} ({item.reason})")
    for source in found.skipped:
        report.line(f"left out: {source.path} (beside a post that is left out)")


def _contents(assembly: Assembly) -> str:
    return f"{number(assembly.posts, 'post')}, {number(assembly.pages, 'page')}"


def _sum_up(
    report: Report,
    assembly: Assembly,
    tree: TreeReport,
    steps: tuple[Step, ...],
    charts: Frozen,
    output: Path,
    project: Path,
    seconds: float,
) -> None:
    for note in assembly.notes:
        report.line(f"note: {note}")
    for path in tree.foreign:
        report.line(f"not ours, left alone: {_shown(project, output / path)}")
    heaviest = sorted(assembly.charted, key=lambda page: -page.bytes)[:HEAVIEST]
    for page in assembly.charted:
        if page in heaviest:
            report.line(f"  {page.url}  {size(page.bytes)} with {', '.join(page.charts)}")
    if lighter := len(assembly.charted) - len(heaviest):
        report.line(f"  {number(lighter, 'lighter page')} with charts")
    current = len(steps) - charts.ran
    report.line(
        f"{_shown(project, output)}: {_contents(assembly)}; {number(len(assembly.outputs), 'file')}"
        f" ({tree.written} written, {tree.unchanged} unchanged, {tree.removed} removed);"
        f" {number(charts.ran, 'chart source')} run, {current} current; {seconds:.2f} s"
    )


def _shown(project: Path, path: Path) -> str:
    """`path` as the author would type it in the project's folder."""
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)
