"""Sight: a page is another when its text, or a file that it shows, is; its style counts apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.serving.folder import Folder
from generator.serving.sight import Sight, sight
from tests import projects

PAGE = """<html><head><link rel="stylesheet" href="../assets/style.css?v=1"><script src="../a.js"></script></head>
<body><a href="../other/">Other</a><img src="map%201.png" srcset="map%201.png 1x, big.png 2x"></body></html>"""
FILES = {"p/map 1.png": "map", "p/big.png": "big", "assets/style.css": "body {}", "a.js": "1", "other/index.html": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(projects.write(tmp_path, {**FILES, "p/index.html": PAGE}))


def look(folder: Folder, text: str = PAGE) -> Sight:
    return sight(text, "/p/", folder)


def test_nothing_new(folder: Folder) -> None:
    assert look(folder) == look(folder)
    (folder.root / "other/index.html").write_text("another")
    assert look(folder) == look(folder)


@pytest.mark.parametrize("name", ["p/map 1.png", "p/big.png", "a.js"])
def test_a_file_that_the_page_shows(folder: Folder, name: str) -> None:
    before = look(folder)
    (folder.root / name).write_text("another one")
    after = look(folder)
    assert (after.page != before.page, after.style == before.style) == (True, True)


def test_an_address_that_is_none_is_nowhere(folder: Folder) -> None:
    assert look(folder, PAGE.replace("big.png", "http://[big.png")) != look(folder)


def test_the_text(folder: Folder) -> None:
    after = look(folder, PAGE.replace("Other", "Another"))
    assert (after.page != look(folder).page, after.style == look(folder).style) == (True, True)


def test_style_alone(folder: Folder) -> None:
    before = look(folder)
    (folder.root / "assets/style.css").write_text("body { color: red }")
    written = look(folder)
    hashed = look(folder, PAGE.replace("?v=1", "?v=2"))
    assert written.page == hashed.page == before.page
    assert len({before.style, written.style, hashed.style}) == 3
