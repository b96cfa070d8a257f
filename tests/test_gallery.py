"""The gallery: every chart once, the newest post's first, page by page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator import fragment
from generator.fragment import Fragment
from generator.pages import gallery
from generator.pages.tree import THEME
from tests.golden import assembled, tree
from tests.projects import write


def made(folder: Path, files: dict[str, str]) -> dict[str, str]:
    _, assembly = assembled(write(folder, files), THEME)
    assert assembly is not None
    assert assembly.problems == ()
    return {path: data.decode() for path, data in tree(assembly).items() if path.endswith((".html", ".xml"))}


def chart(name: str, alt: str = "Alt.") -> dict[str, str]:
    caption = f"About {name}, <a href='/'>home</a>."
    text = Fragment(name, fragment.payload([{"y": [1]}], {}), alt=alt, caption=caption).to_html()
    return {f"includes/{name}.html": text}


def post(day: int, *names: str) -> dict[str, str]:
    tags = "\n\n".join(f"{{% include {name}.html %}}" for name in names)
    return {f"content/posts/2026-01-{day:02}-p{day}.md": f"---\ntitle: P{day}\n---\n{tags}\n"}


def test_every_chart_stands_once_where_it_is_shown_first(tmp_path: Path) -> None:
    files = {"content/pages/q.md": "---\ntitle: Q\n---\n{% include c.html %}\n\n{% include d.html %}\n"}
    site = made(
        tmp_path, files | post(1, "a", "b") | post(2, "c", "a") | chart("a") | chart("b") | chart("c") | chart("d", "")
    )
    page = site["charts/index.html"]
    links = re.findall(r'<figure class="chart-card">\s*<a href="([^"]+)">', page)
    assert links == ["../posts/p2/#chart-c", "../posts/p2/#chart-a", "../posts/p1/#chart-b", "../q/#chart-d"]
    assert 'About c, <a href="../">home</a>.' in page
    assert ">Alt.</span>" in page
    assert ">d</span>" in page
    assert "<loc>https://example.org/blog/charts/</loc>" in site["sitemap.xml"]
    assert 'href="../">' in page
    assert '<a href="../charts/" aria-current="page">Charts</a>' in page


def test_a_long_gallery_has_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gallery, "SIZE", 2)
    site = made(tmp_path, post(1, "a", "b", "c") | chart("a") | chart("b") | chart("c"))
    assert '<a href="../charts/page/2/" rel="next">Older charts</a>' in site["charts/index.html"]
    assert site["charts/page/2/index.html"].count("chart-card") == 1


def test_a_site_without_charts_leads_nobody_to_its_gallery_and_an_author_s_own_page_stays(tmp_path: Path) -> None:
    bare = made(tmp_path / "bare", post(1))
    assert "No page shows a chart yet." in bare["charts/index.html"]
    assert "charts/" not in bare["index.html"]
    assert "/charts/" not in bare["sitemap.xml"]
    own = {"content/pages/charts.md": "---\ntitle: Mine\n---\nMy own.\n"}
    assert "My own." in made(tmp_path / "own", own | post(1, "a") | chart("a"))["charts/index.html"]
