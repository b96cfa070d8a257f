"""Publish: the built site brought to a branch of a remote, without touching the author's checkout.

What goes is what the sources say: the site of a build that changes nothing. One whose files on disk differ by a byte,
whose last build failed or whose charts are stale is refused. The branch then holds that, ``.nojekyll``, and the
``CNAME`` that it had, in one commit, or in one more where its history is kept. See `git` for how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import build, config, files, git, hosting, lock
from generator.build import OUTPUT, Options
from generator.config import FILE, Settings
from generator.errors import AuthorError, Problem, UsageError
from generator.git import Repository, Tip
from generator.model import Output
from generator.report import Report, number, size
from generator.shelf import Shelf

BUILD_FIRST = "run 'visualposts build', look at the site, and publish it"
CNAME, NOJEKYLL = "CNAME", ".nojekyll"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a site goes, and how: `remote` is a name or an address; without `message` one is made."""

    remote: str = "origin"
    branch: str = "gh-pages"
    history: bool = False
    message: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing changes on the branch: paths, each sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.added):,} added, {len(self.changed):,} changed, {len(self.removed):,} removed"


def publish(project: Path, options: Options, target: Target, report: Report) -> None:
    """Make the branch of `target` hold the site of `project`, or say that it does already.

    Raises UsageError where there is no project or such place, AuthorError where the site is not fit to go or the remote
    says no.
    """
    config.load(project)
    repository = _repository(project)
    _check_branch(target, repository)
    people = repository.people()
    output = options.output or project / OUTPUT
    with lock.held(project, report.line):
        settings, outputs = _verified(project, output, options, report)
    with git.open_workshop(repository, project.resolve() / files.CACHE, target.remote) as shop:
        seen = shop.look(target.branch)
        _check_tip(seen, repository, target, outputs)
        kept = shop.text(seen, CNAME) if seen and CNAME in seen.files and CNAME not in outputs else None
        if kept is not None:
            outputs[CNAME] = kept
            report.line(f"{CNAME} is kept as it is there: {hosting.domain(kept)}")
        outputs.setdefault(NOJEKYLL, b"")
        place = hosting.github(shop.url)
        domain = hosting.domain(outputs.get(CNAME))
        if place and (problem := hosting.mismatch(place, settings.base_url, domain)):
            report.problem(problem)
        where = f"{target.branch} of {target.remote}"
        tip = shop.commit(
            sorted(outputs.items()),
            people,
            target.message.strip() or _message(settings, repository),
            seen if target.history else None,
        )
        if seen and seen.tree == tip.tree:
            report.line(f"nothing to publish: {where} holds this site already")
            return
        changes = _changes(seen, tip)
        whole = f"{number(len(outputs), 'file')}, {size(sum(map(len, outputs.values())))}"
        if target.dry_run:
            _list(report, changes, outputs)
            report.line(f"would publish {whole} to {where} ({git.shown(shop.url)}): {changes}")
            return
        shop.push(tip, target.branch, seen)
    report.line(f"published {whole} to {where}: {changes}")
    if place:
        report.line(f"it will be at {hosting.address(place, domain)} in a minute or two")
    if place and seen is None:
        report.line(f"the first time, choose the branch {target.branch} at {place.settings}")
        if (repository.top / hosting.WORKFLOW).exists():
            report.line(f"{hosting.WORKFLOW} publishes too, at each push: keep one of the two ways")


def _repository(project: Path) -> Repository:
    repository = git.find(project)
    if repository is None:
        hint = "git init, and git remote add origin ADDRESS; any other host takes the folder site/ as it is"
        raise UsageError(f"{project} is in no git repository", hint)
    return repository


def _check_branch(target: Target, repository: Repository) -> None:
    repository.url(target.remote)
    if complaint := git.branch_problem(target.branch):
        raise UsageError(complaint)
    if target.branch == repository.branch() and target.remote == repository.home():
        raise UsageError(f"'{target.branch}' is the branch of your sources", "name another one with --branch")


def _verified(project: Path, output: Path, options: Options, report: Report) -> tuple[Settings, dict[str, bytes]]:
    """The site as its sources say, which is what its folder holds."""
    settings, assembly = build.finished(project, options, report)
    if problems := hosting.too_large(hosting.sizes(assembly.outputs)):
        raise AuthorError(problems)
    found = Shelf(project, output).differences(assembly.outputs)
    notes = (
        *(f"{path} is missing" for path in found.missing),
        *(f"{path} is another" for path in found.changed),
        *(f"{path} is of an earlier build" for path in found.obsolete),
    )
    name = output.relative_to(project).as_posix() if output.is_relative_to(project) else str(output)
    if len(found.missing) == len(assembly.outputs):
        raise AuthorError([Problem(f"{name}/ holds no site yet", hint=BUILD_FIRST)])
    if notes:
        few = notes if len(notes) <= 5 else (*notes[:4], f"and {len(notes) - 4:,} more")
        raise AuthorError([Problem(f"{name}/ is not what its sources give", hint=BUILD_FIRST, notes=few)])
    for path in found.foreign:
        report.line(f"left out: {name}/{path} (not ours)")
    return settings, _contents(assembly.outputs)


def _contents(outputs: tuple[Output, ...]) -> dict[str, bytes]:
    return {item.path: item.read() for item in outputs}


def _check_tip(seen: Tip | None, repository: Repository, target: Target, outputs: Mapping[str, bytes]) -> None:
    """Stop where the branch holds the sources of a site: whoever names it by mistake would lose them there."""
    sources = f"{repository.folder}/{FILE}" if repository.folder else FILE
    if seen and sources in seen.files and sources not in outputs:
        hint = f"it has {sources}; name another one with --branch"
        raise UsageError(f"the branch {target.branch} of {target.remote} holds the sources of a site", hint)


def _message(settings: Settings, repository: Repository) -> str:
    head = repository.head()
    return f"{settings.title}, from {head}" if head else settings.title


def _changes(seen: Tip | None, tip: Tip) -> Changes:
    before: Mapping[str, str] = seen.files if seen else {}
    return Changes(
        tuple(sorted(tip.files.keys() - before.keys())),
        tuple(sorted(path for path in tip.files.keys() & before.keys() if tip.files[path] != before[path])),
        tuple(sorted(before.keys() - tip.files.keys())),
    )


def _list(report: Report, changes: Changes, outputs: Mapping[str, bytes]) -> None:
    for sign, paths in (("+", changes.added), ("~", changes.changed), ("-", changes.removed)):
        for path in paths:
            report.line(f"{sign} {path}" + (f"  {size(len(outputs[path]))}" if path in outputs else ""))
