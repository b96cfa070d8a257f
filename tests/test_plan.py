"""The plan: one row for each reason to run, and the reasons not to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.charts import plan
from generator.charts.contract import ChartSource
from generator.charts.manifest import Entry, Manifest
from generator.charts.plan import Facts, Step

PATH = "content/posts/a/charts.py"
SOURCE = ChartSource(PATH, ("spark",), 3, (("one", 5, 13),))
ENTRY = Entry(
    fragments={"one": "f1"},
    files={PATH: "h1", "content/posts/a/data.csv": "h2", "lib/shared.py": "h3"},
    folders={"content/posts/a/data": "d1"},
    patterns={"content/posts/a/*.parquet": "p1"},
    library={"generator.charts.clusters": "l1"},
    versions={"plotly": "7.0.0", "pyspark": "4.0.0"},
    settings={"rows": "30"},
)
FACTS = Facts(
    hashes=dict(ENTRY.files),
    folders=dict(ENTRY.folders),
    patterns=dict(ENTRY.patterns),
    library=dict(ENTRY.library),
    versions=dict(ENTRY.versions),
    settings=dict(ENTRY.settings),
    fragments=dict(ENTRY.fragments),
)


def test_nothing_changed() -> None:
    assert plan.reason(SOURCE, ENTRY, FACTS) == ""


LIBRARIES = [
    (replace(FACTS, library={"generator.charts.clusters": "l2"}), "generator.charts.clusters changed"),
    (replace(FACTS, versions={"plotly": "7.1.0", "pyspark": "4.0.0"}), "plotly 7.0.0 became 7.1.0"),
]
CHANGES = [
    (replace(FACTS, hashes={**FACTS.hashes, PATH: "x"}), "charts.py changed"),
    (replace(FACTS, hashes={**FACTS.hashes, "content/posts/a/data.csv": "x"}), "data.csv changed"),
    (replace(FACTS, hashes={**FACTS.hashes, "lib/shared.py": "x"}), "lib/shared.py changed"),
    (replace(FACTS, hashes={PATH: "h1", "lib/shared.py": "h3"}), "data.csv is gone"),
    (replace(FACTS, folders={"content/posts/a/data": "d2"}), "the files in data/ are others"),
    (replace(FACTS, patterns={"content/posts/a/*.parquet": "p2"}), "the files that match *.parquet are others"),
    (replace(FACTS, settings={"rows": "31"}), "the setting 'rows' changed"),
    (replace(FACTS, fragments={"one": "edited"}), "includes/one.html was edited"),
    (replace(FACTS, fragments={}), "includes/one.html is missing"),
]


@pytest.mark.parametrize(("facts", "reason"), [*CHANGES, *LIBRARIES], ids=lambda value: str(value)[:40])
def test_what_changed_is_the_reason(facts: Facts, reason: str) -> None:
    assert plan.reason(SOURCE, ENTRY, facts) == reason


@pytest.mark.parametrize(("facts", "reason"), CHANGES, ids=lambda value: str(value)[:40])
def test_frozen_sees_what_is_in_the_checkout(facts: Facts, reason: str) -> None:
    assert plan.reason(SOURCE, ENTRY, facts, frozen=True) == reason


@pytest.mark.parametrize(("facts", "reason"), LIBRARIES)
def test_frozen_does_not_compare_libraries(facts: Facts, reason: str) -> None:
    assert plan.reason(SOURCE, ENTRY, facts, frozen=True) == ""
    assert plan.reason(SOURCE, replace(ENTRY, format=0), FACTS, frozen=True) == ""


def test_a_new_format_is_a_reason() -> None:
    assert plan.reason(SOURCE, replace(ENTRY, format=0), FACTS) == "the fragment format changed"


def test_a_file_that_was_absent_and_appears() -> None:
    entry = replace(ENTRY, files={**ENTRY.files, "content/posts/a/maybe.csv": ""})
    assert plan.reason(SOURCE, entry, FACTS) == ""
    facts = replace(FACTS, hashes={**FACTS.hashes, "content/posts/a/maybe.csv": "h"})
    assert plan.reason(SOURCE, entry, facts) == "maybe.csv appeared"


def test_a_library_that_is_not_installed_is_no_reason() -> None:
    assert plan.reason(SOURCE, ENTRY, replace(FACTS, versions={})) == ""


def test_other_settings_and_files_are_no_reason() -> None:
    other = replace(FACTS, settings={**FACTS.settings, "colour": "1"}, hashes={**FACTS.hashes, "elsewhere.csv": "x"})
    assert plan.reason(SOURCE, ENTRY, other) == ""


def test_only_success_is_remembered() -> None:
    assert plan.reason(SOURCE, None, FACTS) == "never run"
    failed = replace(FACTS, failed=frozenset({PATH}))
    assert plan.reason(SOURCE, None, failed) == "its last run failed"
    assert plan.reason(SOURCE, ENTRY, failed) == "its last run failed"


def test_only_and_rerun() -> None:
    other = ChartSource("content/posts/b/charts.py")
    manifest = Manifest({PATH: ENTRY})
    steps = (Step(SOURCE, ""), Step(other, "never run"))
    for name in ("one", PATH, "content/posts/a", "a"):
        chosen = plan.forced(steps, frozenset({name}), manifest, rerun=True)
        assert [step.reason for step in chosen] == ["forced by --rerun", ""]
    assert [step.reason for step in plan.forced(steps, frozenset(), manifest, rerun=True)] == [
        "forced by --rerun",
        "never run",
    ]
