"""Exhibits: charts in their posters, with links to files that are there, and to nothing else."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator import fragment, poster
from generator.fragment import Fragment
from generator.model import Origin
from generator.pages.tree import THEME
from generator.poster import NARROW, VARIANTS, WIDE, Poster
from tests.golden import assembled, tree
from tests.projects import write

LINE = Fragment("line", fragment.payload([{"y": [1, 2]}], {}), alt='A "line".', caption="Up.", table="<table></table>")
BARE = Fragment("bare", fragment.payload([], {}), height=300)
NUMBERED = Fragment("book-1", fragment.payload([{"y": [3]}], {}))


def posters(chart: Fragment) -> dict[str, str]:
    key = poster.key(chart.payload, chart.height)
    return {f"includes/{Poster(chart.name, key, variant).file}": variant for variant in VARIANTS}


def site(folder: Path, files: dict[str, str], origins: tuple[Origin, ...] = ()) -> dict[str, str]:
    """The pages and text files of a project with these files."""
    _, assembly = assembled(write(folder, files), THEME, origins)
    assert assembly is not None
    assert assembly.problems == ()
    made = tree(assembly)
    return {path: data.decode() for path, data in made.items()}


def post(*includes: str, title: str = "P") -> str:
    tags = "\n\n".join(f"{{% include {name}.html %}}" for name in includes)
    return f"---\ntitle: {title}\ndate: 2026-01-02\n---\n{tags}\n"


def test_a_chart_gets_its_poster_and_its_files(tmp_path: Path) -> None:
    made = site(
        tmp_path,
        {"content/posts/p.md": post("line", "bare"), "includes/line.html": LINE.to_html()}
        | {"includes/bare.html": BARE.to_html()}
        | posters(LINE),
    )
    page = made["posts/p/index.html"]
    (picture,) = re.findall(r'<picture class="chart-poster">.*?</picture>', page)
    assert picture.count("<source ") == 3
    assert 'alt="A &quot;line&quot;." width="800" height="450" fetchpriority="high"' in picture
    linked = re.findall(r'(?:src|srcset|href)="\.\./\.\./(charts/[^"]+)"', page)
    assert {path.removeprefix("includes/") for path in posters(LINE)} == {
        path.removeprefix("charts/") for path in linked if path.endswith("webp")
    }
    assert all(path in made for path in linked if path != "charts/")
    assert json.loads(made["charts/line.json"]) == json.loads(LINE.payload)
    assert made["charts/line.csv"] == "y\n1\n2\n"
    # Nothing to tabulate, no poster: the figure's JSON is still there.
    assert "charts/bare.json" in linked
    assert "charts/bare.csv" not in made
    assert page.count("chart-poster") == 1


def test_the_first_chart_does_not_wait_unless_a_section_comes_first(tmp_path: Path) -> None:
    both = posters(LINE) | {"includes/line.html": LINE.to_html()}
    twice = "---\ntitle: P\n---\n{% include line.html %}\n\n{% include line.html %}\n"
    later = "---\ntitle: Q\n---\n## First\n\n{% include line.html %}\n"
    made = site(tmp_path, {"content/pages/p.md": twice, "content/pages/q.md": later} | both)
    first = re.findall(r'height="450" (fetchpriority="high"|loading="lazy")', made["p/index.html"])
    assert first == ['fetchpriority="high"', 'loading="lazy"']
    assert 'fetchpriority="high"' not in made["q/index.html"].partition("<main")[2]


def test_a_chart_in_a_notebook_has_files_too_and_one_pasted_by_hand_has_none(tmp_path: Path) -> None:
    book = fragment.notebook("book", f"<p>Hi</p>\n{NUMBERED.to_html()}")
    pasted = Fragment("pasted", LINE.payload).to_html()
    files = {"content/posts/p.md": post("book"), "content/pages/q.md": f"---\ntitle: Q\n---\n{pasted}\n"}
    made = site(tmp_path, files | {"includes/book.html": book} | posters(NUMBERED))
    assert "charts/book-1.csv" in made
    assert 'class="chart-poster"' in made["posts/p/index.html"]
    assert "charts/pasted.json" not in made
    assert "chart-files" not in made["q/index.html"]


def test_two_charts_of_one_name_are_a_collision(tmp_path: Path) -> None:
    book = fragment.notebook("book", NUMBERED.to_html())
    other = Fragment("book-1", LINE.payload).to_html()
    files = {"content/posts/p.md": post("book", "book-1")}
    _, assembly = assembled(write(tmp_path, files | {"includes/book.html": book, "includes/book-1.html": other}), THEME)
    assert assembly is not None
    assert any("'/charts/book-1.json' is claimed by the chart 'book-1' too" in p.message for p in assembly.problems)


CHARTS = "content/posts/2026-01-02-p/charts.py"
HELPER = "content/posts/2026-01-02-p/_data.py"
ORIGIN = Origin(CHARTS, (HELPER,), ("bare", "line"))
FOLDER = {
    "content/posts/2026-01-02-p/index.md": post("line"),
    CHARTS: "def charts():\n    return {}  # <b>\n",
    HELPER: "SECRET = 1\n",
    "includes/line.html": LINE.to_html(),
}
CODE = "charts/code/posts/2026-01-02-p/index.html"


def test_code_is_shown_of_sources_whose_charts_are_shown_where_a_site_shows_it(tmp_path: Path) -> None:
    made = site(tmp_path, FOLDER, (ORIGIN, Origin("content/posts/q/charts.py", (), ("unseen",))))
    assert '<a href="../../charts/code/posts/2026-01-02-p/">How this was made</a>' in made["posts/p/index.html"]
    assert "How the charts of “P” were made" in made[CODE]
    assert '<a href="../../../../posts/p/#chart-line">line</a>' in made[CODE]
    assert "<h2>charts.py</h2>" in made[CODE]
    assert "&lt;b&gt;" in made[CODE]
    assert "SECRET" in made[CODE]
    assert [path for path in made if path.startswith("charts/code/")] == [CODE]


def test_without_the_setting_no_code_leaves_the_project(tmp_path: Path) -> None:
    made = site(tmp_path, FOLDER)
    assert not [path for path, text in made.items() if "SECRET" in text or path.startswith("charts/code/")]
    assert "How this was made" not in made["posts/p/index.html"]


def test_a_notebook_s_named_chart_leads_to_the_page_that_shows_the_notebook_or_to_its_code(tmp_path: Path) -> None:
    source = "content/posts/2026-01-02-p/book.ipynb"
    cells = [{"cell_type": "markdown", "source": "Hm"}, {"cell_type": "code", "source": ["x = 1\n", "y = 2"]}]
    files = {
        "content/posts/2026-01-02-p/index.md": post("line"),
        source: json.dumps({"cells": cells}),
        "includes/line.html": LINE.to_html(),
        "includes/book.html": fragment.notebook("book", LINE.to_html()),
    }
    origin = Origin(source, (), ("book", "line"))
    alone = site(tmp_path / "alone", files, (origin,))
    assert "charts/code/posts/2026-01-02-p/book/" in alone["posts/p/index.html"]
    code = re.sub(r"<[^>]*>", "", alone["charts/code/posts/2026-01-02-p/book/index.html"])
    assert "x = 1\ny = 2" in code
    assert "Hm" not in code
    shown = site(tmp_path / "shown", files | {"content/pages/n.md": post("book", title="N")}, (origin,))
    assert '<a href="../../n/">How this was made</a>' in shown["posts/p/index.html"]
    assert "How this was made" not in shown["n/index.html"]
    assert not [path for path in shown if path.startswith("charts/code/")]


def colours(folder: Path, chart: Fragment) -> dict[str, tuple[int, int, int]]:
    """Posters of one colour each, so that a screenshot says which one is shown."""
    key = poster.key(chart.payload, chart.height)
    chosen = {"light": (250, 0, 0), "dark": (0, 200, 0), "narrow-light": (0, 0, 250), "narrow-dark": (200, 200, 0)}
    for variant in VARIANTS:
        made = Poster(chart.name, key, variant)
        path = folder / "includes" / made.file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (2 * made.width, 2 * chart.height), chosen[variant]).save(path, "WEBP", lossless=True)
    return chosen


@pytest.mark.browser
def test_without_a_script_each_reader_sees_the_poster_for_light_or_dark_desk_or_phone(
    browser: Any, tmp_path: Path
) -> None:
    chosen = colours(tmp_path, LINE)
    write(tmp_path, {"content/posts/p.md": post("line"), "includes/line.html": LINE.to_html()})
    _, assembly = assembled(tmp_path, THEME)
    assert assembly is not None
    for output in assembly.outputs:
        place = tmp_path / "site" / output.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(output.read())
    page_url = (tmp_path / "site/posts/p/index.html").as_uri()
    for scheme, width, variant in (
        ("light", 1280, "light"),
        ("dark", 1280, "dark"),
        ("light", 360, "narrow-light"),
        ("dark", 360, "narrow-dark"),
    ):
        context = browser.new_context(
            java_script_enabled=False, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        page.goto(page_url)
        image = page.locator(".chart-poster img")
        shot = Image.open(io.BytesIO(image.screenshot())).convert("RGB")
        assert shot.getpixel((shot.width // 2, shot.height // 2)) == chosen[variant]
        shape = (NARROW if width == 360 else WIDE) / LINE.height
        assert abs(shot.width / shot.height - shape) < 0.02, "the picture is distorted"
        assert image.get_attribute("alt") == LINE.alt
        assert page.locator(".chart-files a").first.get_attribute("href") == "../../charts/line.csv"
        context.close()
