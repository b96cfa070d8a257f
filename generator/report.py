"""The report: the one voice of the program. Counts what it says, sums it up, and is the exit code.

Plain lines wherever the output is not a terminal; on a terminal the same lines with colour, and one moving line for
each chart source that runs (rich, imported only there).
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from generator.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

QUIET, NORMAL, VERBOSE = -1, 0, 1


class Report:
    """Says things in plain lines: results on `out`, problems on `err`."""

    def __init__(self, out: TextIO, err: TextIO, verbosity: int = NORMAL) -> None:
        self._out, self._err, self._verbosity = out, err, verbosity
        self.errors = self.warnings = 0

    @property
    def exit_code(self) -> int:
        return 1 if self.errors else 0

    def problem(self, problem: Problem) -> None:
        """Say what is wrong; errors are said however quiet the program is told to be."""
        if problem.severity == "error":
            self.errors += 1
        else:
            self.warnings += 1
        if problem.severity == "error" or self._verbosity > QUIET:
            self._problem(problem)

    def line(self, text: str = "") -> None:
        """Say a result."""
        if self._verbosity > QUIET:
            self._write(self._out, text)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
        """Say a table: in columns for people; for a program a line for each row, with tabs and without a heading.

        People are told where it is `empty`.
        """
        if self._verbosity <= QUIET:
            return
        if not self._out.isatty():
            for row in rows:
                self._write(self._out, "\t".join(row))
        elif not rows:
            self._write(self._out, empty)
        else:
            from rich.console import Console
            from rich.table import Table
            from rich.text import Text

            table = Table(*columns, box=None, pad_edge=False, header_style="dim", show_header=any(columns))
            for row in rows:
                table.add_row(*map(Text, row))
            # As wide as it is: a path that is cut short or broken over two lines is of no use.
            Console(file=self._out, highlight=False, width=10_000).print(table)

    def detail(self, text: str) -> None:
        """Say what only ``--verbose`` wants to know."""
        if self._verbosity >= VERBOSE:
            self._write(self._out, text)

    def started(self, source: str, number: int, total: int, reason: str) -> None:
        """A chart source begins to run."""
        self.line(f"[{number}/{total}] {source} ({reason})")

    def progress(self, source: str, text: str) -> None:
        """A chart source has come further; where lines don't move, nothing is said."""

    def finished(self, source: str, seconds: float, charts: tuple[str, ...]) -> None:
        """A chart source has run; `charts` is empty if it failed."""
        self.line(f"      {source}: {_result(charts)} in {seconds:.1f} s")

    def stopped(self, source: str) -> None:
        """A chart source was stopped, since its author has saved it again."""
        self.line(f"      {source}: stopped, it was saved again")

    def close(self) -> None:
        """End whatever moves on the terminal."""

    def _problem(self, problem: Problem) -> None:
        self._write(self._err, str(problem))

    def _write(self, stream: TextIO, text: str) -> None:
        print(text, file=stream, flush=True)


class TerminalReport(Report):
    """The same on a terminal."""

    def __init__(self, out: TextIO, err: TextIO, verbosity: int = NORMAL) -> None:
        super().__init__(out, err, verbosity)
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._console: Console | None = None

    def started(self, source: str, number: int, total: int, reason: str) -> None:
        if self._verbosity <= QUIET:
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        if self._progress is None:
            columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
            stage = TextColumn("{task.fields[stage]}", style="dim", markup=False)
            self._progress = Progress(*columns, stage, console=self._terminal(), transient=True)
            self._progress.start()
        # The reason stands where Spark's stages will: a narrow terminal has no room for both.
        self._tasks[source] = self._progress.add_task(f"[{number}/{total}] {source}", total=None, stage=reason)

    def progress(self, source: str, text: str) -> None:
        if self._progress is not None and source in self._tasks:
            self._progress.update(self._tasks[source], stage=text)

    def finished(self, source: str, seconds: float, charts: tuple[str, ...]) -> None:
        self._rest(source)
        sign, style = ("✓", "green") if charts else ("✗", "red")
        if self._verbosity > QUIET:
            self._say([(f"{sign} ", style), (source, ""), (f"  {_result(charts)} in {seconds:.1f} s", "dim")])

    def stopped(self, source: str) -> None:
        self._rest(source)
        super().stopped(source)

    def _rest(self, source: str) -> None:
        if self._progress is not None and source in self._tasks:
            self._progress.remove_task(self._tasks.pop(source))

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _problem(self, problem: Problem) -> None:
        head, _, rest = str(problem).partition(f"{problem.severity}: ")
        message, _, more = rest.partition("\n")
        colour = "bold red" if problem.severity == "error" else "bold yellow"
        parts = [(head, "bold"), (f"{problem.severity}: ", colour), (message, "")]
        self._say([*parts, (f"\n{more}", "dim")] if more else parts)

    def _say(self, parts: list[tuple[str, str]]) -> None:
        from rich.text import Text

        # soft_wrap: a path:line:col that is broken over two lines can't be clicked.
        self._terminal().print(Text.assemble(*parts), soft_wrap=True)

    def _write(self, stream: TextIO, text: str) -> None:
        if self._progress is None:
            super()._write(stream, text)
        else:
            self._say([(text, "")])

    def _terminal(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console(file=self._err, highlight=False)
        return self._console


def make(verbosity: int = NORMAL) -> Report:
    """The report for this process: with colour where standard error is a terminal and ``NO_COLOR`` is not set."""
    for stream in (sys.stdout, sys.stderr):
        # A title or a path may hold what a terminal's or a pipe's encoding has not: shown as \\u2026, never a failure.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    terminal = sys.stderr.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    kind = TerminalReport if terminal and not os.environ.get("NO_COLOR") else Report
    return kind(sys.stdout, sys.stderr, verbosity)


def clock() -> Callable[[], float]:
    """A function that gives the seconds since this call."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def size(count: int) -> str:
    """A number of bytes as people write it: ``14.7 KB``, with 1 KB = 1,000 bytes."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} KB"
    return f"{count / 1_000_000:.1f} MB"


def number(count: int, one: str, many: str = "") -> str:
    """``1 post``, ``2 posts``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _result(charts: tuple[str, ...]) -> str:
    return ", ".join(charts) if charts else "failed"
