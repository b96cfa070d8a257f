"""The build with a real Spark: one session for all sources, what Spark reads, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests import projects
from tests.projects import POST, snapshot, visualposts

pytestmark = pytest.mark.spark

A, B, C = "content/posts/a", "content/posts/b", "content/posts/c"
READER = """\
import plotly.graph_objects as go


def charts(spark):
    rows = spark.read.csv("data.csv", header=True, inferSchema=True).orderBy("a").toPandas()
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    return {"one": go.Figure(go.Bar(y=rows["a"]), layout={"meta": {"alt": "Bars."}})}
"""
FOLDER = """\
import plotly.graph_objects as go


def charts(spark):
    assert spark.conf.get("spark.sql.shuffle.partitions") != "3", "a session of its own"
    count = spark.read.option("header", True).csv("parts").count()
    folder = __file__.replace("charts.py", "more")
    (more,) = spark.sql(f"select count(*) from text.`{folder}`").first()
    return {"two": go.Figure(go.Bar(y=[count, more]), layout={"meta": {"alt": "One bar."}})}
"""
BLOG = {
    f"{A}/index.md": POST + "\n{% include one.html %}\n",
    f"{A}/charts.py": READER,
    f"{A}/data.csv": "a\n1\n2\n",
    f"{B}/index.md": POST.replace("A post", "B post") + "\n{% include two.html %}\n",
    f"{B}/charts.py": FOLDER,
    f"{B}/parts/1.csv": "a\n1\n",
    f"{B}/more/x.txt": "a\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = projects.write(tmp_path_factory.mktemp("spark") / "blog", BLOG)
    done = visualposts(project, "build", "-v")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Java: ") == 1
    return project


@pytest.fixture
def blog(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "copy"))


def ran(project: Path, environ: dict[str, str] | None = None) -> list[str]:
    """What runs again and why; nothing is really run."""
    done = visualposts(project, "status", environ=environ)
    lines = done.stdout.splitlines()
    return [f"{a.partition(' ')[0]}{b.removeprefix('  stale:')}" for a, b in pairwise(lines) if "stale:" in b]


def test_what_spark_read_is_known(blog: Path) -> None:
    assert ran(blog) == []
    (blog / f"{A}/data.csv").write_text("a\n1\n3\n")
    assert ran(blog) == [f"{A}/charts.py data.csv changed"]
    (blog / f"{A}/data.csv").write_text("a\n1\n2\n")
    assert ran(blog) == []
    (blog / f"{B}/parts/2.csv").write_text("a\n5\n")
    assert ran(blog) == [f"{B}/charts.py the files in parts/ are others"]
    (blog / f"{B}/parts/2.csv").unlink()
    (blog / f"{B}/parts/1.csv").unlink()
    assert ran(blog) == [f"{B}/charts.py parts/1.csv is gone"]
    (blog / f"{B}/parts/1.csv").write_text("a\n1\n")
    (blog / f"{B}/more/x.txt").write_text("b\n")
    assert ran(blog) == [f"{B}/charts.py more/x.txt changed"]


def test_another_master_is_no_reason(blog: Path) -> None:
    assert ran(blog, {"SPARK_MASTER": "spark://elsewhere:7077", "SPARK_LOCAL_DIRS": "/tmp"}) == []


def test_the_master_and_the_hash_seed_change_no_byte(built: Path, tmp_path: Path) -> None:
    project = projects.write(tmp_path / "other" / "blog", BLOG)
    environ = {"PYTHONHASHSEED": "2", "SPARK_MASTER": "local[1]"}
    assert visualposts(project, "build", environ=environ).returncode == 0
    for folder in ("site", "includes"):
        assert snapshot(project / folder) == snapshot(built / folder)


def test_a_spark_that_dies_takes_no_other_source_along(tmp_path: Path) -> None:
    killer = """\
import os, signal


def charts(spark):
    os.kill(spark.sparkContext._gateway.proc.pid, signal.SIGKILL)
    return {"never": spark.range(3).toPandas()}
"""
    project = projects.write(tmp_path, {**BLOG, f"{A}/charts.py": killer, f"{A}/index.md": POST})
    done = visualposts(project, "build")
    assert done.returncode == 1
    assert "content/posts/a/charts.py:6:" in done.stderr
    assert "error: Spark's JVM died while this ran" in done.stderr
    assert (project / "includes/two.html").exists()
    assert (project / ".visualposts/spark.log").exists()


def test_a_spark_error_is_one_line_at_the_authors_place(tmp_path: Path) -> None:
    text = 'def charts(spark):\n    return spark.read.csv("none.csv").count()\n'
    project = projects.write(tmp_path, {f"{A}/index.md": POST, f"{A}/charts.py": text})
    done = visualposts(project, "build")
    first, *rest = done.stderr.splitlines()
    assert first.startswith(f"{A}/charts.py:2:12: error: AnalysisException: [PATH_NOT_FOUND]")
    assert rest == ["1 error; the site is as it was"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left(tmp_path: Path, how: signal.Signals) -> None:
    text = "import time\nfrom pathlib import Path\n\n\ndef charts(spark):\n    spark.range(3).count()\n"
    text += "    Path('ready').write_text(str(spark.sparkContext._gateway.proc.pid))\n    time.sleep(100)\n"
    project = projects.write(tmp_path, {f"{A}/index.md": POST, f"{A}/charts.py": text})
    process = subprocess.Popen([sys.executable, "-m", "generator", "build"], cwd=project, stdout=subprocess.DEVNULL)
    ready = project / A / "ready"
    deadline = time.monotonic() + 120
    while not (ready.exists() and ready.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    found = [process.pid, int(ready.read_text()), *children(process.pid)]
    assert len(found) >= 3, "the build, its Java and its worker"
    process.send_signal(how)
    process.wait(timeout=10)
    deadline = time.monotonic() + 10
    while any(map(alive, found)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in found if alive(pid)] == []


def children(pid: int) -> list[int]:
    """The processes that `pid` started, and those that they started."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *children(child)]
    return found


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


assert os.name == "posix", "these tests look at /proc"
