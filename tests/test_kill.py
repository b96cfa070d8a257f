"""Kills: builds that SIGKILL ends, at any moment, leave nothing half done and nothing that does not heal.

Forty kills in each run, ``--kills 200`` for more; only those count that hit a running build.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.projects import POST, environment, snapshot, visualposts, write

POSTS, FILES = 24, 100
SETTINGS = '[tool.visualposts]\ntitle = "The blog, in its state {}"\nbase_url = "https://example.org/blog"\n'
CHART = """\
import plotly.graph_objects as go


def charts():
    figure = go.Figure(go.Scatter(y=list(range({weight}))), layout={{"meta": {{"alt": "A line."}}}})
    return {{name: figure for name in {names}}}
"""
PHASES = {"charts": 0.01, "stage": 0.1, "site": 0.1}
"""What a kill may wait for, and the most seconds that it then lets pass: the first chart, or file, or move of one."""


class State(NamedTuple):
    """What a project looks like: each chart, page and file of one state is another one in the next, or none."""

    pages: int = 0
    charts: int = 0


def bring(project: Path, state: State) -> None:
    """Write the sources of `state` over those of any other."""
    files = {"pyproject.toml": SETTINGS.format(state.pages)}
    owners = {"a": ("a1", "a2", f"a-{state.charts}"), "b": ("b1", "b2")}
    for folder, names in owners.items():
        post = f"content/posts/2026-01-01-{folder}"
        tags = "\n".join(f"{{% include {name}.html %}}\n" for name in names)
        files[f"{post}/charts.py"] = CHART.format(weight=3000 + state.charts, names=names)
        files[f"{post}/index.md"] = POST + tags
    static = project / "content/static"
    shutil.rmtree(static, ignore_errors=True)
    for number in range(FILES):
        files[f"content/static/{number}.txt"] = str(state.pages)
        files[f"content/static/{state.pages}/{number}.txt"] = "one of many"
    write(project, files)


def made(project: Path) -> dict[str, bytes]:
    """All that a build has made of a project."""
    return {f"{room}/{path}": data for room in ("site", "includes") for path, data in snapshot(project / room).items()}


def built(project: Path) -> dict[str, bytes]:
    done = visualposts(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return made(project)


NURSERY = """\
import os, sys
from generator import build, cli, prose

prose.render("x")  # a kill shall hit a build, and not what Python does first

for project in sys.stdin:
    child = os.fork()
    if not child:
        os.setsid()
        os.chdir(project.rstrip("\\n"))
        sys.argv = ["visualposts", "build"]
        with open("../said", "w", encoding="utf-8") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        try:
            cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(end.code or 0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """A process in which all is imported, and which forks a process for each build, with a group of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", NURSERY]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment()
        )
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def begin(self, project: Path) -> int:
        """Start a build of `project`; the number of its process, and of its group."""
        self._orders.write(f"{project}\n".encode())
        return int(self._answers.readline())

    def ended(self) -> bool:
        """Whether the build has come to its end."""
        return bool(select.select([self._answers], [], [], 0)[0])

    def code(self) -> int:
        """The exit code of the build, which is waited for."""
        return int(self._answers.readline())

    def build(self, project: Path) -> dict[str, bytes]:
        """A whole build."""
        self.begin(project)
        assert self.code() == 0, (project.parent / "said").read_text(encoding="utf-8")
        return made(project)

    def close(self) -> None:
        self._orders.close()
        self._process.wait()
        self._answers.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    started = Nursery()
    yield started
    started.close()


class Clean:
    """What clean builds of the project's states give, each made once."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project, self._folder = project, folder
        self._known: dict[State, dict[str, bytes]] = {}

    def of(self, state: State) -> dict[str, bytes]:
        if state not in self._known:
            copy = self._folder / f"clean-{state.pages}-{state.charts}"
            shutil.copytree(self._project, copy, ignore=shutil.ignore_patterns("site", "includes", ".visualposts"))
            bring(copy, state)
            self._known[state] = built(copy)
        return self._known[state]


def killed(nursery: Nursery, project: Path, phase: str, delay: float) -> bool:
    """Start a build, kill its process group `delay` seconds after `phase` began; whether it was still running."""
    places = {"charts": project / "includes", "stage": project / ".visualposts", "site": project / "site"}
    before = {name: place.stat().st_mtime_ns for name, place in places.items()}
    group = nursery.begin(project)

    def begun() -> bool:
        if phase == "stage":
            return any(places[phase].glob("*.stage"))
        return phase not in places or places[phase].stat().st_mtime_ns != before[phase]

    while not begun() and not nursery.ended():
        time.sleep(0.0005)
    time.sleep(delay)
    if not nursery.ended():
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    return nursery.code() == -signal.SIGKILL


def check_whole(found: dict[str, bytes], old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Every file is as in one of two builds; only the manifest may be in between, and a whole one."""
    for path, data in found.items():
        if path == "includes/manifest.json":
            assert isinstance(json.loads(data)["sources"], dict)
        else:
            assert data in (old.get(path), new.get(path)), f"{path} is neither old nor new"


def test_a_killed_build_leaves_whole_files_and_the_next_one_heals(
    tmp_path: Path, pytestconfig: pytest.Config, nursery: Nursery
) -> None:
    wanted = pytestconfig.getoption("--kills")
    project = tmp_path / "project"
    for number in range(POSTS):
        text = POST.replace("A post", f"Post {number}") + f"\nText {number}.\n" * 10
        write(project, {f"content/posts/2026-01-02-{number}.md": text})
    clean = Clean(project, tmp_path)
    dice = random.Random(5)
    bring(project, State())
    assert built(project) == clean.of(State())
    old, hits, misses = State(), Counter[str](), 0
    # How long a whole build takes: of pages alone, and of charts too. The next one of the kind corrects it.
    whole = {False: 0.4, True: 1.0}
    while hits.total() < wanted:
        new = State(1 - old.pages, dice.choice((0, 0, 1)) ^ old.charts)
        charts = new.charts != old.charts
        phase = dice.choice(["any", "stage", "site", *(["any", "charts"] if charts else [])])
        bring(project, new)
        if killed(nursery, project, phase, dice.uniform(0, PHASES.get(phase, whole[charts]))):
            hits[phase] += 1
            check_whole(made(project), clean.of(old), clean.of(new))
        else:
            misses += 1
        began = time.monotonic()
        healed = nursery.build(project)
        whole[charts] = time.monotonic() - began
        assert healed == clean.of(new)
        left = [path.name for path in (project / ".visualposts").iterdir()]
        assert not [name for name in left if name.endswith((".tmp", ".stage"))]
        assert misses < 10 + wanted, "hardly a kill hits a running build"
        old = new
    print(f"{hits.total()} kills hit a running build: {dict(hits)}; {misses} came too late")
    assert hits.keys() == {"any", *PHASES}
