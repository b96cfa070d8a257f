"""Serving: the command that shows the site while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.outcome import perform

if TYPE_CHECKING:
    from generator.report import Report


@click.command()
@options.common
@options.spark_master
@click.option("--strict", is_flag=True, help="Warnings are errors.")
@click.option("-F", "--future", is_flag=True, help="With the posts that are dated in the future.")
@click.option("-D", "--drafts", is_flag=True, help="With the drafts.")
@click.option("-o", "--open", "opened", is_flag=True, help="Show the site in the browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to serve at.")
@click.option("-p", "--port", type=click.IntRange(1, 65535), help="The first port to try.  [default: 8000]")
def serve(**values: Any) -> None:
    """Show the site in a browser, and follow what you save."""
    perform(_serve, values)


def _serve(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator.build import Options
    from generator.serving import session

    names = ("drafts", "future", "strict", "spark_master", "debug")
    asked = Options(**{name: values[name] for name in names}, index_later=True)
    session.serve(project, asked, values["host"], values["port"], values["opened"], report)
