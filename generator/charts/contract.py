"""The contract with an author, as far as it can be read without running anything.

A chart source is a ``charts.py`` beside a post. It defines ``charts``, which asks for ``spark`` and ``settings`` by
name and returns a mapping of chart names to Plotly figures. A notebook beside a post is one too (see `notebook`).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.errors import Place, Problem, did_you_mean, warning

FILE = "charts.py"
NOTEBOOK = ".ipynb"
FUNCTION = "charts"
PARAMETERS = ("spark", "settings")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
NAME_RULE = "a name is made of a-z, 0-9 and '-', and begins with a letter or digit"
UNSEEN = frozenset(
    {
        *("duckdb", "fiona", "h5py", "multiprocessing", "netCDF4"),
        *("polars", "pyarrow", "pyogrio", "rasterio", "subprocess"),
    }
)
"""Modules that read files natively, or elsewhere, where no audit event tells of it."""


@dataclass(frozen=True, slots=True)
class ChartSource:
    """A ``charts.py`` or a notebook: its project path, the parameters it asks for, and where it says what.

    `line` is the line of ``def charts``, `inputs_line` that of ``INPUTS`` (0 without); `names` are the (name, line,
    column) of the chart names that stand as plain strings in a returned dictionary, so that a complaint about a name
    can point at it. `timeout` is its ``TIMEOUT`` in seconds.
    """

    path: str
    parameters: tuple[str, ...] = ()
    line: int = 1
    names: tuple[tuple[str, int, int], ...] = ()
    inputs_line: int = 0
    timeout: float | None = None

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(NOTEBOOK)

    @property
    def wants_spark(self) -> bool:
        return "spark" in self.parameters

    def place(self, name: str = "") -> Place:
        """Where the chart `name` is returned, or else the line of ``def charts``."""
        line, col = next(((line, col) for known, line, col in self.names if known == name), (self.line, 1))
        return Place(self.path, line, col)


def find(project: Path) -> tuple[str, ...]:
    """The project paths of all chart sources, sorted."""
    found = []
    for root in ("content/posts", "content/pages"):
        for pattern in (FILE, f"*{NOTEBOOK}"):
            for path in (project / root).rglob(pattern):
                inside = path.relative_to(project)
                if path.is_file() and not any(part.startswith((".", "_")) for part in inside.parts[2:]):
                    found.append(inside.as_posix())
    return tuple(sorted(found))


def parse(path: str, text: str) -> tuple[ChartSource, tuple[Problem, ...]]:
    """The chart source in `text`, and every breach of the contract that can be seen in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of "\\d": Python's to say, and said once, where it runs
            tree = ast.parse(text)
    except SyntaxError as error:
        place = Place(path, error.lineno or 1, error.offset or 1)
        return ChartSource(path), (Problem(f"this is not Python: {error.msg}", place),)
    except ValueError as error:  # a NUL byte
        return ChartSource(path), (Problem(f"this is not Python: {error}", Place(path, 1, 1)),)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION]
    if not functions:
        return ChartSource(path), (_no_function(path, tree),)
    function = functions[-1]
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    problems = [
        Problem(
            f"charts() asks for '{argument.arg}', which is not on offer",
            Place(path, argument.lineno, argument.col_offset + 1),
            did_you_mean(argument.arg, PARAMETERS) or "its parameters are 'spark' and 'settings', each optional",
        )
        for argument in named
        if argument.arg not in PARAMETERS
    ]
    parameters = tuple(argument.arg for argument in named if argument.arg in PARAMETERS)
    inputs, timeout, found = declarations(path, tree)
    return ChartSource(path, parameters, function.lineno, _names(function), inputs, timeout), (*problems, *found)


def declarations(path: str, tree: ast.Module) -> tuple[int, float | None, tuple[Problem, ...]]:
    """The line of ``INPUTS`` (0 without), the seconds of ``TIMEOUT``, and what is wrong with either."""
    inputs, timeout = _assigned(tree, "INPUTS"), _assigned(tree, "TIMEOUT")
    problems = list(unseen(path, tree)) if inputs is None else []
    seconds = _seconds(timeout.value) if timeout is not None else None
    if timeout is not None and seconds is None:
        place = Place(path, timeout.lineno, timeout.col_offset + 1)
        problems.append(Problem("TIMEOUT must be a number of seconds above 0", place, "for example TIMEOUT = 1200"))
    return inputs.lineno if inputs is not None else 0, seconds, tuple(problems)


def _seconds(value: ast.expr | None) -> float | None:
    number = value.value if isinstance(value, ast.Constant) else None
    return float(number) if isinstance(number, int | float) and not isinstance(number, bool) and number > 0 else None


def _assigned(tree: ast.Module, name: str) -> ast.Assign | ast.AnnAssign | None:
    """The statement that gives the module's `name` its value."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node
    return None


def unseen(path: str, tree: ast.Module) -> Iterator[Problem]:
    """A warning for each import of a library whose reads can't be observed."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names:
            if name.partition(".")[0] in UNSEEN:
                place = Place(path, node.lineno, node.col_offset + 1)
                hint = 'declare them in the chart source, INPUTS = ["data/*.parquet"], or INPUTS = [] if it reads none'
                yield warning(f"files that {name} reads can't be observed", place, hint)


def _no_function(path: str, tree: ast.Module) -> Problem:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in functions:
        if node.name == FUNCTION:
            return Problem("charts() must be an ordinary function, not 'async def'", Place(path, node.lineno, 1))
    near = did_you_mean(FUNCTION, [node.name for node in functions])
    hint = "define charts(), returning a mapping of names to Plotly figures"
    return Problem("there is no function 'charts'", Place(path, 1, 1), f"{hint}; {near}" if near else hint)


def _names(function: ast.FunctionDef) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (key.value, key.lineno, key.col_offset + 1)
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )
