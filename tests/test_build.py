"""The build as its users see it: the command in a process of its own, on mini projects, without Spark."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import build, cli, fragment
from generator.report import Report
from tests import projects
from tests.projects import CHART, POST, snapshot, visualposts

A, B = "content/posts/a", "content/posts/b"
TWO = """\
from pathlib import Path

import plotly.graph_objects as go
from generator.charts import palette


def charts(settings):
    rows = [int(path.read_text()) for path in sorted(Path("data").glob("*.txt"))]
    figure = go.Figure(go.Bar(y=rows, x=settings.get("x", [1]), marker={"color": palette.COLOURS[0]}))
    return {"two": figure.update_layout(meta={"alt": "Bars."})}
"""
POST_A = POST + "\n{% include one.html %}\n"
POST_B = POST.replace("A post", "B post") + "\n{% include two.html %}\n"
BLOG = {
    f"{A}/index.md": POST_A,
    f"{A}/charts.py": CHART.replace("x=[1, 2, 3]", "x=_rows.x").replace("import", "import _rows\nimport", 1),
    f"{A}/unread.csv": "a,b\n1,2\n",
    f"{A}/_rows.py": "import pandas as pd\nimport _deep\n\nx = list(pd.read_csv('data.csv').a) + _deep.more\n",
    f"{A}/_deep.py": "more = [2, 3]\n",
    f"{A}/data.csv": "a,b\n1,2\n",
    f"{B}/index.md": POST_B,
    f"{B}/charts.py": TWO,
    f"{B}/data/1.txt": "1",
    f"{B}/data/2.txt": "2",
    "content/pages/about.md": "---\ntitle: About\n---\n\nUs. [The post](../posts/a/index.md)\n",
    "includes/mine.html": "<p>By hand: {{ include.text }}</p>\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog that has been built once; tests work on copies."""
    project = projects.write(tmp_path_factory.mktemp("built") / "blog", BLOG)
    done = visualposts(project, "build")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def blog(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "copy"))


def ran(project: Path, *arguments: str) -> list[str]:
    """Build, and return what ran and why, in the words of the program."""
    done = visualposts(project, "build", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.partition("] ")[2] for line in done.stdout.splitlines() if line.startswith("[")]


def test_a_site_is_built(built: Path) -> None:
    page = (built / "site/posts/a/index.html").read_text()
    assert page.count('data-chart="one"') == 1
    chart = fragment.parse((built / "includes/one.html").read_text())
    assert chart is not None
    files = '<p class="chart-files"><a href="../../charts/one.csv" download>CSV</a> '
    assert chart.to_html(files=f'{files}<a href="../../charts/one.json" download>JSON</a></p>') in page
    assert len(list(built.glob("site/assets/plotly-*.min.js"))) == 1


def test_the_second_build_runs_and_writes_nothing(blog: Path) -> None:
    before = snapshot(blog)
    done = visualposts(blog, "build")
    assert "(0 written" in done.stdout
    assert "0 chart sources run, 2 current" in done.stdout
    assert snapshot(blog) == before


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        text = (project / path).read_text()
        assert old in text
        (project / path).write_text(text.replace(old, new))

    return change


def touch(project: Path) -> None:
    for path in project.rglob("*"):
        os.utime(path, (time.time() + 100, time.time() + 100))


def clone(project: Path) -> None:
    shutil.rmtree(project / ".visualposts")
    shutil.rmtree(project / "site")


def setting(text: str) -> Callable[[Path], None]:
    return lambda project: projects.write(project, {"pyproject.toml": projects.SETTINGS + text}) and None


def add(path: str, text: str) -> Callable[[Path], None]:
    return lambda project: projects.write(project, {path: text}) and None


def remove(path: str) -> Callable[[Path], None]:
    return lambda project: (project / path).unlink()


NOTHING: list[str] = []
TRUTH = {
    "nothing": (lambda _: None, NOTHING),
    "touch on everything": (touch, NOTHING),
    "fresh clone": (clone, NOTHING),
    "prose": (edit(f"{A}/index.md", "Hello", "Goodbye"), NOTHING),
    "front matter": (edit(f"{A}/index.md", "A post", "Another title"), NOTHING),
    "theme": (add("content/templates/404.html", "<p>Gone.</p>"), NOTHING),
    "settings of the site": (setting('description = "x"\n'), NOTHING),
    "text of the source": (edit(f"{A}/charts.py", "[1, 4, 9]", "[1, 4, 8]"), [f"{A}/charts.py (charts.py changed)"]),
    "a comment": (edit(f"{A}/charts.py", "def", "# why\ndef"), [f"{A}/charts.py (charts.py changed)"]),
    "a helper": (edit(f"{A}/_rows.py", "+", "+ [] +"), [f"{A}/charts.py (_rows.py changed)"]),
    "a helper of the helper": (edit(f"{A}/_deep.py", "3", "5"), [f"{A}/charts.py (_deep.py changed)"]),
    "a file of a globbed folder": (edit(f"{B}/data/2.txt", "2", "3"), [f"{B}/charts.py (data/2.txt changed)"]),
    "a file added to a globbed folder": (
        add(f"{B}/data/3.txt", "3"),
        [f"{B}/charts.py (the files in data/ are others)"],
    ),
    "a file removed from a globbed folder": (remove(f"{B}/data/1.txt"), [f"{B}/charts.py (data/1.txt is gone)"]),
    "a CSV that nobody read": (edit(f"{A}/unread.csv", "1,2", "1,3"), NOTHING),
    "a new file beside": (add(f"{A}/sub/new.csv", "a\n"), NOTHING),
    "a CSV read by pandas": (edit(f"{A}/data.csv", "1,2", "1,3"), [f"{A}/charts.py (data.csv changed)"]),
    "a setting that it read": (
        setting("[tool.visualposts.charts]\nx = [3]\n"),
        [f"{B}/charts.py (the setting 'x' changed)"],
    ),
    "a setting that nobody read": (setting("[tool.visualposts.charts]\nz = [3]\n"), NOTHING),
    "an edited fragment": (
        edit("includes/one.html", "rising", "fallen"),
        [f"{A}/charts.py (includes/one.html was edited)"],
    ),
    "a deleted fragment": (remove("includes/one.html"), [f"{A}/charts.py (includes/one.html is missing)"]),
}
LIBRARIES = {
    "another version of a library": (
        edit("includes/manifest.json", '"pandas": "', '"pandas": "0.'),
        [f"{A}/charts.py (pandas 0."],
    ),
    "our own modules edited": (
        edit("includes/manifest.json", '"generator.charts.palette": "', '"generator.charts.palette": "0'),
        [f"{B}/charts.py (generator.charts.palette changed)"],
    ),
    "another fragment format": (
        edit("includes/manifest.json", '   "format": 1', '   "format": 0'),
        [f"{A}/charts.py (the fragment format changed)", f"{B}/charts.py (the fragment format changed)"],
    ),
}


@pytest.mark.parametrize("name", TRUTH)
def test_what_runs_again(blog: Path, name: str) -> None:
    change, expected = TRUTH[name]
    change(blog)
    assert ran(blog) == expected
    assert ran(blog) == []


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries_count_but_not_when_frozen(blog: Path, name: str) -> None:
    change, expected = LIBRARIES[name]
    change(blog)
    assert ran(blog, "--frozen") == []
    found = ran(blog)
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True))
    assert ran(blog) == []


def test_another_folder_and_another_environment(blog: Path, tmp_path: Path) -> None:
    moved = blog.rename(tmp_path / "moved elsewhere")
    environ = {"HOME": str(tmp_path), "ANYTHING": "else", "PYTHONHASHSEED": "7"}
    done = visualposts(moved, "build", environ=environ)
    assert "0 chart sources run" in done.stdout


def test_status_prints_the_reason(blog: Path) -> None:
    edit(f"{A}/data.csv", "1,2", "1,3")(blog)
    before = snapshot(blog)
    done = visualposts(blog, "status")
    assert done.stdout == (
        f"{A}/charts.py (one)\n  stale: data.csv changed\n{B}/charts.py (two)\n  current\n2 chart sources, 1 stale\n"
    )
    assert snapshot(blog) == before


def test_rerun_and_only(blog: Path) -> None:
    assert ran(blog, "--rerun", "--only", "two") == [f"{B}/charts.py (forced by --rerun)"]
    assert ran(blog, "--rerun", "--only", f"./{A}/", "--only", "two") == [
        f"{A}/charts.py (forced by --rerun)",
        f"{B}/charts.py (forced by --rerun)",
    ]
    done = visualposts(blog, "build", "--only", "tow")
    assert (done.returncode, done.stderr) == (
        2,
        "error: --only tow: there is no such chart or chart source\n  hint: did you mean 'two'?\n",
    )


def test_frozen_never_runs_and_names_what_is_stale(blog: Path) -> None:
    edit(f"{A}/data.csv", "1,2", "1,3")(blog)
    (blog / "includes/two.html").unlink()
    before = snapshot(blog)
    done = visualposts(blog, "build", "--frozen")
    assert done.returncode == 1
    hint = "  hint: run 'visualposts build' without --frozen where Spark is installed, and commit includes/\n"
    assert f"{A}/charts.py:5:1: error: stale: data.csv changed\n{hint}" in done.stderr
    assert f"{B}/charts.py:7:1: error: stale: includes/two.html is missing\n{hint}" in done.stderr
    assert snapshot(blog) == before


def test_a_failing_source_keeps_everything_as_it_was(blog: Path) -> None:
    edit(f"{A}/charts.py", "_rows.x", "_rows.z")(blog)
    before = {**snapshot(blog / "site"), **snapshot(blog / "includes")}
    done = visualposts(blog, "build")
    assert done.returncode == 1
    line = f"{A}/charts.py:6:43: error: AttributeError: module '_rows' has no attribute 'z'\n"
    assert done.stderr == line + "1 error; the site is as it was\n"
    assert {**snapshot(blog / "site"), **snapshot(blog / "includes")} == before
    edit(f"{A}/charts.py", "_rows.z", "_rows.x")(blog)
    assert ran(blog) == [f"{A}/charts.py (its last run failed)"]
    assert ran(blog) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            edit(f"{A}/index.md", "{% include one.html %}", "{% include oen.html %}"),
            f"{A}/index.md:8:1: error: there is no include 'oen.html'\n  hint: did you mean 'one.html'?\n",
        ),
        (
            edit(f"{A}/index.md", "date: 2026-01-02", "date: yesterday"),
            f"{A}/index.md:3:7: error: 'date' is not a date: 'yesterday'\n",
        ),
    ],
)
def test_a_broken_post_keeps_everything_as_it_was(blog: Path, change: Callable[[Path], None], expected: str) -> None:
    change(blog)
    before = snapshot(blog)
    done = visualposts(blog, "build")
    assert done.returncode == 1
    assert done.stderr.startswith(expected)
    assert snapshot(blog) == before


def test_a_name_no_longer_given_goes_with_its_fragment(blog: Path) -> None:
    edit(f"{B}/charts.py", '"two"', '"deux"')(blog)
    before = snapshot(blog / "site")
    done = visualposts(blog, "build")
    assert done.returncode == 1, "the post still includes two.html"
    assert "there is no include 'two.html'" in done.stderr
    assert (blog / "includes/two.html").exists(), "nothing is pruned before every check has passed"
    assert snapshot(blog / "site") == before
    edit(f"{B}/index.md", "two.html", "deux.html")(blog)
    assert "removed includes/two.html" in visualposts(blog, "build").stdout
    assert {path.name for path in (blog / "includes").iterdir()} == {
        "one.html",
        "deux.html",
        "mine.html",
        "manifest.json",
    }


def test_a_source_that_is_gone_takes_its_fragments_along(blog: Path) -> None:
    (blog / f"{B}/charts.py").unlink()
    edit(f"{B}/index.md", "{% include two.html %}", '{% include mine.html text="hi" %}')(blog)
    assert ran(blog) == []
    assert {path.name for path in (blog / "includes").iterdir()} == {"one.html", "mine.html", "manifest.json"}
    assert "By hand: hi" in (blog / "site/posts/b/index.html").read_text()


def test_a_name_that_two_sources_give_is_an_error_that_names_both(blog: Path) -> None:
    edit(f"{B}/charts.py", '"two"', '"one"')(blog)
    before = snapshot(blog / "includes")
    done = visualposts(blog, "build")
    assert done.returncode == 1
    assert f"{B}/charts.py:10:13: error: the chart 'one' is given by {A}/charts.py too\n" in done.stderr
    assert snapshot(blog / "includes") == before


def test_a_name_moves_from_one_source_to_another(blog: Path) -> None:
    """Whichever runs first: the one that gives the name up, or the one that takes it; or both at once."""
    for one, two in (("two", "one"), ("one", "other"), ("fresh", "one"), ("one", "two")):
        for folder, name in ((A, one), (B, two)):
            path = blog / f"{folder}/charts.py"
            path.write_text(re.sub(r'return {"[a-z]+"', f'return {{"{name}"', path.read_text()))
            (blog / f"{folder}/index.md").write_text(f"{POST}\n{{% include {name}.html %}}\n")
        assert len(ran(blog)) == 2
        manifest = json.loads((blog / "includes/manifest.json").read_text())["sources"]
        assert [list(entry["fragments"]) for entry in manifest.values()] == [[one], [two]]
        assert {path.stem for path in (blog / "includes").glob("*.html")} == {one, two, "mine"}
        assert ran(blog) == []


def test_a_name_is_not_taken_from_a_source_that_fails(blog: Path) -> None:
    edit(f"{A}/charts.py", '"one"', '"two"')(blog)
    edit(f"{B}/charts.py", "return", "raise ValueError\n    return")(blog)
    before = snapshot(blog / "includes")
    done = visualposts(blog, "build")
    assert f"{B}/charts.py:1:1: error: the chart 'two' is given by {A}/charts.py too\n" in done.stderr
    assert f"{B}/charts.py:10:5: error: ValueError\n" in done.stderr
    assert snapshot(blog / "includes") == before


def test_a_file_system_that_refuses_is_no_mistake_of_ours(blog: Path) -> None:
    edit(f"{A}/charts.py", "rising", "falling")(blog)
    shutil.rmtree(blog / ".visualposts")
    (blog / ".visualposts").write_text("in the way")
    (blog / "includes/one.html").unlink()
    (blog / "includes/one.html").mkdir()
    done = visualposts(blog, "build")
    message = "error: .visualposts can't be written: a file stands in the place of a folder\n"
    assert (done.returncode, done.stderr) == (1, message)
    (blog / ".visualposts").unlink()
    done = visualposts(blog, "build")
    message = "error: includes/one.html can't be written: a folder stands in its place\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_a_handwritten_include_is_never_touched(blog: Path) -> None:
    edit(f"{B}/charts.py", '"two"', '"mine"')(blog)
    before = snapshot(blog / "includes")
    done = visualposts(blog, "build")
    assert f"{B}/charts.py:10:13: error: includes/mine.html is written by hand\n" in done.stderr
    assert snapshot(blog / "includes") == before


def test_a_draft_keeps_its_charts_out_of_the_build(blog: Path) -> None:
    edit(f"{A}/index.md", "title: A post", "title: A post\ndraft: true")(blog)
    edit(f"{A}/charts.py", "def charts", "1 / 0\n\n\ndef charts")(blog)
    (blog / "content/pages/about.md").unlink()
    done = visualposts(blog, "build")
    assert done.returncode == 0, done.stderr
    assert f"left out: {A}/index.md (a draft)\n" in done.stdout
    assert f"left out: {A}/charts.py (beside a post that is left out)\n" in done.stdout
    assert (blog / "includes/one.html").exists()
    assert "ZeroDivisionError" in visualposts(blog, "build", "-D").stderr


def test_check_runs_and_writes_nothing(blog: Path) -> None:
    edit(f"{A}/data.csv", "1,2", "1,3")(blog)
    before = snapshot(blog)
    done = visualposts(blog, "check")
    assert (done.returncode, done.stderr) == (0, f"{A}/charts.py:5:1: warning: stale: data.csv changed\n")
    assert visualposts(blog, "check", "--strict").returncode == 1
    assert snapshot(blog) == before


def test_clean_leaves_includes_and_foreign_files(blog: Path) -> None:
    (blog / "site/mine.txt").write_text("keep")
    includes = snapshot(blog / "includes")
    done = visualposts(blog, "clean")
    assert done.returncode == 0
    assert snapshot(blog / "site") == {"mine.txt": b"keep"}
    assert not (blog / ".visualposts").exists()
    assert snapshot(blog / "includes") == includes


def test_clean_asks_for_a_project_and_not_for_a_good_one(blog: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty"):
        done = visualposts(blog, "clean", "-C", str(folder))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"there is no pyproject.toml in {folder}" in done.stderr
    (blog / "pyproject.toml").write_text("[tool.visualposts]\ntitel = 'x'\n")
    assert visualposts(blog, "clean").returncode == 0


def test_two_clean_builds_are_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for seed in ("1", "2"):
        project = projects.write(tmp_path / seed / "blog", BLOG)
        assert visualposts(project, "build", environ={"PYTHONHASHSEED": seed}).returncode == 0
        trees.append({**snapshot(project / "site"), **snapshot(project / "includes")})
    assert trees[0] == trees[1]


def test_usage() -> None:
    here = Path(__file__).parent
    done = visualposts(here, "biuld")
    assert done.returncode == 2
    assert "no such command 'biuld'; did you mean 'build'?" in done.stderr
    done = visualposts(here, "build", "-C", "/nonexistent")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "error: there is no pyproject.toml in /nonexistent")
    assert visualposts(here, "build", "--frozen", "--rerun").returncode == 2
    done = visualposts(here, "-C", "x", "build")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "Error: -C stands after the command: build -C …")
    done = visualposts(here, "--version")
    assert (done.returncode, done.stdout) == (0, "visualposts 0.1.0\n")


def test_ctrl_c_ends_a_build_and_its_children(tmp_path: Path) -> None:
    text = CHART.replace("def charts():\n", "def charts():\n    import time\n    time.sleep(60)\n")
    project = projects.write(tmp_path, {f"{A}/index.md": POST, f"{A}/charts.py": text})
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "build"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("[1/1]")
    process.terminate()
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (130, "stopped\n")
    assert not (project / "site").exists()


def test_a_reader_that_has_read_enough(blog: Path) -> None:
    command = [sys.executable, "-m", "generator", "status", "-C", str(blog)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_what_the_output_has_no_letters_for(blog: Path) -> None:
    (blog / A).rename(blog / "content/posts/\u00fc")
    done = visualposts(blog, "status", environ={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "content/posts/\\xfc/charts.py (no charts yet)" in done.stdout


def test_interrupted_before_anything_began(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.report.make", _interrupted)
    result = CliRunner().invoke(cli.commands, ["status", "-C", str(blog)])
    assert (result.exit_code, result.stderr) == (130, "stopped\n")


def _interrupted(_: int) -> None:
    raise KeyboardInterrupt


def test_a_fragment_edited_into_no_figure_is_no_mistake_of_ours(blog: Path) -> None:
    edit("pyproject.toml", "[tool.visualposts]", "[tool.visualposts]\nchart_budget_kb = 1")(blog)
    edit("includes/one.html", '"layout":', '"x' + "x" * 1000)(blog)
    done = visualposts(blog, "check")
    assert "the chart 'one' weighs" in done.stderr
    assert done.returncode == 0


def test_of_many_pages_with_charts_the_heaviest_are_told(tmp_path: Path) -> None:
    projects.write(tmp_path, {"content/static/img/logo.png": "a"})
    shutil.copytree(Path(__file__).parent / "sites/blog/includes", tmp_path / "includes")
    for number in range(1, 13):
        text = POST + "{% include line.html %}\n\n" + "Word. " * number * 50
        projects.write(tmp_path, {f"content/posts/2026-01-{number:02}-a{number}.md": text})
    told = io.StringIO()
    build.build(tmp_path, build.Options(now=projects.NOW, frozen=True), Report(told, io.StringIO()))
    pages = re.findall(r"^  (/posts/a\d+/)  [\d.]+ KB with line$", told.getvalue(), re.MULTILINE)
    assert sorted(pages) == sorted(f"/posts/a{number}/" for number in range(3, 13))
    assert "\n  2 lighter pages with charts\n" in told.getvalue()
