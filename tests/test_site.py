"""The pages wing as a whole: mini sites against their golden trees, sites that must fail, and the real theme."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest

from generator import poster
from generator.fragment import Fragment
from generator.pages.tree import THEME
from generator.poster import Poster
from tests.golden import BROKEN, PLAIN, SITES, assembled, complaints, tree
from tests.projects import write


@pytest.mark.parametrize("name", sorted(path.name for path in SITES.iterdir()))
def test_golden_tree(name: str) -> None:
    project = SITES / name
    content, assembly = assembled(project)
    assert assembly is not None
    assert (content.problems, assembly.problems) == ((), ())
    folder = project / "expected"
    expected = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    made = tree(assembly)
    assert sorted(made) == sorted(expected)
    different = {
        path: data.decode("utf-8", "replace") for path, data in made.items() if expected[path].read_bytes() != data
    }
    assert different == {}


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir()))
def test_site_that_must_fail(name: str) -> None:
    expected = (BROKEN / name / "expected.txt").read_text(encoding="utf-8")
    assert "\n".join(map(str, complaints(BROKEN / name))) == expected.rstrip("\n")


class Links(HTMLParser):
    """All links and ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self.links += [values[key] for key in ("href", "src", "data-plotly") if key in values]
        self.ids += [values["id"]] if "id" in values else []


@pytest.mark.parametrize("theme", [THEME, PLAIN])
@pytest.mark.parametrize("name", ["blog", "bare", "overridden"])
def test_every_link_of_every_page_leads_to_a_file(name: str, theme: Path) -> None:
    """Our own reading of the links, against the files; from a sub-path, as on a project page."""
    _, assembly = assembled(SITES / name, theme)
    assert assembly is not None
    files = {output.path: output.read() for output in assembly.outputs}
    base = "https://host.test/sub/path/"
    pages = {path: Links() for path in files if path.endswith(".html")}
    for path, page in pages.items():
        page.feed(files[path].decode())
    for path, page in pages.items():
        here = urljoin(base, path.removesuffix("index.html"))
        for link in page.links:
            target = urlsplit(urljoin(here, link))
            if target.netloc != "host.test" or (path == "404.html" and name != "blog"):
                continue
            assert not link.startswith("/") or path == "404.html", f"{link} in {path} is not relative"
            file = unquote(target.path).removeprefix("/sub/path/")
            file += "index.html" if file.endswith("/") or not file else ""
            assert file in files, f"{link} in {path} leads nowhere"
            if target.fragment and target.fragment != "top" and file in pages:
                assert unquote(target.fragment) in pages[file].ids, f"{link} in {path} leads to no anchor"


@pytest.mark.parametrize("name", ["blog", "bare"])
def test_the_real_theme_makes_valid_html(name: str) -> None:
    _, assembly = assembled(SITES / name, THEME)
    assert assembly is not None
    assert not assembly.problems
    parser = html5lib.HTMLParser(strict=True)
    for output in assembly.outputs:
        if output.path.endswith(".html") and output.owner.startswith(("the ", "content/")):
            parser.parse(output.read().decode())


def test_plotly_is_there_once_and_only_for_charts() -> None:
    for name, count in (("blog", 1), ("bare", 0)):
        _, assembly = assembled(SITES / name)
        assert assembly is not None
        paths = [output.path for output in assembly.outputs if "plotly" in output.path]
        assert len(paths) == count
        assert all(re.fullmatch(r"assets/plotly-\d+\.\d+\.\d+\.min\.js", path) for path in paths)


def test_pages_with_charts_are_told_with_their_weight() -> None:
    _, assembly = assembled(SITES / "blog")
    assert assembly is not None
    (page,) = assembly.charted
    assert (page.url, page.charts) == ("/posts/charts/", ("line",))
    assert page.bytes == len(tree(assembly)["posts/charts/index.html"])


def test_the_reading_time_counts_what_includes_bring_but_no_charts(tmp_path: Path) -> None:
    shutil.copytree(SITES / "blog", tmp_path / "blog")
    post = tmp_path / "blog/content/posts/2026-05-01-long.md"
    post.write_text("---\ntitle: Long\n---\n{% include long.html %}\n\n{% include line.html %}\n")
    (tmp_path / "blog/includes/long.html").write_text(f"<p>{'word ' * 880}</p>")
    _, assembly = assembled(tmp_path / "blog", THEME)
    assert assembly is not None
    for page in ("posts/long/index.html", "index.html"):
        assert "<li>4 min read</li>" in tree(assembly)[page].decode()


def test_a_site_without_an_address_has_no_feed_and_says_so() -> None:
    _, assembly = assembled(SITES / "bare")
    assert assembly is not None
    assert not {"feed.xml", "feed.json", "sitemap.xml"} & tree(assembly).keys()
    assert len(assembly.notes) == 1
    assert "canonical" not in tree(assembly)["index.html"].decode()


def test_a_post_s_picture_is_its_author_s_or_else_the_poster_of_its_first_chart(tmp_path: Path) -> None:
    chart = Fragment("rings", '{"data":[],"layout":{}}', alt="Two rings.", height=500)
    file = Poster("rings", poster.key(chart.payload, 500), "light").file
    write(
        tmp_path,
        {
            "content/posts/2026-01-01-own.md": "---\ntitle: Own\nimage: /me.png\n---\n{% include rings.html %}\n",
            "content/posts/2026-01-02-none.md": "---\ntitle: None\n---\nNo chart.\n",
            "content/posts/2026-01-03-chart.md": "---\ntitle: Chart\n---\n{% include rings.html %}\n",
            "content/static/me.png": "",
            "content/templates/_card.html": "[{{ post.title }}: {{ post.picture.src if post.picture else '-' }}]",
            "content/templates/post.html": "{{ page.image }} {{ page.picture.alt if page.picture }}",
            "includes/rings.html": chart.to_html(),
            f"includes/{file}": "RIFF",
        },
    )
    _, assembly = assembled(tmp_path, THEME)
    assert assembly is not None
    assert assembly.problems == ()
    made = tree(assembly)
    index = made["index.html"].decode()
    assert re.findall(r"\[(.*?)\]", index) == [f"Chart: /charts/{file}", "None: -", "Own: /me.png"]
    assert made["posts/chart/index.html"].decode().endswith(f">https://example.org/blog/charts/{file} Two rings.")
    assert ">https://example.org/blog/me.png" in made["posts/own/index.html"].decode()
