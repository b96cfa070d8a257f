"""The kernel: the process in which a notebook's cells run, watched as a chart source is.

It is IPython's own kernel with three things around it: it reads no configuration of the machine's user, it tells what
the cells read and imported and of what they failed, and where a cell asks for a Spark session it gets one on the Spark
of the build. It ends when its input does, so that it can't outlive the worker.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from generator.charts import failure, inputs, loading
from generator.charts.contract import ChartSource
from generator.charts.observing import Observer, observed
from generator.errors import AuthorError

VARIABLE = "VISUALPOSTS_KERNEL"
CELL = "<cell {}>"
"""The file name under which the code of a cell is compiled: in warnings it is the same on every machine."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a kernel is told: the project, the notebook, where to write its report, and how to reach the build's Spark.

    `spark` is a local or cluster master, or an address of Spark Connect, or empty; `port` and `secret` are those of the
    gateway to the worker's JVM.
    """

    project: str
    path: str
    report: str = ""
    inputs_line: int = 0
    spark: str = ""
    port: int = 0
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of the author's that an exception passed through: in a cell (by its number) or in a file."""

    cell: int
    path: str
    line: int
    name: str


@dataclass(slots=True)
class Report:
    """What the cells read and imported, as `Answer` has it, and the last exception that one of them ended with."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    local: dict[str, str] = field(default_factory=dict)
    library: list[str] = field(default_factory=list)
    message: str = ""
    frames: list[Frame] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def main() -> None:
    """Run one kernel until it is told to shut down; then write the report."""
    _end_with_parent()
    setup = Setup(**json.loads(os.environ.pop(VARIABLE)))
    app = _application(sys.argv[1:])
    project, folder = Path(setup.project), (Path(setup.project) / setup.path).parent
    report, observer = Report(), Observer(project)
    with ExitStack() as stack:
        if setup.spark:
            from generator.charts import sharing, sparkreads

            session = sharing.connect(setup.spark, setup.port, setup.secret)
            stack.enter_context(sparkreads.watched(session, observer))
        finder = stack.enter_context(loading.isolated(project, folder))
        app.shell.events.register("post_run_cell", lambda result: _note_failure(report, result, project))
        stack.enter_context(observed(observer))
        app.start()
        _note_declared(report, app.shell.user_ns, setup, observer)
    report.files, report.folders = observer.files, observer.folders
    report.outside, report.library = sorted(observer.outside), sorted(finder.library)
    report.local = {file.relative_to(project).as_posix(): value for file, value in finder.local.items()}
    Path(setup.report).write_text(json.dumps(asdict(report)), encoding="utf-8")


def _application(arguments: list[str]) -> Any:
    """IPython's kernel without the configuration, the start-up files and the history of the machine's user."""
    from ipykernel.kernelapp import IPKernelApp

    class Application(IPKernelApp):
        def load_config_file(self, *_: object, **__: object) -> None:
            """None is read."""

    # A kernel that ends complains of messages that it can't send any more; nobody waits for them.
    logging.getLogger("tornado").setLevel(logging.CRITICAL)
    app: Any = Application.instance()
    app.exec_PYTHONSTARTUP = False
    app.config.HistoryManager.enabled = False
    app.ignore_cwd = True  # the post's folder is put first by `loading.isolated`
    app.initialize(arguments)
    app.shell.compile.get_code_name = lambda raw, code, number: CELL.format(number)
    return app


def _end_with_parent() -> None:
    """End this process, and what it started, when the other end of its input closes."""
    alive = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)

    def wait() -> None:
        while os.read(alive, 1):
            pass
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _note_failure(report: Report, result: Any, project: Path) -> None:
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return
    report.message = f"this is not Python: {error.msg}" if isinstance(error, SyntaxError) else failure.message(error)
    report.frames = _frames(error, project)


def _frames(error: BaseException, project: Path) -> list[Frame]:
    """The author's lines, the outermost first; of a syntax error its own place."""
    import traceback

    found = [(frame.filename, frame.lineno or 1, frame.name) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        found.append((error.filename, error.lineno or 1, "<module>"))
    frames = []
    for name, line, function in found:
        if name.startswith("<cell ") and name[6:-1].isdigit():
            frames.append(Frame(int(name[6:-1]), "", line, function))
        elif Path(name).is_absolute() and loading.is_local(Path(name).resolve(), project):
            frames.append(Frame(0, Path(name).resolve().relative_to(project).as_posix(), line, function))
    return frames


def _note_declared(report: Report, names: dict[str, Any], setup: Setup, observer: Observer) -> None:
    if inputs.NAME not in names:
        return
    source = ChartSource(setup.path, inputs_line=setup.inputs_line)
    module = SimpleNamespace(**{inputs.NAME: names[inputs.NAME]})
    try:
        report.patterns = inputs.declared(module, source, Path(setup.project), observer)  # type: ignore[arg-type]
    except AuthorError as error:
        report.problems = [problem.message for problem in error.problems]


if __name__ == "__main__":
    main()
