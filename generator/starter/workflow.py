"""Workflow: the file by which GitHub builds the site and serves it, at each push of the sources."""

from __future__ import annotations

from pathlib import Path

from generator import config, files, git, hosting
from generator.errors import UsageError
from generator.git import Repository
from generator.report import Report
from generator.starter import templates

PATH = hosting.WORKFLOW


def text(branch: str = "main", folder: str = "") -> str:
    """The workflow for sources that are on `branch`, in `folder` of the repository."""
    defaults = f"\ndefaults:\n  run:\n    working-directory: {templates.quoted(folder)}\n" if folder else ""
    site = templates.quoted(f"{folder}/_site") if folder else "_site"
    return templates.filled("pages.yml", branch=templates.yaml_word(branch), defaults=defaults, site=site)


def branch_of(repository: Repository | None, folder: Path) -> str:
    """The branch that the sources are on, or will be."""
    found = repository.branch() if repository else ""
    return found or git.setting(folder, "init.defaultBranch") or "main"


def write(project: Path, report: Report) -> None:
    """Write the workflow into the repository of `project`; one that is there and is another stays.

    Raises UsageError where there is no repository, or another workflow.
    """
    config.load(project)
    repository = git.find(project)
    if repository is None:
        raise UsageError(f"{project} is in no git repository", "git init makes one")
    wanted = text(branch_of(repository, project), repository.folder).encode()
    path = repository.top / PATH
    if path.exists() and path.read_bytes() != wanted:
        raise UsageError(f"{PATH} is there already, and is another", "remove or rename it, and try again")
    report.line(f"wrote {PATH}" if files.write(path, wanted) else f"{PATH} is there already")
    place = hosting.github(repository.url("origin")) if "origin" in repository.remotes() else None
    where = place.settings if place else "the repository's settings, Pages"
    report.line(f"commit it and includes/, and choose 'GitHub Actions' as the source at {where}")
