"""Site: the commands that read the whole site: build, status, list, check, clean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import completion, options
from generator.cli.options import absolute
from generator.cli.outcome import Action, perform

if TYPE_CHECKING:
    from generator.build import Options
    from generator.report import Report

UNHARMED = "the site is as it was"


@click.command()
@options.common
@options.site
@options.output
@click.option("--frozen", is_flag=True, help="Never run a chart source; fail if one is stale.")
@click.option("--rerun", is_flag=True, help="Run chart sources even if they are current.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.chart_sources,
    help="Only this chart or chart source (repeatable).",
)
@options.spark_master
def build(**values: Any) -> None:
    """Run the stale chart sources and write the site."""
    if values["frozen"] and (values["rerun"] or values["only"]):
        raise click.UsageError("--frozen runs nothing, so it can't go with --rerun or --only")
    perform(_chapter("build"), values, UNHARMED)


@click.command()
@options.common
@options.site
def status(**values: Any) -> None:
    """Print each chart source: current, or stale and why."""
    perform(_chapter("status"), values, UNHARMED)


@click.command("list")
@options.common
@click.argument("kind", type=click.Choice(["posts", "drafts", "future", "charts"]), default="posts")
def list_(**values: Any) -> None:
    """List all posts, or the drafts, the posts of the future, or the charts."""
    perform(_list, values)


def _list(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator import listing

    listing.tell(project, values["kind"], report)


@click.command()
@options.common
@options.site
@click.option("--external", is_flag=True, help="Try the links to other sites too.")
def check(**values: Any) -> None:
    """Check everything without running a chart or writing the site."""
    perform(_chapter("check"), values, UNHARMED)


@click.command()
@options.common
@options.output
def clean(**values: Any) -> None:
    """Remove the built site and the caches; never includes/."""
    perform(_chapter("clean"), values, UNHARMED)


def _chapter(name: str) -> Action:
    """The function `name` of ``build.py``, imported when it is called."""

    def action(project: Path, values: dict[str, Any], report: Report) -> None:
        from generator import build as story

        getattr(story, name)(project, _options(values), report)

    return action


def _options(values: dict[str, Any]) -> Options:
    from generator.build import Options

    if "only" in values:
        values["only"] = frozenset(_tidy(name) for name in values["only"])
    if values.get("output"):
        values["output"] = absolute(values["output"])
    return Options(**values)


def _tidy(name: str) -> str:
    """A chart source as a shell completes it: ``./content/posts/x/`` is ``content/posts/x``."""
    return name.replace(os.sep, "/").removeprefix("./").rstrip("/")
