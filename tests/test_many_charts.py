"""Many charts on one page, in a real browser: WebGL contexts stay few, and no chart is ever blank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reading import Reader, chart, make_site, reading, serving

pytestmark = pytest.mark.browser

MANY = 20
MOST = 6
CUBE = {"type": "scatter3d", "x": [0, 1, 2], "y": [0, 1, 2], "z": [2, 0, 1], "mode": "markers"}
POINTS = {"type": "scattergl", "x": [1, 2, 3], "y": [2, 1, 3], "mode": "markers"}
BARE: dict[str, Any] = {"scene": {f"{axis}axis": {"visible": False} for axis in "xyz"}}
FLAT = [f"points-{number}" for number in range(6)]
PAGES = {
    "/many/": "".join(chart(f"cube-{number}", [CUBE], BARE, height=300) for number in range(MANY)),
    "/grid/": "".join(chart(f"cube-{number}", [CUBE], BARE, height=90) for number in range(7)),
    "/flat/": "".join(chart(name, [POINTS], height=300) for name in FLAT),
}

COUNT = """
const ask = HTMLCanvasElement.prototype.getContext;
window.contexts = new Set();
window.most = 0;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  const context = ask.call(this, kind, ...more);
  if (context && /webgl/.test(kind)) {
    contexts.add(context);
    window.most = Math.max(most, alive());
  }
  return context;
};
window.alive = () => [...contexts].filter((context) => !context.isContextLost()).length;
// Whether a figure shows something: its plot's or its picture's pixels differ.
window.blank = async (figure) => {
  const [canvas] = figure.querySelectorAll(".chart-still img, .chart-plot canvas");
  if (!canvas) return true;
  const shot = document.createElement("canvas");
  [shot.width, shot.height] = [canvas.clientWidth, canvas.clientHeight];
  const plot = figure.querySelector(".chart-plot");
  plot?._fullLayout.scene?._scene.glplot.redraw();
  const paper = ask.call(shot, "2d");
  paper.drawImage(canvas, 0, 0, shot.width, shot.height);
  const { data } = paper.getImageData(0, 0, shot.width, shot.height);
  return !data.some((value, place) => place % 4 === 3 && value);
};
window.blanks = async () => {
  const names = [];
  for (const figure of document.querySelectorAll("figure.chart"))
    if (await blank(figure)) names.push(figure.id);
  return names;
};
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"), PAGES)


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    with serving(root) as address:
        yield address


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    with reading(browser, viewport={"width": 480, "height": 800}) as reader:  # software draws small scenes faster
        reader.page.add_init_script(COUNT)
        yield reader


SEEN = "['drawn', 'poster'].includes({0}.dataset.state) && {0}.querySelector('.chart-plot, .chart-still') !== null"


def pass_through(reader: Reader, *names: str) -> None:
    """Read the page from chart to chart: each is drawn, or is a picture of itself where nearer ones are drawn."""
    reader.move()
    for name in names:
        reader.page.locator(f"#chart-{name}").scroll_into_view_if_needed()
        reader.until(SEEN.format(f"document.querySelector('#chart-{name}')"))


def test_twenty_charts_in_space_hold_few_contexts_and_none_is_blank(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/many/")
    names = [f"cube-{number}" for number in range(MANY)]
    pass_through(reader, *names)
    assert reader.page.evaluate("most") <= MOST
    assert reader.page.evaluate("blanks()") == []
    assert reader.state("cube-0") == "poster"
    assert reader.page.locator("#chart-cube-0 .chart-still img").count() == 1
    pass_through(reader, *names[3::-1])
    reader.drawn("cube-0")
    assert reader.page.evaluate("most") <= MOST
    assert reader.page.evaluate("alive()") <= MOST
    assert reader.page.evaluate("blanks()") == []
    assert (reader.complaints, reader.library()) == ([], 1)


def test_a_chart_that_rested_goes_on_from_the_readers_view(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/many/")
    reader.drawn("cube-0")
    turn = (
        "Plotly.relayout(document.querySelector('#chart-cube-0 .chart-plot'), {'scene.camera.eye': {x: 2, y: 0, z: 1}})"
    )
    reader.page.evaluate(turn)
    reader.page.locator(f"#chart-cube-{MANY - 1}").scroll_into_view_if_needed()
    reader.drawn(f"cube-{MANY - 1}")
    reader.until("document.querySelector('#chart-cube-0').dataset.state === 'poster'")
    pass_through(reader, "cube-0")
    reader.drawn("cube-0")
    assert reader.layout("cube-0", "scene.camera.eye") == pytest.approx({"x": 2, "y": 0, "z": 1})
    assert reader.page.locator("#chart-cube-0 .chart-still").count() == 0


def test_more_charts_in_sight_than_contexts_are_pictures_that_wake_under_the_pointer(reader: Reader, site: str) -> None:
    reader.page.set_viewport_size({"width": 480, "height": 2400})
    reader.page.goto(f"{site}/grid/")
    reader.move()
    reader.until("document.querySelectorAll('.chart-still, [data-state=drawn]').length === 7")
    assert reader.page.evaluate("most") <= MOST
    assert reader.page.evaluate("blanks()") == []
    asleep = reader.page.locator(".chart[data-state=poster]")
    name = str(asleep.first.get_attribute("data-chart"))
    reader.page.hover(f"#chart-{name} .chart-box")
    reader.drawn(name)
    assert reader.page.evaluate("most") <= MOST


def test_pictures_of_charts_that_rest_are_drawn_anew_in_other_colours(reader: Reader, site: str) -> None:
    reader.page.set_viewport_size({"width": 480, "height": 2400})
    reader.page.goto(f"{site}/grid/")
    reader.move()
    reader.until("document.querySelectorAll('.chart-still, [data-state=drawn]').length === 7")
    reader.page.emulate_media(color_scheme="dark")
    grounds = "[...document.querySelectorAll('.main-svg')].map((svg) => svg.style.background).filter(Boolean)"
    reader.until(f"new Set({grounds}).size === 1 && {grounds}[0] === 'rgb(22, 21, 20)'")
    assert reader.page.evaluate("most") <= MOST
    assert reader.page.evaluate("blanks()") == []


def test_flat_charts_in_webgl_are_counted_too(reader: Reader, root: Path) -> None:
    reader.page.goto(f"{root.as_uri()}/flat/index.html")
    pass_through(reader, *FLAT)
    assert 2 <= reader.page.evaluate("most") <= MOST
    assert reader.page.evaluate("blanks()") == []


def test_where_a_policy_forbids_what_they_need_they_are_drawn_without_webgl(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/flat/")
    pass_through(reader, *FLAT)
    assert {reader.layout(name, "_basePlotModules[0].name") for name in FLAT} == {"cartesian"}
    assert reader.page.locator(".scatterlayer .point").count() == 3 * len(FLAT)
    assert reader.complaints == []


def test_a_context_that_the_browser_takes_away_is_asked_for_again(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/many/")
    reader.drawn("cube-0")
    reader.page.evaluate(
        "window.old = document.querySelector('#chart-cube-0 .chart-plot');"
        "old._fullLayout.scene._scene.glplot.gl.getExtension('WEBGL_lose_context').loseContext()"
    )
    reader.until("![null, old].includes(document.querySelector('#chart-cube-0[data-state=drawn] .chart-plot'))")
    reader.until("(async () => !(await blank(document.querySelector('#chart-cube-0'))))()")
