"""Export: charts of this project for a site that another generator builds, or for any page that they are pasted into.

An exported fragment brings all that it needs: a link to its style sheet, and the chart client, which loads plotly.js
from beside itself. A page with many of them fetches each of the three once. Where the files go, and how a page finds
them at any depth, follows from what the folder is: a Jekyll site, a Hugo site, or a plain folder.

The text of an exported fragment is one line. So it stays whole in a list or a quote, where Markdown takes the first
line of an include for the author's, indented as it is, and the others for the end of the list.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator import config, files, fragment
from generator.charts import freeze, plan, survey
from generator.charts.survey import Survey
from generator.errors import AuthorError, Place, Problem, UsageError, VisualpostsError, did_you_mean, warning
from generator.pages import assets
from generator.pages.assets import CHARTS_STYLE as STYLE
from generator.pages.assets import CLIENT
from generator.pages.plotlyjs import find_plotly, plotly_version
from generator.pages.tree import THEME
from generator.report import Report, number, size

BUILD_FIRST = "run 'visualposts build' first"

_COLOURS = re.compile(r"^  (--(?:panel|line|line-strong|ink|muted|accent|chart-\w+): [^;]+;)", re.MULTILINE)
_KEPT = re.compile(r"(<script\b.*?</script>|<pre\b.*?</pre>)", re.DOTALL)
_ROOT = re.compile(r"""\A(\s*<\w+(?:[^>"']|"[^"]*"|'[^']*')*>)(.*)(</\w+>\s*)\Z""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a folder is, and where things go below it.

    `address` is how a page there writes the address of a file of ours, `tag` how a post includes a chart; ``NAME``
    stands for the file or the chart.
    """

    title: str
    fragments: str
    files: str
    address: str
    tag: str


JEKYLL = Kind(
    "a Jekyll site",
    "_includes",
    "assets/visualposts",
    "{{ '/assets/visualposts/NAME' | relative_url }}",
    "{% include NAME.html %}",
)
HUGO = Kind(
    "a Hugo site", "layouts/shortcodes", "static/visualposts", '{{ "visualposts/NAME" | relURL }}', "{{< NAME >}}"
)
PLAIN = Kind("a plain folder", "", "visualposts", "visualposts/NAME", "")

_JEKYLL_FILES = ("_config.yml", "_config.yaml", "_config.toml")
_HUGO_FILES = tuple(f"{name}.{ending}" for name in ("hugo", "config") for ending in ("toml", "yaml", "yml", "json"))
_HUGO_FOLDERS = ("archetypes", "layouts", "themes")


def export(project: Path, folder: Path, names: tuple[str, ...], url: str, report: Report) -> None:
    """Write the charts `names` (all, where there are none) and the files that they need below `folder`.

    `url` is the address of those files on the other site, where it isn't the one that the folder's kind stands for.
    Runs nothing: a stale chart is exported as it is, with a warning. Raises UsageError for a name that isn't there,
    AuthorError where something of another origin is in the way, and then nothing was written.
    """
    _check_folder(project, folder)
    found = survey.survey(project, config.load(project).charts)
    texts = _made(project, found)
    chosen = _chosen(names, texts, found)
    kind = kind_of(folder)
    _check(folder, kind, {name: texts[name] for name in chosen})
    library = _library()
    outputs = {f"{kind.files}/{name}": data for name, data in library.items()}
    addresses = [_address(kind, url, name) for name in library]
    for name in chosen:
        outputs[_target(kind, name)] = portable(texts[name], *addresses).encode()
    for problem in _stale(found, chosen):
        report.problem(problem)
    written = sum(files.write(folder / path, data) for path, data in outputs.items())
    _sum_up(report, folder, kind, chosen, outputs, written)


def kind_of(folder: Path) -> Kind:
    """What the site in `folder` is built by, told from the settings file that it has."""
    if any((folder / name).is_file() for name in _JEKYLL_FILES):
        return JEKYLL
    settings = [name for name in _HUGO_FILES if (folder / name).is_file()]
    # config.toml alone may be anybody's.
    if any(name.startswith("hugo.") or _has_hugo_folder(folder) for name in settings):
        return HUGO
    return HUGO if (folder / "config" / "_default").is_dir() else PLAIN


def portable(text: str, style: str, client: str, library: str) -> str:
    """The fragment `text` as a line that brings its style sheet, the client and, through it, plotly.js.

    The three addresses go into attributes as they are: they may hold a tag of the other site's template language.
    """
    match = _ROOT.match(text)
    if match is None:
        raise ValueError("a fragment is one element")
    link = f'<link rel="stylesheet" href="{style}">'
    script = f'<script defer src="{client}" data-plotly="{library}"></script>'
    return f"{_line(match[1])}{link}{script}{_line(match[2])}{match[3].strip()}\n"


def style_sheet() -> str:
    """The style of exported charts: that of our own, with the colours of the theme, on the ground of the page."""
    theme = (THEME / "static" / "style.css").read_text(encoding="utf-8")
    colours = "\n".join(f"  {found}" for found in _COLOURS.findall(theme))
    rules = (THEME / "charts" / STYLE).read_text(encoding="utf-8")
    about, _, rest = rules.partition("*/\n")
    return f"{about}*/\n\n:where(.chart) {{\n  --ground: Canvas;\n{colours}\n}}\n{rest}"


def _line(markup: str) -> str:
    """`markup` without a line break, and with nothing that a template language would take for its own."""
    return "".join(_piece(piece) for piece in _KEPT.split(markup))


def _piece(piece: str) -> str:
    if piece.startswith("<script"):
        return piece.replace("\n", "")  # JSON of ours: strings hold no line break
    if piece.startswith("<pre"):
        return fragment.inert(piece).replace("\n", "&#10;")
    return fragment.inert(piece.replace("\n", " "))


def _made(project: Path, found: Survey) -> dict[str, str]:
    """The charts in ``includes/`` and their texts; neither hand-written includes nor what no source gives any more."""
    gone = freeze.alive(found).orphans
    paths = sorted((project / "includes").glob("*.html"))
    texts = {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in paths}
    return {name: text for name, text in texts.items() if fragment.is_fragment(text) and name not in gone}


def _chosen(names: tuple[str, ...], texts: dict[str, str], found: Survey) -> tuple[str, ...]:
    if not texts:
        raise UsageError("includes/ holds no charts yet", BUILD_FIRST)
    awaited = {name for source in found.sources for name, _, _ in source.names}
    for name in names:
        if name not in texts and name in awaited:
            raise UsageError(f"the chart '{name}' has not been made yet", BUILD_FIRST)
        if name not in texts:
            raise UsageError(f"there is no chart '{name}' in includes/", did_you_mean(name, texts))
    return tuple(sorted(set(names) or texts))


def _stale(found: Survey, chosen: tuple[str, ...]) -> Iterator[Problem]:
    known = freeze.alive(found)
    for step in plan.plan(found.sources, known, found.facts, frozen=True):
        entry = known.entries.get(step.source.path)
        given = entry.fragments if entry else {name for name, _, _ in step.source.names}
        if step.reason and set(given) & set(chosen):
            yield warning(f"exported as it is, though stale: {step.reason}", step.source.place(), BUILD_FIRST)


def _library() -> dict[str, bytes]:
    """The files that exported charts share: style sheet, client and plotly.js, in this order."""
    plotly = find_plotly()
    if plotly is None:
        raise VisualpostsError("plotly.js is missing: install the package plotly")
    name = f"plotly-{plotly_version(plotly)}.min.js"
    return {STYLE: style_sheet().encode(), CLIENT: assets.client(), name: plotly.read_bytes()}


def _has_hugo_folder(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in _HUGO_FOLDERS)


def _address(kind: Kind, url: str, name: str) -> str:
    return f"{html.escape(url.rstrip('/'))}/{name}" if url else kind.address.replace("NAME", name)


def _target(kind: Kind, name: str) -> str:
    return f"{kind.fragments}/{name}.html" if kind.fragments else f"{name}.html"


def _check_folder(project: Path, folder: Path) -> None:
    for name in ("content", "includes", files.CACHE, ".git"):
        if folder.resolve().is_relative_to((project / name).resolve()):
            raise UsageError(f"{name}/ is this project's own", "name the folder of the other site")


def _check(folder: Path, kind: Kind, texts: dict[str, str]) -> None:
    """Raise AuthorError for every fragment that isn't whole, and for every file in the way that isn't one of ours."""
    problems = []
    for name, fragment_text in texts.items():
        if not _ROOT.match(fragment_text):
            problems.append(Problem("this fragment isn't whole", Place(f"includes/{name}.html"), BUILD_FIRST))
        path = _target(kind, name)
        try:
            before = (folder / path).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise VisualpostsError(f"{path} can't be read: {error}") from error
        if not fragment.is_fragment(before):
            message = "this is no chart of visualposts, and would be written over"
            problems.append(Problem(message, Place(path), "rename the chart, or name those to export"))
    if problems:
        raise AuthorError(problems)


def _sum_up(
    report: Report, folder: Path, kind: Kind, names: tuple[str, ...], outputs: dict[str, bytes], written: int
) -> None:
    width = max(len(_target(kind, name)) for name in names)
    for name in names:
        path = _target(kind, name)
        tag = kind.tag.replace("NAME", name)
        report.line(f"{path:<{width}}  {size(len(outputs[path])):>8}  {tag}".rstrip())
    shared = [path.rpartition("/")[2] for path in outputs if path.startswith(f"{kind.files}/")]
    report.line(f"{kind.files}/: {', '.join(shared)}")
    unchanged = len(outputs) - written
    report.line(f"{folder} is {kind.title}: {number(len(names), 'chart')}; {written} written, {unchanged} unchanged")
