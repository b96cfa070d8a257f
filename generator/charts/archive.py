"""The archive: the classes that Spark uses, read and checked once and kept, so that its JVM starts much faster.

Java calls this class-data sharing. Where there is no archive yet, the JVM of a build lists the classes that it loads;
when the build is done, a process in the background makes an archive from the list, in the user's cache folder. It is
never a condition: without a folder that can be written, with a list that is cut off or an archive that is broken, a
JVM starts as it would without.

An archive fits one Java and one set of jars at one place: its name is made of both. The last few are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.charts import jvm
from generator.charts.java import Java
from generator.errors import UsageError

KEPT = 3
"""Archives that may lie in the cache folder, 150 to 200 MB each."""
ROOM = 2_000_000_000
"""Bytes of disk that must be free before one is made."""
PATIENCE = 300.0
"""Seconds that the making may take."""
QUIET = 2.0
"""Seconds without a change after which a list of classes is taken for complete."""
AGAIN = 86_400.0
"""Seconds after which making an archive is tried again where it failed."""

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the archive is, or is to be made from the list `classes` that the JVM writes."""

    path: str
    classes: str = ""

    def options(self) -> tuple[str, ...]:
        """What a JVM is told: to use the archive, or to list its classes for one."""
        if self.classes:
            return (f"-XX:DumpLoadedClassList={self.classes}",)
        return (f"-XX:SharedArchiveFile={self.path}",)

    def discard(self) -> None:
        """Remove what a JVM could not start with."""
        with contextlib.suppress(OSError):
            os.unlink(self.path)


def locate(java: Java, conf: Mapping[str, str], classes: Path, environ: Mapping[str, str]) -> Archive | None:
    """The archive for `java` and Spark's jars, or one to be made from `classes`; None where there can't be one.

    Whoever gives the driver's JVM options or jars of their own goes without.
    """
    if any(key.startswith("spark.driver.extra") or key == "spark.driver.defaultJavaOptions" for key in conf):
        return None
    folder = cache(environ)
    if folder is None:
        return None
    try:
        path = folder / f"{_key(java, jvm.jars())}.jsa"
        if path.is_file():
            os.utime(path)  # the least used goes first
            return Archive(str(path))
        folder.mkdir(parents=True, exist_ok=True)
        failed = path.with_suffix(".failed")
        if failed.is_file() and time.time() - failed.stat().st_mtime < AGAIN:
            return None
        classes.parent.mkdir(parents=True, exist_ok=True)
        classes.unlink(missing_ok=True)
        enough = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    except (OSError, UsageError):
        return None
    return Archive(str(path), str(classes)) if enough else None


def cache(environ: Mapping[str, str]) -> Path | None:
    """The folder for archives in the user's cache, by the platform's convention."""
    if sys.platform == "win32":
        place = environ.get("LOCALAPPDATA", "")
    else:
        home = environ.get("HOME", "")
        place = environ.get("XDG_CACHE_HOME", "") or (home and f"{home}/.cache")
    return Path(place) / "visualposts" if place and Path(place).is_absolute() else None


def make_later(archive: Archive, java: str) -> None:
    """Make the archive in the background, once its JVM has written its list. Nobody waits for it."""
    command = [sys.executable, "-P", "-m", "generator.charts.archive"]
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [*command, java, str(jvm.jars()), archive.classes, archive.path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(archive.path).parent,
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
            **jvm.APART,
        )


def make(java: Path, jars: Path, classes: Path, path: Path, patience: float = PATIENCE) -> bool:
    """Make the archive `path` from the list `classes`, which is removed. Whether there is one now."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    listed = path.with_suffix(f".{os.getpid()}.classes")
    try:
        if not _settled(classes):
            return path.is_file()
        _whole_lines(classes, listed)
        command = [
            *(str(java), "-Xshare:dump", f"-XX:SharedClassListFile={listed}", f"-XX:SharedArchiveFile={fresh}"),
            *("-cp", f"{jars}{os.sep}*", "-Xmx1g", *jvm.OPTIONS, *jvm.QUICK[:2]),
        ]
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=True,
        )
        # Whole or not at all; of two that were made at once the last one stays.
        os.replace(fresh, path)
        _prune(path.parent)
    except (OSError, subprocess.SubprocessError):
        with contextlib.suppress(OSError):
            path.with_suffix(".failed").touch()
        return False
    finally:
        for leftover in (fresh, listed, classes):
            with contextlib.suppress(OSError):
                leftover.unlink()
    return True


def _key(java: Java, jars: Path) -> str:
    """A name for this Java and these jars, as they were installed; OSError if they are gone."""
    [core] = jars.glob("spark-core_*.jar")
    stamps = [str(path.stat().st_mtime_ns) for path in (java.executable, core)]
    parts = [str(java.executable), java.version, str(core), *stamps, *jvm.OPTIONS, *jvm.QUICK]
    return f"java-{java.version}-{core.stem}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def _settled(classes: Path) -> bool:
    """Wait until the JVM, which ends with the build, has written its list to the end; False if there is none."""
    patience = time.monotonic() + 15 * QUIET
    size, since = -1, time.monotonic()
    while time.monotonic() < patience:
        now = classes.stat().st_size if classes.is_file() else 0
        if now != size:
            size, since = now, time.monotonic()
        elif time.monotonic() - since >= QUIET:
            return size > 0
        time.sleep(0.1)
    return False


def _whole_lines(classes: Path, target: Path) -> None:
    """A copy without a last line that was cut off."""
    text = classes.read_text(encoding="utf-8", errors="replace")
    target.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")


def _prune(folder: Path) -> None:
    """Remove the archives that were not used for longest, and what killed makers left."""
    archives = sorted(folder.glob("*.jsa"), key=lambda path: path.stat().st_mtime, reverse=True)
    left = (path for name in ("*.new", "*.classes") for path in folder.glob(name))
    old = (path for path in left if time.time() - path.stat().st_mtime > AGAIN)
    for path in (*archives[KEPT:], *old):
        with contextlib.suppress(OSError):
            path.unlink()


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    java, jars, classes, path = map(Path, sys.argv[1:])
    sys.exit(not make(java, jars, classes, path))


if __name__ == "__main__":
    main()
