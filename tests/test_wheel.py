"""The wheel: it holds the theme, and builds a site from current fragments where no Spark, pandas or Plotly imports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import projects
from tests.projects import CHART, POST, visualposts

ROOT = Path(__file__).resolve().parent.parent
BLOCKER = """\
import sys


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pyspark", "py4j", "pandas", "numpy", "pyarrow"} or name.startswith("plotly."):
            raise ModuleNotFoundError(f"{name} is not in the base install")


sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the built wheel is installed, with an interpreter start that blocks the extras."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    ignored = shutil.ignore_patterns(".*", "site", "content", "includes", "tests", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    target = place / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    (target / "sitecustomize.py").write_text(BLOCKER)
    return target


def test_the_wheel_holds_the_theme(installed: Path) -> None:
    for folder in ("templates", "static", "charts"):
        here = {path.name for path in (ROOT / "generator/theme" / folder).iterdir()}
        assert here <= {path.name for path in (installed / "generator/theme" / folder).iterdir()}
    for name in ("live.js", "live.css"):
        assert (installed / "generator/serving" / name).is_file()
    starter = {path.name for path in (ROOT / "generator/starter/files").iterdir()}
    assert starter == {path.name for path in (installed / "generator/starter/files").iterdir()}
    assert (installed / "generator/py.typed").exists()
    assert not list(installed.rglob("plotly*.js")), "plotly.js comes from the plotly package at build time"


def test_a_base_install_builds_from_current_fragments(installed: Path, tmp_path: Path) -> None:
    files = {"content/posts/a/index.md": POST + "\n{% include one.html %}\n", "content/posts/a/charts.py": CHART}
    project = projects.write(tmp_path / "blog", files)
    assert visualposts(project, "build").returncode == 0
    shutil.rmtree(project / "site")
    shutil.rmtree(project / ".visualposts")
    code = "import runpy, generator; print(generator.__file__); runpy.run_module('generator', run_name='__main__')"
    for arguments in (["build"], ["build", "--frozen"]):
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(installed), "PATH": "", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(installed))
    assert 'data-chart="one"' in (project / "site/posts/a/index.html").read_text()
    assert len(list(project.glob("site/assets/plotly-*.min.js"))) == 1
