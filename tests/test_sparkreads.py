"""What Spark is asked to read is noted, however the reader is called; a session that listens stands for Spark's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.charts import sparkreads
from generator.charts.observing import Observer


class Frame:
    def __init__(self, files: tuple[str, ...] = ()) -> None:
        self.files = files

    def inputFiles(self) -> tuple[str, ...]:  # noqa: N802 - Spark's name
        return self.files


class Reader:
    """Remembers what reached Spark; its methods have the parameters of pyspark's."""

    asked: list[Any]

    def option(self, key: str, value: object) -> Reader:
        self.path = value
        return self

    def load(self, path: Any = None, format: str | None = None) -> Frame:
        self.asked.append(path)
        return Frame(() if path else (f"file://{self.path}",))

    def csv(self, path: Any, schema: Any = None, header: Any = None) -> Frame:
        self.asked.append(path)
        return Frame()

    def text(self, paths: Any, wholetext: bool = False) -> Frame:
        self.asked.append(paths)
        return Frame()

    def parquet(self, *paths: str, **options: Any) -> Frame:
        self.asked += paths
        return Frame()

    def jdbc(self, url: str, table: str) -> Frame:
        return Frame()


class Session:
    def __init__(self) -> None:
        self.read = Reader()
        self.read.asked = []

    def sql(self, text: str) -> Frame:
        return Frame()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path.resolve()
    for name in ("one", "two"):
        (project / name).write_text("x")
    monkeypatch.chdir(project)
    return project


@pytest.mark.parametrize(
    ("read", "files"),
    [
        (lambda reader: reader.csv("one"), ["one"]),
        (lambda reader: reader.csv(path="one", header=True), ["one"]),
        (lambda reader: reader.csv(["one", "two"], "a INT"), ["one", "two"]),
        (lambda reader: reader.text(paths=["one", "two"]), ["one", "two"]),
        (lambda reader: reader.load("one", "csv"), ["one"]),
        (lambda reader: reader.parquet("one", "two"), ["one", "two"]),
        (lambda reader: reader.parquet("one", mergeSchema=True), ["one"]),
    ],
)
def test_every_path_is_noted_and_found(project: Path, read: Any, files: list[str]) -> None:
    session, observer = Session(), Observer(project)
    with sparkreads.watched(session, observer):
        read(session.read)
    assert sorted(observer.files) == files
    asked = [item for place in session.read.asked for item in (place if isinstance(place, list) else [place])]
    assert asked == [(project / name).as_uri() for name in files]


def test_a_path_given_as_an_option_is_noted(project: Path) -> None:
    session, observer = Session(), Observer(project)
    with sparkreads.watched(session, observer):
        session.read.option("path", f"{project}/two").load()
    assert sorted(observer.files) == ["two"]


def test_a_database_is_noted_without_its_secrets(project: Path) -> None:
    session, observer = Session(), Observer(project)
    with sparkreads.watched(session, observer):
        session.read.jdbc("jdbc:postgresql://me:secret@host:5432/db?password=secret", "t")
        session.read.option("url", "jdbc:sqlserver://other;user=me;password=secret")
        session.read.option("header", "true")
    assert observer.outside == {"jdbc:postgresql://host:5432/db", "jdbc:sqlserver://other"}
