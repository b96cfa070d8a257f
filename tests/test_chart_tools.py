"""The tools, keys and controls of a chart in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reading import Reader, chart, make_site, reading, serving

pytestmark = pytest.mark.browser

POINTS = {"type": "scatter", "x": [1, 2, 3], "y": [2, 1, 3]}
CUBE = {"type": "scatter3d", "x": [1, 2, 3], "y": [2, 1, 3], "z": [1, 2, 3]}
TABLE = "<table><tr><td>1</td></tr></table>"


def step(name: str) -> dict[str, Any]:
    args = [[name], {"mode": "immediate", "frame": {"duration": 0}, "transition": {"duration": 9}}]
    return {"label": f"no. {name}", "method": "animate", "args": args}


PLAY = [None, {"frame": {"duration": 150, "redraw": False}, "transition": {"duration": 90}, "fromcurrent": True}]
PAUSE = [[None], {"mode": "immediate", "frame": {"duration": 0}, "transition": {"duration": 0}}]
MOVING = {
    "updatemenus": [
        {
            "type": "buttons",
            "showactive": False,
            "y": 0,
            "buttons": [
                {"label": "▶", "name": "play", "method": "animate", "args": PLAY},
                {"label": "❚❚", "name": "pause", "method": "animate", "args": PAUSE},
            ],
        }
    ],
    "sliders": [{"currentvalue": {"prefix": "Step "}, "steps": [step(str(frame)) for frame in range(9)]}],
}
FRAMES = [{"name": str(frame), "data": [{"y": [frame, 1, 3]}]} for frame in range(9)]
MENUS = {
    "updatemenus": [
        {
            "type": "buttons",
            "active": 1,
            "buttons": [
                {"label": "Lines", "method": "restyle", "args": ["mode", "lines"]},
                {"label": "Both", "method": "restyle", "args": ["mode", "lines+markers"]},
            ],
        },
        {
            "buttons": [
                {"label": "Linear", "method": "relayout", "args": ["yaxis.type", "linear"]},
                {"label": "Log", "method": "relayout", "args": ["yaxis.type", "log"]},
            ]
        },
    ]
}
PAGES = {
    "/flat/": chart("flat", [POINTS], poster=True, table=TABLE),
    "/space/": chart("space", [CUBE], height=300),
    "/moving/": chart("moving", [POINTS], MOVING, frames=FRAMES),
    "/menus/": chart("menus", [POINTS], MENUS),
}
PLOT = "document.querySelector('.chart-plot')"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"), PAGES)


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    with serving(root) as address:
        yield address


@pytest.fixture
def reader(browser: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    like = {
        "viewport": {"width": 720, "height": 600},
        "permissions": ["clipboard-read", "clipboard-write"],
        **getattr(request, "param", {}),
    }
    with reading(browser, **like) as reader:
        yield reader
        assert reader.complaints == []


def reach(reader: Reader, words: str) -> None:
    """Go by the Tab key to the element whose class is this."""
    for _ in range(40):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("document.activeElement.className") == words:
            return
    pytest.fail(f"{words} can't be reached")


# ---- The row of tools


def test_the_tools_are_one_stop_of_the_tab_key_and_arrows_go_along(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    reach(reader, "chart-box")
    reader.drawn("flat")
    reader.page.keyboard.press("Tab")
    seen = []
    for _ in range(7):
        seen.append(reader.page.evaluate("document.activeElement.dataset.tool"))
        reader.page.keyboard.press("ArrowRight")
    assert seen == ["explore", "full", "png", "svg", "csv", "link", "code"]
    assert reader.page.evaluate("document.activeElement.dataset.tool") == "explore"
    reader.page.keyboard.press("ArrowLeft")
    assert reader.page.evaluate("document.activeElement.dataset.tool") == "code"
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_lies_beside_a_chart_is_a_click_away(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    assert reader.tool("flat", "csv").get_attribute("href") == "../charts/flat.csv"
    assert reader.tool("flat", "csv").get_attribute("download") == ""
    code = reader.tool("flat", "code")
    assert (code.get_attribute("href"), code.get_attribute("title")) == ("../charts/flat/", "How this was made")
    reader.page.goto(f"{site}/space/")
    assert reader.tool("space", "csv").count() == reader.tool("space", "code").count() == 0


@pytest.mark.parametrize("way", ["disk", "server"])
def test_the_link_to_a_chart_is_copied_and_stands_in_the_address(
    reader: Reader, root: Path, site: str, way: str
) -> None:
    reader.page.goto(f"{site if way == 'server' else root.as_uri()}/flat/index.html")
    reader.tool("flat", "link").click()
    status = reader.page.locator("#chart-flat [role=status]")
    reader.until("document.querySelector('#chart-flat [role=status]').textContent !== ''")
    assert reader.page.url.endswith("/flat/index.html#chart-flat")
    assert reader.state("flat") == "poster"
    if way == "server":
        assert status.inner_text() == "Link copied."
        assert reader.page.evaluate("navigator.clipboard.readText()") == reader.page.url


@pytest.mark.parametrize("format", ["png", "svg"])
def test_a_chart_is_saved_as_the_reader_sees_it(reader: Reader, site: str, format: str) -> None:
    reader.page.goto(f"{site}/flat/")
    with reader.page.expect_download() as saved:
        reader.tool("flat", format).click()
    assert saved.value.suggested_filename == f"flat.{format}"
    data = Path(saved.value.path()).read_bytes()
    if format == "png":
        assert int.from_bytes(data[16:20], "big") == 2 * reader.layout("flat", "width")
    else:
        assert b"<svg" in data


def test_a_chart_in_space_is_saved_too(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/space/")
    reader.drawn("space")
    with reader.page.expect_download() as saved:
        reader.tool("space", "png").click()
    assert len(Path(saved.value.path()).read_bytes()) > 5000


def test_full_screen_and_back(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    full = reader.tool("flat", "full")
    full.click()
    reader.page.wait_for_selector("#chart-flat:fullscreen[data-state=drawn]")
    reader.until(f"{PLOT}._fullLayout.width > 660")
    height = reader.page.evaluate("innerHeight")
    box = reader.page.locator("#chart-flat .chart-box").bounding_box()
    assert height / 2 < box["height"] < height
    assert full.inner_text() == "Close"
    full.click()
    reader.until(f"document.fullscreenElement === null && {PLOT}._fullLayout.width < 660")
    assert full.inner_text() == "Full screen"


def test_reset_brings_the_authors_view_back(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/space/")
    reader.drawn("space")
    before = reader.layout("space", "scene.camera.eye")
    reader.page.evaluate(f"Plotly.relayout({PLOT}, {{'scene.camera.eye': {{x: 3, y: 0, z: 1}}}})")
    reader.page.evaluate(f"Plotly.restyle({PLOT}, 'visible', 'legendonly')")
    reader.tool("space", "explore").click()
    reader.until(f"{PLOT}._fullLayout.scene._scene.getCamera().eye.x < 2")
    assert reader.layout("space", "scene.camera.eye") == before
    assert reader.page.evaluate(f"{PLOT}._fullData[0].visible") is True


# ---- Keys


def test_keys_turn_a_chart_in_space_and_zoom_and_reset_it(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/space/")
    reach(reader, "chart-box")
    reader.drawn("space")
    assert reader.page.locator(".chart-keys").inner_text().startswith("Arrow keys turn it")
    told = reader.page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert reader.page.locator(f"#{told}").is_visible()
    eye = f"(({{ x, y, z }}) => [x, y, z])({PLOT}._fullLayout.scene.camera.eye)"
    start, scroll = reader.page.evaluate(eye), reader.page.evaluate("scrollY")
    for key in ("ArrowLeft", "ArrowUp", "-"):
        before = reader.page.evaluate(eye)
        reader.page.keyboard.press(key)
        reader.until(f"JSON.stringify({eye}) !== '{str(before).replace(' ', '')}'")
    assert reader.page.evaluate("scrollY") == scroll
    reader.page.keyboard.press("0")
    reader.until(f"JSON.stringify({eye}) === '{str(start).replace(' ', '')}'")
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate("document.activeElement.tagName") == "BODY"


def test_keys_move_a_flat_chart_but_not_for_who_uses_the_pointer(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    reader.page.click("#chart-flat .chart-box", position={"x": 400, "y": 200})
    reader.drawn("flat")
    span = f"{PLOT}._fullLayout.xaxis.range"
    start = reader.page.evaluate(span)
    reader.page.keyboard.press("ArrowRight")
    assert reader.page.evaluate(span) == start
    reader.page.evaluate("document.activeElement.blur()")
    reach(reader, "chart-box")
    reader.page.keyboard.press("ArrowRight")
    reader.until(f"{span}[0] > {start[0]} && {span}[1] > {start[1]}")
    reader.page.keyboard.press("Home")
    reader.until(f"JSON.stringify({span}) === '{str(start).replace(' ', '')}'")


# ---- Controls


def test_menus_are_real_buttons_and_lists(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/menus/")
    reader.drawn("menus")
    lines, both = (reader.page.get_by_role("button", name=name) for name in ("Lines", "Both"))
    assert (lines.get_attribute("aria-pressed"), both.get_attribute("aria-pressed")) == ("false", "true")
    lines.focus()
    reader.page.keyboard.press("Enter")
    reader.until(f"{PLOT}._fullData[0].mode === 'lines'")
    assert lines.get_attribute("aria-pressed") == "true"
    reader.page.locator(".chart-controls select").select_option("Log")
    reader.until(f"{PLOT}._fullLayout.yaxis.type === 'log'")
    assert reader.page.locator(".updatemenu-container").count() == 0
    reader.tool("menus", "explore").click()
    reader.until(f"{PLOT}._fullLayout.yaxis.type === 'linear'")
    assert both.get_attribute("aria-pressed") == "true"
    assert reader.page.locator(".chart-controls select").evaluate("list => list.value") == "Linear"


def test_an_animation_is_played_paused_and_stepped_without_a_complaint(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/moving/")
    reader.drawn("moving")
    first = f"{PLOT}.data[0].y[0]"
    assert reader.page.evaluate(first) == 2
    slider = reader.page.get_by_role("slider", name="Step")
    assert slider.get_attribute("aria-valuetext") == "Step no. 0"
    reader.page.get_by_role("button", name="play").click()
    reader.until("document.querySelector('.chart-controls input').value >= 2")  # the slider follows
    reader.page.get_by_role("button", name="pause").click()
    reader.page.wait_for_timeout(300)
    paused = slider.evaluate("range => range.value")
    reader.page.wait_for_timeout(400)
    assert slider.evaluate("range => range.value") == paused
    slider.focus()
    reader.page.keyboard.press("End")
    reader.until(f"{first} === 8")
    assert slider.get_attribute("aria-valuetext") == "Step no. 8"
    reader.tool("moving", "explore").click()
    reader.until(f"{first} === 2")
    reader.page.get_by_role("button", name="play").click()
    reader.until("document.querySelector('.chart-controls input').value >= 2")  # after a reset too


@pytest.mark.parametrize("reader", [{"reduced_motion": "reduce"}], indirect=True)
def test_who_asks_for_calm_gets_frames_without_a_glide(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/moving/")
    reader.drawn("moving")
    reader.page.evaluate(
        "const { animate } = Plotly;void (Plotly.animate = (...given) => ((window.given = given), animate(...given)))"
    )
    reader.page.get_by_role("button", name="play").click()
    reader.until("window.given !== undefined")
    assert reader.page.evaluate("given[2].transition") == {"duration": 0}
