"""Pieces: posts, pages and charts begun where they belong, and never over anything."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import cli, config
from generator.errors import AuthorError, UsageError
from generator.model import Document
from generator.pages import posts
from generator.report import Report
from generator.starter import pieces, templates
from tests import projects
from tests.projects import snapshot, visualposts

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
SETTINGS = '[tool.visualposts]\ntitle = "A blog"\ntimezone = "Asia/Tokyo"\n'
OLD, NEW = "content/posts/2026-01-01-old", "content/posts/2026-02-01-new"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    files = {f"{OLD}/index.md": "---\ntitle: Old\n---\n", f"{NEW}/index.md": "---\ntitle: New\n---\n"}
    return projects.write(tmp_path / "blog", {"pyproject.toml": SETTINGS, **files})


def report() -> Report:
    return Report(io.StringIO(), io.StringIO())


@pytest.fixture
def begin(blog: Path) -> Callable[..., set[str]]:
    """Call a function of the module, and give the paths of the files that are new."""

    def call(function: Callable[..., None], *arguments: str, **options: Any) -> set[str]:
        before = snapshot(blog)
        function(blog, *arguments, report(), now=NOW, **options)
        after = snapshot(blog)
        assert {path: after[path] for path in before} == before
        return after.keys() - before.keys()

    return call


def new(blog: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["new", *arguments, "-C", str(blog)], catch_exceptions=False)


def document(blog: Path, path: str) -> Document:
    parsed = posts.parse(path, (blog / path).read_text(encoding="utf-8"), config.load(blog))
    assert parsed.problems == ()
    assert parsed.document is not None
    return parsed.document


# ---- Posts and pages


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Hello", "hello"),
        ("  Größe   & Maß:\tneu?  ", "größe-maß-neu"),
        ("東京 の 地図", "東京-の-地図"),
        ("50 %: {% include x.html %} # & 'it's' \"so\"", "50-include-x.html-it-s-so"),
        ("yes", "yes"),
        ("2026", "2026"),
        ("[a list]", "a-list"),
        ("- dash", "dash"),
        ("back\\slash", "back-slash"),
    ],
)
def test_a_title_comes_back_as_it_was_given(blog: Path, begin: Callable[..., set[str]], title: str, name: str) -> None:
    (path,) = begin(pieces.post, title)
    # Half past eleven at night in UTC is the next day in Tokyo.
    assert path == f"content/posts/2026-11-24-{name}/index.md"
    found = document(blog, path)
    assert found.title == " ".join(title.split())
    assert (found.slug, f"{found.date:%Y-%m-%d}") == (name, "2026-11-24")


def test_tags_and_a_draft(blog: Path, begin: Callable[..., set[str]]) -> None:
    tags = ["maps", "machine learning", "c++", "no", "2026", "a, b", 'say "x"', "ü"]
    (path,) = begin(pieces.post, "Tagged", tags=tags, draft=True)
    found = document(blog, path)
    assert found.tags == tuple(tags)
    assert found.draft


def test_it_is_built_at_once(blog: Path) -> None:
    assert new(blog, "post", "Hello: world", "-t", "a").exit_code == 0
    assert new(blog, "page", "About").exit_code == 0
    done = visualposts(blog, "build")
    assert done.returncode == 0, done.stderr
    assert "3 posts, 1 page" in done.stdout


def test_a_long_title_has_a_short_name(begin: Callable[..., set[str]]) -> None:
    (path,) = begin(pieces.post, "words and " * 40)
    assert path == "content/posts/2026-11-24-" + "words-and-" * 7 + "words-and/index.md"
    (path,) = begin(pieces.post, "図" * 300)
    assert path == "content/posts/2026-11-24-" + "図" * 80 + "/index.md"


def test_a_name_of_ones_own(blog: Path, begin: Callable[..., set[str]]) -> None:
    assert begin(pieces.post, "???", slug="why") == {"content/posts/2026-11-24-why/index.md"}
    result = new(blog, "post", "???")
    assert (result.exit_code, result.stderr.splitlines()) == (
        2,
        ["error: nothing in the title can stand in an address", "  hint: say a name for it: --slug NAME"],
    )
    result = new(blog, "post", "Why", "--slug", "Why not?")
    assert result.stderr.splitlines()[-1] == "  hint: did you mean 'why-not'?"
    assert new(blog, "post", "").exit_code == 2
    assert "control character" in new(blog, "post", "a\x01b").stderr


def test_words_in_another_encoding(blog: Path) -> None:
    for arguments in (["caf\udce9"], ["Café", "-t", "one", "-t", "caf\udce9"]):
        result = new(blog, "post", *arguments)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (2, r"error: 'caf\udce9' is not UTF-8")


def test_never_over_anything(blog: Path, begin: Callable[..., set[str]]) -> None:
    begin(pieces.page, "Talks")
    for function, title, place in (
        (pieces.page, "talks", "content/pages/talks.md"),
        (pieces.post, "Old", f"{OLD}/index.md"),
        (pieces.post, "OLD!", f"{OLD}/index.md"),
    ):
        before = snapshot(blog)
        with pytest.raises(AuthorError) as caught:
            function(blog, title, report(), now=NOW)
        assert str(caught.value).startswith(f"{place}: error: its address would be /")
        assert snapshot(blog) == before
    projects.write(blog, {"content/posts/2026-11-24-empty/index.md": "broken"})
    with pytest.raises(AuthorError, match="this is there already"):
        pieces.post(blog, "Empty", report(), now=NOW)


def test_a_broken_post_is_no_hindrance(blog: Path) -> None:
    projects.write(blog, {"content/posts/2026-03-01-broken.md": "---\ntitle: [\n---\n"})
    assert new(blog, "post", "Hello").exit_code == 0


# ---- Charts


def test_a_chart_beside_the_newest_post(blog: Path) -> None:
    result = new(blog, "chart", "map")
    assert result.stdout.splitlines() == [
        f"wrote {NEW}/charts.py",
        f"put {{% include map.html %}} on a line of its own in {NEW}/index.md, and build",
    ]
    with (blog / NEW / "index.md").open("a") as file:
        file.write("\n{% include map.html %}\n")
    done = visualposts(blog, "build", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert 'data-chart="map"' in (blog / "site/posts/new/index.html").read_text()


@pytest.mark.parametrize("name", [OLD, f"./{OLD}/", f"{OLD}/index.md", "2026-01-01-old", "old"])
def test_a_chart_beside_a_named_post(begin: Callable[..., set[str]], name: str) -> None:
    assert begin(pieces.chart, "map", beside=name) == {f"{OLD}/charts.py"}


def test_drafts_and_the_future_have_charts_too(blog: Path, begin: Callable[..., set[str]]) -> None:
    projects.write(blog, {"content/posts/2030-01-01-later/index.md": "---\ntitle: Later\ndraft: true\n---\n"})
    assert begin(pieces.chart, "map") == {"content/posts/2030-01-01-later/charts.py"}


def test_of_one_day_the_post_without_charts_that_was_written_last(blog: Path, begin: Callable[..., set[str]]) -> None:
    for name, age in (("a", 10), ("b", 20), ("z", 0)):
        path = f"content/posts/2026-03-01-{name}/index.md"
        projects.write(blog, {path: f"---\ntitle: Post {name}\n---\n"})
        os.utime(blog / path, (1e9 - age, 1e9 - age))
    projects.write(blog, {"content/posts/2026-03-01-z/charts.py": projects.CHART})
    assert begin(pieces.chart, "map") == {"content/posts/2026-03-01-a/charts.py"}
    assert begin(pieces.chart, "map-2") == {"content/posts/2026-03-01-b/charts.py"}


def test_a_post_without_a_folder(blog: Path) -> None:
    projects.write(blog, {"content/posts/2026-03-01-alone.md": "---\ntitle: Alone\n---\n"})
    result = new(blog, "chart", "map")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "error: content/posts/2026-03-01-alone.md is a file alone, and a chart stands in the folder of its post",
        "  hint: move it to content/posts/2026-03-01-alone/index.md, or name another post with --post",
    ]


def test_a_post_with_charts(blog: Path) -> None:
    projects.write(blog, {f"{NEW}/charts.py": projects.CHART})
    result = new(blog, "chart", "map")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{NEW}/charts.py:4:1: error: the post has charts already",
        '  hint: add "map": figure to what charts() returns, or name another post with --post',
        "1 error; nothing was written",
    ]
    result = new(blog, "chart", "one", "--post", "old")
    assert result.stderr.splitlines()[0] == f"{NEW}/charts.py:5:13: error: there is a chart or an include 'one' already"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("3D_Map",), "did you mean '3d-map'?"),
        (("図",), "a name is made of a-z, 0-9 and '-', and begins with a letter or digit"),
        (("map", "--post", "odl"), "did you mean 'old'?"),
    ],
)
def test_slips(blog: Path, arguments: tuple[str, ...], hint: str) -> None:
    result = new(blog, "chart", *arguments)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, f"  hint: {hint}")


def test_an_include_of_the_same_name(blog: Path) -> None:
    projects.write(blog, {"includes/map.html": "<p>By hand.</p>"})
    result = new(blog, "chart", "map")
    assert result.stderr.splitlines()[0] == "includes/map.html: error: there is a chart or an include 'map' already"


def test_a_blog_without_posts(tmp_path: Path) -> None:
    projects.write(tmp_path, {})
    with pytest.raises(UsageError, match="there is no post yet"):
        pieces.chart(tmp_path, "map", report(), now=NOW)


@pytest.mark.spark
def test_a_chart_on_spark(spark: Any) -> None:
    module = ModuleType("charts")
    exec(templates.filled("spark_chart.py", name="map"), module.__dict__)
    (figure,) = module.charts(spark).values()
    assert len(figure.data) >= 3
    assert figure.layout.meta["alt"].startswith("Three clouds")
