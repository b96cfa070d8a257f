"""Figures: what they show, what they leave to the page, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import plotly
import plotly.graph_objects as go
import pytest
from scipy.spatial import ConvexHull

from generator import fragment
from generator.charts import clouds, export, figures, furniture, palette

WORDS = {"alt": "Three clouds of points.", "caption": "Look at the middle."}
FEATURES = [f"feature number {number}" for number in range(12)]


@dataclass(frozen=True)
class Step:
    points: pd.DataFrame
    centres: pd.DataFrame
    labels: pd.Series[int]


def points(rows: int = 100, k: int = 3) -> pd.DataFrame:
    """Clouds around the corners of a cube, about ±3,000, with their number as cluster and a fourth column."""
    chance = np.random.default_rng(5)
    cluster = np.arange(rows) % k
    corners = chance.uniform(-2500, 2500, (k, 3))
    frame = pd.DataFrame(corners[cluster] + chance.normal(0, 300, (rows, 3)), columns=["x", "y", "z"])
    return frame.assign(cluster=cluster, season=chance.choice(["autumn", "spring", "summer", "winter"], rows))


def profile() -> SimpleNamespace:
    chance = np.random.default_rng(6)
    index = pd.RangeIndex(4, name="cluster")
    scale = 10.0 ** np.arange(12)
    mean = pd.DataFrame(chance.uniform(0.1, 1, (4, 12)) * scale, index=index, columns=FEATURES)
    difference = pd.DataFrame(chance.normal(0, 1, (4, 12)), index=index, columns=FEATURES)
    return SimpleNamespace(sum=mean * 50, mean=mean, difference=difference)


def path() -> tuple[Step, ...]:
    """Lloyd's algorithm on the points, from a poor start."""
    frame = points()[["x", "y"]]
    at, found = frame.to_numpy(), []
    centres = at[[0, 3, 1]]
    for _ in range(4):
        labels = ((at[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        table = pd.DataFrame(centres, columns=["x", "y"], index=pd.RangeIndex(3, name="cluster"))
        found.append(Step(frame, table, pd.Series(labels)))
        centres = np.array([at[labels == own].mean(axis=0) for own in range(3)])
    return tuple(found)


def countries() -> pd.DataFrame:
    rows = [(f"land {n}", year, 10.0**n, 40.0 + n, 1000 * (n + 1)) for n in range(1, 6) for year in (1952, 1957, 1962)]
    frame = pd.DataFrame(rows, columns=["country", "year", "gdp", "life", "pop"])
    return frame.assign(cluster=(frame["gdp"] > 500) & (frame["year"] > 1952)).astype({"cluster": int})


def sweep() -> pd.DataFrame:
    return pd.DataFrame({"k": [4, 2, 3], "cost": [1.0, 9.0, 2.0], "silhouette": [0.5, 0.4, 0.8]})


FIGURES: Mapping[str, Callable[[], go.Figure]] = {
    "scatter": lambda: figures.scatter_2d(points(), "x", "y", **WORDS),
    "circled": lambda: figures.scatter_2d(points(), "x", "y", cluster="cluster", outline=True, **WORDS),
    "segments": lambda: figures.scatter_2d(
        points(), "x", "y", cluster="cluster", centres=points().groupby("cluster")[["x", "y"]].mean(), **WORDS
    ),
    "cloud": lambda: figures.scatter_3d(points(), "x", "y", "z", **WORDS),
    "grid": lambda: figures.scatter_3d_grid(points(), "x", "y", "z", split="season", **WORDS),
    "heatmap": lambda: figures.heatmap(profile(), **WORDS),
    "parallel": lambda: figures.parallel(profile().difference, **WORDS),
    "elbow": lambda: figures.elbow(sweep(), 3, **WORDS),
    "silhouette": lambda: figures.silhouette(sweep(), 3, **WORDS),
    "lloyd": lambda: figures.lloyd(path(), "x", "y", **WORDS),
    "bubbles": lambda: figures.animated_scatter(
        countries(), "gdp", "life", time="year", name="country", size="pop", log_x=True, **WORDS
    ),
}


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys(item)}
    return {key for item in value for key in keys(item)} if isinstance(value, list | tuple) else set()


@pytest.mark.parametrize("name", FIGURES)
def test_theme_and_width_are_left_to_the_page(name: str) -> None:
    layout = FIGURES[name]().to_plotly_json()["layout"]
    layout.pop("template", None)
    assert "width" not in layout
    assert not keys(layout) & {"template", "paper_bgcolor", "plot_bgcolor", "gridcolor", "colorway"}
    fonts = [axis["title"].get("font", {}) for axis in layout.values() if isinstance(axis, dict) and "title" in axis]
    assert not any("color" in font for font in fonts)
    assert layout["height"] >= 300
    assert layout["meta"] == WORDS


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_every_time(name: str) -> None:
    assert FIGURES[name]().to_json() == FIGURES[name]().to_json()


def test_weight_of_the_whole_set() -> None:
    weights = {name: len(export.to_fragment(name, make()).to_html()) for name, make in FIGURES.items()}
    assert max(weights["cloud"], weights["heatmap"]) <= 20_000
    assert sum(weights.values()) <= 120_000


def test_a_cluster_looks_the_same_in_every_figure() -> None:
    some = points().query("cluster != 1")
    flat = figures.scatter_2d(some, "x", "y", cluster="cluster", **WORDS).data[-1]
    deep = figures.scatter_3d(some.astype({"cluster": float}), "x", "y", "z", **WORDS).data[-1]
    line = figures.parallel(profile().difference, **WORDS).data[2]
    assert flat.name == deep.name == line.name == "Cluster 2"
    assert flat.marker.color == deep.marker.color == line.line.color == palette.COLOURS[2]
    assert flat.marker.symbol == deep.marker.symbol == line.marker.symbol == palette.SYMBOLS[2]


def test_groups_of_words_take_colours_in_their_own_order() -> None:
    frame = points().assign(size=pd.Categorical(["small", "large"] * 50, ["small", "large"]))
    first, second = figures.scatter_2d(frame, "x", "y", cluster="size", names={"large": "Big ones"}, **WORDS).data
    assert (first.name, first.marker.color) == ("small", palette.COLOURS[0])
    assert (second.name, second.marker.color) == ("Big ones", palette.COLOURS[1])


def test_ellipse_lies_where_95_percent_of_a_normal_distribution_end() -> None:
    ring, dots = figures.scatter_2d(points(k=1), "x", "y", cluster="cluster", outline=True, **WORDS).data
    sample = np.vstack([dots.x, dots.y])
    away = np.vstack([ring.x, ring.y]) - sample.mean(axis=1)[:, None]
    distances = np.einsum("in,ij,jn->n", away, np.linalg.inv(np.cov(sample)), away)
    assert np.allclose(distances, 5.991, atol=0.001)  # the chi-squared distribution's table, two degrees of freedom
    assert (ring.hoverinfo, ring.showlegend) == ("skip", False)


def test_outlines_stay_inside_the_axes_and_pairs_have_none() -> None:
    frame = pd.concat([points(k=1), points(2, k=1).assign(cluster=1)])
    figure = figures.scatter_2d(frame, "x", "y", cluster="cluster", outline=True, **WORDS)
    rings = [trace for trace in figure.data if trace.mode == "lines"]
    low, high = figure.layout.yaxis.range
    assert len(rings) == 1
    assert low < rings[0].y.min() < rings[0].y.max() < high


def test_hulls_enclose_their_points_with_few_corners() -> None:
    cloud = np.random.default_rng(1).normal(size=(3000, 3)) * [1, 1000, 0.01]
    corners = clouds._corners(cloud)
    assert corners is not None
    assert len(corners) < 300
    assert ConvexHull(corners).volume > 0.995 * ConvexHull(cloud).volume


def test_flat_clusters_have_no_hull() -> None:
    frame = points().assign(z=1.0)
    assert {trace.type for trace in figures.scatter_3d(frame, "x", "y", "z", **WORDS).data} == {"scatter3d"}


def test_hulls_are_left_out_of_hover_and_legend() -> None:
    hulls = [trace for trace in FIGURES["cloud"]().data if trace.type == "mesh3d"]
    assert [(hull.alphahull, hull.hoverinfo, hull.showlegend) for hull in hulls] == [(0, "skip", False)] * 3


def test_small_multiples_share_axes_camera_and_legend() -> None:
    figure = FIGURES["grid"]()
    scenes = [figure.layout[name].to_plotly_json() for name in ("scene", "scene2", "scene3", "scene4")]
    assert len({json.dumps({**scene, "domain": None}, sort_keys=True) for scene in scenes}) == 1
    assert len({json.dumps(scene["domain"]) for scene in scenes}) == 4
    assert sorted(trace.name for trace in figure.data if trace.showlegend) == ["Cluster 0", "Cluster 1", "Cluster 2"]
    assert [note.text for note in figure.layout.annotations] == [
        "<b>autumn</b>", "<b>spring</b>", "<b>summer</b>", "<b>winter</b>"
    ]  # fmt: skip
    assert sum(len(trace.x) for trace in figure.data) == 100


def test_heatmap_compares_within_a_feature_and_writes_the_value() -> None:
    total, mean, difference = FIGURES["heatmap"]().data
    assert np.allclose(total.z.sum(axis=1), 1)
    assert np.allclose(mean.z.max(axis=1), 1)
    assert (difference.zmin, difference.zmax) == (-np.abs(difference.z).max(), np.abs(difference.z).max())
    assert total.text[0][0] == furniture.short(profile().sum.iloc[0, 0])
    assert list(total.y) == FEATURES
    assert [trace.visible for trace in (total, mean, difference)] == [True, False, False]


def test_heatmap_buttons_show_one_view_each() -> None:
    figure = figures.heatmap(profile(), views=("difference", "mean"), **WORDS)
    choices = figure.layout.updatemenus[0].buttons
    assert [choice.label for choice in choices] == ["Difference", "Mean"]
    assert [choice.args[0]["visible"] for choice in choices] == [[True, False], [False, True]]
    assert not figures.heatmap(profile(), views=("mean",), **WORDS).layout.updatemenus


def test_heatmap_of_negative_and_empty_features() -> None:
    tables = SimpleNamespace(mean=pd.DataFrame({"debt": [-3.0, -1.0, 1.0], "none": [0.0] * 3, "same": [-2.0] * 3}))
    cells = figures.heatmap(tables, views=("mean",), **WORDS).data[0]
    assert cells.z.tolist() == [[0, 0.5, 1], [0, 0, 0], [0.5, 0.5, 0.5]]
    assert list(cells.text[0]) == ["−3", "−1", "1"]


def test_sweeps_mark_the_chosen_k() -> None:
    curve, ring = FIGURES["elbow"]().data
    assert (curve.x.tolist(), curve.y.tolist()) == ([2, 3, 4], [9, 2, 1])
    assert (ring.x, ring.y) == ((3,), (2,))
    assert FIGURES["silhouette"]().layout.yaxis.range == (0, 1)


def replay(figure: go.Figure) -> dict[str, list[dict[str, Any]]]:
    """The traces at each frame, as plotly.js builds them from the frames before."""
    seen: dict[str, list[dict[str, Any]]] = {}
    for frame in figure.frames:
        start = seen[frame.baseframe] if frame.baseframe else [{} for _ in figure.data]
        traces = [dict(trace) for trace in start]
        for place, change in zip(frame.traces, frame.data, strict=True):
            traces[place] |= change.to_plotly_json()
        seen[frame.name] = traces
    return seen


def test_lloyd_shows_the_labels_of_every_step() -> None:
    frames = replay(FIGURES["lloyd"]())
    assert list(frames)[:5] == ["start", "1 join", "1 move", "2 join", "2 move"]
    for number, step in enumerate(path(), 1):
        for cluster in range(3):
            own = frames[f"{number} join"][1 + cluster]
            assert own["ids"] == np.flatnonzero(step.labels == cluster).tolist()
            assert np.array_equal(own["x"], step.points["x"].to_numpy()[own["ids"]])
    assert frames["start"][0]["ids"] == list(range(100))
    assert {len(traces[4]["x"]) for traces in frames.values()} == {3 * (4 + 1)}


def test_lloyd_tells_a_cost_that_falls() -> None:
    notes = [traces[5]["text"][0] for traces in replay(FIGURES["lloyd"]()).values()]
    costs = [float(note.rpartition(" ")[2].replace(",", "")) for note in notes[1:]]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


def test_lloyds_sentence_stays_inside_the_axes_when_rounded() -> None:
    figure = FIGURES["lloyd"]()
    note = figure.data[5]
    assert figure.layout.xaxis.range[0] < np.float32(note.x[0])
    assert np.float32(note.y[0]) < figure.layout.yaxis.range[1]


@pytest.mark.parametrize("name", ["lloyd", "bubbles"])
def test_animations_have_a_slider_step_for_each_frame(name: str) -> None:
    figure = FIGURES[name]()
    slider, menu = figure.layout.sliders[0], figure.layout.updatemenus[0]
    names = [frame.name for frame in figure.frames]
    assert [list(step.args[0]) for step in slider.steps] == [[name] for name in names]
    assert [button.args[0] for button in menu.buttons] == [None, (None,)]


def test_bubbles_are_in_one_cluster_at_a_time_and_change_it() -> None:
    frames = replay(FIGURES["bubbles"]())
    assert [[trace["ids"] for trace in traces] for traces in frames.values()] == [
        [["land 5", "land 4", "land 3", "land 2", "land 1"], [-1]],
        [["land 2", "land 1"], ["land 5", "land 4", "land 3"]],
        [["land 2", "land 1"], ["land 5", "land 4", "land 3"]],
    ]
    assert frames["1957"][1]["marker"]["size"].tolist() == [6000, 5000, 4000]
    assert [trace.marker.sizeref for trace in FIGURES["bubbles"]().data] == [2 * 6000 / 38**2] * 2


def test_bubbles_have_holes_where_rows_are_missing() -> None:
    figure = figures.animated_scatter(
        countries().drop(index=0), "gdp", "life", time="year", name="country", **WORDS
    )  # fmt: skip
    assert [len(frame.data[0].ids) for frame in figure.frames] == [4, 2, 2]


BAD: Mapping[str, tuple[Callable[[], object], str]] = {
    "alt": (lambda: figures.elbow(sweep(), 3, alt=" "), "needs alt"),
    "column": (
        lambda: figures.scatter_2d(points(), "x", "clutser", **WORDS),
        "column 'clutser': did you mean 'cluster'?",
    ),
    "unlike": (lambda: figures.scatter_2d(points()[["x"]], "x", "??", **WORDS), "column '??': there are: x"),
    "rows": (
        lambda: figures.scatter_3d(points()[:0], "x", "y", "z", **WORDS),
        "there are no rows to draw in column 'x'",
    ),
    "words": (lambda: figures.scatter_2d(points(), "x", "season", **WORDS), "column 'season' is not numeric"),
    "nan": (
        lambda: figures.scatter_2d(points().assign(y=[np.nan, np.inf] * 50), "x", "y", **WORDS),
        "column 'y' has 100 values that are missing or infinite",
    ),
    "ungrouped": (
        lambda: figures.scatter_2d(points().assign(g=None), "x", "y", cluster="g", **WORDS),
        "column 'g' has rows without a group",
    ),
    "log": (lambda: figures.scatter_2d(points(), "x", "y", log_x=True, **WORDS), "which a logarithmic axis can't show"),
    "many": (
        lambda: figures.scatter_3d(points(k=9), "x", "y", "z", **WORDS),
        "group 8 has no colour: the palette has 8",
    ),
    "named": (
        lambda: figures.parallel(profile().difference, names={0: "Savers", 1: "Savers"}, **WORDS),
        "two groups are named 'Savers'",
    ),
    "panels": (
        lambda: figures.scatter_3d_grid(points().assign(s=np.arange(100) % 7), "x", "y", "z", split="s", **WORDS),
        "column 's' has 7 groups: small multiples show 6 at most",
    ),
    "view": (lambda: figures.heatmap(profile(), views=("median",), **WORDS), "not 'median'"),  # type: ignore[arg-type]
    "sizes": (lambda: figures.heatmap(profile(), sizes=[1, 2], **WORDS), "there are 2 sizes for 4 clusters"),
    "empty": (lambda: figures.parallel(pd.DataFrame(), **WORDS), "the table of differences is empty"),
    "chosen": (lambda: figures.elbow(sweep(), 7, **WORDS), "k = 7 is not in the sweep, which has 2, 3, 4"),
    "steps": (lambda: figures.lloyd((), "x", "y", **WORDS), "there are no steps to draw"),
    "twice": (
        lambda: figures.animated_scatter(
            pd.concat([countries()] * 2), "gdp", "life", time="year", name="country", **WORDS
        ),
        "'land 1' has two rows at year 1952",
    ),
    "area": (
        lambda: figures.animated_scatter(
            countries().assign(pop=-1), "gdp", "life", time="year", name="country", size="pop", **WORDS
        ),
        "column 'pop' has negative values",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_mistakes_are_one_plain_line(name: str) -> None:
    make, text = BAD[name]
    with pytest.raises(ValueError) as caught:
        make()
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.browser
def test_every_figure_draws_and_moves_without_a_complaint(browser: Any, tmp_path: Any) -> None:
    library = plotly.offline.get_plotlyjs()
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8><script>{library}</script><body>", "utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    for name, make in FIGURES.items():
        found = fragment.parse(export.to_fragment(name, make()).to_html())
        assert found is not None
        drawn = page.evaluate(DRAW, [json.loads(found.payload), found.height])
        assert drawn, name
        assert not complaints, f"{name}: {complaints[:3]}"
    page.close()


DRAW = """async ([figure, height]) => {
  const box = document.createElement("div");
  box.style.height = `${height}px`;
  document.body.replaceChildren(box);
  await Plotly.newPlot(box, figure.data, figure.layout, {responsive: true});
  if (figure.frames) {
    await Plotly.addFrames(box, figure.frames);
    await Plotly.animate(box, null, {frame: {duration: 60, redraw: false}, transition: {duration: 40}});
  }
  const found = box.querySelectorAll(".point, .hm image, .hm path, canvas, .js-line").length;
  Plotly.purge(box);
  return found;
}"""
