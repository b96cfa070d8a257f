"""Folder: which file an address stands for; nothing outside, nothing hidden, no listing."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.serving.folder import Folder, Found, media_type
from tests import projects


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("place")
    (place / "secret.txt").write_text("secret")
    files = {"index.html": "", "posts/a/index.html": "", "img/map.png": "", "café/index.html": "", ".hidden/x": ""}
    root = projects.write(place / "site", {**files, "404.html": "", ".visualposts-stage/1": ""})
    (root / "out.txt").symlink_to(place / "secret.txt")
    (root / "outside").symlink_to(place)
    (root / "within").symlink_to(root / "img")
    (root / "loop").symlink_to(root / "loop")
    (root / "link").mkdir()
    (root / "link/index.html").symlink_to(place / "secret.txt")
    return root


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/posts/a/", "posts/a/index.html"),
        ("/img/map.png", "img/map.png"),
        ("/café/", "café/index.html"),
        ("/blog/", "index.html"),
        ("/blog/posts/a/", "posts/a/index.html"),
    ],
)
def test_files(root: Path, path: str, file: str) -> None:
    assert Folder(root, "/blog").find(path) == Found(root / file)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "index.html",
        "/img/",
        "/img",
        "/index.html/",
        "/nothing",
        "/../secret.txt",
        "/posts/../../secret.txt",
        "/..\\secret.txt",
        "/img/..\\..\\secret.txt",
        "/C:/secret.txt",
        "//secret.txt",
        "//posts/a",
        "/posts//a/",
        "/./index.html",
        "/out.txt",
        "/outside/secret.txt",
        "/outside/",
        "/within/map.png",
        "/loop",
        "/loop/",
        "/link/",
        "/.hidden/x",
        "/.visualposts-stage/1",
        "/a\0b",
        f"/{'x' * 5000}",
        "/blogs/",
        "/blog/../../secret.txt",
    ],
)
def test_what_is_no_file_of_the_site(root: Path, path: str) -> None:
    assert Folder(root, "/blog").find(path) == Found()


def test_a_page_is_a_folder_with_a_slash(root: Path) -> None:
    assert Folder(root).find("/posts/a") == Found(instead="/posts/a/")
    assert Folder(root, "/blog").find("/blog/posts/a") == Found(instead="/blog/posts/a/")


def test_a_folder_that_is_a_link_itself(root: Path, tmp_path: Path) -> None:
    (tmp_path / "site").symlink_to(root)
    assert Folder(tmp_path / "site").find("/img/map.png") == Found(tmp_path / "site/img/map.png")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("poster.webp", "image/webp"),
        ("analysis.ipynb", "application/x-ipynb+json; charset=utf-8"),
        ("feed.json", "application/json; charset=utf-8"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("charts.js", "text/javascript; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("data.csv", "text/csv; charset=utf-8"),
        ("map.svg", "image/svg+xml; charset=utf-8"),
        ("font.woff2", "font/woff2"),
        ("search.wasm", "application/wasm"),
        ("CNAME", "application/octet-stream"),
        ("en.pf_index", "application/octet-stream"),
    ],
)
def test_media_types(name: str, expected: str) -> None:
    assert media_type(Path(name)) == expected
