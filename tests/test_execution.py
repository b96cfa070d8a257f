"""Notebooks that run, in real kernels: what the build sees of them, how they fail, and that nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.charts import execution, runner, survey
from generator.charts.protocol import Answer, Setup
from tests import notebooks, projects
from tests.notebooks import code, markdown
from tests.projects import POST, snapshot, visualposts
from tests.test_runner import alive

FOLDER = "content/posts/a"
PATH = f"{FOLDER}/study.ipynb"
HELPER = "def half(x):\n    return 1 / x\n"
CELLS = (
    markdown("# Study"),
    code("import _helper\nimport pandas as pd\nrows = pd.read_csv('data.csv')\nrows"),
    code(
        "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=list(rows.a)), layout={'meta': {'alt': 'A bar.'}})",
        tags=["chart:bars"],
    ),
    code("print({'b', 'a', 'c'} == set('abc'), object())"),
)
BLOG = {
    f"{FOLDER}/index.md": POST + "\n{% include study.html %}\n\n[The notebook](study.ipynb)\n",
    PATH: notebooks.text(*CELLS),
    f"{FOLDER}/data.csv": "a,b\n1,2\n",
    f"{FOLDER}/_helper.py": HELPER,
    f"{FOLDER}/unread.csv": "a\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = projects.write(tmp_path_factory.mktemp("notebook") / "blog", BLOG)
    done = visualposts(project, "build", environ={"PYTHONHASHSEED": "1", "JUPYTER_PATH": "/nowhere"})
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def blog(built: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", str(built), str(tmp_path / "copy")], check=True)
    return tmp_path / "copy"


def run(project: Path, *cells: dict[str, object], **metadata: object) -> Answer:
    """Run one notebook beside the others' files through a real worker."""
    projects.write(project, {**BLOG, PATH: notebooks.text(*cells, **metadata)})
    source, problems = survey.parse(PATH, (project / PATH).read_text(encoding="utf-8"))
    assert problems == ()
    setup = Setup(str(project.resolve()), "local[1]", {}, None, str(project / "spark.log"))
    (answer,) = [event for event in runner.run([source], setup, {}) if isinstance(event, Answer)]
    return answer


def test_a_notebook_on_a_page(built: Path) -> None:
    page = (built / "site/posts/a/index.html").read_text()
    fragment = (built / "includes/study.html").read_text()
    assert fragment[fragment.index("</h2>") : fragment.index("</details>")] in page
    assert '<h2 id="study-study"><a class="anchor" href="#study-study">Study</a></h2>' in page
    assert page.count('data-chart="bars"') == 1
    assert (built / "site/posts/a/study.ipynb").read_bytes() == (built / PATH).read_bytes()
    assert len(list(built.glob("site/assets/plotly-*.min.js"))) == 1
    feed = (built / "site/feed.xml").read_text()
    assert "A bar." in feed
    assert "application/json" not in feed


def test_what_it_depends_on(tmp_path: Path) -> None:
    answer = run(tmp_path, *CELLS)
    assert sorted(answer.fragments) == ["bars", "study"]
    assert sorted(answer.files) == [f"{FOLDER}/_helper.py", f"{FOLDER}/data.csv", PATH]
    assert sorted(answer.versions) == ["pandas", "plotly"]
    assert (answer.folders, answer.outside, answer.library) == ({}, (), ())


def test_declared_inputs_and_our_library(tmp_path: Path) -> None:
    answer = run(tmp_path, code("INPUTS = ['*.csv']\nfrom generator.charts import palette"))
    assert sorted(answer.files) == [f"{FOLDER}/data.csv", PATH, f"{FOLDER}/unread.csv"]
    assert list(answer.patterns) == [f"{FOLDER}/*.csv"]
    assert answer.library == ("generator.charts.palette",)
    (problem,) = run(tmp_path, code("1"), code("\nINPUTS = 3")).problems
    assert str(problem).startswith(f"{PATH}:20:1: error: INPUTS must be a list of file names or patterns")


def replaced(path: str, text: str) -> Callable[[Path], None]:
    return lambda project: (project / path).write_text(text) and None


RUN_IN_JUPYTER = tuple(
    {**cell, "execution_count": 3, "outputs": [notebooks.printed("old")]} if "outputs" in cell else cell
    for cell in CELLS
)
TRUTH: dict[str, tuple[Callable[[Path], None], str]] = {
    "nothing": (lambda _: None, ""),
    "outputs and metadata, as Jupyter saves them": (
        replaced(PATH, notebooks.text(*RUN_IN_JUPYTER, language_info={"name": "python", "version": "3.99"})),
        "",
    ),
    "a cell": (replaced(PATH, notebooks.text(*CELLS, code("1"))), "study.ipynb changed"),
    "prose in the notebook": (replaced(PATH, notebooks.text(markdown("# S"), *CELLS[1:])), "study.ipynb changed"),
    "a CSV that it read": (replaced(f"{FOLDER}/data.csv", "a,b\n3,4\n"), "data.csv changed"),
    "a CSV that it did not read": (replaced(f"{FOLDER}/unread.csv", "b\n"), ""),
    "a helper": (replaced(f"{FOLDER}/_helper.py", HELPER + "#\n"), "_helper.py changed"),
    "its fragment": (replaced("includes/study.html", "<article>"), "includes/study.html was edited"),
    "the fragment of its chart": (
        lambda project: (project / "includes/bars.html").unlink(),
        "includes/bars.html is missing",
    ),
}


@pytest.mark.parametrize("name", TRUTH)
def test_what_makes_it_stale(blog: Path, name: str) -> None:
    change, reason = TRUTH[name]
    change(blog)
    expected = f"stale: {reason}" if reason else "current"
    assert visualposts(blog, "status").stdout.splitlines()[:2] == [f"{PATH} (bars, study)", f"  {expected}"]


def test_two_runs_are_the_same_bytes(blog: Path) -> None:
    before = snapshot(blog / "includes") | snapshot(blog / "site")
    done = visualposts(blog, "build", "--rerun", environ={"PYTHONHASHSEED": "2", "COLUMNS": "200"})
    assert done.returncode == 0
    assert "1 chart source run" in done.stdout
    assert snapshot(blog / "includes") | snapshot(blog / "site") == before


def test_saved_outputs_are_taken_where_it_is_not_executed(tmp_path: Path) -> None:
    cell = code("raise SystemExit", outputs=[notebooks.printed("as saved")])
    answer = run(tmp_path, cell, execute=False)
    assert answer.problems == ()
    assert "<samp>as saved</samp>" in answer.fragments["study"]
    assert (sorted(answer.files), sorted(answer.versions)) == ([PATH], ["plotly"])
    (problem,) = run(tmp_path, code("1"), execute=False).problems
    assert (problem.severity, problem.message) == (
        "warning",
        "this notebook is shown with its saved outputs, but has none",
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 0\n1 / x", f"{PATH}:20:1: error: ZeroDivisionError: division by zero\n  cell 2, line 2"),
        ("def f(:", f"{PATH}:19:1: error: this is not Python: invalid syntax\n  cell 2, line 1"),
        (
            "import _helper\n\n_helper.half(0)",
            f"{FOLDER}/_helper.py:2:1: error: ZeroDivisionError: division by zero\n"
            f"  {FOLDER}/_helper.py:2 in half\n  cell 2, line 3",
        ),
        (
            "import os\nos._exit(3)",
            f"{PATH}:19:1: error: the kernel died while it ran this\n  cell 2\n"
            "  hint: it ran out of memory, or the code ended the process itself",
        ),
    ],
)
def test_failures_are_told_at_the_authors_line(tmp_path: Path, source: str, expected: str) -> None:
    answer = run(tmp_path, code("print('before')"), code(source))
    assert answer.fragments == {}
    assert [str(problem) for problem in answer.problems] == [expected]
    assert answer.output == "before"


def test_expected_errors_are_shown(tmp_path: Path) -> None:
    answer = run(tmp_path, code("1 / 0", tags=["raises-exception"]), code("2"))
    assert answer.problems == ()
    assert "<samp>ZeroDivisionError: division by zero</samp>" in answer.fragments["study"]


def test_the_configuration_of_the_user_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home/.ipython/profile_default/startup"
    home.mkdir(parents=True)
    (home / "0.py").write_text("mine = 1\n")
    (tmp_path / "start.py").write_text("mine = 1\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    answer = run(
        tmp_path / "blog", code("import os, sys\nassert 'mine' not in globals()\nassert sys.path[0] == os.getcwd()")
    )
    assert answer.problems == ()
    assert not list((tmp_path / "home").rglob("history*"))


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "NEEDED", ("ipykernel", "not_there"))
    with pytest.raises(execution.UsageError) as caught:
        execution.execute(execution.Notebook(PATH), execution.Setup(str(tmp_path), PATH))
    assert caught.value.message == "to run a notebook takes not_there"
    assert caught.value.hint.startswith("pip install 'visualposts[spark]'")


def test_no_kernel_outlives_its_worker(tmp_path: Path) -> None:
    """Not even one whose worker is killed outright; what its cells started goes with it."""
    cell = code(
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open('pids', 'w').write(f'{os.getppid()} {os.getpid()} {child.pid}')\n"
        "time.sleep(60)"
    )
    project = projects.write(tmp_path, {**BLOG, PATH: notebooks.text(code("INPUTS = []"), cell)})
    build = subprocess.Popen(
        [sys.executable, "-m", "generator", "build"], cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    file = project / FOLDER / "pids"
    while not (file.exists() and len(file.read_text().split()) == 3) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker, *rest = map(int, file.read_text().split())
    os.kill(worker, signal.SIGKILL)
    assert build.wait(timeout=30) == 1
    deadline = time.monotonic() + 10
    while any(map(alive, rest)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, rest))


SESSION = (
    "from pyspark.sql import SparkSession\nspark = SparkSession.builder.master('local[9]').appName('x').getOrCreate()\n"
)


@pytest.mark.spark
def test_notebooks_share_the_spark_of_the_build(tmp_path: Path) -> None:
    first = code(
        SESSION + "import os\nfrom pyspark.sql.functions import udf\n"
        "frame = spark.read.csv('data.csv', header=True)\nframe.createOrReplaceTempView('mine')\n"
        "spark.conf.set('spark.sql.shuffle.partitions', 7)\n"
        "print(spark.sql('select * from mine').select(udf(lambda a: a + '!')('a').alias('a')).collect())"
    )
    again = code(
        "spark.stop()\nprint(SparkSession.builder.getOrCreate().range(5).count(), spark.sparkContext.applicationId)"
    )
    second = code(
        SESSION
        + "assert not spark.catalog.tableExists('mine')\nassert spark.conf.get('spark.sql.shuffle.partitions') != '7'\n"
        "print(spark.range(3).count(), spark.sparkContext.applicationId)"
    )
    files = {
        PATH: notebooks.text(first, again),
        f"{FOLDER}/zwei.ipynb": notebooks.text(second),
        f"{FOLDER}/data.csv": "a,b\n1,2\n",
        "content/posts/b/charts.py": "import plotly.graph_objects as go\n\n\ndef charts(spark):\n"
        "    figure = go.Figure(go.Bar(y=[spark.range(4).count()]))\n"
        "    figure.update_layout(title=spark.sparkContext.applicationId)\n    return {'last': figure}\n",
    }
    project = projects.write(tmp_path, {**files, f"{FOLDER}/index.md": POST, "content/posts/b/index.md": POST})
    done = visualposts(project, "build", "--spark-master", "local[2]")
    assert done.returncode == 0, done.stderr
    texts = {name: (project / f"includes/{name}.html").read_text() for name in ("study", "zwei", "last")}
    application = texts["study"].split("5 local-")[1].split("<")[0]
    assert "[Row(a='1!')]" in texts["study"].replace("&lt;", "<")
    assert f"3 local-{application}" in texts["zwei"]
    assert f"local-{application}" in texts["last"]
