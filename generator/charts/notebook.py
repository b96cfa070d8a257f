"""Notebooks: an ``.ipynb`` beside a post, read as values without running anything (nbformat 4 is JSON)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from generator import files
from generator.charts.contract import NAME, NAME_RULE, NOTEBOOK, ChartSource, declarations
from generator.charts.positions import source_lines
from generator.errors import Place, Problem

CHART_TAG = "chart:"
"""A cell with the tag ``chart:NAME`` gives its figure the name, and a fragment of its own."""
_SPARK = re.compile(r"\bpyspark\b")
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell gave: text of a stream, a value in several forms (MIME type to content), or an error.

    `text` is that of the stream ``stdout`` or ``stderr``, or of the error: ``Name: message``.
    """

    kind: Literal["stdout", "stderr", "data", "error"]
    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `number` counts the cells that run, from 1, as Jupyter's ``In [n]`` does; other cells have 0.

    `lines` are the lines of the file on which the lines of `source` stand; `attachments` map names to data URIs.
    """

    kind: str
    source: str
    number: int = 0
    tags: frozenset[str] = frozenset()
    alt: str = ""
    caption: str = ""
    attachments: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def charts(self) -> tuple[str, ...]:
        """The names that its tags give to its figures."""
        return tuple(sorted(tag.removeprefix(CHART_TAG) for tag in self.tags if tag.startswith(CHART_TAG)))

    def line(self, number: int = 1) -> int:
        """The line of the file for line `number` (from 1) of the source; 1 where there is none."""
        return self.lines[min(max(number, 1), len(self.lines)) - 1] if self.lines else 1


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook: its project path, its cells, and whether it is executed or taken with its saved outputs."""

    path: str
    cells: tuple[Cell, ...] = ()
    language: str = "python"
    execute: bool = True

    @property
    def name(self) -> str:
        """The name of its fragment."""
        return name_of(self.path)

    @property
    def running(self) -> tuple[Cell, ...]:
        """The cells that run, in their order."""
        return tuple(cell for cell in self.cells if cell.number)

    def place(self, cell: Cell, line: int = 1) -> Place:
        """Where line `line` (from 1) of the cell's source stands in the file."""
        return Place(self.path, cell.line(line), 1)


def name_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(NOTEBOOK)


def parse(path: str, text: str) -> tuple[Notebook, tuple[Problem, ...]]:
    """The notebook in `text`, and what is wrong with it as a file."""
    try:
        value = json.loads(text)
    except RecursionError:
        return Notebook(path), (Problem("this is not a notebook: it is nested too deep", Place(path, 1, 1)),)
    except ValueError as error:
        line, col = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        hint = "open it in Jupyter, which says more, or take it from git once more"
        return Notebook(path), (
            Problem(f"this is not a notebook: {error}".split(": line")[0], Place(path, line, col), hint),
        )
    if not isinstance(value, dict) or value.get("nbformat") != 4 or not isinstance(value.get("cells"), list):
        hint = "save it in Jupyter once more: jupyter nbconvert --to notebook --nbformat 4"
        return Notebook(path), (Problem("this is not a notebook of nbformat 4", Place(path, 1, 1), hint),)
    metadata = _table(value.get("metadata"))
    execute = metadata.get("execute", True)
    language = str(
        _table(metadata.get("language_info")).get("name")
        or _table(metadata.get("kernelspec")).get("language")
        or "python"
    )
    notebook = Notebook(path, _cells(value["cells"], source_lines(text)), language.lower(), execute is not False)
    problems = []
    if not isinstance(execute, bool):
        problems.append(Problem("'execute' in the notebook's metadata must be true or false", Place(path, 1, 1)))
    if notebook.execute and notebook.language not in ("python", "ipython"):
        hint = 'to show the outputs that it was saved with: "execute": false in its metadata'
        problems.append(
            Problem(f"a notebook in {notebook.language} can't be run, only Python", Place(path, 1, 1), hint)
        )
    return notebook, tuple(problems)


def source(path: str, text: str) -> tuple[ChartSource, tuple[Problem, ...]]:
    """The notebook in `text` as a chart source, with every breach of the contract that can be seen in it.

    It asks for Spark if its code mentions pyspark.
    """
    notebook, problems = parse(path, text)
    found = [*problems, *_names(notebook)]
    names = [(notebook.name, 1, 1)]
    names += [(name, cell.line(), 1) for cell in notebook.cells for name in cell.charts]
    if not notebook.execute:
        return ChartSource(path, names=tuple(names)), tuple(found)
    inputs, timeout, more = declarations(path, script(notebook))
    wants = ("spark",) if any(_SPARK.search(cell.source) for cell in notebook.running) else ()
    return ChartSource(path, wants, 1, tuple(names), inputs, timeout), (*found, *more)


def essence(path: str, text: str) -> str:
    """The content hash of what a notebook's fragments depend on.

    Saved outputs count only where it is not executed; execution counts, ids and other metadata never do, so that
    running and saving it in Jupyter doesn't make it stale.
    """
    notebook, problems = parse(path, text)
    if problems:
        return files.digest(text.encode("utf-8", "surrogateescape"))
    cells = [
        [cell.kind, cell.source, sorted(cell.tags), cell.alt, cell.caption, dict(cell.attachments)]
        + ([] if notebook.execute else [[[out.kind, out.text, out.data, out.metadata] for out in cell.outputs]])
        for cell in notebook.cells
    ]
    value = [notebook.language, notebook.execute, cells]
    return files.digest(json.dumps(value, sort_keys=True, ensure_ascii=True).encode())


def script(notebook: Notebook) -> ast.Module:
    """The code of all cells as one module, whose line numbers are those of the file; magics and ``!`` left out.

    A cell that is not Python by itself, say one that begins with ``%%bash``, is left out too.
    """
    body: list[ast.stmt] = []
    for cell in notebook.running:
        try:
            tree = ast.parse(plain_code(cell.source))
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt | ast.expr):
                node.lineno, node.col_offset = cell.line(node.lineno), 0
        body += tree.body
    return ast.Module(body, [])


def plain_code(text: str) -> str:
    """A cell's code with a harmless line in the place of each magic; empty for a cell of another language."""
    if text.lstrip().startswith("%%"):
        first, _, rest = text.lstrip().partition("\n")
        return rest if first.split()[0] in ("%%time", "%%timeit", "%%capture") else ""
    return _MAGIC.sub(r"\1pass", text)


def outputs(values: object) -> tuple[Output, ...]:
    """The outputs of a cell, from the form that nbformat gives them."""
    found = []
    for item in values if isinstance(values, Sequence) else ():
        value = _table(item)
        kind = value.get("output_type")
        if kind == "stream":
            found.append(Output("stderr" if value.get("name") == "stderr" else "stdout", _text(value.get("text"))))
        elif kind in ("display_data", "execute_result"):
            data = {
                str(mime): part if isinstance(part, dict) or "json" in str(mime) else _text(part)
                for mime, part in _table(value.get("data")).items()
            }
            found.append(Output("data", data=data, metadata=_table(value.get("metadata"))))
        elif kind == "error":
            words = [str(value.get(key) or "") for key in ("ename", "evalue")]
            found.append(Output("error", ": ".join(filter(None, words))))
    return tuple(found)


def _cells(values: Sequence[object], lines: Sequence[tuple[int, ...]]) -> tuple[Cell, ...]:
    cells = []
    number = 0
    for index, item in enumerate(values):
        value = _table(item)
        metadata = _table(value.get("metadata"))
        tags = metadata.get("tags")
        kind, text = str(value.get("cell_type")), _text(value.get("source"))
        names = frozenset(map(_tag, tags)) if isinstance(tags, list) else frozenset()
        runs = kind == "code" and bool(text.strip()) and "skip-execution" not in names
        number += runs
        cells.append(
            Cell(
                kind,
                text,
                number if runs else 0,
                names,
                _words(metadata.get("alt")),
                _words(metadata.get("caption")),
                _attachments(value.get("attachments")),
                outputs(value.get("outputs")),
                lines[index] if index < len(lines) else (),
            )
        )
    return tuple(cells)


def _tag(value: object) -> str:
    """A tag; ``hide_input`` and ``hide-input`` are both in use and mean the same."""
    text = str(value)
    return text if text.startswith(CHART_TAG) else text.replace("_", "-")


def _names(notebook: Notebook) -> list[Problem]:
    problems = []
    if not NAME.fullmatch(notebook.name):
        problems.append(
            Problem(f"{notebook.name!r} is not a name for a fragment", Place(notebook.path, 1, 1), NAME_RULE)
        )
    seen = {notebook.name: "the notebook itself"}
    for cell in notebook.cells:
        for name in cell.charts:
            if not NAME.fullmatch(name):
                problems.append(Problem(f"{name!r} is not a name for a chart", notebook.place(cell), NAME_RULE))
            elif name in seen:
                problems.append(Problem(f"the name '{name}' is that of {seen[name]} already", notebook.place(cell)))
            seen[name] = f"the chart of cell {cell.number}"
    return problems


def _attachments(value: object) -> dict[str, str]:
    return {
        str(name): f"data:{mime};base64,{''.join(_text(data).split())}"
        for name, forms in _table(value).items()
        for mime, data in list(_table(forms).items())[:1]
    }


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Text as nbformat writes it: a string, or a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value) if value is not None else ""


def _words(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
