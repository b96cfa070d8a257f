"""The worker: the child process that runs author code, one source after the other, with one Spark session for all.

Standard input and output carry the protocol; whatever author code prints goes to a file of its own and comes back
with the answer. The process ends when its input does, so that it can't outlive the build.
"""

from __future__ import annotations

import copy
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from generator.charts import failure, loading, notebook, protocol, sparkreads, stages
from generator.charts.contract import NAME, NAME_RULE, ChartSource
from generator.charts.halt import Halt
from generator.charts.imports import distributions, imported
from generator.charts.inputs import declared, unobserved
from generator.charts.java import Java
from generator.charts.observing import Observer, observed
from generator.charts.protocol import Answer, Progress, Request, Setup
from generator.config import SparkSettings
from generator.errors import AuthorError, Problem, UsageError, VisualpostsError
from generator.fragment import Fragment

if TYPE_CHECKING:
    from generator.charts import kernel

OUTPUT_LINES = 40
OUTPUT_WIDTH = 400
"""Characters: Spark writes a whole stack of Java calls into one line."""


class Recorded(Mapping[str, object]):
    """The author's settings, read-only, noting which keys were asked for (``*`` for a look at all of them)."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> object:
        self.asked.add(key)
        return _frozen(self._values[key])

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        self.asked.add("*")
        return iter(self._values)

    def __len__(self) -> int:
        self.asked.add("*")
        return len(self._values)

    def __repr__(self) -> str:
        return f"settings({', '.join(sorted(self._values))})"


def _frozen(value: object) -> object:
    """A copy that can't be changed where it is a table."""
    return MappingProxyType(copy.deepcopy(value)) if isinstance(value, dict) else copy.deepcopy(value)


class Worker:
    """Runs requests; starts Spark when the first one comes that asks for it."""

    def __init__(self, setup: Setup, capture: BinaryIO, tell: Callable[[Progress], None], halt: Halt) -> None:
        self._setup = setup
        self._halt = halt
        self._tell = tell
        self._project = Path(setup.project)
        self._capture = capture
        self._spark: Any = None
        self._no_spark: VisualpostsError | None = None

    def answer(self, request: Request) -> Answer:
        """Run one source; every failure of author code is in the answer."""
        self._capture.seek(0)
        self._capture.truncate()
        began = time.monotonic()
        source = request.source
        try:
            answer = self._run_notebook(source) if source.is_notebook else self._run(source, Recorded(request.settings))
        except AuthorError as error:
            answer = Answer(source.path, problems=error.problems)
        except VisualpostsError as error:
            hint = error.hint if isinstance(error, UsageError) else ""
            answer = Answer(source.path, problems=(Problem(str(error), source.place(), hint),))
        except BaseException as error:
            answer = Answer(
                source.path,
                problems=(failure.problem(error, self._project, source.path),),
                trace="".join(traceback.format_exception(error)) if self._setup.debug else "",
            )
        failed = any(problem.severity == "error" for problem in answer.problems)
        output = self._output() if failed else ""
        stranded = failed and source.wants_spark and self._no_spark is not None
        answer = replace(answer, seconds=time.monotonic() - began, output=output, stranded=stranded)
        if failed and not self._has_spark():
            return self._without_spark(answer)
        # Tasks of a source that was stopped, and that run on, would be in the way of all others.
        busy = self._halt.called and self._spark is not None and not stages.at_rest(self._spark)
        return replace(answer, last=True) if busy else answer

    def _has_spark(self) -> bool:
        """Whether the Spark that was started is still there."""
        if self._spark is None:
            return True
        return stages.alive(self._spark)

    def _without_spark(self, answer: Answer) -> Answer:
        """What a source failed of when Spark's JVM died below it."""
        first, *rest = answer.problems
        hint = f"did it run out of memory? see {Path(self._setup.log).name} in .visualposts/, and spark.driver.memory"
        problem = replace(first, message="Spark's JVM died while this ran", hint=hint)
        return replace(answer, problems=(problem, *rest), last=True)

    def _run_notebook(self, source: ChartSource) -> Answer:
        """Run a notebook in a kernel of its own, or take it as it was saved."""
        from generator.charts import article, execution
        from generator.charts.kernel import Report, Setup

        text = (self._project / source.path).read_bytes().decode("utf-8-sig", errors="replace")
        written, _ = notebook.parse(source.path, text)
        report, problems = Report(), article.unsaved(written)
        if written.execute:
            setup = Setup(str(self._project), source.path, inputs_line=source.inputs_line)
            with ExitStack() as stack:
                setup = self._shared(stack, source, setup) if source.wants_spark else setup
                with self._halt.heeded():
                    written, report = execution.execute(written, setup)
        fragments, found = article.fragments(written, str(self._project))
        problems += found
        problems += unobserved(self._project, source, (self._project / path for path in report.local))
        return Answer(
            source.path,
            fragments={} if any(problem.severity == "error" for problem in problems) else fragments,
            files={**report.files, **report.local, source.path: notebook.essence(source.path, text)},
            folders=report.folders,
            patterns=report.patterns,
            outside=tuple(report.outside),
            library=tuple(report.library),
            versions=self._versions([self._project / path for path in report.local], report.library, source, written),
            problems=problems,
        )

    def _shared(self, stack: ExitStack, source: ChartSource, setup: kernel.Setup) -> kernel.Setup:
        """How a kernel reaches the Spark of this worker, as long as `stack` lasts."""
        from generator.charts import sharing

        session = self._session()
        stack.callback(sharing.release, self._spark)
        stack.enter_context(stages.watched(session, lambda text: self._tell(Progress(source.path, text))))
        port, secret = sharing.connection(self._spark)
        return replace(setup, spark=self._setup.master, port=port, secret=secret)

    def _run(self, source: ChartSource, settings: Recorded) -> Answer:
        path = self._project / source.path
        spark = self._session() if source.wants_spark else None
        # Before the finder looks: it is not the author's import.
        from generator.charts.export import to_fragment

        observer = Observer(self._project)
        with ExitStack() as stack:
            finder = stack.enter_context(loading.isolated(self._project, path.parent))
            if spark is not None:
                self._watch(stack, spark, source, observer)
            stack.enter_context(observed(observer))
            with self._halt.heeded():
                module = loading.execute(path, finder)
                patterns = declared(module, source, self._project, observer)
                offered = {"spark": spark, "settings": settings}
                charts = module.charts(**{name: offered[name] for name in source.parameters})
                problems, fragments = _fragments(charts, source, to_fragment)
        problems += unobserved(self._project, source, finder.local)
        local = {file.relative_to(self._project).as_posix(): value for file, value in finder.local.items()}
        return Answer(
            source.path,
            fragments=fragments,
            files={**observer.files, **local},
            folders=observer.folders,
            patterns=patterns,
            outside=tuple(sorted(observer.outside)),
            library=tuple(sorted(finder.library)),
            versions=self._versions(finder.local, finder.library, source),
            settings=tuple(sorted(settings.asked)),
            problems=problems,
        )

    def _versions(
        self,
        local: Iterable[Path],
        library: Iterable[str],
        source: ChartSource,
        written: notebook.Notebook | None = None,
    ) -> dict[str, str]:
        """The distributions that the source, its helpers and our modules import, and Spark's where it was asked for."""
        offered = {"pyspark"} if source.wants_spark else set()
        if written is not None and written.execute:
            offered |= imported(notebook.script(written))
        return distributions([*local, *_library_files(library)], offered)

    def _session(self) -> Any:
        """A session of its own for each source, all on one Spark. A Spark that did not start is not tried again."""
        if self._no_spark is not None:
            raise self._no_spark
        from generator.charts import spark

        setup = self._setup
        settings = SparkSettings(setup.master, setup.conf)
        if self._spark is None:
            java = Java(Path(setup.java[0]), Path(setup.java[1]), *setup.java[2:]) if setup.java else None
            try:
                self._spark = spark.start(settings, java, Path(setup.log), setup.archive)
            except VisualpostsError as error:
                self._no_spark = error
                raise
        return spark.another(self._spark, settings)

    def _watch(self, stack: ExitStack, session: Any, source: ChartSource, observer: Observer) -> None:
        """Note what Spark reads for the source, and tell how far it is."""
        stack.enter_context(sparkreads.watched(session, observer))
        # Layouts stay cached while a source runs, and go with it.
        stack.callback(_forget, session)
        stack.enter_context(stages.watched(session, lambda text: self._tell(Progress(source.path, text))))

    def _output(self) -> str:
        sys.stdout.flush()
        sys.stderr.flush()
        self._capture.seek(0)
        lines = self._capture.read().decode(errors="replace").splitlines()
        left_out = [f"… {len(lines) - OUTPUT_LINES} lines before"] if len(lines) > OUTPUT_LINES else []
        shown = (f"{line[:OUTPUT_WIDTH]}…" if len(line) > OUTPUT_WIDTH else line for line in lines[-OUTPUT_LINES:])
        return "\n".join([*left_out, *shown])


def _forget(session: Any) -> None:
    # A Spark that has died would put its own failure before the one at the author's line.
    with suppress(Exception):
        session.catalog.clearCache()


def _library_files(modules: Iterable[str]) -> Iterator[Path]:
    for name in modules:
        yield loading.PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")


def _fragments(
    charts: object, source: ChartSource, export: Callable[[str, Any], Fragment]
) -> tuple[tuple[Problem, ...], dict[str, str]]:
    """The fragments of what ``charts()`` returned, and every breach of its contract."""
    from plotly.basedatatypes import BaseFigure

    if not isinstance(charts, Mapping):
        hint = 'return a dictionary such as {"heatmap": figure}'
        return (
            Problem(f"charts() returned {_a(charts)}, not a mapping of names to figures", source.place(), hint),
        ), {}
    problems, fragments = [], {}
    for name, figure in charts.items():
        place = source.place(str(name))
        if not isinstance(name, str) or not NAME.fullmatch(name):
            hint = NAME_RULE
            problems.append(Problem(f"{name!r} is not a name for a chart", place, hint))
        elif not isinstance(figure, BaseFigure):
            problems.append(Problem(f"the chart '{name}' is {_a(figure)}, not a Plotly figure", place))
        else:
            try:
                text = export(name, figure).to_html()
                text.encode()  # half of a surrogate pair is no text
                fragments[name] = text
            except (ValueError, TypeError) as error:
                problems.append(Problem(f"the chart '{name}' can't be exported: {error}", place))
    if not charts:
        problems.append(Problem("charts() returned no chart", source.place()))
    return tuple(problems), fragments


def _a(value: object) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _requests(stream: BinaryIO, halt: Halt) -> Iterator[bytes]:
    """The lines of `stream`; the process ends at once when the stream does, whatever author code is doing."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    aside = Path(os.environ.get("TMPDIR", ""))

    def read() -> None:
        for line in stream:
            if line == protocol.STOP:
                halt.call()
            else:
                halt.reset()
                lines.put(line)
        if aside.name.startswith("visualposts-"):
            shutil.rmtree(aside, ignore_errors=True)  # the parent, killed, can't
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield lines.get()


def main() -> None:
    """Serve requests from standard input until it closes."""
    answers = os.fdopen(os.dup(1), "wb")
    requests = os.fdopen(os.dup(0), "rb")
    capture = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the process
    nothing = os.open(os.devnull, os.O_RDONLY)
    # Author code reads nothing, and what it prints, from Python or below, is kept.
    os.dup2(nothing, 0)
    os.dup2(capture.fileno(), 1)
    os.dup2(capture.fileno(), 2)
    halt = Halt()
    lines = _requests(requests, halt)
    lock = threading.Lock()

    def send(message: Progress | Answer) -> None:
        with lock:
            protocol.send(answers, message)

    worker = Worker(protocol.receive_setup(next(lines)), capture, send, halt)
    for line in lines:
        send(worker.answer(protocol.receive_request(line)))


if __name__ == "__main__":
    main()
