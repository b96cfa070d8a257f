"""Pictures: the size of the file on the tag, late unless it is seen first, and an author's own words kept."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from generator.pages.links import ROOT
from generator.pages.pictures import Sizes, files, framed

KNOWN = frozenset({"content/static/img/wide ü.png", "content/posts/a/map.png"})
COPIED = {"content/posts/a/map.png": "/posts/a/map.png", "content/posts/a/drawing.svg": "/posts/a/drawing.svg"}


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for path, data in {
        "content/static/img/wide ü.png": png(1600, 900),
        "content/posts/a/map.png": png(300, 200),
        "content/posts/a/drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="72.5pt" height="36pt"></svg>',
        "content/posts/a/broken.png": b"no picture",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def shown(text: str, project: Path) -> str:
    return framed(text, files(COPIED, KNOWN), Sizes(project), at_once=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<img src="{ROOT}/posts/a/map.png">', 'width="300" height="200" loading="lazy" decoding="async"'),
        (f'<img src="{ROOT}/img/wide%20%C3%BC.png?x#y">', 'width="1600" height="900" loading="lazy" decoding="async"'),
        (f'<img src="{ROOT}/posts/a/drawing.svg">', 'width="97" height="48" loading="lazy" decoding="async"'),
        (f'<img src="{ROOT}/posts/a/map.png" width="150">', 'height="100" loading="lazy" decoding="async"'),
        (f'<img src="{ROOT}/posts/a/map.png" width="50%">', 'loading="lazy" decoding="async"'),
        (f'<img height=9 src="{ROOT}/posts/a/map.png" loading="eager">', 'decoding="async"'),
        ('<img src="https://example.org/x.png" alt="a > b">', 'loading="lazy" decoding="async"'),
        (f'<img src="{ROOT}/posts/a/broken.png">', 'loading="lazy" decoding="async"'),
        ('<iframe src="https://example.org/"></iframe>', 'loading="lazy"'),
    ],
)
def test_a_tag_gets_what_its_author_left_open(before: str, after: str, project: Path) -> None:
    head, tail = before.split(">", 1) if "a > b" not in before else (before[:-1], "")
    assert shown(before, project) == f"{head} {after}>{tail}"


def test_text_that_is_no_tag_stays(project: Path) -> None:
    for text in ("<!-- <img src='a'> -->", "<script>x = '<img src=\"a\">'</script>", "&lt;img src&gt;"):
        assert shown(text, project) == text


def test_the_picture_that_a_reader_sees_first_does_not_wait(project: Path) -> None:
    picture = f'<p><img src="{ROOT}/posts/a/map.png"></p>'
    get = files(COPIED, KNOWN)

    def lazy(text: str) -> list[bool]:
        parts = framed(text, get, Sizes(project)).split("<img ")[1:]
        return ["loading=" in part for part in parts]

    assert lazy(f"<p>Text.</p>{picture}{picture}") == [False, True]
    assert lazy(f'<h2 id="a">A</h2>{picture}') == [True]
    assert lazy(f'<figure data-chart="a"></figure>{picture}') == [True]
