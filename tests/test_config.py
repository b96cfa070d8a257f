"""Settings: what is right is read, what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import config
from generator.config import NavItem, Settings, SparkSettings
from generator.errors import AuthorError, UsageError

TITLE = '[tool.visualposts]\ntitle = "A blog"\n'


def test_a_title_is_enough() -> None:
    assert config.parse(TITLE) == Settings("A blog")


def test_everything() -> None:
    text = """\
[project]
name = "x"
[tool.visualposts]
title = "A blog"
base_url = "https://example.org/blog/"
timezone = "Europe/Berlin"
paginate = 5
nav = [{ title = "About", url = "/about/" }]
[tool.visualposts.charts]
rows = 30
colours = { one = "red" }
[tool.visualposts.spark]
master = "spark://host:7077"
[tool.visualposts.spark.conf]
"spark.executor.memory" = "2g"
spark.ui.enabled = false
"""
    assert config.parse(text) == Settings(
        "A blog",
        base_url="https://example.org/blog",
        timezone="Europe/Berlin",
        paginate=5,
        nav=(NavItem("About", "/about/"),),
        charts={"rows": 30, "colours": {"one": "red"}},
        spark=SparkSettings("spark://host:7077", {"spark.executor.memory": "2g", "spark.ui.enabled": "false"}),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.visualposts\n", "pyproject.toml:1:18: error: expected ']' at the end of a table declaration"),
        (
            "[project]\n[tool.visualpost]\ntitle = 'x'\n",
            "pyproject.toml:2:1: error: unknown table [tool.visualpost]\n  hint: did you mean 'visualposts'?",
        ),
        (
            TITLE + "base_url = 'https://example.org/my blog'\n",
            "pyproject.toml:3:1: error: 'base_url' can't hold ' ' (%20 in an address): 'https://example.org/my blog'\n"
            '  hint: for example base_url = "https://example.org/blog"',
        ),
        (
            TITLE + "base_url = 'https://example.org/?x'\n",
            "pyproject.toml:3:1: error: 'base_url' can't hold '?': 'https://example.org/?x'\n"
            '  hint: for example base_url = "https://example.org/blog"',
        ),
        (
            "[project]\n",
            "pyproject.toml: error: no [tool.visualposts] table\n"
            '  hint: a site needs a title: [tool.visualposts] with title = "My blog"',
        ),
        (
            "\n[tool.visualposts]\nautor = 'x'\n",
            "pyproject.toml:2:1: error: the site has no title\n"
            '  hint: add title = "My blog"\n'
            "pyproject.toml:3:1: error: unknown setting 'autor' in [tool.visualposts]\n"
            "  hint: did you mean 'author'?",
        ),
        (
            TITLE + "paginate = 0\n  timezone = 'Mars/Phobos'\n",
            "pyproject.toml:3:1: error: 'paginate' must be at least 1\n"
            "  hint: for example paginate = 10\n"
            "pyproject.toml:4:3: error: unknown time zone 'Mars/Phobos'\n"
            '  hint: for example timezone = "Europe/Berlin"',
        ),
        (
            TITLE + "paginate = true\n",
            "pyproject.toml:3:1: error: 'paginate' must be a whole number\n  hint: for example paginate = 10",
        ),
        (
            TITLE + "search = 1\n",
            "pyproject.toml:3:1: error: 'search' must be true or false\n  hint: for example search = true",
        ),
        (
            TITLE + "base_url = 'example.org'\n",
            "pyproject.toml:3:1: error: 'base_url' is not an address that begins with https:// or http://:"
            " 'example.org'\n"
            '  hint: for example base_url = "https://example.org/blog"',
        ),
        (
            TITLE + "permalink = '/:yaer/:slug/'\n",
            "pyproject.toml:3:1: error: unknown part ':yaer' in the permalink '/:yaer/:slug/'\n"
            '  hint: for example permalink = "/:year/:month/:day/:slug/"',
        ),
        (
            TITLE + "[tool.visualposts.spark]\nmastr = 'local'\n",
            "pyproject.toml:4:1: error: unknown setting 'mastr' in [tool.visualposts.spark]\n"
            "  hint: did you mean 'master'?",
        ),
        (
            TITLE + "nav = [{ titel = 'x' }]\n",
            "pyproject.toml:3:1: error: 'nav' must be a list of tables with 'title' and 'url'\n"
            '  hint: for example nav = [{ title = "About", url = "/about/" }]',
        ),
    ],
)
def test_what_is_wrong(text: str, expected: str) -> None:
    with pytest.raises(AuthorError) as caught:
        config.parse(text)
    assert str(caught.value) == expected


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no pyproject\.toml"):
        config.load(tmp_path)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_bytes(b'[tool.visualposts]\ntitle = "Caf\xe9"\n')
    with pytest.raises(AuthorError) as caught:
        config.load(tmp_path)
    assert str(caught.value) == (
        "pyproject.toml:2:13: error: not UTF-8: byte 0xe9\n  hint: save the file in the encoding UTF-8"
    )
    (tmp_path / config.FILE).write_bytes(b"\xef\xbb\xbf" + TITLE.encode())
    assert config.load(tmp_path).title == "A blog"
