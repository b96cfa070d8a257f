"""Export: charts that are drawn on pages of other generators, in a real Jekyll, a real Hugo and a page from disk."""

from __future__ import annotations

import html
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generator import export, fragment
from generator.fragment import Fragment
from generator.pages import assets
from tests import projects
from tests.projects import POST, snapshot, visualposts
from tests.reading import Reader, rgb
from tests.test_theme import PAIRS

CHARTS = """\
import plotly.graph_objects as go


def charts():
    words = {"alt": "A {{ rising }} line, é.", "caption": "See {% it %} & <that>."}
    texts = ["{{{ page.title }}}", "{# b #}", "R&D </script>"]
    line = go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 4, 9], text=texts), layout={"meta": words})
    cube = go.Figure(go.Scatter3d(x=[1, 2, 3], y=[1, 4, 9], z=[3, 1, 2]), layout={"meta": {"alt": "A cube."}})
    return {"line": line, "3d-cube": cube}
"""
FOLDER = "content/posts/2026-01-02-a"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a flat chart, a chart in space, and a hand-written include, built."""
    files = {f"{FOLDER}/index.md": POST, f"{FOLDER}/charts.py": CHARTS, "includes/note.html": "<p>By hand.</p>"}
    project = projects.write(tmp_path_factory.mktemp("project"), files)
    assert visualposts(project, "build").returncode == 0
    return project


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of the project, to change."""
    return shutil.copytree(made, tmp_path / "project")


# ---- What is written


@pytest.mark.parametrize(
    ("has", "fragments", "shared"),
    [
        ("_config.yml", "_includes/", "assets/visualposts"),
        ("hugo.toml", "layouts/shortcodes/", "static/visualposts"),
        ("config/_default/hugo.yaml", "layouts/shortcodes/", "static/visualposts"),
        ("config.toml", "", "visualposts"),
        ("", "", "visualposts"),
    ],
)
def test_files_go_where_the_other_site_looks_for_them(
    made: Path, tmp_path: Path, has: str, fragments: str, shared: str
) -> None:
    folder = tmp_path / "other"
    if has:
        projects.write(folder, {has: "", "pyproject.toml": ""})
    before = set(snapshot(folder)) if has else set()
    done = visualposts(made, "export", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    new = set(snapshot(folder)) - before
    plotly = next(path for path in new if "plotly-" in path)
    assert re.fullmatch(rf"{shared}/plotly-\d[\w.-]*\.min\.js", plotly)
    names = {f"{fragments}line.html", f"{fragments}3d-cube.html", f"{shared}/charts.js", f"{shared}/charts.css"}
    assert new == {*names, plotly}


def test_a_hugo_site_of_old_has_a_config_beside_its_folders(tmp_path: Path) -> None:
    projects.write(tmp_path, {"config.toml": "", "archetypes/default.md": ""})
    assert export.kind_of(tmp_path) == export.HUGO


def test_a_second_export_changes_nothing(made: Path, tmp_path: Path) -> None:
    visualposts(made, "export", str(tmp_path))
    before = snapshot(tmp_path)
    done = visualposts(made, "export", str(tmp_path))
    assert snapshot(tmp_path) == before
    assert "0 written, 5 unchanged" in done.stdout


def test_the_chosen_charts_only_and_the_address_that_was_said(made: Path, tmp_path: Path) -> None:
    done = visualposts(made, "export", str(tmp_path), "line", "--url", "https://cdn.example.org/a&b/")
    assert done.returncode == 0
    assert not (tmp_path / "3d-cube.html").exists()
    text = (tmp_path / "line.html").read_text(encoding="utf-8")
    assert '<script defer src="https://cdn.example.org/a&amp;b/charts.js" data-plotly="https://cdn.' in text
    assert '<link rel="stylesheet" href="https://cdn.example.org/a&amp;b/charts.css">' in text


def test_the_summary_says_what_to_type(made: Path, tmp_path: Path) -> None:
    (tmp_path / "_config.yml").touch()
    lines = visualposts(made, "export", str(tmp_path)).stdout.splitlines()
    assert re.fullmatch(r"_includes/3d-cube\.html +\d+ B +\{% include 3d-cube\.html %\}", lines[0])
    assert lines[-1] == f"{tmp_path} is a Jekyll site: 2 charts; 5 written, 0 unchanged"


def test_a_fragment_becomes_one_line_that_means_the_same() -> None:
    payload = fragment.payload([{"text": "{{ a }}\n"}, {"x": [1]}], {})
    chart = Fragment("a", payload, "Alt {{ b }}", "A\ncaption", "<table>\n<tr><td>{% c %}</td></tr>\n</table>")
    text = export.portable(chart.to_html(), "S", "C", "P")
    assert text.count("\n") == 1
    assert text.startswith('<figure class="chart" id="chart-a"')
    assert '<link rel="stylesheet" href="S"><script defer src="C" data-plotly="P"></script>' in text
    assert text.endswith("</figcaption> </figure>\n")
    found = re.search(r'<script type="application/json">(.*?)</script>', text)
    assert found is not None
    assert json.loads(found[1]) == json.loads(payload)
    assert not re.search(r"\{[{%#]", text)


def test_lines_of_code_stay_lines() -> None:
    notebook = fragment.notebook("n", "<h2>Words</h2>\n<pre><code>a = {{1}}\nb</code></pre>")
    text = export.portable(notebook, "S", "C", "P")
    assert fragment.is_fragment(text)
    assert text.count("\n") == 1
    assert "<pre><code>a = {{1}}\nb</code></pre>" in html.unescape(text)
    assert "{{" not in text


def test_the_style_sheet_knows_every_property_that_the_client_asks_for() -> None:
    sheet = export.style_sheet()
    client = assets.client().decode()
    asked = {f"--{name}" for name in re.findall(r'css\("([\w-]+)"\)', client)}
    asked |= {
        f"--{name}"
        for names in re.findall(r"= \[((?:\"[\w-]+\",? ?)+)\]\.map\(css\)", client)
        for name in re.findall(r'"([\w-]+)"', names)
    }
    asked |= {
        f"--chart-{name}"
        for names in re.findall(r"scale\(([^)]+)\)", client)
        for name in re.findall(r'"([\w-]+)"', names)
    }
    asked |= {f"--chart-{number}" for number in range(1, 9)}
    asked |= set(re.findall(r"var\((--[\w-]+)\)", sheet))
    assert {"--ground", "--ink", "--accent", "--chart-low", "--chart-above"} <= asked
    assert asked <= set(re.findall(r"^\s*(?::where\(\.chart-box\) \{ )?(--[\w-]+):", sheet, re.MULTILINE))


# ---- What is refused


def test_a_stale_chart_is_exported_with_a_warning_and_nothing_runs(project: Path, tmp_path: Path) -> None:
    source = project / FOLDER / "charts.py"
    source.write_text(source.read_text(encoding="utf-8") + "\nraise SystemExit('it ran')\n", encoding="utf-8")
    done = visualposts(project, "export", str(tmp_path / "other"), "line")
    assert done.returncode == 0
    assert done.stderr == (
        f"{FOLDER}/charts.py:4:1: warning: exported as it is, though stale: charts.py changed\n"
        "  hint: run 'visualposts build' first\n"
    )
    assert (tmp_path / "other/line.html").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lin", "error: there is no chart 'lin' in includes/\n  hint: did you mean 'line'?\n"),
        ("note", "error: there is no chart 'note' in includes/\n"),
    ],
)
def test_a_name_that_is_no_chart_writes_nothing(made: Path, tmp_path: Path, name: str, message: str) -> None:
    done = visualposts(made, "export", str(tmp_path / "other"), "line", name)
    assert (done.returncode, done.stderr) == (2, message)
    assert not (tmp_path / "other").exists()


def test_a_chart_that_was_never_made_is_not_an_unknown_one(project: Path, tmp_path: Path) -> None:
    (project / "includes/line.html").unlink()
    done = visualposts(project, "export", str(tmp_path / "other"), "line")
    assert done.returncode == 2
    assert done.stderr == ("error: the chart 'line' has not been made yet\n  hint: run 'visualposts build' first\n")
    shutil.rmtree(project / "includes")
    done = visualposts(project, "export", str(tmp_path / "other"))
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "error: includes/ holds no charts yet")


def test_a_file_of_another_origin_is_never_written_over(made: Path, tmp_path: Path) -> None:
    projects.write(tmp_path, {"_config.yml": "", "_includes/line.html": "<hr>", "pyproject.toml": ""})
    before = snapshot(tmp_path)
    done = visualposts(made, "export", str(tmp_path))
    assert done.returncode == 1
    assert "_includes/line.html: error: this is no chart of visualposts, and would be written over" in done.stderr
    assert snapshot(tmp_path) == before


def test_a_fragment_that_was_cut_is_named(project: Path, tmp_path: Path) -> None:
    path = project / "includes/line.html"
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    done = visualposts(project, "export", str(tmp_path / "other"))
    assert done.returncode == 1
    assert done.stderr.startswith(
        "includes/line.html: error: this fragment isn't whole\n  hint: run 'visualposts build' first\n"
    )
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("folder", ["includes", "content/posts", ".visualposts"])
def test_the_projects_own_folders_are_no_other_site(project: Path, folder: str) -> None:
    before = snapshot(project)
    done = visualposts(project, "export", folder)
    assert done.returncode == 2
    assert "is this project's own" in done.stderr
    assert snapshot(project) == before


# ---- In a real browser

PAGE = '<!doctype html><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">'
SILENT = (
    "<style>body { background: #fffffe; } @media (prefers-color-scheme: dark) { body { background: #101112; } }</style>"
)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """A site below /blog/, which notes what it is asked for."""

    asked: Counter[str]

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/blog"))

    def log_message(self, format: str, *args: object) -> None:
        self.asked[self.path.rpartition("/")[2]] += 1


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """The address of the site in `folder`, and the count of requests for each file's name."""
    asked: Counter[str] = Counter()
    handler = type("Handler", (_Handler,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/blog", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    yield Reader(context.new_page())
    context.close()


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"NO {name.upper()} TEST: {name} is not on PATH")
    return path


def check_drawn(reader: Reader, address: str, asked: Counter[str]) -> None:
    """Both charts are drawn on the page at `address`, and everything that they share was fetched once."""
    reader.page.goto(address)
    reader.drawn("line", "3d-cube")
    assert reader.page.locator("figure.chart").count() == reader.page.locator(".chart-plot .main-svg").count() // 3 == 2
    assert reader.page.locator("#chart-line .chart-alt").text_content() == "A {{ rising }} line, é."
    words = reader.page.locator("#chart-line figcaption").evaluate("caption => caption.firstChild.textContent.trim()")
    assert words == "See {% it %} & <that>."
    text = "document.querySelector('#chart-line .chart-plot').data[0].text"
    assert reader.page.evaluate(text) == ["{{{ page.title }}}", "{# b #}", "R&D </script>"]
    assert reader.complaints == []
    assert reader.library() == 1
    shared = {name: count for name, count in asked.items() if name.startswith(("charts.", "plotly-"))}
    assert len(shared) == 3
    assert set(shared.values()) == {1}


@pytest.mark.browser
def test_a_jekyll_post_shows_exported_charts(made: Path, tmp_path: Path, reader: Reader) -> None:
    matter = "---\ntitle: Hi\nlayout: default\n---\n"
    files = {
        "_config.yml": "title: Another blog\nbaseurl: /blog\npermalink: /:year/:month/:title/\n",
        "_layouts/default.html": f"{PAGE}<article>{{{{ content }}}}</article>",
        "_posts/2026-01-02-hi.md": matter
        + "Text\n{% include line.html %}\nText\n\n- item\n\n  {% include 3d-cube.html %}\n",
        "pyproject.toml": "",
    }
    site = projects.write(tmp_path / "jekyll", files)
    jekyll = tool("jekyll")
    assert visualposts(made, "export", str(site)).returncode == 0
    built = subprocess.run([jekyll, "build"], cwd=site, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    with serving(site / "_site") as (address, asked):
        check_drawn(reader, f"{address}/2026/01/hi/", asked)
    assert reader.page.locator("li #chart-3d-cube").count() == 1


@pytest.mark.browser
def test_a_hugo_post_shows_exported_charts(made: Path, tmp_path: Path, reader: Reader) -> None:
    files = {
        "config.toml": 'baseURL = "https://a.example/blog/"\ndisableKinds = ["taxonomy", "term", "home", "section"]\n',
        "layouts/_default/single.html": f"{PAGE}<article>{{{{ .Content }}}}</article>",
        "content/posts/hi.md": "---\ntitle: Hi\n---\nText\n\n{{< line >}}\n\n- item\n\n  {{< 3d-cube >}}\n",
        "pyproject.toml": "",
    }
    site = projects.write(tmp_path / "hugo", files)
    hugo = tool("hugo")
    assert visualposts(made, "export", str(site)).returncode == 0
    built = subprocess.run([hugo, "--quiet"], cwd=site, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    with serving(site / "public") as (address, asked):
        check_drawn(reader, f"{address}/posts/hi/", asked)


@pytest.mark.browser
def test_fragments_pasted_into_a_page_are_drawn_from_disk(made: Path, tmp_path: Path, reader: Reader) -> None:
    assert visualposts(made, "export", str(tmp_path)).returncode == 0
    pasted = "".join((tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("line", "3d-cube"))
    (tmp_path / "page.html").write_text(f"{PAGE}{SILENT}<body>{pasted}", encoding="utf-8")
    reader.page.goto((tmp_path / "page.html").as_uri())
    reader.drawn("line", "3d-cube")
    assert (reader.library(), reader.complaints) == (1, [])
    for scheme, ground in (
        ("light", "rgb(255, 255, 254)"),
        ("dark", "rgb(16, 17, 18)"),
        ("light", "rgb(255, 255, 254)"),
    ):
        reader.page.emulate_media(color_scheme=scheme)
        ink = rgb(PAIRS["ink"][scheme == "dark"])
        reader.until(f"document.querySelector('.chart-plot')._fullLayout.font.color === '{ink}'")
        assert reader.layout("line", "paper_bgcolor").replace(" ", "") == ground.replace(" ", "")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("style", "scheme"),
    [("", 0), (":root { color-scheme: light dark; }", 1), (":root { color-scheme: only light; }", 0)],
)
def test_a_chart_is_as_dark_as_its_page(made: Path, tmp_path: Path, reader: Reader, style: str, scheme: int) -> None:
    """A reader who likes it dark, on a page that knows only light, that follows, that says that it is light."""
    assert visualposts(made, "export", str(tmp_path), "line").returncode == 0
    text = (tmp_path / "line.html").read_text(encoding="utf-8")
    own = f"<style>{style} .chart-box {{ --chart-1: #ff0001; }}</style>"
    (tmp_path / "page.html").write_text(f"{PAGE}{own}<body>{text}", encoding="utf-8")
    reader.page.emulate_media(color_scheme="dark")
    reader.page.goto((tmp_path / "page.html").as_uri())
    reader.drawn("line")
    assert reader.layout("line", "font.color") == rgb(PAIRS["ink"][scheme])
    assert reader.layout("line", "colorway[0]") == "rgb(255, 0, 1)"
