"""The manifest: it survives a round trip, a bad merge and a broken file; names that are dropped become orphans."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.charts import manifest, plan
from generator.charts.contract import ChartSource
from generator.charts.manifest import Entry, Manifest
from generator.charts.plan import Facts
from generator.errors import Place, warning

A, B = "content/posts/a/charts.py", "content/posts/b/charts.py"
ENTRY = Entry(
    fragments={"one": "1", "two": "2"},
    files={A: "h"},
    folders={"content/posts/a/data": "d"},
    patterns={"content/posts/a/*.parquet": "p"},
    outside=("jdbc:x",),
    library={"generator.charts.clusters": "c"},
    versions={"plotly": "7"},
    settings={"k": "3", "/": "1"},
    warnings=(warning("files that polars reads can't be observed", Place(A, 3, 1), "declare them"),),
)


def test_round_trip(tmp_path: Path) -> None:
    before = Manifest({A: ENTRY, B: Entry({"three": "3"}, {B: "h"})}, {"old": "0"})
    manifest.save(tmp_path, before)
    assert manifest.load(tmp_path) == before


def test_equal_manifests_are_equal_bytes(tmp_path: Path) -> None:
    manifest.save(tmp_path, Manifest({A: ENTRY, B: ENTRY}))
    first = (tmp_path / "manifest.json").read_bytes()
    manifest.save(tmp_path, Manifest({B: ENTRY, A: ENTRY}))
    assert (tmp_path / "manifest.json").read_bytes() == first


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": 99, "sources": {}}', '{"format": 1, "sources": []}', "\udcff", "[" * 100_000],
)
def test_a_broken_manifest_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert manifest.load(tmp_path) == Manifest()


def test_broken_entries_are_left_out(tmp_path: Path) -> None:
    text = '{"format": 1, "sources": {"a": 1, "b": {"format": 1, "fragments": {"x": "1", "y": 2}, "files": 3}}}'
    (tmp_path / "manifest.json").write_text(text)
    assert manifest.load(tmp_path) == Manifest({"b": Entry({"x": "1"}, {})})


@pytest.mark.parametrize(
    "tables",
    [
        '"files": {"b": "h", "data.csv": 1}',
        '"files": {"b": "h", "a\\u0000": "h"}',
        '"files": {"b": "h", "/etc/hosts": "h"}',
        '"files": {"b": "h"}, "patterns": {"": "h"}',
        '"files": {"b": "h"}, "versions": {"\\ud800": "1"}',
    ],
)
def test_a_broken_entry_keeps_no_more_than_its_names(tmp_path: Path, tables: str) -> None:
    text = f'{{"format": 1, "sources": {{"b": {{"format": 1, "fragments": {{"x": "1"}}, {tables}}}}}}}'
    (tmp_path / "manifest.json").write_text(text)
    known = manifest.load(tmp_path)
    assert known == Manifest({"b": Entry({"x": "1"}, {})})
    assert plan.reason(ChartSource("b"), known.entries["b"], Facts(fragments={"x": "1"})) == "never run"


def test_a_name_no_longer_given_is_an_orphan_until_it_is_given_again() -> None:
    before = Manifest({A: ENTRY})
    after = before.with_entry(A, Entry({"one": "9"}, {}))
    assert after.orphans == {"two": "2"}
    assert after.owner("two") is None
    assert after.with_entry(B, Entry({"two": "5"}, {})).orphans == {}
    assert after.settled().orphans == {}


def test_a_source_that_is_gone_leaves_orphans() -> None:
    after = Manifest({A: ENTRY, B: Entry({"three": "3"}, {})}).without(frozenset({A, "unknown"}))
    assert after == Manifest({B: Entry({"three": "3"}, {})}, {"one": "1", "two": "2"})


def test_fragments_of_new_names_are_orphans_until_they_are_theirs() -> None:
    known = Manifest({"a.py": Entry({"one": "1"}, {})})
    assert known.expecting("a.py", {"one": "2"}) is known
    expecting = known.expecting("a.py", {"one": "2", "two": "3"})
    assert expecting.orphans == {"two": "3"}
    assert not expecting.with_entry("a.py", Entry({"one": "2", "two": "3"}, {})).orphans
