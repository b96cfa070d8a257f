"""Options: those that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

Command = Callable[..., None]


def speech(command: Command) -> Command:
    """Options of every command: how much it says."""
    for option in (
        click.option("--debug", is_flag=True, help="Show Python tracebacks and Spark's log."),
        click.option("-v", "--verbose", is_flag=True, help="Say more: which Java, and why."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    ):
        command = option(command)
    return command


def common(command: Command) -> Command:
    """Options of every command that looks at a project."""
    return click.option(
        "-C",
        "--project",
        type=click.Path(file_okay=False, path_type=Path),
        default=".",
        help="The project's folder.  [default: here]",
    )(speech(command))


def site(command: Command) -> Command:
    """Options of the commands that read the whole site."""
    for option in (
        click.option("--strict", is_flag=True, help="Warnings are errors."),
        click.option("-F", "--future", is_flag=True, help="With the posts that are dated in the future."),
        click.option("-D", "--drafts", is_flag=True, help="With the drafts."),
        base_url,
    ):
        command = option(command)
    return command


base_url = click.option("-b", "--base-url", help="The address at which the site will be, instead of the setting.")
output = click.option(
    "-d",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to build into.  [default: site]",
)
spark_master = click.option("--spark-master", metavar="URL", help="Where Spark runs, instead of the setting.")


def absolute(path: Path) -> Path:
    """`path` as it is meant where the command was typed."""
    return Path(os.path.abspath(path))
