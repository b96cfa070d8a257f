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
MENU = {"type": "buttons", "buttons": [{"label": "One", "method": "restyle", "args": ["visible", True]}]}
STEP = {
    "label": "s",
    "method": "animate",
    "args": [["second"], {"frame": {"duration": 0}, "transition": {"duration": 9}}],
}
FRAMES = [{"name": "second", "data": [{"x": [1, 2, 3], "y": [30, 20, 10]}]}]
FAR = '<div style="height:5000px"></div>'


PAGES = {
    "/flat/": chart("flat", FLAT, {"xaxis": {"title": {"text": "x"}}, "width": 2000, "updatemenus": [MENU]}),
    "/space/": chart("space", [{"type": "scatter3d", "z": [1, 2, 3], **POINTS}]),
    "/moving/": chart("moving", FLAT[:1], {"sliders": [{"steps": [STEP]}]}, frames=FRAMES),
    "/own/": chart("white", FLAT, {"paper_bgcolor": "white"})
    + chart("template", FLAT, {"template": {"layout": {"font": {"color": "#123456"}}}}),
    "/far/": f"{FAR}{chart('far', FLAT)}",
    "/broken/": '<figure class="chart" id="chart-cut" data-chart="cut" data-format="1"><div class="chart-box">'
    '<p class="chart-alt">What it shows.</p></div><script type="application/json">{"data":[1,</script></figure>'
    + chart("whole", FLAT),
    "/tall/": chart("tall", FLAT) + FAR,
}


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
@pytest.mark.parametrize("name", ["flat", "space", "moving"])
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


def test_a_far_chart_waits_and_holds_its_place(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/far/")
    reader.page.wait_for_load_state("networkidle")
    assert (reader.state("far"), reader.library()) == ("poster", 0)
    height = reader.page.evaluate("document.documentElement.scrollHeight")
    reader.page.locator("#chart-far").scroll_into_view_if_needed()
    reader.drawn("far")
    assert reader.page.evaluate("document.documentElement.scrollHeight") == height


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


@pytest.mark.parametrize("reader", [{"reduced_motion": "reduce"}], indirect=True)
def test_an_animation_waits_for_the_reader_and_does_not_glide_for_who_asks_for_calm(
    reader: Reader, server: str
) -> None:
    reader.page.goto(f"{server}/moving/")
    reader.drawn("moving")
    first = "document.querySelector('.chart-plot').data[0].y[0]"
    assert reader.page.evaluate(first) == 2
    args = reader.layout("moving", "sliders[0].steps[0].args")
    assert args == [["second"], {"frame": {"duration": 0}, "transition": {"duration": 0}}]
    reader.page.evaluate("args => Plotly.animate(document.querySelector('.chart-plot'), ...args)", args)
    assert reader.page.evaluate(first) == 30


def test_a_broken_chart_says_so_and_spares_the_next(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/broken/")
    reader.drawn("whole")
    box = reader.page.locator("#chart-cut .chart-box")
    assert reader.state("cut") == "failed"
    assert "What it shows." in box.inner_text()
    assert "could not be drawn" in box.inner_text()
    assert len(reader.complaints) == 1


def test_without_the_library_a_chart_stays_text(reader: Reader, server: str) -> None:
    reader.page.route("**/plotly-*", lambda route: route.abort())
    reader.page.goto(f"{server}/flat/")
    reader.page.wait_for_selector("#chart-flat[data-state=failed]")
    assert reader.page.locator("#chart-flat .chart-alt").is_visible()
    assert reader.page.locator("#chart-flat .chart-note").is_visible()


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_a_chart_is_its_text_and_takes_no_more_room(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    assert reader.page.locator(".chart-alt").is_visible()
    assert reader.page.locator(".chart-box").bounding_box()["height"] < 120


def test_no_button_offers_to_send_the_chart_away(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/flat/")
    reader.drawn("flat")
    titles = reader.page.eval_on_selector_all(".modebar-btn", "all => all.map(one => one.dataset.title)")
    assert "Pan" in titles
    assert [title for title in titles if "hare" in title or "loud" in title or "Produced" in title] == []


@pytest.mark.parametrize("reader", [{"viewport": {"width": 360, "height": 640}, "has_touch": True}], indirect=True)
def test_a_finger_on_a_flat_chart_scrolls_the_page(reader: Reader, server: str) -> None:
    reader.page.goto(f"{server}/tall/")
    reader.drawn("tall")
    plot = reader.page.locator(".chart-plot .nsewdrag")
    plot.scroll_into_view_if_needed()
    before = reader.page.evaluate("scrollY")
    box = plot.bounding_box()
    x, y = box["x"] + 100, box["y"] + box["height"] / 2
    finger = reader.page.context.new_cdp_session(reader.page)
    for kind, at in [("touchStart", y), *(("touchMove", y - 15 * step) for step in range(1, 11)), ("touchEnd", None)]:
        points = [] if at is None else [{"x": x, "y": at}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        reader.page.wait_for_timeout(16)
    reader.until(f"scrollY > {before + 80}")
    assert reader.layout("tall", "xaxis.autorange") is True  # nothing was zoomed
