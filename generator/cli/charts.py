"""Charts: the commands for charts alone: export, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import completion, options
from generator.cli.options import absolute
from generator.cli.outcome import perform

if TYPE_CHECKING:
    from generator.report import Report


@click.command()
@options.common
@click.option("--url", default="", help="Where pages find charts.js, instead of the address that suits DIR.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=completion.charts)
def export(**values: Any) -> None:
    """Write charts for the site in DIR: Jekyll, Hugo, or any page."""
    perform(_export, values, "nothing was written")


def _export(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator import export

    export.export(project, absolute(values["folder"]), values["names"], values["url"], report)


@click.command()
@options.common
@options.spark_master
def doctor(**values: Any) -> None:
    """Tell what this machine has for charts, and what is missing."""
    perform(_doctor, values)


def _doctor(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator import doctor

    doctor.examine(project, values["spark_master"], report)
