"""The archive of classes: made in the background, used, and never a condition."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from generator.charts import archive, java, jvm, spark
from generator.charts.archive import Archive
from generator.config import SparkSettings


@pytest.fixture
def chosen() -> java.Java:
    return java.choose(os.environ)


def located(chosen: java.Java, tmp_path: Path, conf: dict[str, str] | None = None, **environ: str) -> Archive | None:
    place = {"HOME": str(tmp_path / "home"), "LOCALAPPDATA": str(tmp_path / "home"), **environ}
    return archive.locate(chosen, conf or {}, tmp_path / "project" / "classes", place)


def test_the_first_build_lists_and_the_next_one_uses(chosen: java.Java, tmp_path: Path) -> None:
    first = located(chosen, tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert first is not None
    assert Path(first.path).parent == tmp_path / "cache" / "visualposts"
    assert first.options() == (f"-XX:DumpLoadedClassList={tmp_path / 'project' / 'classes'}",)
    Path(first.path).write_text("there it is")
    os.utime(first.path, (0, 0))
    second = located(chosen, tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert second == Archive(first.path)
    assert second.options() == (f"-XX:SharedArchiveFile={first.path}",)
    assert Path(first.path).stat().st_mtime > 0, "the least used goes first"
    second.discard()
    second.discard()
    assert not Path(first.path).exists()


def test_another_java_has_another_archive(chosen: java.Java, tmp_path: Path) -> None:
    other = java.Java(chosen.executable, chosen.home, chosen.version + ".1", "")
    names = {found.path for each in (chosen, other) if (found := located(each, tmp_path))}
    assert len(names) == 2


@pytest.mark.parametrize("key", ["spark.driver.extraJavaOptions", "spark.driver.extraClassPath"])
def test_who_brings_options_or_jars_goes_without(chosen: java.Java, tmp_path: Path, key: str) -> None:
    assert located(chosen, tmp_path, {key: "x"}) is None
    assert located(chosen, tmp_path, {"spark.executor.memory": "1g"}) is not None


def test_no_folder_to_write_into(chosen: java.Java, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert located(chosen, tmp_path, HOME=str(tmp_path / "file")) is None
    assert located(chosen, tmp_path, HOME="") is None
    # A relative path is to be passed over, as the specification of base directories says.
    assert archive.cache({"XDG_CACHE_HOME": "cache"}) is None


def test_no_room_and_a_failure_of_today(chosen: java.Java, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = located(chosen, tmp_path)
    assert found is not None
    failed = Path(found.path).with_suffix(".failed")
    failed.touch()
    assert located(chosen, tmp_path) is None
    os.utime(failed, (time.time() - archive.AGAIN - 1,) * 2)
    assert located(chosen, tmp_path) is not None
    monkeypatch.setattr(archive, "ROOM", 10**18)
    assert located(chosen, tmp_path) is None


@pytest.mark.spark
def test_a_real_archive(chosen: java.Java, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made of the few classes that Java itself needs, from a list that was cut off; the oldest ones go."""
    monkeypatch.setattr(archive, "QUIET", 0.2)
    classes, path = tmp_path / "classes", tmp_path / "cache" / "new.jsa"
    path.parent.mkdir()
    for age in range(archive.KEPT + 1):
        (path.parent / f"{age}.jsa").touch()
        os.utime(path.parent / f"{age}.jsa", (age, age))
    line = [str(chosen.executable), "-Xshare:auto", f"-XX:DumpLoadedClassList={classes}", "-version"]
    subprocess.run(line, check=True, capture_output=True)
    classes.write_text(classes.read_text() + "java/lang/Cut")
    assert archive.make(chosen.executable, jvm.jars(), classes, path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["2.jsa", "3.jsa", "new.jsa"]
    assert not classes.exists()
    options = [*Archive(str(path)).options(), *jvm.OPTIONS, *jvm.QUICK[:2], "-Xshare:on", "-Xlog:class+load"]
    line = [str(chosen.executable), "-cp", f"{jvm.jars()}{os.sep}*", *options, "-version"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert "java.lang.String source: shared objects file" in done.stdout, done.stdout + done.stderr


def test_what_can_t_be_made_leaves_a_mark_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "QUIET", 0.01)
    classes, path = tmp_path / "classes", tmp_path / "new.jsa"
    assert not archive.make(Path("java"), tmp_path, classes, path), "no list"
    classes.write_text("java/lang/Object\n")
    assert not archive.make(tmp_path / "no" / "java", tmp_path, classes, path)
    assert [file.name for file in tmp_path.iterdir()] == ["new.failed"]


def version(chosen: java.Java, tmp_path: Path, kept: Archive) -> str:
    """The version that a JVM for Spark tells, which has started from `kept` or without it."""
    conf = spark.configuration(SparkSettings("local[1]"), tmp_path)
    gateway = spark._local_gateway(chosen, conf, tmp_path, tmp_path / "log", kept)
    told = str(gateway.jvm.java.lang.System.getProperty("java.version"))
    gateway.shutdown()
    jvm.end(gateway.proc)
    return told


@pytest.mark.spark
def test_spark_starts_with_a_broken_archive(chosen: java.Java, tmp_path: Path) -> None:
    (tmp_path / "broken.jsa").write_bytes(b"\xf0\x0b" * 5000)
    assert version(chosen, tmp_path, Archive(str(tmp_path / "broken.jsa"))) == chosen.version


@pytest.mark.spark
def test_an_archive_that_java_can_t_start_with_goes(
    chosen: java.Java, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[tuple[str, ...]] = []
    launch = jvm.launch

    def refusing(java: Any, conf: Any, folder: Any, log: Any, options: Any = ()) -> Any:
        launched.append(tuple(options))
        return launch(java, conf, folder, log, ("-Xms2g", "-Xmx1g") if options else ())

    monkeypatch.setattr(jvm, "launch", refusing)
    (tmp_path / "bad.jsa").touch()
    kept = Archive(str(tmp_path / "bad.jsa"))
    assert version(chosen, tmp_path, kept) == chosen.version
    assert launched == [kept.options(), ()]
    assert not (tmp_path / "bad.jsa").exists()
