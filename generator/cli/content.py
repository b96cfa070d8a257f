"""Content: the commands that begin something: a blog, a post, a page, a chart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import completion, options
from generator.cli.group import Group
from generator.cli.outcome import perform

if TYPE_CHECKING:
    from generator.report import Report

UNHARMED = "nothing was written"


@click.command()
@options.speech
@click.option("--title", default="", help="The name of the blog, instead of that of the folder.")
@click.argument("project", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=".")
def init(**values: Any) -> None:
    """Make a new blog in DIR (default: here): a post with a chart, ready to build."""
    perform(_init, values, UNHARMED)


def _init(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator.starter import blog

    blog.init(project, values["title"], report)


@click.group(cls=Group, short_help="Begin a post, a page or a chart.")
def new() -> None:
    """Begin a post, a page or a chart; never over anything that is there."""


@new.command()
@options.common
@click.option("-t", "--tag", "tags", multiple=True, metavar="TAG", help="A tag of the post (repeatable).")
@click.option("--draft", is_flag=True, help="A draft: built with -D only, and never published.")
@click.option("--slug", default="", metavar="NAME", help="Its name in the address, instead of one made of the title.")
@click.argument("title")
def post(**values: Any) -> None:
    """Begin a post of today: content/posts/DATE-NAME/index.md."""
    perform(_post, values, UNHARMED)


def _post(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator.starter import pieces

    pieces.post(project, values["title"], report, slug=values["slug"], tags=values["tags"], draft=values["draft"])


@new.command()
@options.common
@click.option("--slug", default="", metavar="NAME", help="Its name in the address, instead of one made of the title.")
@click.argument("title")
def page(**values: Any) -> None:
    """Begin a page outside the stream of posts: content/pages/NAME.md."""
    perform(_page, values, UNHARMED)


def _page(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator.starter import pieces

    pieces.page(project, values["title"], report, slug=values["slug"])


@new.command()
@options.common
@click.option(
    "--post",
    "beside",
    default="",
    metavar="POST",
    shell_complete=completion.posts,
    help="The post that it is for.  [default: the newest]",
)
@click.option("--spark", is_flag=True, help="Begin with a K-Means on Spark.")
@click.argument("name")
def chart(**values: Any) -> None:
    """Begin the charts of a post with one named NAME: charts.py in its folder."""
    perform(_chart, values, UNHARMED)


def _chart(project: Path, values: dict[str, Any], report: Report) -> None:
    from generator.starter import pieces

    pieces.chart(project, values["name"], report, beside=values["beside"], spark=values["spark"])
