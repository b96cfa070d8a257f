"""The doctor: what is told of a machine, what fails it, and a K-Means that really runs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from generator import doctor
from generator.charts.java import Java
from generator.charts.protocol import Answer
from generator.doctor import Facts
from generator.errors import Place, Problem
from generator.report import Report
from tests import projects
from tests.projects import visualposts

JAVA = Java(Path("/opt/java/bin/java"), Path("/opt/java"), "21.0.1", "JAVA_HOME is Java 21.0.1")
WHOLE = Facts(
    python="3.12.1, /usr/bin/python3",
    system="Linux x86_64",
    packages={
        "plotly": "6.4",
        "pyspark": "4.0.1",
        "numpy": "2.1",
        "pandas": "2.2",
        "pyarrow": "17",
        "kaleido": "1.5",
        "pillow": "12",
    },
    java=JAVA,
    cores=8,
    memory=16_000_000_000,
    chromium="/usr/bin/chromium",
    git="2.39.5, /usr/bin/git",
)
BARE = Facts("3.12.1, /usr/bin/python3", "Linux x86_64", {"plotly": "6.4"}, java_missing="no java on PATH", cores=1)


def told(facts: Facts) -> dict[str, tuple[str, str, str]]:
    return {finding.name: (finding.state, finding.text, finding.remedy) for finding in doctor.judge(facts)}


def examined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, facts: Facts, *problems: Problem
) -> tuple[str, str, int, list[str]]:
    """What the doctor says of `facts` on either stream, its exit code, and the masters on which it tried a K-Means."""
    out, err, tried = io.StringIO(), io.StringIO(), []

    def smoke(master: str, *_: object) -> Answer:
        tried.append(master)
        return Answer(doctor.SOURCE, 4.21, problems=problems)

    monkeypatch.setattr(doctor, "smoke", smoke)
    monkeypatch.setattr(doctor, "gather", lambda _, master, origin: replace(facts, master=master, master_origin=origin))
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    report = Report(out, err)
    doctor.examine(tmp_path, None, report)
    return out.getvalue(), err.getvalue(), report.exit_code, tried


def test_a_machine_with_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out, err, code, tried = examined(monkeypatch, tmp_path, WHOLE)
    assert (err, code, tried) == ("", 0, ["local[*]"])
    assert out == (
        "Python     ok       3.12.1, /usr/bin/python3 on Linux x86_64\n"
        "Plotly     ok       plotly 6.4\n"
        "Spark      ok       pyspark 4.0.1\n"
        "libraries  ok       numpy 2.1, pandas 2.2, pyarrow 17\n"
        "Java       ok       21.0.1, /opt/java/bin/java (JAVA_HOME is Java 21.0.1)\n"
        "Spark on   ok       local[*] (the default)\n"
        "memory     ok       16.0 GB, 8 cores\n"
        "git        ok       2.39.5, /usr/bin/git\n"
        "Chromium   ok       /usr/bin/chromium\n"
        "posters    ok       kaleido 1.5, pillow 12\n"
        "a small K-Means on Spark is tried now; it takes some seconds\n"
        "K-Means    ok       60 points fell into 3 groups of 20; 4.2 s, the start of Spark included\n"
    )


def test_a_base_install_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out, err, code, tried = examined(monkeypatch, tmp_path, BARE)
    assert (code, tried) == (1, [])
    assert err == (
        "error: charts can't run here: Spark, libraries, Java missing\n"
        "  hint: a site whose charts are all current is built without: visualposts build --frozen\n"
    )
    assert "\nSpark      missing  pyspark is not installed\n                    hint: pip install 'visual" in out
    assert out.count("hint: pip install 'visualposts[spark]'") == 3


@pytest.mark.parametrize(
    ("change", "name", "finding"),
    [
        (
            {"packages": {"plotly": "6", "pyspark": "4", "pandas": "2.2", "kaleido": "1.5", "pillow": "12"}},
            "libraries",
            ("missing", "not installed: numpy, pyarrow", "pip install 'visualposts[spark]'"),
        ),
        (
            {"java": None, "java_missing": "JAVA_HOME is Java 11, older than 17"},
            "Java",
            ("missing", "JAVA_HOME is Java 11, older than 17", f"{doctor.INSTALL} brings one; or set JAVA_HOME"),
        ),
        (
            {"java": None, "master": "sc://server:15002"},
            "Java",
            ("ok", "none is needed: Spark runs behind sc://server:15002", ""),
        ),
        ({"memory": 0, "cores": 1}, "memory", ("note", "not known; 1 core", "")),
        (
            {"memory": 1_000_000_000},
            "memory",
            ("note", "1.0 GB, 8 cores: little for Spark", 'conf = { "spark.driver.memory" = "512m" } helps'),
        ),
        (
            {"packages": {name: version for name, version in WHOLE.packages.items() if name != "kaleido"}},
            "posters",
            ("note", "none are made: not installed: kaleido", "pip install 'visualposts[posters]'"),
        ),
        ({"git": ""}, "git", ("note", "not found: sites are built without it, but not published", "install git")),
    ],
)
def test_one_thing_amiss(change: dict[str, object], name: str, finding: tuple[str, str, str]) -> None:
    found = told(replace(WHOLE, **change))  # type: ignore[arg-type]
    assert found.pop(name) == finding
    assert {state for state, _, _ in found.values()} == {"ok"}


def test_what_charts_run_without_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out, err, code, tried = examined(monkeypatch, tmp_path, replace(WHOLE, chromium="", git="", memory=0))
    assert (err, code, tried) == ("", 0, ["local[*]"])
    assert len(re.findall(r"^\w+ +note ", out, re.MULTILINE)) == 4


def test_a_k_means_that_fails_is_an_error_without_the_path_of_the_trial(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    problem = Problem("Spark's JVM ended as it started", Place(doctor.SOURCE, 8, 1), "its output is in x.log")
    out, err, code, _ = examined(monkeypatch, tmp_path, WHOLE, problem)
    assert code == 1
    assert out.splitlines()[-1] == "K-Means    failed   see the error"
    assert err == "error: Spark's JVM ended as it started\n  hint: its output is in x.log\n"


def test_spark_runs_where_the_project_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    projects.write(tmp_path, {"pyproject.toml": projects.SETTINGS + '[tool.visualposts.spark]\nmaster = "yarn"\n'})
    out, _, _, tried = examined(monkeypatch, tmp_path, WHOLE)
    assert tried == ["yarn"]
    assert "Spark on   ok       yarn (pyproject.toml)\n" in out


def test_settings_with_errors_are_noted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    projects.write(tmp_path, {"pyproject.toml": "[tool.visualposts]\ntitel = 1\n"})
    out, _, code, tried = examined(monkeypatch, tmp_path, WHOLE)
    assert (code, tried) == (0, ["local[*]"])
    assert out.startswith("settings   note     pyproject.toml has errors; looked at with the default settings\n")


def test_this_machines_facts_come_from_its_environment(tmp_path: Path) -> None:
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\necho git version 9.8.7\n")
    git.chmod(0o755)
    facts = doctor.gather({"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path)}, "local[2]", "the test")
    assert facts.git == f"9.8.7, {git}"
    assert facts.chromium == ""
    assert facts.packages["plotly"]
    assert facts.java is None or facts.java.reason.startswith(f"JAVA_HOME holds no Java ({tmp_path}); no java on PATH")


@pytest.mark.spark
def test_a_real_k_means_runs_outside_any_project(tmp_path: Path) -> None:
    done = visualposts(tmp_path, "doctor", "--spark-master", "local[2]")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Spark on   ok       local[2] (--spark-master)\n" in done.stdout
    assert re.search(r"^K-Means    ok       60 points fell into 3 groups of 20; [\d.]+ s", done.stdout, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []
