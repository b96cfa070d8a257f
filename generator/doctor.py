"""The doctor: what this machine has for charts, whether they run here, and what would mend it if not.

Facts are gathered, judged, and told. The judgement is pure. The one thing that is tried out, a K-Means on Spark, runs
in a worker process as any chart source does, so that what it says of a build is true.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Literal

from generator import config
from generator.charts import browser, contract, java, jvm, master, posters, runner
from generator.charts.java import Java
from generator.charts.protocol import Answer, Setup
from generator.config import SparkSettings
from generator.errors import AuthorError, Problem, UsageError
from generator.report import Report

State = Literal["ok", "missing", "note", "failed"]
NAMES, STATES = len("libraries"), len("missing")
"""The width of the columns of a finding's name and state."""

INSTALL = "pip install 'visualposts[spark]'"
LIBRARIES = ("numpy", "pandas", "pyarrow")
POSTERS = ("kaleido", "pillow")
SMALL = 2_000_000_000
"""Bytes of memory below which Spark and Python together are short of it."""
PATIENCE = 300.0
"""Seconds that the K-Means may take: a slow machine, or a cluster that is busy."""

SOURCE = "content/posts/doctor/charts.py"
SMOKE = '''\
"""Three groups of twenty points that nobody can mistake, found by K-Means on Spark."""

import plotly.graph_objects as go

from generator.charts import clusters


def charts(spark):
    points = [(group * 100.0 + n % 5, group * -70.0 + n // 5) for group in range(3) for n in range(20)]
    found = clusters.fit(spark.createDataFrame(points, ["x", "y"]), ["x", "y"], k=3, scale="raw")
    assert found.sizes == (20, 20, 20), f"groups of {found.sizes} instead of 20 each"
    return {"doctor": go.Figure(layout={"meta": {"alt": "Nothing: a trial."}})}
'''


@dataclass(frozen=True, slots=True)
class Facts:
    """What a machine has. Versions are empty, and memory is 0, where there is none or it can't be learned.

    `packages` maps distributions to versions; `memory` is in bytes; `java_missing` says why there is no `java`;
    `master` is where Spark runs, and `master_origin` who says so.
    """

    python: str
    system: str
    packages: Mapping[str, str] = field(default_factory=dict)
    java: Java | None = None
    java_missing: str = ""
    master: str = "local[*]"
    master_origin: str = "the default"
    cores: int = 0
    memory: int = 0
    chromium: str = ""
    git: str = ""

    @property
    def java_needed(self) -> bool:
        return not master.is_remote(self.master)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what, how it stands, and what would mend it. A `note` is about something that charts run without."""

    name: str
    state: State
    text: str
    remedy: str = ""


def examine(project: Path, spark_master: str | None, report: Report) -> None:
    """Tell what there is and what is missing; an error at the end if charts with Spark can't run here."""
    settings, complaint = _settings(project)
    chosen, origin = master.choose(spark_master, os.environ, settings)
    facts = gather(os.environ, chosen, origin)
    found = [*complaint, *judge(facts)]
    for finding in found:
        _tell(report, finding)
    lacking = [finding.name for finding in found if finding.state == "missing"]
    if lacking:
        hint = "a site whose charts are all current is built without: visualposts build --frozen"
        report.problem(Problem(f"charts can't run here: {', '.join(lacking)} missing", hint=hint))
        return
    report.line("a small K-Means on Spark is tried now; it takes some seconds")
    answer = smoke(facts.master, settings.conf, facts.java if facts.java_needed else None)
    _tell(report, outcome(answer))
    for problem in answer.problems:
        report.problem(replace(problem, place=None))


def gather(environ: Mapping[str, str], master: str, master_origin: str) -> Facts:
    """The facts of this machine, as `environ` shows it; nothing of Spark is imported or started."""
    found, missing = None, ""
    try:
        found = java.choose(environ)
    except UsageError as error:
        missing = error.message
    path = environ.get("PATH", "")
    return Facts(
        python=f"{platform.python_version()}, {sys.executable}",
        system=f"{platform.system()} {platform.machine()}",
        packages={name: version for name in ("plotly", "pyspark", *LIBRARIES, *POSTERS) if (version := _version(name))},
        java=found,
        java_missing=missing,
        master=master,
        master_origin=master_origin,
        cores=os.cpu_count() or 0,
        memory=jvm.memory(),
        chromium=browser.find(environ),
        git=_git(shutil.which("git", path=path)),
    )


def judge(facts: Facts) -> Iterator[Finding]:
    """What `facts` mean for charts, in the order in which one would mend things."""
    yield Finding("Python", "ok", f"{facts.python} on {facts.system}")
    yield _package(facts, "plotly", "Plotly", "pip install plotly")
    yield _package(facts, "pyspark", "Spark", INSTALL)
    lacking = [name for name in LIBRARIES if name not in facts.packages]
    versions = ", ".join(f"{name} {facts.packages[name]}" for name in LIBRARIES if name in facts.packages)
    if lacking:
        yield Finding("libraries", "missing", f"not installed: {', '.join(lacking)}", INSTALL)
    else:
        yield Finding("libraries", "ok", versions)
    yield _java(facts)
    yield Finding("Spark on", "ok", f"{facts.master} ({facts.master_origin})")
    yield _memory(facts)
    if facts.git:
        yield Finding("git", "ok", facts.git)
    else:
        yield Finding("git", "note", "not found: sites are built without it, but not published", "install git")
    if facts.chromium:
        yield Finding("Chromium", "ok", facts.chromium)
    else:
        text = (
            "not found: sites are built and read without it, but posters are not made and tests in a browser don't run"
        )
        yield Finding("Chromium", "note", text, browser.INSTALL)
    absent = [name for name in POSTERS if name not in facts.packages]
    if absent:
        yield Finding("posters", "note", f"none are made: not installed: {', '.join(absent)}", posters.INSTALL)
    else:
        versions = ", ".join(f"{name} {facts.packages[name]}" for name in POSTERS)
        yield Finding(
            "posters", "ok" if facts.chromium else "note", versions + ("" if facts.chromium else ", no Chromium")
        )


def smoke(master: str, conf: Mapping[str, str], java: Java | None) -> Answer:
    """What came of a small K-Means that ran on Spark as a chart source does, in an empty project of its own."""
    project = Path(tempfile.mkdtemp(prefix="visualposts-doctor-")).resolve()
    path = project / SOURCE
    path.parent.mkdir(parents=True)
    path.write_text(SMOKE, encoding="utf-8")
    source, _ = contract.parse(SOURCE, SMOKE)
    chosen = (str(java.executable), str(java.home), java.version, java.reason) if java else None
    setup = Setup(str(project), master, dict(conf), chosen, str(project / "spark.log"))
    (answer,) = [event for event in runner.run([source], setup, {}, PATIENCE) if isinstance(event, Answer)]
    if not answer.problems:  # else Spark's log, which a problem may point to, is left
        shutil.rmtree(project, ignore_errors=True)
    return answer


def outcome(answer: Answer) -> Finding:
    """What the K-Means that was tried says of this machine."""
    if answer.problems:
        return Finding("K-Means", "failed", "see the error")
    text = f"60 points fell into 3 groups of 20; {answer.seconds:.1f} s, the start of Spark included"
    return Finding("K-Means", "ok", text)


def _settings(project: Path) -> tuple[SparkSettings, tuple[Finding, ...]]:
    """Where the project's Spark runs; the default, and a note, for settings that can't be read."""
    if not (project / config.FILE).is_file():
        return SparkSettings(), ()
    try:
        return config.load(project).spark, ()
    except (AuthorError, UsageError):
        text = f"{config.FILE} has errors; looked at with the default settings"
        return SparkSettings(), (Finding("settings", "note", text, "see visualposts check"),)


def _package(facts: Facts, package: str, name: str, remedy: str) -> Finding:
    version = facts.packages.get(package)
    if version:
        return Finding(name, "ok", f"{package} {version}")
    return Finding(name, "missing", f"{package} is not installed", remedy)


def _java(facts: Facts) -> Finding:
    if not facts.java_needed:
        return Finding("Java", "ok", f"none is needed: Spark runs behind {facts.master}")
    if facts.java is None:
        return Finding("Java", "missing", facts.java_missing, f"{INSTALL} brings one; or set JAVA_HOME")
    return Finding("Java", "ok", f"{facts.java.version}, {facts.java.executable} ({facts.java.reason})")


def _memory(facts: Facts) -> Finding:
    cores = f"{facts.cores} core{'' if facts.cores == 1 else 's'}"
    if not facts.memory:
        return Finding("memory", "note", f"not known; {cores}")
    text = f"{facts.memory / 1e9:.1f} GB, {cores}"
    if facts.memory < SMALL:
        return Finding("memory", "note", f"{text}: little for Spark", 'conf = { "spark.driver.memory" = "512m" } helps')
    return Finding("memory", "ok", text)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _git(executable: str | None) -> str:
    """What git says of its version; empty where there is none that runs (macOS has a stub)."""
    if executable is None:
        return ""
    try:
        done = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return f"{found[0] if found else 'of unknown version'}, {executable}"


def _tell(report: Report, finding: Finding) -> None:
    report.line(f"{finding.name:<{NAMES}}  {finding.state:<{STATES}}  {finding.text}")
    if finding.remedy:
        report.line(f"{'':<{NAMES + STATES + 4}}hint: {finding.remedy}")
