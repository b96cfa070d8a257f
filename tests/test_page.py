"""The scripts of every page in a real browser, from disk: the theme's button, copy buttons, contents that follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.pages.tree import THEME
from tests.golden import assembled, tree
from tests.projects import write

pytestmark = pytest.mark.browser

TEXT = "\n\nText.\n" * 30
POST = f"""---
title: A post
date: 2026-01-02
---

A note[^1].

```python
x = 1
y = 2
```

```pycon
>>> 1 + 1
2
>>> for i in range(2):
...     print(i)
0
1
```

## One{TEXT}

### Two{TEXT}

## Thrée{TEXT}

[^1]: Of it.
"""
SHORT = "---\ntitle: Short\ndate: 2026-01-01\n---\nText, and `code`.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    write(project, {"content/posts/2026-01-02-a.md": POST, "content/posts/2026-01-01-b.md": SHORT})
    _, assembly = assembled(project, THEME)
    assert assembly is not None
    root = tmp_path_factory.mktemp("site")
    for path, data in tree(assembly).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page whose every complaint fails the test."""
    options = {"viewport": {"width": 1280, "height": 800}, **getattr(request, "param", {})}
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    yield page
    context.close()
    assert complaints == []


def address(site: Path, path: str) -> str:
    return (site / path / "index.html").as_uri()


def ground(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


LIGHT, DARK = "rgb(253, 252, 249)", "rgb(22, 21, 20)"


@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_the_theme_is_turned_remembered_and_given_back_to_the_system(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    page.evaluate("addEventListener('themechange', () => { window.turns = (window.turns ?? 0) + 1; }, true)")
    own = ground(page)
    other, name, back = (DARK, "dark", "light") if own == LIGHT else (LIGHT, "light", "dark")
    button = page.get_by_role("button", name="Theme: the system’s")
    button.click()
    button = page.get_by_role("button", name=f"Theme: {name}")
    assert ground(page) == other
    assert page.evaluate("document.querySelector('.theme-toggle + [role=status]').textContent") == f"Theme: {name}"
    frame = f"getComputedStyle(document.querySelector('meta[name=theme-color][data-media*={name}]')) && "
    assert page.evaluate(frame + f"matchMedia(document.querySelector('meta[data-media*={name}]').media).matches")
    assert not page.evaluate(f"matchMedia(document.querySelector('meta[data-media*={back}]').media).matches")

    # On the next page it is there before anything is painted: the head has set it when the body begins.
    page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.early ??= document.documentElement.dataset.theme; })"
        ".observe(document, { childList: true, subtree: true });"
    )
    page.goto(address(site, "posts/b"))
    assert (page.evaluate("window.early"), ground(page)) == (name, other)
    page.get_by_role("button", name=f"Theme: {name}").press("Enter")
    assert ground(page) == own
    page.get_by_role("button", name=f"Theme: {back}").press("Space")
    page.get_by_role("button", name="Theme: the system’s").wait_for()
    assert page.evaluate("[localStorage.length, document.documentElement.dataset.theme ?? null]") == [0, None]


def test_a_change_of_theme_is_told_to_the_charts(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/b"))
    page.evaluate("document.addEventListener('themechange', () => { window.turned = true; })")
    page.locator(".theme-toggle").click()
    assert page.evaluate("window.turned")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_there_is_no_button_that_does_nothing(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    assert page.locator("button:visible").count() == 0
    assert page.locator(".highlight").count() == 2


@pytest.mark.parametrize("page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_code_is_copied_and_a_session_without_prompts_and_answers(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    copied = "navigator.clipboard.readText()"
    page.locator(".highlight button").nth(0).click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate(copied) == "x = 1\ny = 2\n"
    page.locator(".highlight button").nth(1).click()
    page.get_by_role("button", name="Copied").nth(1).wait_for()
    assert page.evaluate(copied) == "1 + 1\nfor i in range(2):\n    print(i)\n"


def test_code_is_copied_where_the_browser_keeps_its_clipboard_back(page: Any, site: Path) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    page.goto(address(site, "posts/a"))
    page.evaluate("document.addEventListener('copy', () => { window.copied = String(document.activeElement.value); })")
    button = page.locator(".highlight button").nth(0)
    button.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("window.copied") == "x = 1\ny = 2\n"
    assert page.evaluate("document.activeElement.textContent") == "Copied"


def test_the_contents_follow_the_reading(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    current = page.locator(".toc a[aria-current]")
    assert page.locator(".toc a").all_text_contents() == ["One", "Two", "Thrée"]
    assert page.locator(".toc a").first.is_visible()
    assert current.count() == 0
    for name in ("Two", "Thrée", "One"):
        page.locator(".toc a", has_text=name).click()
        page.locator(".toc a[aria-current]", has_text=name).wait_for()
        assert current.count() == 1
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator(".toc a[aria-current]", has_text="Thrée").wait_for()
    page.evaluate("scrollTo(0, 0)")
    current.wait_for(state="detached")


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 700}}], indirect=True)
def test_on_a_phone_the_contents_are_folded(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    assert not page.locator(".toc a").first.is_visible()
    page.locator(".toc summary").click()
    assert page.locator(".toc a").first.is_visible()


def test_a_footnote_leads_there_and_back(page: Any, site: Path) -> None:
    page.goto(address(site, "posts/a"))
    page.locator(".footnote-ref").click()
    assert page.evaluate("document.querySelector(':target').id") == "fn-1"
    page.locator("[role=doc-backlink][aria-label='Back to footnote 1 in the text']").click()
    assert page.evaluate("document.querySelector(':target').id") == "fnref-1"


def test_from_disk_a_link_to_a_folder_leads_to_its_page(page: Any, site: Path) -> None:
    page.goto(address(site, ""))
    page.get_by_role("link", name="A post", exact=True).click()
    page.wait_for_url("**/posts/a/index.html")


WIDTHS = (320, 1280)


@pytest.mark.parametrize("path", ["", "posts/a", "archive", "tags"])
def test_nothing_is_wider_than_the_window_at_twice_the_size_of_letters(page: Any, site: Path, path: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address(site, path))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 700}, "has_touch": True}], indirect=True)
@pytest.mark.parametrize("path", ["", "posts/a", "archive"])
def test_what_is_touched_is_large_enough(page: Any, site: Path, path: str) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels, but for links within a sentence."""
    page.goto(address(site, path))
    small = page.evaluate("""
        [...document.querySelectorAll("a[href], button, summary")]
          .filter((one) => one.checkVisibility() && !one.closest("p, h2, h3, .skip"))
          .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)
          .map(([name]) => name)
    """)
    assert small == []
