"""Pagefind, run for real on a few records: when it runs, what it leaves, and what happens when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import digests, pagefind
from generator.errors import VisualpostsError
from generator.files import CACHE
from generator.model import Output

WORDS = {"posts/a/index.html": "Rings in rings", "posts/früh/index.html": "Trees", "b.html": "Rivers"}


def records(words: dict[str, str] | None = None) -> Iterator[tuple[str, str]]:
    for path, text in (WORDS if words is None else words).items():
        yield (
            path,
            f'<!doctype html><html lang="en"><title>{text}</title><body data-pagefind-body><h1>{text}</h1></body>',
        )


def never() -> Iterator[tuple[str, str]]:
    pytest.fail("the program ran")


def listed(outputs: Iterator[Output]) -> dict[str, bytes]:
    found = list(outputs)
    assert all(digests.of_bytes(output.read()) == output.digest for output in found)
    return {output.path: output.read() for output in found}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an index of three records under the key "1"."""
    folder = tmp_path_factory.mktemp("project")
    assert listed(pagefind.Index(folder).outputs("1", records))
    return folder


def test_the_index_has_what_our_page_needs_and_no_more(project: Path) -> None:
    made = listed(pagefind.Index(project).outputs("1", never))
    assert {"pagefind/pagefind.js", "pagefind/pagefind-entry.json", "pagefind/wasm.en.pagefind"} <= made.keys()
    assert sum(path.startswith("pagefind/fragment/") for path in made) == 3
    assert not [path for path in made if path.endswith((".css", "ui.js", "highlight.js"))]
    assert sorted(path.name for path in (project / CACHE).iterdir()) == ["search"]


def test_equal_records_give_equal_bytes(project: Path, tmp_path: Path) -> None:
    before = listed(pagefind.Index(project).outputs("1", never))
    turned = dict(reversed(WORDS.items()))
    assert listed(pagefind.Index(tmp_path).outputs("1", lambda: records(turned))) == before


def test_it_runs_for_another_key_and_not_when_it_is_to_run_later(project: Path, tmp_path: Path) -> None:
    index = pagefind.Index(tmp_path)
    assert listed(index.outputs("1", never, later=True)) == {}
    first = listed(index.outputs("1", records))
    assert listed(index.outputs("2", never, later=True)) == first
    second = listed(index.outputs("2", lambda: records({"b.html": "Rivers"})))
    assert sum(path.startswith("pagefind/fragment/") for path in second) == 1
    assert listed(index.outputs("2", never)) == second


@pytest.mark.parametrize("damage", ["contents", "file"])
def test_a_damaged_index_is_made_again(tmp_path: Path, damage: str) -> None:
    index = pagefind.Index(tmp_path)
    first = listed(index.outputs("1", records))
    kept = tmp_path / CACHE / "search"
    if damage == "contents":
        (kept / "contents.json").write_text("{")
    else:
        (kept / "pagefind.js").unlink()
    assert listed(index.outputs("1", records)) == first


def test_settings_of_the_environment_do_not_reach_it(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_SITE", "/nowhere")
    monkeypatch.setenv("PAGEFIND_FORCE_LANGUAGE", "de")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pagefind.yml").write_text("force_language: fr\n")
    assert listed(pagefind.Index(Path()).outputs("1", records)) == listed(pagefind.Index(project).outputs("1", never))


def test_a_failure_is_told_and_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = pagefind.Index(tmp_path)
    first = listed(index.outputs("1", records))
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(VisualpostsError, match="the search index can't be made: Pagefind says nothing"):
        listed(index.outputs("2", records))
    assert sorted(path.name for path in (tmp_path / CACHE).iterdir()) == ["search"]
    assert listed(index.outputs("1", never)) == first
