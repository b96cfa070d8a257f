"""The legend of a chart in a real browser, worked by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.reading import Reader, chart, make_site, reading, serving

pytestmark = pytest.mark.browser

LINE = {"type": "scatter", "x": [1, 2, 3], "y": [2, 1, 3]}
PIE = {"type": "pie", "labels": ["apples", "pears"], "values": [1, 2]}
MANY = [{**LINE, "name": f"no. {place}"} for place in range(60)]
GROUPS = [
    {**LINE, "name": name, "legend": where, "legendgroup": name[0]}
    for name, where in (("an <b>apple</b><br>a day", "legend"), ("avocado", "legend"), ("beetroot", "legend2"))
]
TITLES = {
    "legend": {"title": {"text": "Fruit"}},
    "legend2": {"title": {"text": "Else"}, "y": 0.5, "itemclick": False, "itemdoubleclick": False},
}
PAGES = {
    "/flat/": chart("flat", [{**LINE, "name": name} for name in ("one", "two", "three")]),
    "/others/": chart("pie", [PIE])
    + chart("still", [{**LINE, "name": "a"}, LINE], {"legend": {"itemclick": False, "itemdoubleclick": False}})
    + chart("groups", GROUPS, TITLES)
    + chart("alone", [LINE]),
    "/many/": chart("many", MANY),
}
PLOT = "document.querySelector('.chart-plot')"
SHOWN = f"{PLOT}._fullData.map(({{ visible }}) => visible === true).join(' ')"
HERE = "document.activeElement.getAttribute('aria-label')"
PRESSED = "[...document.querySelectorAll('.chart-legend button')].map((one) => one.ariaPressed).join(' ')"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_site(tmp_path_factory.mktemp("site"), PAGES)) as address:
        yield address


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    with reading(browser) as reader:
        yield reader


def reach(reader: Reader, name: str) -> None:
    """Draw the chart, and bring the focus to its legend by the Tab key."""
    reader.drawn(name)
    reader.page.locator(f"#chart-{name} .chart-box").focus()
    reader.page.keyboard.press("Tab")


def press(reader: Reader, key: str, shown: str) -> None:
    """Press a key, and wait until the traces are shown as said and the buttons say the same."""
    reader.page.keyboard.press(key)
    reader.until(f"{SHOWN} === '{shown}' && {PRESSED} === '{shown}'")


def names(reader: Reader, name: str) -> list[str]:
    buttons = reader.page.locator(f"#chart-{name} .chart-legend button").all()
    return [button.get_attribute("aria-label") for button in buttons]


def test_keys_hide_and_show_what_a_legend_names(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    reach(reader, "flat")
    assert reader.page.evaluate(HERE) == "one"
    keys = reader.page.locator(".chart-keys")
    assert keys.is_visible()
    assert keys.inner_text().startswith("Enter hides or shows it")
    assert reader.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press(reader, "Enter", "false true true")
    assert reader.page.evaluate(HERE) == "one"
    press(reader, "Space", "true true true")
    reader.page.keyboard.press("ArrowDown")
    assert reader.page.evaluate(HERE) == "two"
    press(reader, "Shift+Enter", "false true false")
    press(reader, "Shift+Enter", "true true true")
    reader.page.keyboard.press("End")
    assert reader.page.evaluate(HERE) == "three"
    reader.page.keyboard.press("ArrowRight")
    assert reader.page.evaluate(HERE) == "one"
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.dataset.tool") == "explore"
    assert keys.inner_text().endswith("0 starts again, Tab goes to the legend, Escape leaves.")
    reader.page.keyboard.press("Shift+Tab")
    assert reader.page.evaluate(HERE) == "one"
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate("document.activeElement.className") == "chart-box"
    assert reader.complaints == []


def test_two_keys_are_no_double_click_and_a_pointer_works_the_legend_itself(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    reach(reader, "flat")
    for key in ("Enter", "ArrowDown", "Enter"):
        reader.page.keyboard.press(key)
    reader.until(f"{PRESSED} === 'false false true'")
    tip = "getComputedStyle(document.querySelector('.notifier-note'))"
    assert reader.page.evaluate(f"[{tip}.color, {tip}.backgroundColor]") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    box = reader.page.locator(".chart-legend button").first.bounding_box()
    reader.page.mouse.click(box["x"] + 9, box["y"] + 9)
    reader.until(f"{PRESSED} === 'true false true'")


def test_the_buttons_follow_what_plotly_draws_anew(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    reach(reader, "flat")
    corners = "(({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' '))"
    place = f"{corners}(document.activeElement.getBoundingClientRect())"
    over = f"{corners}({PLOT}.querySelector('.legendtoggle').getBoundingClientRect())"
    before = reader.page.evaluate(place)
    assert before == reader.page.evaluate(over)
    reader.page.evaluate(f"Plotly.relayout({PLOT}, {{'legend.x': 0.2, 'legend.y': 0.3}})")
    reader.until(f"{place} === {over} && {place} !== '{before}'")
    reader.page.evaluate(f"Plotly.restyle({PLOT}, {{name: 'first', visible: 'legendonly'}}, [0])")
    reader.until(f"{HERE} === 'first' && {PRESSED} === 'false true true'")
    reader.page.evaluate(f"Plotly.addTraces({PLOT}, {{y: [1, 2], name: 'four'}})")
    reader.until(f"{PRESSED} === 'false true true true'")
    reader.page.set_viewport_size({"width": 500, "height": 800})
    reader.until(f"{PLOT}.clientWidth < 500 && {place} === {over}")
    assert reader.page.evaluate(HERE) == "first"
    reader.tool("flat", "explore").click()
    reader.until(f"{PRESSED} === 'true true true'")
    reach(reader, "flat")
    press(reader, "Enter", "false true true")
    assert reader.page.locator(".main-svg:not([aria-hidden=true])").count() == 0


def test_slices_titles_and_legends_that_do_nothing(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/others/")
    for name in ("pie", "still", "groups", "alone"):
        reader.page.locator(f"#chart-{name}").scroll_into_view_if_needed()
        reader.drawn(name)
    assert names(reader, "pie") == ["pears", "apples"]
    reach(reader, "pie")
    reader.page.keyboard.press("Enter")
    reader.until(f"{PRESSED.replace('.chart-legend', '#chart-pie .chart-legend')} === 'false true'")
    assert reader.layout("pie", "hiddenlabels") == ["pears"]
    assert names(reader, "still") == names(reader, "alone") == []
    assert not reader.page.locator("#chart-still .chart-legend").is_visible()
    assert names(reader, "groups") == ["Fruit", "an apple a day", "avocado", "Else"]


def test_a_legend_that_is_higher_than_its_chart_scrolls_with_the_focus(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/many/")
    reach(reader, "many")
    whole = f"{PLOT}.querySelector('.legend > .bg')"
    inside = (
        "((one, all) => one.top >= all.top - 2 && one.bottom <= all.bottom + 2)"
        f"(document.activeElement.getBoundingClientRect(), {whole}.getBoundingClientRect())"
    )
    for key, name in (("End", "no. 59"), ("ArrowUp", "no. 58"), ("Home", "no. 0"), ("ArrowLeft", "no. 59")):
        reader.page.keyboard.press(key)
        assert reader.page.evaluate(HERE) == name
        assert reader.page.evaluate(inside)
