"""Fuzz: whatever stands in posts, settings, includes, templates, notebooks, manifests and caches: a site or errors.

Never an exception of ours, never a file changed or made outside of the output and the caches. ``FUZZ=1000`` in the
environment tries more, and others each time.
"""

from __future__ import annotations

import io
import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import build, prose
from generator.build import Options
from generator.charts import article, notebook
from generator.errors import VisualpostsError
from generator.pages.fields import KNOWN
from generator.report import Report
from tests import projects
from tests.projects import NOW, POST, write

CHOSEN = os.environ.get("FUZZ")
fuzz = settings(
    max_examples=int(CHOSEN or 40),
    deadline=None,
    derandomize=CHOSEN is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
Texts = st.SearchStrategy[str]

# -- what is tried --------------------------------------------------------------------------------------------------

CONTROLS = "\t\n\r\0\x02\x03\x0b\x1a\x7f\x85\u2028\u202e\ufeff\ufffe\ud800é\U0001f600"
SIGNS = " -_:;,.!?#&*|>'\"%@`[]{}()<>/\\=+~$^01aZ"
YAML = "--- ... !! !!binary !!set !!omap !!timestamp %YAML &a *a <<: ? - true null 1e999 0x 0o9 10:10 .inf .nan yes = ~"
DATES = "2026-13-99 2026-01-02 0001-01-01 9999-12-31T23:59:59-23:59 12:30:45.5 0000-00-00 11111111111111111111"
PATHS = ".. ../ // /etc/passwd ../../x C:\\x file:///x javascript:x data:x %2e%2e/ %00 ?a=b #c https://["
TAGS = "{% %} {{ }} {# #} {%include {%raw%} <vp-include STX0END wzxhzdk:0 \\( \\) $$ $x$ &lt; &#0; &#x110000;"
MARKDOWN = "``` ~~~python ![x](y) [x]( [x][y] [y]: [^1] [^1]: *** ** _a !!! ??? {.wide} {:.x} ## {#y} |a|b| |-|-| 1. >"
HTML = "<script> </script> <!-- --> <b <p> </p> <img <iframe src= srcset= href= <svg> </svg> <pre> <table> <td> style="
SPICE = [
    *CONTROLS,
    *SIGNS,
    *" ".join((YAML, DATES, PATHS, TAGS, MARKDOWN, HTML)).split(),
    *("{% include a.html %}", '{% include a.html x="y" %}', "!!python/object/apply:os.system [id]", "\n\n", "\n    "),
]
BLOCKS = [
    *(
        *"[]()`<-_|$&",
        "![",
        "</div>",
        "<div>",
        '<div markdown="1">\n',
        "<p>",
        "<!--",
        "-->",
        "```\n",
        "~~~",
        "    ",
        "  ",
    ),
    *("\n", "\n", "\n\n", "\n\n", "a", "b c", "  \n", "\\", "*", "**", "- ", "-\n", "1. ", "1.\n", "10) ", "+ ", "> "),
    *(">\n", "> [!NOTE]\n", "# ", "#", "|a|b|\n|-|-|\n", "|-|", "---\n", "===\n", ": ", ":\n", "!!! note\n", "??? x\n"),
    *('???+ "t"\n', "[^1]", "[^1]: ", "[^1]:\n", "[r]: /u\n", "{.a}", "{: #b }", "$$", "\\(", "\\)", "\\[", "{{", "\t"),
    *(
        "{% include a.html %}",
        "{% raw %}",
        '<vp-include n="0">',
        "http://a.b",
        "www.a.b",
        "<a@b.c>",
        "- [x] ",
        "<table>",
    ),
    *("<td>", "<pre>", "</pre>", "<script>", "<svg>", "<br/>", "\x02", "wzxhzdk:0", "klzzwxh:0001"),
]
texts = st.lists(st.sampled_from(SPICE) | st.text(max_size=4), max_size=10).map("".join)
bodies = st.lists(st.sampled_from([*SPICE, "\n", "word "]), max_size=40).map("".join)


def listed(inner: Texts) -> Texts:
    return st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")


def below(inner: Texts) -> Texts:
    return st.lists(inner, max_size=3).map(lambda items: "".join(f"\n  - {item}" for item in items))


values = st.recursive(texts, lambda inner: listed(inner) | below(inner), max_leaves=6)
keys = st.sampled_from(sorted(KNOWN)) | texts
fronts = st.lists(st.tuples(keys, values).map(lambda pair: f"{pair[0]}: {pair[1]}\n"), max_size=6).map("".join)
posts = st.tuples(fronts, bodies).map(lambda parts: f"---\ntitle: A\n{parts[0]}---\n{parts[1]}")

JINJA = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "-", "page", "site", "include", ".title", ".__class__", "|", "safe", "join"),
    *(" include ", " a.html ", '"a.html"', "b.html", "../x.html", " extends ", '"theme/base.html"', " import ", "loop"),
    *(" for x in page ", " endfor ", " if ", " endif ", " block x ", " endblock ", " macro x() ", " endmacro ", "x()"),
    *(" set x = ", " raw ", " endraw ", "[0]", "tojson", "int", "(", ")", "1/0", "'x' * 9", " x='y' ", "\n", "\0", "é"),
    *("<p>", "range(3)", "cycler", "namespace()", "url(", "asset(", "self", "caller()", '"\\ud800"', "\x1a"),
)
templates = st.lists(st.sampled_from(JINJA), max_size=20).map("".join)

SCALARS = (
    *("true", "1", "-1", "0", "1e5", "nan", "inf", "1979-05-27", "07:32:00", "99999999999999999999", "", "=", "["),
    *(
        '"/:year/:slug/"',
        '"Europe/Berlin"',
        '"../../etc/passwd"',
        '"https://x.y/z"',
        '"https://["',
        '"en"',
        '"\\u0001"',
    ),
)
SETTING = ["title", "language", "base_url", "timezone", "permalink", "paginate", "nav", "charts", "spark", "x"]
toml = st.recursive(
    st.sampled_from(SCALARS) | texts.map(lambda text: json.dumps(text.encode("utf-8", "replace").decode())),
    lambda inner: listed(inner) | inner.map(lambda item: f"{{title = {item}, url = {item}, master = {item}}}"),
    max_leaves=4,
)
tables = st.dictionaries(st.sampled_from(SETTING), toml, max_size=4).map(
    lambda table: "".join(f"{key} = {value}\n" for key, value in {"title": '"A"', **table}.items())
)

SOURCE = "content/posts/a/charts.py"
PARTS = ["fragments", "files", "folders", "patterns", "outside", "warnings", "library", "versions", "settings"]
NAMES = [
    *PARTS,
    "format",
    "sources",
    "orphans",
    "path",
    "line",
    "message",
    "one",
    "../../x",
    "*",
    "../**",
    "data",
    SOURCE,
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(NAMES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | texts, inner, max_size=4),
    max_leaves=15,
)
entries = st.fixed_dictionaries(
    {"format": st.sampled_from([1, 2]), "fragments": anything | st.just({"one": "0"})},
    optional=dict.fromkeys(PARTS[1:], anything),
)
sources = st.dictionaries(st.sampled_from([SOURCE, "../x.py", "gone.py"]) | texts, entries | anything, max_size=3)
manifests = st.fixed_dictionaries({"format": st.just(1), "sources": sources}, optional={"orphans": anything}) | anything

MIMES = ["text/html", "text/plain", "image/png", "image/svg+xml", "application/vnd.plotly.v1+json", "application/json"]
KINDS = st.sampled_from(["stream", "display_data", "execute_result", "error"]) | anything
bundles = st.dictionaries(st.sampled_from(MIMES), anything, max_size=3) | anything
results = st.fixed_dictionaries(
    {"output_type": KINDS, "data": bundles}, optional={"text": anything, "name": anything, "metadata": anything}
)
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]) | anything, "source": texts | anything},
    optional={
        "metadata": st.fixed_dictionaries({"tags": st.just(["chart:a", "hide_input"]) | anything}) | anything,
        "outputs": st.lists(results | anything, max_size=3) | anything,
        "attachments": anything,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.just(4), "cells": st.lists(cells | anything, max_size=3) | anything},
    optional={"metadata": st.just({"execute": False}) | anything},
)


@st.composite
def spoilt(draw: st.DrawFn, whole: Texts) -> bytes:
    """A text as bytes, often cut and written over here and there."""
    data = bytearray(draw(whole).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=3))
    return bytes(data)


# -- what must come of it -------------------------------------------------------------------------------------------


@contextmanager
def project(files: dict[str, bytes]) -> Iterator[Path]:
    """A project with a sound post and `files`, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "outer" / "project"
        write(place, {"content/posts/2026-01-01-sound.md": POST, "content/static/kept.txt": "kept"})
        for path, data in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)
        yield place


def outcome(place: Path) -> str:
    """What comes of a build of the project at `place`, whose own files are untouched, and those around it."""
    before = around(place)
    words = projects.outcome(place)
    assert around(place) == before
    return words


def around(place: Path) -> dict[Path, bytes]:
    """Every file but those of the output and the caches, and the manifest, which is ours."""
    ours = (place / "site", place / ".visualposts", place / "includes/manifest.json")
    return {
        path: path.read_bytes()
        for path in place.parent.parent.rglob("*")
        if path.is_file() and not any(path.is_relative_to(room) for room in ours)
    }


@fuzz
@given(spoilt(posts))
def test_posts(post: bytes) -> None:
    with project({"content/posts/2026-01-02-odd.md": post}) as place:
        outcome(place)


@fuzz
@given(bodies, st.booleans())
def test_bodies(body: str, math: bool) -> None:
    text = f"---\ntitle: A\nmath: {str(math).lower()}\n---\n{body}".encode("utf-8", "replace")
    with project({"content/posts/2026-01-02-odd.md": text, "includes/a.html": b"<b>{{ include.x }}</b>"}) as place:
        outcome(place)


def test_prose() -> None:
    """Typesetting alone takes so little time that it is tried on many more texts."""
    dice = random.Random(None if CHOSEN else 5)
    for _ in range(50 * int(CHOSEN or 40)):
        text = "".join(dice.choices(BLOCKS, k=dice.randint(1, 30)))
        try:
            prose.render(text, math=dice.random() < 0.4)
        except Exception as error:
            raise AssertionError(repr(text)) from error


@fuzz
@given(st.sampled_from(sorted(KNOWN)), values)
def test_fields(key: str, value: str) -> None:
    title = "" if key == "title" else "title: A\n"
    text = f"---\n{title}{key}: {value}\n---\nText.\n".encode("utf-8", "replace")
    with project({"content/posts/2026-01-02-odd.md": text}) as place:
        outcome(place)


@fuzz
@given(spoilt(templates), spoilt(templates), spoilt(templates))
def test_includes_and_templates(one: bytes, other: bytes, override: bytes) -> None:
    files = {"includes/a.html": one, "includes/b.html": other, "content/templates/page.html": override}
    files["content/posts/2026-01-02-odd.md"] = f'{POST}\n{{% include a.html x="1" %}}\n'.encode()
    files["content/pages/about.md"] = b"---\ntitle: About\n---\nUs.\n"
    with project(files) as place:
        outcome(place)


@fuzz
@given(spoilt(tables))
def test_settings(table: bytes) -> None:
    with project({"pyproject.toml": b"[tool.visualposts]\n" + table}) as place:
        outcome(place)


@fuzz
@given(spoilt(manifests.map(json.dumps)))
def test_manifests(manifest: bytes) -> None:
    post = {"content/posts/a/index.md": POST.encode(), SOURCE: b"def charts():\n    return {}\n"}
    with project({**post, "includes/manifest.json": manifest, "includes/one.html": b"by hand"}) as place:
        with suppress(VisualpostsError):
            build.status(place, Options(now=NOW), Report(io.StringIO(), io.StringIO()))
        outcome(place)


@fuzz
@given(spoilt(notebooks.map(json.dumps)))
def test_notebooks(book: bytes) -> None:
    path = "content/posts/a/book.ipynb"
    with project({"content/posts/a/index.md": POST.encode(), path: book}) as place:
        outcome(place)
    written, _ = notebook.parse(path, book.decode(errors="replace"))
    article.fragments(written, "/nowhere")


CACHES = ["memory.sqlite", "site.json", "failed.json", "hashes.json", "posters.json", "lock", "site.stage/0"]


@fuzz
@given(st.dictionaries(st.sampled_from(CACHES), spoilt(manifests.map(json.dumps)), min_size=1, max_size=4))
def test_caches(files: dict[str, bytes]) -> None:
    with project({f".visualposts/{name}": data for name, data in files.items()}) as place:
        assert outcome(place) == ""


@pytest.mark.parametrize("value", ["", "null", "0", "[]", "{}", '"x"', "[[[]]]", '{"text": 1}', "\x00", "[null]"])
def test_a_memory_of_nonsense(value: str) -> None:
    with project({}) as place:
        assert outcome(place) == ""
        made = projects.snapshot(place / "site")
        base = sqlite3.connect(place / ".visualposts/memory.sqlite")
        kinds = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'maker'").fetchall()
        for (kind,) in kinds:
            base.execute(f'UPDATE "{kind}" SET value = ?', (value,))
        base.commit()
        base.close()
        assert kinds
        assert outcome(place) == ""
        assert projects.snapshot(place / "site") == made
