"""Publishing: the command that brings the site to where readers are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from generator.cli import options
from generator.cli.outcome import perform

if TYPE_CHECKING:
    from generator.report import Report


@click.command()
@options.common
@options.base_url
@options.output
@click.option("--remote", default="origin", metavar="NAME", show_default=True, help="The remote, or its address.")
@click.option("--branch", default="gh-pages", metavar="NAME", show_default=True, help="The branch to publish to.")
@click.option("--history", is_flag=True, help="Add a commit to the branch, instead of leaving just one.")
@click.option("-m", "--message", default="", metavar="TEXT", help="The message of the commit.")
@click.option("-n", "--dry-run", is_flag=True, help="Print what would go, and push nothing.")
@click.option("--workflow", is_flag=True, help="Write the file by which GitHub builds the site, and publish nothing.")
def publish(**values: Any) -> None:
    """Bring the built site to a branch of a remote, such as GitHub Pages serves."""
    if values.pop("workflow"):
        source = click.get_current_context().get_parameter_source
        others = ("base_url", "output", "remote", "branch", "history", "message", "dry_run")
        if any(source(name) is ParameterSource.COMMANDLINE for name in others):
            raise click.UsageError("--workflow writes a file and publishes nothing, so it goes with no other option")
        perform(_workflow, values, "nothing was written")
    perform(_publish, values, "nothing was published")


def _workflow(project: Path, _: dict[str, Any], report: Report) -> None:
    from generator.starter import workflow

    workflow.write(project, report)


def _publish(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator import publish as publishing
    from generator.build import Options

    output = values["output"] and options.absolute(values["output"])
    asked = Options(output=output, base_url=values["base_url"], debug=values["debug"])
    names = ("remote", "branch", "history", "message", "dry_run")
    publishing.publish(project, asked, publishing.Target(**{name: values[name] for name in names}), report)
