"""The theme: colours that can be read, templates that hold to what the renderer gives them, no inline script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest

from generator.charts import palette
from generator.pages import assets
from generator.pages.render import Renderer
from generator.pages.routes import way_to_root
from generator.pages.tree import THEME
from generator.pages.views import (
    CountedTag,
    Html,
    NavEntry,
    Page,
    PageView,
    Pagination,
    Picture,
    PostCard,
    PostLine,
    SiteView,
    Tag,
    Year,
)
from generator.prose import Heading, stylesheet

CSS = (THEME / "static" / "style.css").read_text(encoding="utf-8")
CHARTS = (THEME / "charts" / "charts.css").read_text(encoding="utf-8")
CLIENT = assets.client().decode()
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((THEME / "static").glob("*.js"))}
TEMPLATES = sorted((THEME / "templates").glob("*.html"))
PAIRS = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}
TEXT = ("ink", "muted", "accent", "warning", "danger", "good")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["ground", "panel"])
@pytest.mark.parametrize("text", TEXT)
def test_text_has_a_contrast_of_seven_on_both_grounds_by_day_and_by_night(text: str, ground: str) -> None:
    assert [contrast(*pair) >= 7 for pair in zip(PAIRS[text], PAIRS[ground], strict=True)] == [True, True]


@pytest.mark.parametrize("mode", [0, 1], ids=["day", "night"])
def test_code_has_it_too_on_the_ground_that_the_theme_gives_it(mode: int) -> None:
    colours = {pair[mode] for pair in re.findall(r"[{ ]color: light-dark\((#\w{6}), (#\w{6})\)", stylesheet())}
    assert len(colours) > 5
    assert {colour for colour in colours if contrast(colour, PAIRS["panel"][mode]) < 7} == set()


def test_borders_that_mean_something_have_a_contrast_of_three() -> None:
    for ground in ("ground", "panel"):
        assert all(contrast(*pair) >= 3 for pair in zip(PAIRS["line-strong"], PAIRS[ground], strict=True))


def test_the_page_and_the_charts_wing_share_one_palette() -> None:
    assert re.findall(r"--chart-\d: (#\w{6});", CSS) == [colour.lower() for colour in palette.COLOURS]


def test_every_property_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"--([\w-]+):", CSS)) | {"chart-height"}  # which each fragment sets on itself
    used = set(re.findall(r"var\(--([\w-]+)", CSS + CHARTS))
    asked = set(re.findall(r'css\("([\w-]+)"\)', CLIENT))
    names = re.search(r'= \[("ground".*?)\]\.map\(css\)', CLIENT)
    assert names is not None
    asked |= set(re.findall(r'"([\w-]+)"', names[1]))
    for scale in re.findall(r"scale\(([^)]*)\)", CLIENT):
        asked |= {f"chart-{name}" for name in re.findall(r'"(\w+)"', scale)}
    assert len(asked) >= 12
    assert (used | asked) - defined == set()


def test_the_browser_frame_has_the_colours_of_the_page() -> None:
    base = (THEME / "templates" / "base.html").read_text(encoding="utf-8")
    assert tuple(re.findall(r'name="theme-color" content="(#\w{6})"', base)) == PAIRS["ground"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_inline_script_handler_or_style_and_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://", text)


@pytest.mark.parametrize("text", [*SCRIPTS.values(), CLIENT], ids=[*SCRIPTS, "charts.js"])
def test_a_script_runs_from_disk_and_under_a_strict_policy(text: str) -> None:
    assert '"use strict";' in text
    before, imported, after = text.partition("import(new URL(index, document.baseURI))")
    if imported:  # the search, which begins by finding out that it isn't on a disk
        assert 'location.protocol === "file:"' in before
        text = before + after
    assert not re.search(r"\bimport\b|\bfetch\(|\beval\(|new Function|XMLHttpRequest|innerHTML|https?://", text)


# ---- Every template, through the real renderer, with everything that a page can have and with nothing

WHEN = datetime(2026, 11, 2, 9, tzinfo=UTC)
TAG = Tag("K-Means & co", "k-means", "/tags/k-means/")
COUNTED = CountedTag("K-Means & co", "k-means", "/tags/k-means/", 1)
CARD = PostCard(
    "Seeing <K>", "/posts/k/", WHEN, Html("<p>About <em>groups</em>.</p>"), "About groups.", (TAG,), True, 900
)
LINE = PostLine(CARD.title, CARD.url, CARD.date)
BARE_CARD = PostCard("Bare", "/posts/bare/", WHEN)
HEADINGS = (
    Heading(2, "one", "One & only"),
    Heading(3, "two", "Two"),
    Heading(2, "three", "Three"),
    Heading(4, "x", "X"),
)
SITE = SiteView(
    *("A blog", "Notes on data.", "Ada", "en", "https://example.org/blog", "/feed.xml"),
    search="/search/",
    nav=(NavEntry("Tags", "/tags/"), NavEntry("Elsewhere", "https://example.org/")),
    tags=(COUNTED,),
)
BARE_SITE = SiteView("A blog", "", "", "en", "")
BASE = "https://example.org/blog"
ASSETS = {
    **{path.name: f"assets/{path.name}" for path in (THEME / "static").iterdir()},
    **{name: f"assets/{name}" for name in ("charts.css", "charts.js", "plotly.js")},
}
POST = PageView(
    *("post", "Seeing <K>", "/posts/k/", "About groups.", "https://example.org/blog/posts/k/"),
    lede="About groups, at length.",
    image="https://example.org/blog/k.png",
    content=Html('<p>Text.</p><figure class="chart"></figure>'),
    has_charts=True,
    date=WHEN,
    updated=WHEN,
    author="Grace",
    tags=(TAG,),
    headings=HEADINGS,
    toc=True,
    words=900,
    previous=CARD,
    next=BARE_CARD,
)
FULL = {
    "post": Page(POST, "post.html", "post"),
    "page": Page(replace(POST, kind="page"), "page.html", "page"),
    "index": Page(PageView("index", "A blog", "/"), "index.html", "list", (CARD,), Pagination(1, 2, "", "/page/2/")),
    "older": Page(PageView("index", "Page 2", "/page/2/"), "index.html", "list", (CARD,), Pagination(2, 2, "/")),
    "tags": Page(PageView("tags", "Tags", "/tags/"), "tags.html", "tags"),
    "tag": Page(PageView("tag", TAG.name, TAG.url), "tag.html", "tag", years=(Year(2026, (LINE,)),), tag=COUNTED),
    "archive": Page(PageView("archive", "Archive", "/archive/"), "archive.html", "years", years=(Year(2026, (LINE,)),)),
    "search": Page(PageView("search", "Search", "/search/"), "search.html", "search"),
    "404": Page(PageView("404", "Page not found", "/404.html"), "404.html", "404"),
}
BARE = {
    "post": Page(PageView("post", "Bare", "/posts/bare/", date=WHEN), "post.html", "post"),
    "page": Page(PageView("page", "Bare", "/bare/"), "page.html", "page"),
    "index": Page(PageView("index", "A blog", "/"), "index.html", "list", (), Pagination(1, 1)),
    "list": Page(PageView("index", "A blog", "/"), "index.html", "list", (BARE_CARD,), Pagination(1, 1)),
    "tags": Page(PageView("tags", "Tags", "/tags/"), "tags.html", "tags"),
    "archive": Page(PageView("archive", "Archive", "/archive/"), "archive.html", "years"),
}


def render(page: Page, site: SiteView, project: Path) -> str:
    return Renderer(project, site, ASSETS).render(page, way_to_root(page.view.url, BASE))


@pytest.mark.parametrize(("site", "name"), [*(("full", n) for n in FULL), *(("bare", n) for n in BARE)])
def test_a_page_of_every_kind_is_valid_html_with_one_main_heading(site: str, name: str, tmp_path: Path) -> None:
    html = render(FULL[name], SITE, tmp_path) if site == "full" else render(BARE[name], BARE_SITE, tmp_path)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(html)
    assert html.startswith("<!doctype html>\n")
    assert len(document.findall(".//h1")) == 1
    assert document.find(".//main") is not None
    assert document.find(".//title").text.endswith("A blog")
    assert not re.search(r">\s*(None|\[\]|\(\))\s*<", html)


def test_a_post_shows_what_it_knows(tmp_path: Path) -> None:
    html = render(FULL["post"], SITE, tmp_path)
    for expected in (
        "<title>Seeing &lt;K&gt; · A blog</title>",
        '<link rel="canonical" href="https://example.org/blog/posts/k/">',
        '<meta property="og:image" content="https://example.org/blog/k.png">',
        '<time datetime="2026-11-02T09:00:00+00:00">2 November 2026</time>',
        "<li>4 min read</li>",
        "<li>Grace</li>",
        'href="../../tags/k-means/" rel="tag">K-Means &amp; co</a>',
        '<script defer src="../../assets/charts.js" data-plotly="../../assets/plotly.js"></script>',
        '<li class="level-3"><a href="#two">Two</a></li>',
        '<p class="lede">About groups, at length.</p>',
    ):
        assert expected in html
    assert 'href="#x"' not in html  # the contents stop at the third level


def test_other_sites_are_told_of_a_picture_all_that_is_known(tmp_path: Path) -> None:
    def told(picture: Picture) -> dict[str, str]:
        view = replace(POST, image=f"https://example.org/blog{picture.src}", picture=picture)
        html = render(Page(view, "post.html", "post"), SITE, tmp_path)
        return dict(re.findall(r'(?:property|name)="(og:image\S*|twitter:card)" content="([^"]*)"', html))

    assert told(Picture("/charts/k.webp", alt="Two & three", width=800, height=450)) == {
        "og:image": "https://example.org/blog/charts/k.webp",
        "og:image:width": "800",
        "og:image:height": "450",
        "og:image:alt": "Two &amp; three",
        "twitter:card": "summary_large_image",
    }
    assert told(Picture("/me.png")).keys() == {"og:image", "twitter:card"}
    assert told(Picture("/me.SVG", width=1, height=1)) == {"twitter:card": "summary"}


def test_only_a_page_with_charts_loads_the_client(tmp_path: Path) -> None:
    assert "charts.js" not in render(FULL["index"], SITE, tmp_path)


def test_without_an_address_of_its_own_a_site_promises_no_absolute_links(tmp_path: Path) -> None:
    html = render(BARE["post"], BARE_SITE, tmp_path)
    assert not re.search(r"canonical|og:|feed\.xml", html)


def test_the_navigation_says_where_the_reader_is(tmp_path: Path) -> None:
    assert 'href="../tags/" aria-current="page">Tags' in render(FULL["tags"], SITE, tmp_path)
    assert 'aria-current="true">Tags' in render(FULL["tag"], SITE, tmp_path)
    assert 'href="https://example.org/">Elsewhere' in render(FULL["tag"], SITE, tmp_path)


def test_a_list_with_pictures_shows_the_newest_post_large_and_at_once(tmp_path: Path) -> None:
    poster = Picture("/charts/a.webp", "/charts/b.webp", alt="What it shows.", width=800, height=450)
    cards = (replace(CARD, picture=poster), replace(BARE_CARD, picture=Picture("/x.png")), BARE_CARD)
    first = render(replace(FULL["index"], posts=cards), SITE, tmp_path)
    assert '<div class="cards grid">' in first
    assert first.count('<article class="card lead">') == 1
    dark, light = re.findall(r"<source[^>]*>|<img[^>]*>", first)[:2]
    assert dark == '<source media="(prefers-color-scheme: dark)" srcset="./charts/b.webp">'
    assert light.startswith('<img src="./charts/a.webp" alt="" width="800" height="450" fetchpriority="high"')
    assert first.count('loading="lazy"') == 1
    older = render(replace(FULL["older"], posts=cards), SITE, tmp_path)
    assert "lead" not in older
    assert older.count('loading="lazy"') == 2
    assert '<div class="cards rows">' in render(FULL["index"], SITE, tmp_path)


def test_a_tag_page_is_lines_not_cards(tmp_path: Path) -> None:
    bare = PostLine("Bare", "/posts/bare/", WHEN)
    years = (Year(2026, (LINE, bare)), Year(2025, (replace(bare, date=datetime(2025, 1, 1, tzinfo=UTC)),)))
    html = render(replace(FULL["tag"], years=years), SITE, tmp_path)
    assert re.findall(r'<h2 class="side" id="year-(\d+)"', html) == ["2026", "2025"]
    assert re.findall(r"<li><a [^>]*>(.*?)</a> <time", html) == ["Seeing &lt;K&gt;", "Bare", "Bare"]
    assert "About groups" not in html
