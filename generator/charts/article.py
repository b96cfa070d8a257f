"""Articles: a notebook and its outputs as a piece of a page, by our own template; its figures become charts of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape

from generator import fragment, prose
from generator.charts.displays import display
from generator.charts.export import from_json
from generator.charts.notebook import Cell, Notebook
from generator.charts.transcript import ordered
from generator.errors import Problem, warning
from generator.fragment import Fragment

LONG = 25
"""Lines of code from which on a cell is folded."""
_ID = re.compile(r'(<[a-zA-Z][^<>]*?\sid=")([^"]*)(")')
_LINK = re.compile(r'(<a\b[^<>]*?\shref="#)([^"]+)(")')
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_ATTACHED = re.compile(r'(<img\b[^<>]*?\ssrc=")attachment:([^"]*)(")')
_INCLUDE = re.compile(r'<vp-include n="(\d+)"></vp-include>')


@dataclass(slots=True)
class _Writer:
    """What has been written so far. `anchors` maps the ids that the Markdown gave to those on the page."""

    notebook: Notebook
    project: str
    parts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    figures: int = 0


def fragments(notebook: Notebook, project: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The fragments that a notebook with its outputs gives, by name: itself, and a chart for each tag ``chart:NAME``.

    `project` is the folder whose path is left out of what the cells printed. Problems are errors and warnings.
    """
    writer = _Writer(notebook, project)
    texts = [prose.render(cell.source, math=True) for cell in notebook.cells if cell.kind == "markdown"]
    shift = 1 if any(heading.level == 1 for text in texts for heading in text.headings) else 0
    rendered = iter(texts)
    for number, cell in enumerate(notebook.cells):
        text = next(rendered) if cell.kind == "markdown" else None
        if text is not None:
            _markdown(writer, cell, text, number, shift)
        elif cell.kind == "code":
            _code(writer, cell)
    body = _LINK.sub(
        lambda match: f"{match[1]}{writer.anchors.get(match[2], match[2])}{match[3]}", "\n".join(writer.parts)
    )
    page = fragment.notebook(notebook.name, body)
    return {notebook.name: page, **writer.named}, tuple(writer.problems)


def _markdown(writer: _Writer, cell: Cell, text: prose.Prose, number: int, shift: int) -> None:
    """A Markdown cell: headings one level down where the notebook has a title, ids that are the notebook's own."""
    for trouble in text.troubles:
        line = prose.locate(cell.source, trouble.needle)[0]
        writer.problems.append(Problem(trouble.message, writer.notebook.place(cell, line or 1), trouble.hint))
    if "remove-cell" in cell.tags:
        return
    html = _INCLUDE.sub(lambda match: escape(text.includes[int(match[1])].text, quote=False), text.html)
    html = _HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + shift, 6)}", html)
    html = _ATTACHED.sub(lambda match: f"{match[1]}{cell.attachments.get(match[2], '')}{match[3]}", html)
    headings = {heading.id for heading in text.headings}
    own: dict[str, str] = {}

    def settled(match: re.Match[str]) -> str:
        # Headings are linked to from other cells; footnotes are numbered afresh in each.
        base = (
            f"{writer.notebook.name}-{match[2]}"
            if match[2] in headings
            else f"{writer.notebook.name}-{number}-{match[2]}"
        )
        anchor, count = base, 1
        while anchor in writer.taken:
            count += 1
            anchor = f"{base}-{count}"
        writer.taken.add(anchor)
        own[match[2]] = anchor
        return f"{match[1]}{anchor}{match[3]}"

    html = _ID.sub(settled, html)
    html = _LINK.sub(lambda match: f"{match[1]}{own.get(match[2], match[2])}{match[3]}", html)
    for name in headings:
        writer.anchors.setdefault(name, own[name])
    if html.strip():
        writer.parts.append(fragment.inert(html))


def _code(writer: _Writer, cell: Cell) -> None:
    hidden = "remove-cell" in cell.tags
    if cell.source.strip() and not hidden and "remove-input" not in cell.tags:
        writer.parts.append(fragment.inert(_input(cell, writer.notebook.language)))
    shown = _outputs(writer, cell)
    if not shown or hidden or "remove-output" in cell.tags:
        return
    if "hide-output" in cell.tags:
        inner = "\n".join(shown)
        shown = [f'<details class="cell">\n<summary>Output</summary>\n{inner}\n</details>']
    writer.parts += shown


def _input(cell: Cell, language: str) -> str:
    source = cell.source.strip("\n")
    code = prose.highlight(source + "\n", "python" if language == "ipython" else language)
    lines = source.count("\n") + 1
    if "hide-input" not in cell.tags and lines <= LONG:
        return code
    counted = f"{lines} lines" if lines > 1 else "1 line"
    return f'<details class="cell">\n<summary>Code, {counted}</summary>\n{code}\n</details>'


def _outputs(writer: _Writer, cell: Cell) -> list[str]:
    """The outputs of a cell as HTML; its figures are named, and kept by name where a tag asks for that."""
    place = writer.notebook.place(cell)
    parts: list[str] = []
    charts: list[Fragment] = []
    for output in ordered(cell.outputs):
        if output.kind == "error" and "raises-exception" not in cell.tags:
            hint = "run it once more in Jupyter, or tag the cell raises-exception if that is what it shows"
            writer.problems.append(
                Problem(f"the saved output of cell {cell.number} is an error: {output.text}", place, hint)
            )
            continue
        found = display(output, cell, place, writer.project)
        writer.problems += found.problems
        if found.html:
            parts.append(fragment.inert(found.html))
        for figure in found.figures:
            chart = _chart(writer, cell, figure, len(charts))
            if chart is not None:
                charts.append(chart)
                parts.append(chart.to_html().strip("\n"))
    for name, chart in zip(cell.charts, charts, strict=False):
        writer.named[name] = chart.to_html()
    for name in cell.charts[len(charts) :]:
        hint = "let its last line be the figure, or call figure.show()"
        writer.problems.append(Problem(f"the cell tagged chart:{name} gives no Plotly figure", place, hint))
    return parts


def _chart(writer: _Writer, cell: Cell, figure: object, count: int) -> Fragment | None:
    """The figure as a chart: by the name that a tag gives it, or by the notebook's name and its number in it."""
    writer.figures += 1
    name = cell.charts[count] if count < len(cell.charts) else f"{writer.notebook.name}-{writer.figures}"
    try:
        chart = from_json(name, figure)  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError) as error:
        message = f"the figure of cell {cell.number} can't be exported: {error}"
        writer.problems.append(Problem(message, writer.notebook.place(cell)))
        return None
    return replace(chart, alt=chart.alt or cell.alt, caption=chart.caption or escape(cell.caption, quote=False))


def unsaved(notebook: Notebook) -> tuple[Problem, ...]:
    """A warning where a notebook that is not executed was saved without outputs."""
    if notebook.execute or not notebook.running or any(cell.outputs for cell in notebook.cells):
        return ()
    hint = 'run it in Jupyter and save it, or take "execute": false out of its metadata'
    return (
        warning(
            "this notebook is shown with its saved outputs, but has none", notebook.place(notebook.running[0]), hint
        ),
    )
