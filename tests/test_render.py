"""Render: dates, links and assets in templates, and what is told of a template that can't be filled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.pages.render import Renderer, TemplateError, human_date, iso_date
from generator.pages.views import Html, Page, PageView, SiteView

SITE = SiteView("Blog", "", "", "en", "")
PAGE = Page(PageView("page", "A <b>", "/a/b/", content=Html("<i>x</i>")), "page.html", "content/pages/a.md")


def renderer(project: Path, theme: dict[str, str], own: dict[str, str] | None = None) -> Renderer:
    folder = project.parent / "theme"
    for base, files in ((folder / "templates", theme), (project / "content/templates", own or {})):
        base.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (base / name).write_text(text)
    return Renderer(project, SITE, {"style.css": "assets/style.css?v=1"}, folder)


def test_what_a_template_sees(tmp_path: Path) -> None:
    text = (
        "{{ page.title }}|{{ page.content }}|{{ url('/') }}|{{ url('/é/#x') }}|{{ url('https://e.org/?a&b') }}"
        "|{{ asset('style.css') }}|{{ '2026-11-23' and site.title }}"
    )
    made = renderer(tmp_path / "p", {"page.html": text}).render(PAGE, "../../")
    assert made == "A &lt;b&gt;|<i>x</i>|../../|../../%C3%A9/#x|https://e.org/?a&amp;b|../../assets/style.css?v=1|Blog"


def test_an_override_can_extend_the_original(tmp_path: Path) -> None:
    theme = {"base.html": "base[{% block main %}{% endblock %}]", "page.html": "{% extends 'base.html' %}"}
    own = {
        "base.html": "{% extends 'theme/base.html' %}{% block main %}own{% endblock %}",
        "wide.html": "",
        "_x.html": "",
    }
    made = renderer(tmp_path / "p", theme, own)
    assert made.render(PAGE, "../../") == "base[own]"
    assert made.layouts() == {"page", "wide"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ page.titel }}", "content/templates/page.html:2: error: template: page has no 'titel'"),
        ("{{ sight.title }}", "content/templates/page.html:1: error: template: 'sight' is undefined"),
        ("{% if %}", "content/templates/page.html:1: error: template: Expected an expression"),
        ("\n{{ asset('x') }}", "content/templates/page.html:2: error: template: there is no asset 'x'"),
        ("{{ 1 / 0 }}", "content/templates/page.html:1: error: template: ZeroDivisionError: division by zero"),
        ("{{ page.title | dat }}", "content/templates/page.html:1: error: template: No filter named 'dat'"),
        ("{% extends 'no.html' %}", "content/templates/page.html:1: error: there is no template 'no.html'"),
        (
            "{% extends 'theme/pgae.html' %}",
            "content/templates/page.html:1: error: there is no template 'theme/pgae.html'\n"
            "  hint: did you mean 'theme/page.html'?",
        ),
        (
            "{% include 'page.html' %}",
            "content/templates/page.html:1: error: template: it includes itself, or nests too deep",
        ),
    ],
)
def test_a_broken_override(tmp_path: Path, text: str, told: str) -> None:
    made = renderer(tmp_path / "p", {"page.html": "fine"}, {"page.html": text})
    with pytest.raises(TemplateError) as caught:
        made.render(PAGE, "../../")
    assert str(caught.value).startswith(told)


def test_an_override_in_another_encoding(tmp_path: Path) -> None:
    made = renderer(tmp_path / "p", {"page.html": "fine"}, {"page.html": "", "post.html": "fine"})
    (tmp_path / "p/content/templates/page.html").write_bytes(b"\nCaf\xe9")
    with pytest.raises(TemplateError) as caught:
        made.render(PAGE, "../../")
    assert str(caught.value).startswith("content/templates/page.html:2:4: error: not UTF-8: byte 0xe9")


def test_an_error_in_the_theme_that_an_override_led_to_is_the_overrides(tmp_path: Path) -> None:
    theme = {"page.html": "", "_m.html": "{% macro m(x) %}{{ x.name }}{% endmacro %}"}
    made = renderer(tmp_path / "p", theme, {"page.html": "{% import '_m.html' as t %}\n{{ t.m(page) }}"})
    with pytest.raises(TemplateError) as caught:
        made.render(PAGE, "../../")
    assert str(caught.value).startswith("content/templates/page.html:2: error: template: page has no 'name'")


def test_dates() -> None:
    moment = datetime(2026, 11, 3, 4, 5, 6, 789, tzinfo=UTC)
    assert human_date(moment, "en-GB") == "3 November 2026"
    assert human_date(moment, "de") == "2026-11-03"
    assert iso_date(moment) == "2026-11-03T04:05:06+00:00"
    assert iso_date(date(2026, 11, 3)) == "2026-11-03"
