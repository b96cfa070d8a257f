"""The command line: what can be typed, turned into options.

Exit codes: 0 done, 1 the author's errors, 2 usage, 130 stopped. Only click is imported before a command is known:
``visualposts --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator import __version__

if TYPE_CHECKING:
    from generator.build import Options
    from generator.report import Report

Command = Callable[..., None]


class Group(click.Group):
    """Commands in the order in which they are used, with a did-you-mean for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            option = error.option_name
            for name, command in self.commands.items():
                if any(option in parameter.opts for parameter in command.params):
                    ctx.fail(f"{option} stands after the command: {name} {option} …")
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from generator.errors import did_you_mean

            near = did_you_mean(args[0], self.commands)
            ctx.fail(f"no such command '{args[0]}'" + (f"; {near}" if near else ""))
        return super().resolve_command(ctx, args)


def _common(command: Command) -> Command:
    """Options of every command that looks at a project."""
    for option in (
        click.option("--debug", is_flag=True, help="Show Python tracebacks and Spark's log."),
        click.option("-v", "--verbose", is_flag=True, help="Say more: which Java, and why."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        click.option(
            "-C",
            "--project",
            type=click.Path(file_okay=False, path_type=Path),
            default=".",
            help="The project's folder.  [default: here]",
        ),
    ):
        command = option(command)
    return command


def _site(command: Command) -> Command:
    """Options of the commands that read the whole site."""
    for option in (
        click.option("--strict", is_flag=True, help="Warnings are errors."),
        click.option("-F", "--future", is_flag=True, help="With the posts that are dated in the future."),
        click.option("-D", "--drafts", is_flag=True, help="With the drafts."),
        click.option("-b", "--base-url", help="The address at which the site will be, instead of the setting."),
    ):
        command = option(command)
    return command


_output = click.option(
    "-d",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to build into.  [default: site]",
)
_only = click.option("--only", multiple=True, metavar="NAME", help="Only this chart or chart source (repeatable).")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="visualposts %(version)s")
def commands() -> None:
    """Build a blog of visual posts: Markdown whose charts are computed by Python examples."""


@commands.command()
@_common
@_site
@_output
@click.option("--frozen", is_flag=True, help="Never run a chart source; fail if one is stale.")
@click.option("--rerun", is_flag=True, help="Run chart sources even if they are current.")
@_only
@click.option("--spark-master", metavar="URL", help="Where Spark runs, instead of the setting.")
def build(**values: Any) -> None:
    """Run the stale chart sources and write the site."""
    if values["frozen"] and (values["rerun"] or values["only"]):
        raise click.UsageError("--frozen runs nothing, so it can't go with --rerun or --only")
    _perform("build", values)


@commands.command()
@_common
@_site
def status(**values: Any) -> None:
    """Print each chart source: current, or stale and why."""
    _perform("status", values)


@commands.command()
@_common
@_site
def check(**values: Any) -> None:
    """Check everything without running a chart or writing the site."""
    _perform("check", values)


@commands.command()
@_common
@_output
def clean(**values: Any) -> None:
    """Remove the built site and the caches; never includes/."""
    _perform("clean", values)


@commands.command()
@_common
@click.option("--url", default="", help="Where pages find charts.js, instead of the address that suits DIR.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.argument("names", metavar="[NAME]...", nargs=-1)
def export(**values: Any) -> None:
    """Write charts for the site in DIR: Jekyll, Hugo, or any page."""
    _perform("export", values)


@commands.command()
@_common
@click.option("--spark-master", metavar="URL", help="Where Spark runs, instead of the setting.")
def doctor(**values: Any) -> None:
    """Tell what this machine has for charts, and what is missing."""
    _perform("doctor", values)


def _perform(name: str, values: dict[str, Any]) -> None:
    """Carry out the command `name` and exit with its code; click would make 1 of an interruption."""
    try:
        with _terminable():
            sys.exit(_performed(name, values))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        sys.exit(130)


def _performed(name: str, values: dict[str, Any]) -> int:
    from generator import report as reports

    verbosity = reports.QUIET if values.pop("quiet") else reports.NORMAL
    verbosity = reports.VERBOSE if values.pop("verbose") or values["debug"] else verbosity
    project = Path(os.path.abspath(values.pop("project")))
    return _guarded(name, project, values, reports.make(verbosity))


def _guarded(name: str, project: Path, values: dict[str, Any], report: Report) -> int:
    """Run it, and turn whatever comes of it into an exit code."""
    from generator.errors import AuthorError, Problem, UsageError, VisualpostsError

    try:
        _carry_out(name, project, values, report)
    except AuthorError as error:
        report.close()
        for problem in error.problems:
            report.problem(problem)
        _count(report)
    except UsageError as error:
        report.close()
        report.problem(Problem(error.message, hint=error.hint))
        return 2
    except VisualpostsError as error:
        report.close()
        report.problem(Problem(str(error)))
    except KeyboardInterrupt:
        report.close()
        raise
    except BrokenPipeError:
        # Whoever read our words, say head, has read enough. Python must not find the pipe broken once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        report.close()
        if values["debug"]:
            raise
        hint = "this is a mistake of ours: please report it with the output of --debug"
        report.problem(Problem(f"{type(error).__name__}: {error}", hint=hint))
    return report.exit_code


def _carry_out(name: str, project: Path, values: dict[str, Any], report: Report) -> None:
    """Call the command `name`: `export` and `doctor` are modules of their own, the others stand in ``build.py``."""
    if name == "export":
        from generator import export

        folder = Path(os.path.abspath(values["folder"]))
        export.export(project, folder, values["names"], values["url"], report)
    elif name == "doctor":
        from generator import doctor

        doctor.examine(project, values["spark_master"], report)
    else:
        from generator import build as story

        getattr(story, name)(project, _options(values), report)


def _options(values: dict[str, Any]) -> Options:
    from generator.build import Options

    if "only" in values:
        values["only"] = frozenset(_tidy(name) for name in values["only"])
    if values.get("output"):
        values["output"] = Path(os.path.abspath(values["output"]))
    return Options(**values)


def _tidy(name: str) -> str:
    """A chart source as a shell completes it: ``./content/posts/x/`` is ``content/posts/x``."""
    return name.replace(os.sep, "/").removeprefix("./").rstrip("/")


def _count(report: Report) -> None:
    from generator.report import number

    warnings = f", {number(report.warnings, 'warning')}" if report.warnings else ""
    click.echo(f"{number(report.errors, 'error')}{warnings}; the site is as it was", err=True)


class _terminable:  # noqa: N801 - reads as a word of the with statement
    """SIGTERM ends a command as Ctrl-C does, so that no child outlives it."""

    def __enter__(self) -> None:
        signal.signal(signal.SIGTERM, _interrupt)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> None:
    """The entry point of the ``visualposts`` command."""
    commands(prog_name="visualposts")
