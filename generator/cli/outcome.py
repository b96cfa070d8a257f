"""Outcome: a command carried out, and whatever comes of it turned into an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator.cli.options import absolute

if TYPE_CHECKING:
    from generator.report import Report

Action = Callable[[Path, dict[str, Any], "Report"], None]
"""Carries out a command in the project's folder, with the values of its options."""


def perform(action: Action, values: dict[str, Any], unharmed: str = "") -> None:
    """Carry out a command and exit with its code; click would make 1 of an interruption.

    `unharmed` says, below the author's errors, what they have left as it was.
    """
    try:
        with _terminable():
            sys.exit(_performed(action, values, unharmed))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        sys.exit(130)


def _performed(action: Action, values: dict[str, Any], unharmed: str) -> int:
    from generator import report as reports

    verbosity = reports.QUIET if values.pop("quiet") else reports.NORMAL
    debug = values["debug"]
    verbosity = reports.VERBOSE if values.pop("verbose") or debug else verbosity
    project = absolute(values.pop("project"))
    report = reports.make(verbosity)

    def checked() -> None:
        _check(values)
        action(project, values, report)

    return _guarded(checked, report, unharmed, debug=debug)


def _check(values: dict[str, Any]) -> None:
    """Raises UsageError for a word that is not UTF-8, and so could stand in no file."""
    from generator.errors import UsageError

    for value in values.values():
        for word in value if isinstance(value, tuple) else (value,):
            if isinstance(word, str) and word.encode(errors="replace").decode() != word:
                raise UsageError(f"'{word}' is not UTF-8", "type it in a terminal whose encoding is UTF-8")


def _guarded(action: Callable[[], None], report: Report, unharmed: str, *, debug: bool) -> int:
    """Call `action`, and turn whatever comes of it into an exit code."""
    from generator.errors import AuthorError, Problem, UsageError, VisualpostsError

    try:
        action()
    except AuthorError as error:
        report.close()
        for problem in error.problems:
            report.problem(problem)
        _count(report, unharmed)
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
        if debug:
            raise
        hint = "this is a mistake of ours: please report it with the output of --debug"
        report.problem(Problem(f"{type(error).__name__}: {error}", hint=hint))
    return report.exit_code


def _count(report: Report, unharmed: str) -> None:
    from generator.report import number

    warnings = f", {number(report.warnings, 'warning')}" if report.warnings else ""
    rest = f"; {unharmed}" if unharmed else ""
    click.echo(f"{number(report.errors, 'error')}{warnings}{rest}", err=True)


class _terminable:  # noqa: N801 - reads as a word of the with statement
    """SIGTERM ends a command as Ctrl-C does, so that no child outlives it."""

    def __enter__(self) -> None:
        signal.signal(signal.SIGTERM, _interrupt)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
