"""The site's own posts: their sentences say what their charts compute, and an independent K-Means agrees."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from generator.charts import contract

CONTENT = Path(__file__).resolve().parents[1] / "content"
SEEING = CONTENT / "posts/2026-11-02-seeing-k-means"
MOVES = CONTENT / "posts/2026-11-09-how-k-means-moves"
COUNTRIES = CONTENT / "posts/2026-11-16-countries-that-live-alike"
PAGE = CONTENT / "pages/charts-in-your-own-posts"


@contextmanager
def helper(folder: Path, name: str) -> Iterator[ModuleType]:
    """A module whose name begins with ``_``, imported from the folder of a post, and forgotten afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for module in set(sys.modules) - before:
            if module.startswith("_") and (folder / f"{module}.py").is_file():
                del sys.modules[module]


def text(folder: Path) -> str:
    """A post's text in one line, so that a sentence may be looked for across line ends."""
    return " ".join((folder / "index.md").read_text(encoding="utf-8").split())


def row(cells: list[object]) -> str:
    """A row of a table, as it stands in a post."""
    return f"| {' | '.join(map(str, cells))} |"


def agreement(rows: pd.DataFrame, columns: list[str], k: int, *, standard: bool) -> float:
    """The adjusted Rand index of the column ``cluster`` and scikit-learn's K-Means of the same rows."""
    values = rows[columns].to_numpy(dtype=float)
    places = StandardScaler().fit_transform(values) if standard else values
    return float(adjusted_rand_score(rows["cluster"], KMeans(k, n_init=20, random_state=0).fit_predict(places)))


@pytest.mark.parametrize("folder", [SEEING, MOVES, COUNTRIES, PAGE], ids=lambda folder: folder.name)
def test_every_chart_is_included_once(folder: Path) -> None:
    source, problems = contract.parse("charts.py", (folder / "charts.py").read_text(encoding="utf-8"))
    prose = re.sub(r"```.*?```", "", (folder / "index.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not problems
    assert sorted(re.findall(r"\{% include (\S+)\.html %\}", prose)) == sorted(name for name, _, _ in source.names)


def test_the_page_shows_the_source_of_its_own_chart() -> None:
    shown = (PAGE / "index.md").read_text(encoding="utf-8")
    assert f"```python\n{(PAGE / 'charts.py').read_text(encoding='utf-8')}```" in shown


@pytest.mark.spark
def test_visits(spark: Any) -> None:
    with helper(SEEING, "_groups") as groups:
        found, eye = groups.visits(spark), groups.by_eye()
    rows = found.sample(240)
    said = text(SEEING)
    assert found.sizes == (98, 83, 59)
    assert [round(value) for value in found.centres["minutes"]] == [11, 46, 143]
    assert [f"{value:.2f}" for value in found.centres["dollars"]] == ["5.70", "16.59", "9.60"]
    assert [f"{value:.0f}" for value in found.spread()] == ["55", "5"]
    columns = ["minutes", "dollars"]
    pencil, machine = (table.sort_values([*columns, "cluster"])["cluster"].to_numpy() for table in (eye, rows))
    disputed = rows.sort_values([*columns, "cluster"])[pencil != machine]
    assert len(disputed) == 4
    assert "disagree about four" in said
    assert disputed.query("minutes == 80 and dollars == 3.96")["cluster"].tolist() == [0]
    assert np.bincount(eye["cluster"]).tolist() == [95, 87, 58]


@pytest.mark.spark
def test_balances_in_three_dimensions_agree_with_scikit_learn(spark: Any) -> None:
    with helper(SEEING, "_groups") as groups:
        found = groups.balances(spark)
    assert found.sizes == (36, 34, 30)
    rows = found.sample(100)
    assert len(rows) == 100
    assert agreement(rows, ["current", "savings", "investments"], 3, standard=False) >= 0.95
    for name, size, centre in zip(
        ("Savers", "Spenders", "Investors"), found.sizes, found.centres.to_numpy(), strict=True
    ):
        assert row([name, size, *(f"{value:+,.0f}".replace("-", "−") for value in centre)]) in text(SEEING)


@pytest.mark.spark
def test_the_fourth_balance_parts_the_investors(spark: Any) -> None:
    with helper(SEEING, "_groups") as groups:
        found = groups.balances_and_loans(spark)
        rows = groups.by_debts(found.sample(100))
        repaid, borrowed = groups.REPAID, groups.BORROWED
    assert found.sizes == (36, 34, 15, 15)
    assert [round(value, -2) for value in found.centres["loans"][2:]] == [-1500, 1500]
    panels = pd.crosstab(rows["debts"], rows["cluster"])
    assert panels.loc[repaid].idxmax() == 2
    assert panels.loc[borrowed].idxmax() == 3
    assert agreement(rows, list(found.columns), 4, standard=False) >= 0.95


@pytest.mark.spark
def test_customers(spark: Any) -> None:
    with helper(SEEING, "_groups") as groups:
        found = groups.customers(spark)
        table = groups.read("customers")
    said = text(SEEING)
    assert found.sizes == (328, 247, 128, 97)
    assert agreement(found.sample(800), list(found.columns), 4, standard=True) >= 0.95
    profile = found.profile(found.columns)
    names = ("starting out", "home and family", "investing", "own boss")
    shares = profile.sum.sum(axis=1) / profile.sum.sum().sum()
    for name, size, share in zip(names, found.sizes, shares, strict=True):
        assert re.search(rf"\| {name} \| {size} \| {100 * share:.0f} % \|", said)
    assert (profile.difference.loc[0] < 0).all()
    assert profile.difference.loc[0].idxmax() == "business_credit_card"
    assert set(profile.difference.loc[1].nlargest(4).index) == {
        "home_mortgage",
        "home_insurance",
        "life_insurance",
        "auto_loan",
    }
    assert f"{profile.mean.loc[3, 'business_credit_card']:,.0f} dollars a month" in said
    assert f"{profile.mean.loc[1, 'home_mortgage']:,.0f} dollars for the 247" in said
    assert f"of all customers is {table['home_mortgage'].mean():.0f} dollars" in said
    assert round(10 * (table["home_mortgage"] == 0).mean()) == 6
    assert (table["home_mortgage"] > 2 * 734).sum() > (table["home_mortgage"] > 0).sum() / 2


@pytest.mark.spark
def test_where_sixteen_starts_end(spark: Any) -> None:
    with helper(MOVES, "_groups") as groups:
        ends = {seed: groups.path(spark, seed)[-1] for seed in range(1, 17)}
        watched, unlucky = groups.WATCHED, groups.UNLUCKY
    good, worse = round(min(end.cost for end in ends.values())), round(max(end.cost for end in ends.values()))
    assert round(ends[watched].cost) == good
    assert round(ends[unlucky].cost) == worse
    assert sum(round(end.cost) == good for end in ends.values()) == 13
    assert sorted(round(end.cost, -4) for end in ends.values())[13:15] == [720_000, 720_000]
    walk = [round(float(np.sqrt(cost / 180))) for cost in (good, 720_000, worse)]
    assert row(["one van in each crowd", 13, f"{good:,}", f"{walk[0]} m"]) in text(MOVES)
    assert f"| 2 | about 720,000 | {walk[1]} m |" in text(MOVES)
    assert f"| 1 | {worse:,} | {walk[2]} m |" in text(MOVES)
    assert np.bincount(ends[watched].labels).tolist() == [55, 50, 39, 36]
    assert np.bincount(ends[unlucky].labels)[0] == 103


@pytest.mark.spark
def test_four_vans_are_the_elbow_and_the_top_of_the_silhouette(spark: Any) -> None:
    with helper(MOVES, "_groups") as groups:
        vans = groups.vans(spark).set_index("k")
    said = text(MOVES)
    assert vans["silhouette"].idxmax() == 4
    assert f"from {vans.cost[3]:,.0f} to {vans.cost[4]:,.0f}. The fifth saves another" in said
    assert f"another {100 * (1 - vans.cost[5] / vans.cost[4]):.0f} per cent" in said
    sil = vans["silhouette"]
    assert f"with {sil[4]:.2f}; five groups have {sil[5]:.2f}, and three {sil[3]:.2f}" in said


@pytest.mark.spark
def test_rings_and_scales_before_and_after(spark: Any) -> None:
    with helper(MOVES, "_groups") as groups:
        place, distance = groups.fountain(spark, groups.PLACE), groups.fountain(spark, ["distance"])
        raw, standard = groups.survey(spark, "raw"), groups.survey(spark, "standard")
        kinds = np.repeat([0, 1, 2], [70, 75, 65])
        truth = groups.park.survey().assign(kind=kinds)
    rings = distance.sample(220)
    assert adjusted_rand_score(rings["distance"] > 20, rings["cluster"]) == 1.0
    assert adjusted_rand_score(place.sample(220)["distance"] > 20, place.sample(220)["cluster"]) < 0.1
    assert f"{place.sizes[0]} people here, {place.sizes[1]} there" in text(MOVES)
    layers = raw.sample(210).groupby("cluster")["income"].agg(["min", "max"])
    assert layers["max"][0] < 41_000 <= layers["min"][1] <= layers["max"][1] < 65_000 < layers["min"][2]
    ages = [round(age) for age in standard.centres["age"]]
    assert list(zip(standard.sizes, ages, strict=True)) == [(73, 24), (71, 43), (66, 71)]
    found = standard.sample(210).merge(truth.drop_duplicates(), on=["age", "income"])
    assert (found["cluster"] != found["kind"]).sum() == 4


@pytest.mark.spark
def test_countries(spark: Any) -> None:
    with helper(COUNTRIES, "_world") as world:
        found = world.fit(spark)
        labelled, portrait = world.over_time(found), world.portrait(found).mean
        crossed, names, long = world.crossings(world.over_time(found)), world.NAMES, world.LONG
    said = text(COUNTRIES)
    rows = found.sample(142)
    best = KMeans(4, n_init=50, random_state=0).fit(StandardScaler().fit_transform(rows[list(found.columns)]))
    assert found.cost == pytest.approx(best.inertia_, rel=1e-6)
    assert adjusted_rand_score(rows["cluster"], best.labels_) >= 0.95
    same = labelled[labelled["year"] == 2007].merge(rows, on="country")
    assert (same["cluster_x"] == same["cluster_y"]).all()
    for group, (life, income, people) in enumerate(portrait.to_numpy()):
        cells = [names[group], found.sizes[group], f"{life:.1f}", f"{income:,.0f}", f"{people / 1e6:.1f} million"]
        assert row(cells) in said
    years = pd.crosstab(labelled["cluster"], labelled["year"])[[1952, 1962, 1972, 1982, 1992, 2002, 2007]]
    for group, counts in years.iterrows():
        assert row([names[group], *counts]) in said
    across = crossed.isin(long)
    assert f"{len(crossed)} countries crossed" in said
    assert crossed.index[~across[2007]].tolist() == ["Iraq", "Korea, Dem. Rep.", "South Africa"]
    assert across.idxmax(axis=1).value_counts()[[1957, 1977, 1992, 2007]].tolist() == [6, 11, 12, 1]
    assert crossed.index[-1] == "Bolivia"
    short = labelled[(labelled["year"] == 2007) & ~labelled["cluster"].isin(long)]
    assert (len(short), (short["continent"] == "Africa").sum()) == (55, 45)
    assert years[1952][[1, 3]].sum() - len(crossed) == 52


@pytest.mark.spark
def test_countries_have_no_natural_number_of_groups(spark: Any) -> None:
    with helper(COUNTRIES, "_world") as world:
        frame = world.latest(spark)
        fits = [world.clusters.fit(frame, world.COLUMNS, k=k, scale="standard", seed=world.SEED) for k in (2, 3, 4)]
    two, three, four = (found.silhouette for found in fits)
    assert f"is {two:.2f} for two groups, {three:.2f} for three and {four:.2f} for four" in text(COUNTRIES)
