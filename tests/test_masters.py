"""Clusters: a real standalone master and worker, and a real server of Spark Connect, from pyspark's own distribution.

Each computes the demo's first post; the fragments are those of this machine's own Spark to the byte.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.charts import java, jvm, spark
from tests import projects
from tests.projects import POST, snapshot, visualposts

pytestmark = pytest.mark.spark

SOURCE = "content/posts/2026-11-02-seeing-k-means"
LOOPBACK = {"SPARK_LOCAL_IP": "127.0.0.1"}
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


def blog(folder: Path, settings: str = "") -> Path:
    """A project with the sources of the demo's first post."""
    project = projects.write(folder / "blog", {"pyproject.toml": projects.SETTINGS + settings})
    shutil.copytree(Path(__file__).parent.parent / SOURCE, project / SOURCE)
    (project / SOURCE / "index.md").write_text(POST + "\n{% include 3dkmeans.html %}\n\n{% include heatmap.html %}\n")
    return project


@contextmanager
def running(folder: Path, name: str, *command: str, says: str, **environ: str) -> Iterator[str]:
    """One of Spark's services from its own scripts, in `folder`; what it `says` of its address. It ends with the block.

    A service is a shell that becomes a JVM, in a process group of its own with all that it starts.
    """
    home = spark._home_for_scripts(java.choose(os.environ), folder / name)
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(jvm.jars().parent / "bin" / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env={**os.environ, **LOOPBACK, "JAVA_HOME": str(home), "SPARK_LOCAL_DIRS": str(folder), **environ},
            start_new_session=True,
        )
    try:
        yield address(process, log, says)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def address(process: subprocess.Popen[bytes], log: Path, says: str) -> str:
    patience = time.monotonic() + 120
    while time.monotonic() < patience and process.poll() is None:
        if found := re.search(says, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"{log.name}: {log.read_text(errors='replace')[-2000:]}")


def executors(folder: Path) -> list[str]:
    """The processes that run in the folder of the standalone worker."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            place = os.readlink(process / "cwd")
        except OSError:
            continue
        if place.startswith(str(folder)):
            found.append(place)
    return found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What ``includes/`` holds after a build on this machine's own Spark."""
    project = blog(tmp_path_factory.mktemp("local"))
    done = visualposts(project, "build", environ={"SPARK_MASTER": "local[2]"})
    assert done.returncode == 0, done.stderr
    return snapshot(project / "includes")


def test_a_standalone_cluster_gives_the_same_bytes(tmp_path: Path, local: dict[str, bytes]) -> None:
    bound = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    alone = {"SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false"}
    with (
        running(
            tmp_path, "master", "spark-class", MASTER, *bound, says=r"Starting Spark master at (spark://\S+)", **alone
        ) as master,
        running(
            *(tmp_path, "worker", "spark-class", WORKER, *bound, "--cores", "2", "--memory", "1g"),
            *("-d", str(tmp_path / "executors"), master),
            says=r"Successfully registered with master (spark://\S+)",
        ),
    ):
        # The command line goes before the environment, and that before the settings.
        project = blog(tmp_path, '[tool.visualposts.spark]\nmaster = "spark://nowhere.invalid"\n')
        environ = {**LOOPBACK, "SPARK_MASTER": "spark://nobody.invalid:1"}
        done = visualposts(project, "build", "--spark-master", master, environ=environ)
        assert done.returncode == 0, done.stderr + (project / ".visualposts/spark.log").read_text()[-2000:]
        assert "Registered app visualposts" in (tmp_path / "master.log").read_text()
        assert snapshot(project / "includes") == local
        # Where a chart was computed is no reason to compute it again.
        assert "0 stale" in visualposts(project, "status").stdout
    patience = time.monotonic() + 15
    while (left := executors(tmp_path)) and time.monotonic() < patience:
        time.sleep(0.1)
    assert left == []


def test_spark_connect_gives_the_same_bytes(tmp_path: Path, local: dict[str, bytes]) -> None:
    pytest.importorskip("grpc", reason="NO TEST OF SPARK CONNECT: pyspark[connect] is not installed")
    conf = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        "spark.ui.enabled": "false",
    }
    command = ["spark-submit", "--class", SERVER, "--master", "local[2]"]
    settings = [word for key, value in conf.items() for word in ("--conf", f"{key}={value}")]
    says = r"Spark Connect server started at: (127\.0\.0\.1:\d+)"
    with running(tmp_path, "server", *command, *settings, "spark-internal", says=says) as server:
        # A second source: the sessions are apart, and models are found in the right one.
        project = blog(tmp_path)
        shutil.copytree(project / SOURCE, project / "content/posts/b")
        text = (project / "content/posts/b/charts.py").read_text()
        for name in ("scatter-2d-circled", "scatter-2d-segments", "scatter-2d", "3dkmeans", "4d", "heatmap"):
            text = text.replace(f'"{name}"', f'"b-{name}"')
        (project / "content/posts/b/charts.py").write_text(text)
        (project / "content/posts/b/index.md").write_text(POST.replace("A post", "B post"))
        # Without a Java that could start: all of it runs behind the server.
        environ = {"SPARK_REMOTE": f"sc://{server}", "JAVA_HOME": str(tmp_path), "SPARK_MASTER": ""}
        done = visualposts(project, "build", environ=environ)
        assert done.returncode == 0, done.stderr
        found = snapshot(project / "includes")
        fragments = {name: data for name, data in local.items() if name != "manifest.json"}
        assert {name: data for name, data in found.items() if name in fragments} == fragments
        assert "b-3dkmeans.html" in found
        assert not (project / ".visualposts/spark.log").exists()


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    project = blog(tmp_path)
    began = time.monotonic()
    done = visualposts(project, "build", "--spark-master", f"{scheme}://127.0.0.1:{port}")
    assert done.returncode == 1
    refused = "[Errno 111] Connection refused"
    lines = [
        f"{SOURCE}/charts.py:15:1: error: no Spark answers on {scheme}://127.0.0.1:{port}: {refused}",
        "  hint: is it running, and is the address right?",
        "1 error; the site is as it was",
    ]
    assert done.stderr.splitlines() == lines
    assert time.monotonic() - began < 30
