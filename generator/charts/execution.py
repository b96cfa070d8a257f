"""Execution: runs a notebook's cells in a kernel of its own, through nbclient, and brings back what they gave.

The kernel is this very Python (no kernel that is installed on the machine is looked for), works in the post's folder,
knows nothing of its user's configuration, and is gone when this returns or its process ends, however that happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.charts.kernel import VARIABLE, Frame, Report, Setup
from generator.charts.notebook import Notebook, outputs
from generator.errors import AuthorError, Place, Problem, UsageError

NEEDED = ("ipykernel", "nbclient", "nbformat")
PATIENCE = 120
"""Seconds that a kernel may take to start, on a machine that is busy with other things."""
_SOCKETS = 70  # characters that the folder of a socket may have: its whole path is limited to about a hundred


@dataclass(slots=True)
class _Run:
    """How far a run is, for the words about its end."""

    cells: list[Any] = field(default_factory=list)
    current: int = 0


def execute(notebook: Notebook, setup: Setup) -> tuple[Notebook, Report]:
    """The notebook with the outputs of a run, and what the run read; `setup` needs no report file yet.

    Raises AuthorError where a cell fails, with everything that the cells printed on standard output; UsageError where
    the libraries are missing.
    """
    _check_installed()
    with tempfile.TemporaryDirectory(prefix="notebook-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        setup = replace(setup, report=str(folder / "report.json"))
        run = _Run()
        failed = _run(notebook, setup, folder, run)
        report = _report(Path(setup.report))
    for cell in run.cells if failed else ():
        _print(cell)
    if failed:
        raise AuthorError([_problem(notebook, run, report, failed)])
    if report.problems:
        place = Place(notebook.path, setup.inputs_line or 1, 1)
        raise AuthorError([Problem(message, place) for message in report.problems])
    given = {number: outputs(cell.outputs) for number, cell in enumerate(run.cells, 1)}
    cells = tuple(replace(cell, outputs=given.get(cell.number, ())) for cell in notebook.cells)
    return replace(notebook, cells=cells), report


def _check_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        hint = "pip install 'visualposts[spark]', or show its saved outputs: \"execute\": false in its metadata"
        raise UsageError(f"to run a notebook takes {' and '.join(missing)}", hint)


def _run(notebook: Notebook, setup: Setup, folder: Path, run: _Run) -> str:
    """Run all cells; what ended the run before its end: ``error``, ``death``, or nothing."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    forms = _forms()
    tags = ({"tags": sorted(cell.tags)} for cell in notebook.running)
    run.cells = [
        forms.new_code_cell(cell.source, metadata=words) for cell, words in zip(notebook.running, tags, strict=True)
    ]
    place = str((Path(setup.project) / notebook.path).parent)
    environment = _environment(folder) | {VARIABLE: json.dumps(asdict(setup))}
    manager = _manager(folder)
    client = NotebookClient(forms.new_notebook(cells=run.cells), km=manager, **_OPTIONS)

    async def cells() -> None:
        with _lifeline() as lifeline:
            await manager.start_kernel(cwd=place, env=environment, stdin=lifeline)
            try:
                await client.async_start_new_kernel_client()
                for index, cell in enumerate(run.cells):
                    run.current = index
                    await client.async_execute_cell(cell, index)
            finally:
                await _end(manager, client)

    try:
        asyncio.run(cells())
    except CellExecutionError:
        return "error"
    except DeadKernelError:
        return "death"
    return ""


_OPTIONS: dict[str, Any] = {
    "timeout": None,  # the runner's time limit is that of the whole notebook
    "startup_timeout": PATIENCE,
    "record_timing": False,
    "store_widget_state": False,
}


@contextlib.contextmanager
def _lifeline() -> Iterator[int]:
    """The input of a kernel: it ends with this process, since nobody else holds its other end."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


async def _end(manager: Any, client: Any) -> None:
    """Let the kernel write its report and end; then see to it that nothing is left, what its cells started included."""
    process = manager.provisioner.pid
    if client.kc is not None:
        client.kc.stop_channels()
    await manager.shutdown_kernel()
    if process and hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process, signal.SIGKILL)


def _forms() -> Any:
    from nbformat import v4

    return v4


def _manager(folder: Path) -> Any:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-P", "-X", "utf8", "-m", "generator.charts.kernel", "-f", "{connection_file}"]
    spec = KernelSpec(argv=command, display_name="Python", language="python")

    class Manager(AsyncKernelManager):
        """Starts the one kernel that we know, without a look at those that are installed."""

        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

    sockets = os.name != "nt" and len(str(folder)) <= _SOCKETS
    return Manager(
        connection_file=str(folder / "kernel.json"),
        transport="ipc" if sockets else "tcp",
        ip=str(folder / "kernel") if sockets else "127.0.0.1",
        shutdown_wait_time=10.0,
    )


def _environment(folder: Path) -> dict[str, str]:
    """This process's environment, with an empty home for whatever IPython, Jupyter and Plotly would look up."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("IPYTHON", "JUPYTER"))}
    for name in ("PYTHONSTARTUP", "PYTHONINSPECT", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "SPARK_REMOTE"):
        environ.pop(name, None)
    (folder / "matplotlibrc").write_text("svg.hashsalt: visualposts\n", encoding="utf-8")
    places = {name: str(folder) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    return {
        **environ,
        **places,
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_RUNTIME_DIR": str(folder),
        "PLOTLY_RENDERER": "plotly_mimetype",
        # Texts are laid out for the same width everywhere, pictures carry neither date nor random ids.
        "MATPLOTLIBRC": str(folder / "matplotlibrc"),
        "COLUMNS": "80",
        "LINES": "24",
        "SOURCE_DATE_EPOCH": "0",
    }


def _report(path: Path) -> Report:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # the kernel died
        return Report()
    return Report(**{**value, "frames": [Frame(**frame) for frame in value["frames"]]})


def _print(cell: Any) -> None:
    for output in cell.outputs:
        if output.get("output_type") == "stream":
            print(output.text, end="" if output.text.endswith("\n") else "\n")


def _problem(notebook: Notebook, run: _Run, report: Report, failed: str) -> Problem:
    """What ended the run, at the author's innermost line, with the author's lines that led there."""
    cell = notebook.running[run.current]
    if failed == "death" or not report.message:
        hint = "it ran out of memory, or the code ended the process itself"
        note = f"cell {cell.number}"
        return Problem("the kernel died while it ran this", notebook.place(cell), hint, notes=(note,))
    frames = report.frames or [Frame(cell.number, "", 1, "<module>")]
    notes = tuple(_shown(notebook, frame) for frame in reversed(frames))
    return Problem(report.message, _place(notebook, frames[-1]), notes=notes)


def _place(notebook: Notebook, frame: Frame) -> Place:
    if not frame.cell:
        return Place(frame.path, frame.line, 1)
    return notebook.place(notebook.running[frame.cell - 1], frame.line)


def _shown(notebook: Notebook, frame: Frame) -> str:
    function = f" in {frame.name}" if frame.name != "<module>" else ""
    if frame.cell:
        return f"cell {frame.cell}, line {frame.line}{function}"
    return f"{frame.path}:{frame.line}{function}"
