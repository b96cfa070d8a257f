"""The command line: what can be typed, turned into calls.

Exit codes: 0 done, 1 the author's errors, 2 usage, 130 stopped. Only click is imported before a command is known:
``visualposts --help`` answers at once.
"""

from __future__ import annotations

import gc

import click

from generator import __version__
from generator.cli import charts, content, publishing, serving, site
from generator.cli.group import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="visualposts %(version)s")
def commands() -> None:
    """Build a blog of visual posts: Markdown whose charts are computed by Python examples."""


for command in (
    content.init,
    content.new,
    site.build,
    serving.serve,
    site.status,
    site.list_,
    site.check,
    publishing.publish,
    site.clean,
    charts.export,
    charts.doctor,
):
    commands.add_command(command)


def main() -> None:
    """The entry point of the ``visualposts`` command."""
    # A command makes hundreds of thousands of values, few of them in circles, and soon ends: looking for circles as
    # often as Python does on its own takes a tenth of its time.
    gc.set_threshold(100_000, 20, 100)
    try:
        commands(prog_name="visualposts")
    finally:
        # What the process holds ends with it: Python would look for circles in all of it once more.
        gc.freeze()
