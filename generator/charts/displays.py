"""Displays: one output of a cell in the richest of its forms that a page can hold, as HTML or as a figure."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from generator import prose
from generator.charts import cleaning, newplot
from generator.charts.notebook import Cell, Output
from generator.charts.transcript import settled
from generator.errors import Place, Problem, warning
from generator.report import size

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
HEAVY = 100_000
"""Bytes of a picture from which on it had better be a file or a chart."""
_NAMELESS = re.compile(r"<[\w.]+ object(?: at 0x[0-9a-fA-F]+)?>")
"""The text form of a value whose real form is another one."""
_NO_SCRIPT = "scripts of notebooks don't reach the page: show a Plotly figure, a table or a picture"


@dataclass(frozen=True, slots=True)
class Display:
    """An output as the page shows it: HTML, or figures as Plotly's JSON has them; nothing at all if both are empty."""

    html: str = ""
    figures: tuple[Mapping[str, object], ...] = ()
    problems: tuple[Problem, ...] = ()


def display(output: Output, cell: Cell, place: Place, project: str) -> Display:
    """The display of `output`; `place` is that of its cell, `project` the folder whose path is left out of texts."""
    if output.kind != "data":
        return Display(_printed(output, cell, project))
    return _form(output, cell, place, project)


def _form(output: Output, cell: Cell, place: Place, project: str) -> Display:
    data = output.data
    problems: tuple[Problem, ...] = ()
    figure = data.get(PLOTLY)
    if isinstance(figure, Mapping):
        return Display(figures=(figure,))
    markup = data.get("text/html")
    if isinstance(markup, str):
        if figures := newplot.figures(markup):
            return Display(figures=figures)
        if newplot.is_plotly(markup):
            return Display()
        if not cleaning.is_active(markup):
            cleaned = cleaning.clean(settled(markup, project), f"Output of cell {cell.number or ''}".strip())
            return Display(f'<div class="output">\n{cleaned}\n</div>' if cleaned else "")
        problems = (warning(f"cell {cell.number} gave HTML with a script, which is left out", place, _NO_SCRIPT),)
    elif "application/javascript" in data:
        problems = (warning(f"cell {cell.number} gave a script, which is left out", place, _NO_SCRIPT),)
    shown = next((made for form in _FORMS if (made := form(output, cell, place, project))), Display())
    if WIDGET in data:
        note = "An interactive widget, which works in the notebook only."
        shown = Display(f'{shown.html}\n<p class="output note">{note}</p>'.strip(), problems=shown.problems)
    return Display(shown.html, shown.figures, (*problems, *shown.problems))


def _markdown(output: Output, cell: Cell, place: Place, project: str) -> Display | None:
    text = output.data.get("text/markdown")
    if not isinstance(text, str):
        return None
    return Display(f'<div class="output">\n{_rendered(settled(text, project)).html}\n</div>')


def _latex(output: Output, cell: Cell, place: Place, project: str) -> Display | None:
    text = output.data.get("text/latex")
    if not isinstance(text, str):
        return None
    tex = text.strip()
    if not tex.startswith(("$", "\\(", "\\[")):
        tex = f"$$\n{tex}\n$$"
    made = _rendered(tex)
    # What our TeX can't read is shown in its next form.
    return None if made.troubles else Display(f'<div class="output">\n{made.html}\n</div>')


def _rendered(text: str) -> prose.Prose:
    return prose.render(text.replace("{%", "{&#37;"), math=True)


def _picture(output: Output, cell: Cell, place: Place, project: str) -> Display | None:
    mime = next((mime for mime in PICTURES if isinstance(output.data.get(mime), str)), "")
    if not mime:
        return None
    content = str(output.data[mime])
    words = output.metadata.get(mime)
    about: Mapping[str, object] = words if isinstance(words, Mapping) else {}
    alt = cell.alt or " ".join(str(about.get("alt") or "").split()) or cell.caption
    problems = []
    if not alt:
        hint = 'give the cell a metadata entry, "alt": "what the picture shows"'
        problems.append(warning(f"the picture of cell {cell.number} has no alt text", place, hint))
    if mime == "image/svg+xml":
        address, width, height = f"data:{mime},{quote(content.strip(), safe=_SAFE)}", 0, 0
    else:
        content = "".join(content.split())
        address = f"data:{mime};base64,{content}"
        width, height = _size(content, about)
    if len(address) > HEAVY:
        hint = "save it to a file beside the post and show that, or draw it with Plotly"
        problems.append(warning(f"the picture of cell {cell.number} weighs {size(len(address))}", place, hint))
    sides = f' width="{width}" height="{height}"' if width and height else ""
    caption = f"<figcaption>{escape(cell.caption, quote=False)}</figcaption>\n" if cell.caption else ""
    image = f'<img src="{escape(address)}" alt="{escape(alt)}"{sides}>'
    return Display(f'<figure class="output">\n{image}\n{caption}</figure>', problems=tuple(problems))


_SAFE = " !$&()*+,-./:;=?@[]_~<>"


def _size(content: str, about: Mapping[str, object]) -> tuple[int, int]:
    """Width and height of a picture in CSS pixels: as its output says, else as a PNG's own header does."""
    width, height = about.get("width"), about.get("height")
    if isinstance(width, int | float) and isinstance(height, int | float):
        return round(width), round(height)
    header = base64.b64decode(content[:32] + "=" * (-len(content[:32]) % 4))
    return struct.unpack(">II", header[16:24]) if header.startswith(b"\x89PNG") else (0, 0)


def _plain(output: Output, cell: Cell, place: Place, project: str) -> Display | None:
    text = output.data.get("text/plain")
    if not isinstance(text, str) or not text.strip() or (len(output.data) > 1 and _NAMELESS.fullmatch(text)):
        return None
    return Display(_printed(Output("stdout", text), cell, project))


_FORMS: Sequence[Callable[[Output, Cell, Place, str], Display | None]] = (_markdown, _picture, _latex, _plain)


def _printed(output: Output, cell: Cell, project: str) -> str:
    text = escape(settled(output.text, project), quote=False)
    kind, label = {"stderr": (" note", "Messages"), "error": (" error", "Error")}.get(output.kind, ("", "Output"))
    label = f"{label} of cell {cell.number}" if cell.number else label
    return f'<pre class="output{kind}" tabindex="0" role="group" aria-label="{label}"><samp>{text}</samp></pre>'
