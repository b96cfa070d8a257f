"""The chart client in a real browser: drawn when near, from disk and from a server, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reading import Reader, chart, make_site, reading, rgb, serving
from tests.test_theme import PAIRS

pytestmark = pytest.mark.browser

POINTS = {"x": [1, 2, 3], "y": [2, 1, 3]}
FLAT = [{"type": "scatter", "name": "a", **POINTS}, {"type": "scatter", "name": "b", "x": [1, 2], "y": [3, 1]}]
CUBE = [{"type": "scatter3d", "z": [1, 2, 3], **POINTS}]
MENU = {"type": "buttons", "buttons": [{"label": "One", "method": "restyle", "args": ["visible", True]}]}
FAR = '<div style="height:5000px"></div>'
TABLE = "<table><tr><td>1</td></tr></table>"
PAGES = {
    "/flat/": chart("flat", FLAT, {"xaxis": {"title": {"text": "x"}}, "width": 2000, "updatemenus": [MENU]}),
    "/space/": chart("space", CUBE),
    "/poster/": FAR + chart("poster", FLAT, poster=True, table=TABLE) + chart("other", FLAT, poster=True) + FAR,
    "/own/": chart("white", FLAT, {"paper_bgcolor": "white"})
    + chart("template", FLAT, {"template": {"layout": {"font": {"color": "#123456"}}}}),
    "/far/": f"{FAR}{chart('far', FLAT)}",
    "/broken/": '<figure class="chart" id="chart-cut" data-chart="cut" data-format="1"><div class="chart-box">'
    '<p class="chart-alt">What it shows.</p></div><script type="application/json">{"data":[1,</script></figure>'
    + chart("whole", FLAT),
    "/fold/": f"<details><summary>More</summary>{chart('folded', FLAT)}</details>",
    "/tall/": chart("flat", FLAT) + chart("space", CUBE) + FAR,
    "/panels/": chart(
        "panels",
        [{**CUBE[0], "scene": "scene"}, {**CUBE[0], "scene": "scene2"}],
        {
            "scene": {"domain": {"x": [0, 0.45]}, "camera": {"eye": {"x": 1, "y": 1, "z": 1}}},
            "scene2": {"domain": {"x": [0.55, 1]}},
            "annotations": [
                {"text": text, "x": x, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
                for text, x in (("left", 0.22), ("right", 0.78))
            ],
        },
    ),
    "/words/": chart(
        "words",
        [{"type": "heatmap", "x": ["a b", "c d"], "y": [1], "z": [[1, 2]]}],
        {"xaxis": {"tickvals": ["a b", "c d"], "ticktext": ["<i>●</i> Home and family<br>5 rows"] * 6}},
        height=200,
    )
    + chart(
        "names", [{"type": "bar", "x": [f"Home and garden {place}" for place in "abcdef"], "y": [1, 2, 3, 4, 5, 6]}]
    )
    + chart("dates", [{"type": "bar", "x": ["2026-01-02 10:00", "2026-01-03 11:00"], "y": [1, 2]}], height=200),
}
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"), PAGES)


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def reader(browser: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A fresh page; a test may say what it is like: ``@pytest.mark.parametrize("reader", [{…}], indirect=True)``."""
    with reading(browser, **getattr(request, "param", {})) as reader:
        yield reader


@pytest.mark.parametrize("way", ["disk", "server"])
@pytest.mark.parametrize("name", ["flat", "space"])
def test_a_chart_is_drawn_from_disk_and_from_a_server(
    reader: Reader, site: Path, server: str, way: str, name: str
) -> None:
    base = site.as_uri() if way == "disk" else server
    reader.page.goto(f"{base}/{name}/index.html")
    reader.drawn(name)
    figure = reader.page.locator(f"#chart-{name}")
    assert figure.locator(".chart-box").get_attribute("aria-label") == f"Alt text of {name}."
    assert not figure.locator(".chart-alt").is_visible()
    assert figure.locator("figcaption").is_visible()
    assert figure.locator(".chart-plot .main-svg").count() == figure.locator(".main-svg[aria-hidden=true]").count() > 0
    assert reader.library() == 1
    assert reader.complaints == []
    assert [url for url in reader.requests if not url.startswith((base, "data:", "blob:"))] == []


def test_a_page_without_charts_loads_no_library(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/")
    reader.page.wait_for_load_state("networkidle")
    assert [url for url in reader.requests if "charts.js" in url or "plotly" in url] == []


def test_a_link_to_a_folder_opens_its_page_from_disk_and_stays_short_on_a_server(
    reader: Reader, site: Path, server: str
) -> None:
    link = "main a[href*='flat/']"
    reader.page.goto(f"{server}/")
    assert reader.page.locator(link).get_attribute("href") == "./flat/"
    reader.page.goto(f"{site.as_uri()}/index.html")
    reader.page.click(link)
    assert reader.page.url == f"{site.as_uri()}/flat/index.html"


# ---- When


def test_a_far_chart_waits_for_the_reader_to_come_near_and_holds_its_place(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/far/")
    reader.move()
    reader.page.wait_for_load_state("networkidle")
    assert (reader.state("far"), reader.library()) == ("poster", 0)
    height = reader.page.evaluate("document.documentElement.scrollHeight")
    reader.page.locator("#chart-far").scroll_into_view_if_needed()
    reader.drawn("far")
    assert reader.page.evaluate("document.documentElement.scrollHeight") == height


def test_a_chart_without_a_poster_waits_for_a_first_sign_of_the_reader(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    reader.page.wait_for_load_state("networkidle")
    assert (reader.state("flat"), reader.library()) == ("poster", 0)
    reader.page.keyboard.press("Shift")
    reader.page.wait_for_selector("#chart-flat[data-state=drawn]")


def test_a_chart_with_a_poster_is_drawn_when_the_reader_turns_to_it(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/poster/")
    box = reader.page.locator("#chart-poster .chart-box")
    reader.page.mouse.wheel(0, 5000)
    reader.until("scrollY > 4000")
    reader.page.keyboard.press("Shift")
    reader.page.wait_for_load_state("networkidle")
    assert (reader.state("poster"), reader.library()) == ("poster", 0)
    assert box.locator(".chart-poster").is_visible()
    assert not box.locator(".chart-alt").is_visible()
    box.hover()
    reader.drawn("poster")
    assert not box.locator(".chart-poster").is_visible()
    assert reader.state("other") == "poster"
    assert reader.complaints == []


@pytest.mark.parametrize("way", ["focus", "button", "link", "tap"])
@pytest.mark.parametrize("reader", [{"has_touch": True}], indirect=True)
def test_the_keyboard_a_button_a_link_and_a_tap_mean_a_chart_too(reader: Reader, server: str, way: str) -> None:
    reader.page.goto(f"{server}/poster/{'#chart-poster' if way == 'link' else ''}")
    if way == "focus":
        reader.page.keyboard.press("Tab")
        while reader.page.evaluate("document.activeElement.className") != "chart-box":
            reader.page.keyboard.press("Tab")
    elif way == "button":
        reader.tool("poster", "explore").click()
    elif way == "tap":
        reader.page.locator("#chart-poster .chart-box").tap()
    reader.page.wait_for_selector("#chart-poster[data-state=drawn]")
    reader.until("scrollY > 4000")


@pytest.mark.parametrize("address", ["/fold/", "/fold/#chart-folded"])
def test_a_chart_in_a_fold_is_drawn_when_it_is_opened(reader: Reader, server: str, address: str) -> None:
    reader.page.goto(f"{server}{address}")
    reader.move()
    if "#" not in address:
        reader.page.wait_for_load_state("networkidle")
        assert reader.state("folded") == "poster"
        reader.page.click("main summary")
    reader.drawn("folded")
    assert reader.layout("folded", "width") > 500


# ---- The look


def test_colours_follow_the_system_while_the_reader_keeps_the_view(reader: Reader, server: str) -> None:
    reader.page.emulate_media(color_scheme="light")
    reader.page.goto(f"{server}/flat/")
    reader.drawn("flat")
    reader.page.evaluate("Plotly.relayout(document.querySelector('.chart-plot'), {'xaxis.range': [1.5, 2.5]})")
    for scheme in (1, 0):
        reader.page.emulate_media(color_scheme=("light", "dark")[scheme])
        ink, ground = rgb(PAIRS["ink"][scheme]), rgb(PAIRS["ground"][scheme])
        reader.until(f"document.querySelector('.chart-plot')._fullLayout.font.color === '{ink}'")
        assert reader.layout("flat", "paper_bgcolor") == ground
        assert reader.layout("flat", "hoverlabel.bgcolor") == rgb(PAIRS["panel"][scheme])
        button = reader.page.locator(".chart-controls button")
        assert button.evaluate("e => getComputedStyle(e).color") == ink
    reader.page.click(".theme-toggle")
    chosen = int(reader.page.evaluate("document.documentElement.dataset.theme === 'dark'"))
    reader.page.emulate_media(color_scheme=("dark", "light")[chosen])
    reader.until(f"document.querySelector('.chart-plot')._fullLayout.font.color === '{rgb(PAIRS['ink'][chosen])}'")
    assert reader.layout("flat", "xaxis.range") == [1.5, 2.5]


@pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True)
def test_a_figure_with_its_own_ground_or_template_is_left_readable(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/own/")
    reader.drawn("white", "template")
    assert reader.layout("white", "font.color") == rgb(PAIRS["ink"][0])
    assert reader.layout("template", "font.color") == "#123456"
    assert reader.layout("template", "paper_bgcolor") == "#fff"


@pytest.mark.parametrize("reader", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_a_chart_fits_its_box_at_every_width(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    reader.drawn("flat")
    assert reader.layout("flat", "width") == 320 - 2 * 16
    assert reader.layout("flat", "legend.orientation") == "h"
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 320
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.until("document.querySelector('.chart-plot')._fullLayout.width === 960")
    assert reader.layout("flat", "legend.orientation") == "v"


@pytest.mark.parametrize("reader", [{"viewport": {"width": 360, "height": 640}}], indirect=True)
def test_scenes_beside_each_other_stand_below_each_other_on_a_phone(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/panels/")
    reader.drawn("panels")
    assert reader.layout("panels", "height") == 2 * 330 + 60
    assert reader.layout("panels", "scene.domain") == {"x": [0, 1], "y": [0.5, pytest.approx(0.933, abs=0.01)]}
    assert reader.layout("panels", "scene2.domain.y[0]") == 0
    assert [reader.layout("panels", f"annotations[{place}].y") for place in (0, 1)] == [1, 0.5]
    assert reader.layout("panels", "scene.camera.eye.x") > 1
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    wide = (
        "({ height, scene, scene2, annotations }) =>"
        " [height, scene.domain.y[0], scene.camera.eye.x, scene2.domain.x[0], annotations[1].x]"
    )
    reader.until(
        f"JSON.stringify(({wide})(document.querySelector('.chart-plot')._fullLayout)) === '[450,0,1,0.55,0.78]'"
    )


@pytest.mark.parametrize("reader", [{"viewport": {"width": 360, "height": 640}}], indirect=True)
def test_words_below_narrow_columns_are_broken_not_turned(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/words/")
    reader.drawn("words", "names", "dates")
    assert reader.layout("words", "xaxis.ticktext")[0] == "<i>●</i> Home<br>and<br>family<br>5 rows"
    assert reader.layout("names", "xaxis.ticktext")[1] == "Home<br>and<br>garden<br>b"
    assert reader.layout("dates", "xaxis.type") == "date"
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.until("document.querySelector('#chart-names .chart-plot')._fullLayout.xaxis.tickmode === 'auto'")


@pytest.mark.parametrize("reader", [{"forced_colors": "active"}], indirect=True)
def test_a_chart_keeps_its_colours_where_others_are_forced(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    reader.drawn("flat")
    ground = reader.page.locator(".chart-box").evaluate("box => getComputedStyle(box).backgroundColor")
    assert ground == reader.layout("flat", "paper_bgcolor") == rgb(PAIRS["ground"][0])


@pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True)
def test_on_paper_a_chart_is_light_and_fits_the_sheet(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/tall/")
    reader.drawn("flat", "space")
    reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for name in ("flat", "space"):
        assert reader.layout(name, "font.color") == rgb(PAIRS["ink"][0])
        assert reader.layout(name, "width") <= 680
    reader.page.evaluate("dispatchEvent(new Event('afterprint'))")
    reader.until("document.querySelector('.chart-plot')._fullLayout.width === 960")
    assert reader.layout("flat", "font.color") == rgb(PAIRS["ink"][1])


def test_on_paper_a_chart_that_was_never_drawn_is_its_poster_or_its_data(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/poster/")
    reader.page.emulate_media(media="print")
    assert reader.page.locator("#chart-poster .chart-poster").is_visible()
    assert not reader.page.locator("#chart-poster .chart-data").is_visible()
    reader.page.evaluate("document.querySelectorAll('.chart-poster').forEach((poster) => poster.remove())")
    assert reader.page.locator("#chart-poster .chart-data td").is_visible()
    assert not reader.page.locator(".chart-tools").first.is_visible()


# ---- What goes wrong


def test_a_broken_chart_says_so_and_spares_the_next(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/broken/")
    reader.drawn("whole")
    box = reader.page.locator("#chart-cut .chart-box")
    assert reader.state("cut") == "failed"
    assert "What it shows." in box.inner_text()
    assert "could not be drawn" in box.inner_text()
    assert len(reader.complaints) == 1


def test_without_the_library_a_chart_is_its_poster_and_its_data_until_another_try(reader: Reader, server: str) -> None:
    reader.page.route("**/plotly-*", lambda route: route.abort())
    reader.page.goto(f"{server}/poster/")
    reader.tool("poster", "explore").click()
    reader.page.wait_for_selector("#chart-poster[data-state=failed]")
    figure = reader.page.locator("#chart-poster")
    assert figure.locator(".chart-note").inner_text() == "This chart could not be drawn in your browser."
    assert figure.locator(".chart-poster").is_visible()
    assert figure.locator(".chart-data td").is_visible()
    reader.page.unroute("**/plotly-*")
    assert reader.tool("poster", "explore").inner_text() == "Try again"
    reader.tool("poster", "explore").click()
    reader.drawn("poster")
    assert figure.locator(".chart-note").count() == 0


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_a_chart_is_its_text_or_poster_and_takes_no_more_room(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    assert reader.page.locator(".chart-alt").is_visible()
    assert reader.page.locator(".chart-box").bounding_box()["height"] < 120
    reader.page.goto(f"{server}/poster/")
    image = reader.page.locator("#chart-poster img").bounding_box()
    assert image["height"] == pytest.approx(image["width"] * 180 / 320, abs=1)


# ---- Fingers


@pytest.mark.parametrize("reader", [PHONE], indirect=True)
@pytest.mark.parametrize("name", ["flat", "space"])
def test_a_finger_scrolls_the_page_until_the_chart_is_told_to_take_it(reader: Reader, server: str, name: str) -> None:
    reader.page.goto(f"{server}/tall/")
    reader.drawn(name)
    view = (
        f"(({{ layout, _fullLayout }}) => JSON.stringify([layout.yaxis?.range, _fullLayout.scene?._scene.getCamera()]))"
        f"(document.querySelector('#chart-{name} .chart-plot'))"
    )
    box = reader.page.locator(f"#chart-{name} .chart-box")

    def swipe(by: float) -> float:
        """How far the page went when a finger passed over the chart."""
        reader.page.evaluate(f"document.querySelector('#chart-{name}').scrollIntoView()")
        place, start = box.bounding_box(), reader.page.evaluate("scrollY")
        reader.swipe(place["x"] + 150, place["y"] + 250, by)
        reader.page.wait_for_timeout(200)
        return float(reader.page.evaluate("scrollY")) - float(start)

    seen = reader.page.evaluate(view)
    assert swipe(150) > 80
    assert reader.page.evaluate(view) == seen
    reader.tool(name, "explore").tap()
    assert reader.page.locator(f"#chart-{name}").get_attribute("data-active") is not None
    assert swipe(150) == 0
    assert reader.page.evaluate(view) != seen
    assert reader.tool(name, "explore").inner_text() == "Done"
    reader.tool(name, "explore").tap()
    assert swipe(150) > 80


@pytest.mark.parametrize("reader", [PHONE], indirect=True)
def test_a_tap_on_a_scene_takes_the_finger_and_one_elsewhere_lets_it_go(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/tall/")
    reader.drawn("flat", "space")
    active = reader.page.locator(".chart[data-active]")
    reader.page.locator("#chart-flat .chart-box").tap()
    assert active.count() == 0  # a tap there shows a value
    reader.page.locator("#chart-space .chart-box").tap()
    active.wait_for()
    assert active.get_attribute("id") == "chart-space"
    reader.page.locator("#chart-space figcaption").scroll_into_view_if_needed()
    assert reader.tool("space", "explore").is_visible()
    reader.page.locator(".site-name").tap(no_wait_after=True, position={"x": 1, "y": 1}, trial=True)
    reader.page.evaluate(
        "document.querySelector('main').dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))"
    )
    assert active.count() == 0
