"""The one Spark session of a build, on this machine or on a cluster.

Three ways to come by it:

- a local master (``local[*]``, the default): a JVM of ours, tuned for short runs, and deaf to the machine's own Spark
  configuration, so that a build depends on the project alone;
- a cluster (``spark://…``, ``yarn``, ``k8s://…``): started just as pyspark starts it, with all that the machine has
  configured for Spark and without our tuning;
- ``sc://…``, Spark Connect: no Java here at all.

The author's ``conf`` goes before every setting of ours. To be called in the process that runs the chart sources, and
only there: this and the modules of clusters are all that import pyspark.
"""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.charts import jvm
from generator.charts.archive import Archive
from generator.charts.java import Java
from generator.charts.master import is_local, is_remote
from generator.config import SparkSettings
from generator.errors import UsageError

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark.sql import SparkSession

NAME = "visualposts"
VECTOR = "jdk.incubator.vector"

# Whatever the number of cores: partitions must not depend on the machine.
EVERYWHERE = {"spark.sql.execution.arrow.pyspark.enabled": "true"}
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    # Frames are small: to plan again between two stages takes longer than it saves.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}

PORTS = {"spark": "7077", "sc": "15002"}
"""Where a master and a server of Spark Connect listen if the address doesn't say."""
PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")
"""What makes Spark Connect's client take another way than straight to the server."""
REACH = 10.0
"""Seconds that a cluster may take to answer."""

# In front of a Java without the module that Spark's scripts demand.
SHIM = """\
#!/bin/sh
for option do
  shift
  [ "$option" = --add-modules={module} ] || set -- "$@" "$option"
done
exec {java} "$@"
"""


def start(settings: SparkSettings, java: Java | None, log: Path, archive: Archive | None = None) -> SparkSession:
    """Start the session; what the JVM prints goes to the file `log`. `java` may be None for Spark Connect only.

    A local master's JVM starts from `archive`, or lists its classes for one.

    Raises UsageError if Spark, a cluster or a server doesn't come up.
    """
    # Left over from elsewhere, it would turn every session into one of Spark Connect.
    os.environ.pop("SPARK_REMOTE", None)
    _reach(settings.master)
    if is_remote(settings.master):
        return _connect(settings)
    if java is None:
        raise UsageError(f"Spark on {settings.master} needs a Java")
    folder = Path(tempfile.mkdtemp(prefix="visualposts-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    conf = configuration(settings, folder)
    if is_local(settings.master):
        with _environment(PYSPARK_PYTHON=sys.executable):
            return _session(_local_gateway(java, conf, folder, log, archive), conf, log)
    with _environment(JAVA_HOME=str(_home_for_scripts(java, folder))):
        return _session(_stock_gateway(conf, log), conf, log)


def another(session: SparkSession, settings: SparkSettings) -> SparkSession:
    """A session with views and settings of its own on the same Spark, for one chart source."""
    if hasattr(session, "_sc"):
        return session.newSession()
    kind: Any = type(session)
    own: SparkSession = _configured(kind.builder.remote(settings.master), settings).create()
    # Models of Spark Connect live in a session, and pyspark asks the active one for them.
    kind._active_session.session = own
    return own


def stop(session: SparkSession) -> None:
    """Stop the session, and wait until its JVM is gone."""
    process = None
    if hasattr(session, "_sc"):
        gateway = session.sparkContext._gateway
        process = gateway.proc
    session.stop()
    if process is not None:
        gateway.shutdown()
        jvm.end(process)


def configuration(settings: SparkSettings, folder: Path) -> dict[str, str]:
    """Spark's configuration for `settings`; `folder` takes what must not land in the project."""
    ours = dict(EVERYWHERE)
    if is_local(settings.master):
        ours |= LOCAL | {"spark.local.dir": str(folder), "spark.sql.warehouse.dir": (folder / "warehouse").as_uri()}
    return {"spark.app.name": NAME, **ours, **settings.conf, "spark.master": settings.master}


def _local_gateway(
    java: Java, conf: Mapping[str, str], folder: Path, log: Path, archive: Archive | None
) -> JavaGateway:
    process = jvm.launch(java, conf, folder, log, archive.options() if archive else ())
    # While the JVM starts: to import what the sources will want takes as long.
    import pyspark.ml.clustering  # noqa: F401 - with pandas, numpy and pyarrow
    from pyspark.java_gateway import launch_gateway

    from generator.charts import export  # noqa: F401 - with Plotly

    try:
        port, secret = jvm.connection(process, folder, log)
    except UsageError:
        if archive is None:
            raise
        # Perhaps it is the archive that is broken: the next build makes another one.
        archive.discard()
        return _local_gateway(java, conf, folder, log, None)
    with _environment(PYSPARK_GATEWAY_PORT=str(port), PYSPARK_GATEWAY_SECRET=secret):
        gateway = launch_gateway()
    gateway.proc = process
    return gateway


def _stock_gateway(conf: Mapping[str, str], log: Path) -> JavaGateway:
    from pyspark import SparkConf
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    options = SparkConf(loadDefaults=False).setAll(list(conf.items()))
    with log.open("wb") as output:
        try:
            return launch_gateway(options, {"stdout": output, "stderr": output, **jvm.APART})
        except PySparkRuntimeError:
            raise UsageError(
                f"Spark's JVM ended as it started: {jvm.last_words(log)}", f"its output is in {log}"
            ) from None


def _session(gateway: JavaGateway, conf: Mapping[str, str], log: Path) -> SparkSession:
    from py4j.protocol import Py4JJavaError
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    try:
        context = SparkContext(gateway=gateway, conf=SparkConf(_jvm=gateway.jvm).setAll(list(conf.items())))
        return SparkSession(context)
    except Py4JJavaError as error:
        jvm.end(gateway.proc)
        reason = str(error.java_exception).splitlines()[0]
        raise UsageError(
            f"Spark did not start on {conf['spark.master']}: {reason}", f"its output is in {log}"
        ) from None


def _connect(settings: SparkSettings) -> SparkSession:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        return _configured(SparkSession.builder.remote(settings.master), settings).getOrCreate()
    except ImportError as error:
        raise UsageError(f"Spark Connect can't be used: {error}", "pip install 'visualposts[connect]'") from None
    except PySparkException as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"no Spark Connect session on {settings.master}: {reason}", "is the server running?") from None


def _configured(builder: Any, settings: SparkSettings) -> Any:
    for key, value in {"spark.app.name": NAME, **EVERYWHERE, **settings.conf}.items():
        builder = builder.config(key, value)
    return builder


def _reach(master: str) -> None:
    """UsageError if nobody listens where `master` says: Spark itself would go on asking for minutes."""
    if not (found := re.match(r"(spark|sc)://([^/;]+)", master)):
        return
    if found[1] == "sc" and any(os.environ.get(name) for name in PROXIES):
        return
    trouble: OSError | None = None
    for address in found[2].split(","):
        host, _, port = address.rpartition(":") if re.search(r":\d+$", address) else (address, "", PORTS[found[1]])
        try:
            socket.create_connection((host.strip("[]"), int(port)), REACH).close()
            return
        except OSError as error:
            trouble = error
    raise UsageError(f"no Spark answers on {master}: {trouble}", "is it running, and is the address right?")


def _home_for_scripts(java: Java, folder: Path) -> Path:
    """A JAVA_HOME with which Spark's own scripts work, though `java` may lack the module that they demand."""
    if java.has_module(VECTOR) or os.name == "nt":
        return java.home
    shim = folder / "java" / "bin" / "java"
    shim.parent.mkdir(parents=True)
    shim.write_text(SHIM.format(module=VECTOR, java=shlex.quote(str(java.executable))), encoding="utf-8")
    shim.chmod(0o755)
    return shim.parent.parent


@contextmanager
def _environment(**changes: str) -> Iterator[None]:
    """The process's environment with `changes`, for as long as pyspark looks at it."""
    before = {key: os.environ.get(key) for key in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
